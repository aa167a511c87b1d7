import { failure } from '../base/diagnostic.ts'
import { compileRegexp, matches } from '../go/regexp.ts'
import type { GoMap, GoValue } from '../go/values.ts'
import { type Identity, identityOf, namespaceOf } from './identity.ts'
import { mapAt } from './map-fields.ts'
import { firstIdentity, type Tracked } from './tracked.ts'

const PARTS = ['group', 'version', 'kind', 'name', 'namespace'] as const
const LABELS = 'labelSelector'
const ANNOTATIONS = 'annotationSelector'

/** Says whether an object is meant by a patch's `target`. */
export type Selects = (object: Tracked) => boolean

/**
 * The test behind a `target`: every part is a whole-text regular expression, labels and annotations are chosen as Kubernetes does.
 * Objects go by the name and the namespace they came with, and by those they have now.
 *
 * @throws DiagnosticError `patch/bad-target`
 * Source: sigs.k8s.io/kustomize/api 0.21.1 types/selector.go, resmap/reswrangler.go (Select)
 */
export function compileTarget(target: GoMap): Selects {
  const parts = PARTS.flatMap((part) => partTest(part, target.get(part)))
  const fitsLabels = compileLabels(target)
  return (entry) => {
    const [first, now] = [firstIdentity(entry), identityOf(entry.object)]
    return parts.every((test) => test(first, now)) && fitsLabels(entry.object)
  }
}

/** The test behind the parts of a selector that name objects; all of them are whole-text regular expressions. @throws DiagnosticError `patch/bad-target` */
export function compileIdentity(selector: GoMap): (identity: Identity) => boolean {
  const tests = PARTS.flatMap((part) => {
    const pattern = selector.get(part)
    if (typeof pattern !== 'string' || pattern === '') return []
    const expression = compilePart(part, pattern)
    return [(identity: Identity): boolean => matches(expression, identity[part])]
  })
  return (identity) => tests.every((test) => test(identity))
}

/** The test behind a selector's labels and annotations. @throws DiagnosticError `patch/bad-target` */
export function compileLabels(selector: GoMap): (object: GoMap) => boolean {
  const labels = requirements(selector.get(LABELS), LABELS)
  const annotations = requirements(selector.get(ANNOTATIONS), ANNOTATIONS)
  return (object) => labels(metadataMap(object, 'labels')) && annotations(metadataMap(object, 'annotations'))
}

/** A `target` as messages show it. */
export function targetText(target: GoMap): string {
  return [...PARTS, LABELS, ANNOTATIONS].flatMap((key) => (target.get(key) ? [`${key}=${String(target.get(key))}`] : [])).join(' ')
}

type IdentityTest = (first: Identity, now: Identity) => boolean

function partTest(part: (typeof PARTS)[number], pattern: GoValue | undefined): readonly IdentityTest[] {
  if (pattern === undefined || pattern === null || pattern === '') return []
  if (typeof pattern !== 'string') throw failure('patch/bad-target', `${part} of the target is no text`)
  const expression = compilePart(part, pattern)
  const fits = (identity: Identity): boolean => matches(expression, part === 'namespace' ? namespaceOf(identity) : identity[part])
  return [(first, now) => fits(now) || ((part === 'name' || part === 'namespace') && fits(first))]
}

function compilePart(part: string, pattern: string): ReturnType<typeof compileRegexp> {
  try {
    return compileRegexp(`^(?:${pattern})$`)
  } catch (error) {
    throw failure('patch/bad-target', `${part} of the target is no regular expression: ${error instanceof Error ? error.message : String(error)}`)
  }
}

function metadataMap(object: GoMap, key: string): GoMap {
  return mapAt(mapAt(object, 'metadata'), key)
}

type Requirement = (labels: GoMap) => boolean

const SET = /^([^\s!=,()]+)\s+(in|notin)\s*\(([^()]*)\)$/
const EQUAL = /^([^\s!=,()]+)\s*(==|=|!=)\s*([^\s!=,()]*)$/
const EXISTS = /^(!?)\s*([^\s!=,()]+)$/

function requirements(selector: GoValue | undefined, what: string): Requirement {
  if (selector === undefined || selector === null || selector === '') return () => true
  if (typeof selector !== 'string') throw failure('patch/bad-target', `${what} is no text`)
  const tests = terms(selector).map((term) => requirement(term.trim(), what))
  return (labels) => tests.every((test) => test(labels))
}

/** Cuts at commas outside parentheses. */
function terms(selector: string): readonly string[] {
  const found = ['']
  let depth = 0
  for (const char of selector) {
    if (char === '(') depth++
    if (char === ')') depth--
    if (char === ',' && depth === 0) found.push('')
    else found[found.length - 1] += char
  }
  return found
}

function requirement(term: string, what: string): Requirement {
  const set = SET.exec(term)
  if (set) {
    const [, key = '', operator, list = ''] = set
    const values = list.split(',').map((value) => value.trim())
    return (labels) => values.includes(String(labels.get(key))) === (operator === 'in') && (operator === 'notin' || labels.has(key))
  }
  const equal = EQUAL.exec(term)
  if (equal) {
    const [, key = '', operator, value = ''] = equal
    return (labels) => (labels.has(key) && String(labels.get(key)) === value) === (operator !== '!=')
  }
  const exists = EXISTS.exec(term)
  if (!exists) throw failure('patch/bad-target', `"${term}" of ${what} cannot be read`, { hint: 'write key=value, key!=value, key in (a, b) or key' })
  return (labels) => labels.has(exists[2] as string) === (exists[1] === '')
}
