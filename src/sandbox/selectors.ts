import { type JsonObject, objectOf, valueAt } from '../base/json.ts'
import { badRequest } from './status.ts'

/** True for objects that a selector picks. */
export type Matcher = (object: JsonObject) => boolean

interface Requirement {
  readonly key: string
  readonly operator: 'in' | 'notin' | 'exists' | 'absent' | 'gt' | 'lt'
  readonly values: readonly string[]
}

/**
 * Reads a label selector: `a=b,c!=d,e in (x,y),f notin (z),g,!h,i>1`.
 *
 * @throws ApiError 400 when it cannot be read
 */
export function labelMatcher(selector: string): Matcher {
  const requirements = splitOutsideParentheses(selector).map((part) => parseRequirement(part.trim()))
  return (object) => matches(objectOf(valueAt(object, 'metadata', 'labels')), requirements)
}

function splitOutsideParentheses(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let start = 0
  for (let i = 0; i <= text.length; i++) {
    const c = text[i]
    if (c === '(') depth++
    else if (c === ')') depth--
    else if (c === undefined || (c === ',' && depth === 0)) {
      if (text.slice(start, i).trim() !== '') parts.push(text.slice(start, i))
      start = i + 1
    }
  }
  return parts
}

function parseRequirement(part: string): Requirement {
  const set = /^([^\s!=<>()]+)\s+(in|notin)\s*\(([^()]*)\)$/.exec(part)
  if (set) return { key: set[1] as string, operator: set[2] as 'in' | 'notin', values: (set[3] as string).split(',').map((v) => v.trim()) }
  const pair = /^([^\s!=<>()]+)\s*(==|=|!=|>|<)\s*([^\s!=<>()]*)$/.exec(part)
  if (pair) {
    const operator = { '=': 'in', '==': 'in', '!=': 'notin', '>': 'gt', '<': 'lt' }[pair[2] as string] as Requirement['operator']
    return { key: pair[1] as string, operator, values: [pair[3] as string] }
  }
  const bare = /^(!?)\s*([^\s!=<>()]+)$/.exec(part)
  if (bare) return { key: bare[2] as string, operator: bare[1] === '!' ? 'absent' : 'exists', values: [] }
  throw badRequest(`unable to parse requirement: found '${part}', expected: identifier, or 'in', 'notin', '=', '==', '!=', 'gt', 'lt'`)
}

function matches(labels: JsonObject, requirements: readonly Requirement[]): boolean {
  return requirements.every(({ key, operator, values }) => {
    const has = Object.hasOwn(labels, key)
    const value = String(labels[key])
    if (operator === 'exists') return has
    if (operator === 'absent') return !has
    if (operator === 'in') return has && values.includes(value)
    if (operator === 'notin') return !has || !values.includes(value)
    return has && (operator === 'gt' ? Number(value) > Number(values[0]) : Number(value) < Number(values[0]))
  })
}

/** True when `labels` satisfy a `LabelSelector` object; an empty one picks everything, an absent one nothing. */
export function selectsLabels(selector: unknown, labels: JsonObject): boolean {
  if (typeof selector !== 'object' || selector === null) return false
  const requirements: Requirement[] = Object.entries(objectOf(valueAt(selector, 'matchLabels'))).map(([key, value]) => ({
    key,
    operator: 'in',
    values: [String(value)],
  }))
  const expressions = valueAt(selector, 'matchExpressions')
  const OPERATORS: Readonly<Record<string, Requirement['operator']>> = { In: 'in', NotIn: 'notin', Exists: 'exists', DoesNotExist: 'absent' }
  for (const e of Array.isArray(expressions) ? expressions : []) {
    const values = valueAt(e, 'values')
    requirements.push({
      key: String(valueAt(e, 'key')),
      operator: OPERATORS[String(valueAt(e, 'operator'))] ?? 'exists',
      values: Array.isArray(values) ? values.map(String) : [],
    })
  }
  return matches(labels, requirements)
}

const COMMON_FIELDS = ['metadata.name', 'metadata.namespace']
/** Fields that LIST may select by, beside an object's name and namespace, by `group/plural`. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  '/pods': [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.nominatedNodeName',
  ],
  '/events': [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  '/secrets': ['type'],
  '/namespaces': ['status.phase'],
  '/nodes': ['spec.unschedulable'],
  '/services': ['spec.clusterIP', 'spec.type'],
  '/replicationcontrollers': ['status.replicas'],
  'apps/replicasets': ['status.replicas'],
  'batch/jobs': ['status.successful'],
  'certificates.k8s.io/certificatesigningrequests': ['spec.signerName'],
}

/**
 * Reads a field selector: `metadata.name=a,status.phase!=Running`.
 *
 * @throws ApiError 400 for a field that `resource` cannot be selected by
 */
export function fieldMatcher(selector: string, resource: string, custom: readonly string[] = []): Matcher {
  const allowed = [...COMMON_FIELDS, ...(FIELDS[resource] ?? []), ...custom]
  const parts = selector.split(',').filter((part) => part !== '')
  const tests = parts.map((part): Matcher => {
    const found = /^([^=!]+)(==|!=|=)(.*)$/.exec(part)
    if (!found) throw badRequest(`invalid selector: '${part}'; can't understand '${part}'`)
    const [, field, operator, value] = found as unknown as [string, string, string, string]
    if (!allowed.includes(field)) throw badRequest(`field label not supported: ${field}`)
    const path = field === 'source' ? ['source', 'component'] : field.split('.')
    return (object) => (String(valueAt(object, ...path) ?? '') === value) === (operator !== '!=')
  })
  return (object) => tests.every((test) => test(object))
}
