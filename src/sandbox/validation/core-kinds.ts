import { isIP } from 'node:net'
import { type JsonObject, objectOf, sameJson, textOf, valueAt } from '../../base/json.ts'
import { listOf } from '../json.ts'
import type { KindRules } from '../kind-rules.ts'
import { quantityNanos } from '../schema/quantity.ts'
import type { Cause } from '../status.ts'
import {
  duplicateValue,
  forbiddenField,
  immutableField,
  invalidValue,
  oneOf,
  portNumber,
  requiredValue,
  tooLong,
  unsupportedValue,
} from './causes.ts'
import { validateLabels } from './metadata.ts'
import { configKeyProblems, portNameProblems } from './names.ts'
import { validatePodSpec } from './pod-spec.ts'

type Validation = Pick<KindRules, 'validate' | 'validateUpdate'>

const POD_UPDATE =
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)'

function fixedPart(pod: JsonObject): JsonObject {
  const { activeDeadlineSeconds: _deadline, tolerations: _tolerations, nodeName: _node, ...spec } = objectOf(pod['spec'])
  const bare = (containers: unknown): unknown => listOf(containers).map((c) => ({ ...objectOf(c), image: '' }))
  return { ...spec, containers: bare(spec['containers']), initContainers: bare(spec['initContainers']) }
}

/** Source of all here: kubernetes pkg/apis/core/validation/validation.go */
export const podRules: Validation = {
  validate: (object) => validatePodSpec(objectOf(object['spec']), 'spec'),
  validateUpdate: (object, live) => (sameJson(fixedPart(object), fixedPart(live)) ? [] : [forbiddenField('spec', POD_UPDATE)]),
}

const MAX_DATA_BYTES = 1_048_576

function validateKeys(data: unknown, field: string): readonly Cause[] {
  return Object.keys(objectOf(data)).flatMap((key) => configKeyProblems(key).map((p) => invalidValue(`${field}[${key}]`, key, p)))
}

function bytesOf(data: unknown, isBase64: boolean): number {
  return Object.values(objectOf(data)).reduce<number>((sum, value) => sum + Buffer.byteLength(String(value), isBase64 ? 'base64' : 'utf8'), 0)
}

function immutableCauses(object: JsonObject, live: JsonObject, fields: readonly string[]): readonly Cause[] {
  if (live['immutable'] !== true) return []
  const why = 'field is immutable when `immutable` is set'
  const flag = object['immutable'] === true ? [] : [forbiddenField('immutable', why)]
  return [...flag, ...fields.filter((field) => !sameJson(object[field], live[field])).map((field) => forbiddenField(field, why))]
}

export const configMapRules: Validation = {
  validate: (object) => {
    const size = bytesOf(object['data'], false) + bytesOf(object['binaryData'], true)
    const both = Object.keys(objectOf(object['data'])).filter((key) => Object.hasOwn(objectOf(object['binaryData']), key))
    const doubled = both.map((key) => invalidValue(`data[${key}]`, key, 'duplicate of key present in binaryData'))
    return [
      ...validateKeys(object['data'], 'data'),
      ...doubled,
      ...validateKeys(object['binaryData'], 'binaryData'),
      ...(size > MAX_DATA_BYTES ? [tooLong('[]', MAX_DATA_BYTES)] : []),
    ]
  },
  validateUpdate: (object, live) => immutableCauses(object, live, ['data', 'binaryData']),
}

const SECRET_KEYS: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
}

export const secretRules: Validation = {
  validate: (object) => {
    const data = objectOf(object['data'])
    const missing = (SECRET_KEYS[textOf(object['type'])] ?? []).filter((key) => data[key] === undefined)
    const size = bytesOf(data, true) > MAX_DATA_BYTES ? [tooLong('data', MAX_DATA_BYTES)] : []
    return [...validateKeys(data, 'data'), ...size, ...missing.map((key) => requiredValue(`data[${key}]`))]
  },
  validateUpdate: (object, live) => [...immutableField('type', object['type'], live['type']), ...immutableCauses(object, live, ['data'])],
}

