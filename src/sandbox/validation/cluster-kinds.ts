import { isObject, type JsonObject, objectOf, sameJson, textOf, valueAt } from '../../base/json.ts'
import { listOf } from '../json.ts'
import type { KindRules } from '../kind-rules.ts'
import type { Cause } from '../status.ts'
import { forbiddenField, immutableField, invalidValue, oneOf, requiredValue, unsupportedValue } from './causes.ts'
import { hostProblems } from './names.ts'

type Validation = Pick<KindRules, 'validate' | 'validateUpdate'>

/** Source: kubernetes pkg/apis/networking/validation/validation.go */
export const ingressRules: Validation = {
  validate: (object) => {
    const spec = objectOf(object['spec'])
    const rules = listOf(spec['rules']).map(objectOf)
    const backend = spec['defaultBackend']
    if (rules.length === 0 && !isObject(backend)) return [invalidValue('spec', null, 'either `defaultBackend` or `rules` must be specified')]
    return [...(isObject(backend) ? validateBackend(backend, 'spec.defaultBackend') : []), ...rules.flatMap(validateRule)]
  },
}

function validateRule(rule: JsonObject, index: number): readonly Cause[] {
  const field = `spec.rules[${index}]`
  const host = textOf(rule['host'])
  const hosts = host === '' ? [] : hostProblems(host).map((p) => invalidValue(`${field}.host`, host, p))
  const paths = listOf(valueAt(rule, 'http', 'paths')).map(objectOf)
  const empty = isObject(rule['http']) && paths.length === 0 ? [requiredValue(`${field}.http.paths`)] : []
  return [...hosts, ...empty, ...paths.flatMap((path, i) => validatePath(path, `${field}.http.paths[${i}]`))]
}

function validatePath(path: JsonObject, field: string): readonly Cause[] {
  const text = textOf(path['path'])
  const type = path['pathType']
  if (typeof type !== 'string') return [requiredValue(`${field}.pathType`, 'pathType must be specified')]
  const types = oneOf(`${field}.pathType`, type, ['Exact', 'ImplementationSpecific', 'Prefix'])
  const absolute =
    (type === 'ImplementationSpecific' && text === '') || text.startsWith('/')
      ? []
      : [invalidValue(`${field}.path`, text, 'must be an absolute path')]
  return [...types, ...absolute, ...validateBackend(objectOf(path['backend']), `${field}.backend`)]
}

function validateBackend(backend: JsonObject, field: string): readonly Cause[] {
  const service = backend['service']
  if (!isObject(service)) return isObject(backend['resource']) ? [] : [requiredValue(field, 'must specify exactly one of: service, resource')]
  const name = textOf(service['name']) === '' ? [requiredValue(`${field}.service.name`)] : []
  const port = objectOf(service['port'])
  return [...name, ...(port['name'] === undefined && port['number'] === undefined ? [requiredValue(field, 'port name or number is required')] : [])]
}

export const networkPolicyRules: Validation = {
  validate: (object) =>
    listOf(valueAt(object, 'spec', 'policyTypes')).flatMap((type, i) => oneOf(`spec.policyTypes[${i}]`, type, ['Ingress', 'Egress'])),
}

/** Source: kubernetes pkg/apis/policy/validation/validation.go */
export const disruptionBudgetRules: Validation = {
  validate: (object) => {
    const { minAvailable, maxUnavailable, selector, unhealthyPodEvictionPolicy } = objectOf(object['spec'])
    if (minAvailable === undefined || maxUnavailable === undefined) return []
    const shape = {
      MinAvailable: minAvailable,
      Selector: selector ?? null,
      MaxUnavailable: maxUnavailable,
      UnhealthyPodEvictionPolicy: unhealthyPodEvictionPolicy ?? null,
    }
    return [invalidValue('spec', shape, 'minAvailable and maxUnavailable cannot be both set')]
  },
}

/** Source: kubernetes pkg/apis/rbac/validation/validation.go */
export const roleRules: Validation = {
  validate: (object) =>
    listOf(object['rules']).flatMap((rule, i) =>
      listOf(valueAt(rule, 'verbs')).length === 0 ? [requiredValue(`rules[${i}].verbs`, 'verbs must contain at least one value')] : [],
    ),
}

export const roleBindingRules: Validation = {
  validate: (object) => {
    const kinds = object['kind'] === 'ClusterRoleBinding' ? ['ClusterRole'] : ['Role', 'ClusterRole']
    const name = textOf(valueAt(object, 'roleRef', 'name')) === '' ? [requiredValue('roleRef.name')] : []
    return [
      ...oneOf('roleRef.kind', valueAt(object, 'roleRef', 'kind'), kinds),
      ...name,
      ...listOf(object['subjects']).flatMap((s, i) => validateSubject(objectOf(s), `subjects[${i}]`, kinds.length === 1)),
    ]
  },
  validateUpdate: (object, live) => {
    const ref = objectOf(object['roleRef'])
    return sameJson(ref, live['roleRef'])
      ? []
      : [invalidValue('roleRef', { APIGroup: ref['apiGroup'], Kind: ref['kind'], Name: ref['name'] }, 'cannot change roleRef')]
  },
}