export const serviceRules: Validation = {
  validate: (object) => {
    const spec = objectOf(object['spec'])
    const ports = listOf(spec['ports']).map(objectOf)
    const isPortless = spec['clusterIP'] === 'None' || spec['type'] === 'ExternalName'
    const external = spec['type'] === 'ExternalName' && textOf(spec['externalName']) === '' ? [requiredValue('spec.externalName')] : []
    return [
      ...(ports.length === 0 && !isPortless ? [requiredValue('spec.ports')] : []),
      ...external,
      ...validateServicePorts(ports),
      ...validateLabels(spec['selector'], 'spec.selector'),
      ...oneOf('spec.sessionAffinity', spec['sessionAffinity'], ['ClientIP', 'None']),
      ...oneOf('spec.type', spec['type'], ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort']),
      ...validateAddresses(spec),
      ...validateNodePorts(spec, ports),
    ]
  },
  validateUpdate: (object, live) => {
    const types = [valueAt(object, 'spec', 'type'), valueAt(live, 'spec', 'type')]
    if (types.includes('ExternalName')) return []
    const [before, after] = [valueAt(live, 'spec', 'clusterIPs'), valueAt(object, 'spec', 'clusterIPs')]
    return textOf(listOf(before)[0]) === '' || listOf(before)[0] === listOf(after)[0]
      ? []
      : [invalidValue('spec.clusterIPs[0]', after, 'may not change once set')]
  },
}

function validateServicePorts(ports: readonly JsonObject[]): readonly Cause[] {
  const names = new Set<string>()
  const causes = ports.flatMap((port, i) => {
    const field = `spec.ports[${i}]`
    const name = textOf(port['name'])
    const target = port['targetPort']
    const named =
      name === ''
        ? ports.length > 1
          ? [requiredValue(`${field}.name`)]
          : []
        : [...portNameProblemsOf(name, `${field}.name`), ...(names.has(name) ? [duplicateValue(`${field}.name`, name)] : [])]
    if (name !== '') names.add(name)
    const targets =
      typeof target === 'string'
        ? portNameProblems(target).map((p) => invalidValue(`${field}.targetPort`, target, p))
        : portNumber(`${field}.targetPort`, target)
    return [
      ...named,
      ...portNumber(`${field}.port`, port['port']),
      ...oneOf(`${field}.protocol`, port['protocol'], ['SCTP', 'TCP', 'UDP']),
      ...targets,
    ]
  })
  return [...causes, ...duplicatePorts(ports)]
}

function portNameProblemsOf(name: string, field: string): readonly Cause[] {
  return /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name)
    ? []
    : [
        invalidValue(
          field,
          name,
          "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
        ),
      ]
}

function duplicatePorts(ports: readonly JsonObject[]): readonly Cause[] {
  const seen = new Set<string>()
  return ports.flatMap((port, i) => {
    const key = `${String(port['protocol'])}/${String(port['port'])}`
    const isDouble = seen.has(key)
    seen.add(key)
    return isDouble
      ? [
          duplicateValue(`spec.ports[${i}]`, {
            Name: '',
            Protocol: port['protocol'],
            AppProtocol: null,
            Port: port['port'],
            TargetPort: 0,
            NodePort: 0,
          }),
        ]
      : []
  })
}

function validateAddresses(spec: JsonObject): readonly Cause[] {
  return listOf(spec['clusterIPs']).flatMap((address, i) =>
    address === 'None' || isIP(textOf(address)) > 0
      ? []
      : [invalidValue(`spec.clusterIPs[${i}]`, address, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)')],
  )
}

function validateNodePorts(spec: JsonObject, ports: readonly JsonObject[]): readonly Cause[] {
  const type = textOf(spec['type'])
  return ports.flatMap((port, i) => {
    const nodePort = port['nodePort']
    const field = `spec.ports[${i}].nodePort`
    if (typeof nodePort !== 'number' || nodePort === 0) return []
    if (type === 'ClusterIP') return [forbiddenField(field, "may not be used when `type` is 'ClusterIP'")]
    return nodePort < 30_000 || nodePort > 32_767
      ? [invalidValue(field, nodePort, 'provided port is not in the valid range. The range of valid ports is 30000-32767')]
      : []
  })
}

const ACCESS_MODES = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod']
const CLAIM_UPDATE = 'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims'

export const claimRules: Validation = {
  validate: (object) => {
    const modes = listOf(valueAt(object, 'spec', 'accessModes'))
    const storage = valueAt(object, 'spec', 'resources', 'requests', 'storage')
    const size =
      storage === undefined
        ? [requiredValue('spec.resources[storage]')]
        : (quantityNanos(String(storage)) ?? 0n) > 0n
          ? []
          : [invalidValue('spec.resources[storage]', storage, 'must be greater than zero')]
    const required = modes.length === 0 ? [requiredValue('spec.accessModes', 'at least 1 access mode is required')] : []
    return [
      ...required,
      ...modes.filter((mode) => !ACCESS_MODES.includes(String(mode))).map((mode) => unsupportedValue('spec.accessModes', mode, ACCESS_MODES)),
      ...size,
    ]
  },
  validateUpdate: (object, live) => {
    const isBound = valueAt(live, 'status', 'phase') === 'Bound'
    const fixed = (claim: JsonObject): JsonObject => {
      const { resources, volumeName: _volume, volumeAttributesClassName: _attributes, ...rest } = objectOf(claim['spec'])
      return isBound ? rest : { ...rest, resources }
    }
    if (!sameJson(fixed(object), fixed(live))) return [forbiddenField('spec', CLAIM_UPDATE)]
    const [before, after] = [live, object].map((c) => quantityNanos(String(valueAt(c, 'spec', 'resources', 'requests', 'storage'))) ?? 0n)
    return (after ?? 0n) < (before ?? 0n) ? [forbiddenField('spec.resources.requests.storage', 'field can not be less than status.capacity')] : []
  },
}