function validateSubject(subject: JsonObject, field: string, isCluster: boolean): readonly Cause[] {
  const name = textOf(subject['name']) === '' ? [requiredValue(`${field}.name`)] : []
  const kind = oneOf(`${field}.kind`, subject['kind'], ['ServiceAccount', 'User', 'Group'])
  const isHomeless = isCluster && subject['kind'] === 'ServiceAccount' && textOf(subject['namespace']) === ''
  return [...name, ...kind, ...(isHomeless ? [requiredValue(`${field}.namespace`)] : [])]
}

/** Source: kubernetes pkg/apis/autoscaling/validation/validation.go */
export const autoscalerRules: Validation = {
  validate: (object) => {
    const { minReplicas, maxReplicas, scaleTargetRef } = objectOf(object['spec'])
    const most = Number(maxReplicas ?? 0)
    const causes: Cause[] = []
    if (Number(minReplicas ?? 1) < 1) causes.push(invalidValue('spec.minReplicas', minReplicas, 'must be greater than or equal to 1'))
    if (most < 1) causes.push(requiredValue('spec.maxReplicas', 'must be set and greater than 0'))
    if (most < Number(minReplicas ?? 1)) causes.push(invalidValue('spec.maxReplicas', most, 'must be greater than or equal to `minReplicas`'))
    const target = objectOf(scaleTargetRef)
    for (const name of ['kind', 'name']) if (textOf(target[name]) === '') causes.push(requiredValue(`spec.scaleTargetRef.${name}`))
    const apiVersion = textOf(target['apiVersion'])
    if (!apiVersion.includes('/') && target['kind'] !== 'ReplicationController')
      causes.push(invalidValue('spec.scaleTargetRef.apiVersion', apiVersion, 'apiVersion must specify API group'))
    return causes
  },
}

/** Source: kubernetes pkg/apis/storage/validation/validation.go */
export const storageClassRules: Validation = {
  validate: (object) => (textOf(object['provisioner']) === '' ? [requiredValue('provisioner')] : []),
  validateUpdate: (object, live) =>
    ['provisioner', 'parameters', 'reclaimPolicy', 'volumeBindingMode'].flatMap((name) => immutableField(name, object[name], live[name])),
}

const SYSTEM_CLASSES = ['system-cluster-critical', 'system-node-critical']

/** Source: kubernetes pkg/apis/scheduling/validation/validation.go */
export const priorityClassRules: Validation = {
  validate: (object) => {
    const name = textOf(valueAt(object, 'metadata', 'name'))
    if (SYSTEM_CLASSES.includes(name)) return []
    if (name.startsWith('system-')) {
      return [
        forbiddenField(
          'metadata.name',
          `priority class names with 'system-' prefix are reserved for system use only. error: ${name} is not a known system priority class`,
        ),
      ]
    }
    return Number(object['value']) > 1_000_000_000 ? [forbiddenField('value', 'maximum allowed value of a user defined priority is 1000000000')] : []
  },
  validateUpdate: (object, live) => immutableField('value', object['value'], live['value']),
}

/** Source: apiextensions-apiserver pkg/apis/apiextensions/validation/validation.go */
export const crdRules: Validation = {
  validate: (object) => {
    const spec = objectOf(object['spec'])
    const name = textOf(valueAt(object, 'metadata', 'name'))
    const versions = listOf(spec['versions']).map(objectOf)
    const causes: Cause[] = []
    if (name !== `${textOf(valueAt(spec, 'names', 'plural'))}.${textOf(spec['group'])}`)
      causes.push(invalidValue('metadata.name', name, 'must be spec.names.plural+"."+spec.group'))
    if (spec['scope'] === undefined || spec['scope'] === '') causes.push(requiredValue('spec.scope'))
    else if (!['Cluster', 'Namespaced'].includes(String(spec['scope'])))
      causes.push(unsupportedValue('spec.scope', spec['scope'], ['Cluster', 'Namespaced']))
    if (versions.filter((v) => v['storage'] === true).length !== 1)
      causes.push(invalidValue('spec.versions', spec['versions'] ?? null, 'must have exactly one version marked as storage version'))
    for (const [i, version] of versions.entries()) {
      if (!isObject(valueAt(version, 'schema', 'openAPIV3Schema'))) causes.push(requiredValue(`spec.versions[${i}].schema.openAPIV3Schema`))
    }
    for (const member of ['plural', 'kind']) if (textOf(valueAt(spec, 'names', member)) === '') causes.push(requiredValue(`spec.names.${member}`))
    if (listOf(valueAt(object, 'status', 'storedVersions')).length === 0)
      causes.push(invalidValue('status.storedVersions', null, 'must have at least one stored version'))
    return causes
  },
  validateUpdate: (object, live) => [
    ...immutableField('spec.scope', valueAt(object, 'spec', 'scope'), valueAt(live, 'spec', 'scope')),
    ...immutableField('spec.names.kind', valueAt(object, 'spec', 'names', 'kind'), valueAt(live, 'spec', 'names', 'kind')),
  ],
}
