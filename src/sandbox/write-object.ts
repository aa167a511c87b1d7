import { isObject, type JsonObject, sameJson, textOf, valueAt } from '../base/json.ts'
import { type Cluster, nameSuffix, newUid, timestamp, withMetadata } from './cluster.ts'
import { convertObject } from './convert.ts'
import { checkIdentity } from './decode-object.ts'
import { EMPTY, type FieldSet, fromFieldsV1 } from './fields/field-set.ts'
import { decodeOwners, encodeOwners } from './fields/managed-fields.ts'
import { type Owners, updateOwners, type Writer } from './fields/ownership.ts'
import { listOf, type MutableObject } from './json.ts'
import { rulesOf } from './kind-rules.ts'
import { hasSubresource, type ResourceType } from './resource-type.ts'
import { conform } from './schema/conform.ts'
import { ApiError, alreadyExists, conflict, forbidden, invalid, notFound } from './status.ts'
import { kindSubjectOf, subjectOf, type Target, targetApiVersion } from './target.ts'
import { invalidValue } from './validation/causes.ts'
import { validateCommon, validateCommonUpdate } from './validation/metadata.ts'

/** Who writes and how it is meant. */
export interface WriteContext {
  readonly manager: string
  readonly dryRun: boolean
}

/** What became of a write. `created` tells 201 from 200. */
export interface Written {
  readonly object: JsonObject
  readonly created: boolean
}

const STATUS_ONLY: FieldSet = fromFieldsV1({ 'f:status': {} })
const SPEC_ONLY: FieldSet = fromFieldsV1({ 'f:spec': {} })

/** The writer of a request on `target`. */
export function writerOf(cluster: Cluster, target: Target, context: WriteContext): Writer {
  const ignored = target.subresource === 'status' ? SPEC_ONLY : hasSubresource(target.type, 'status') ? STATUS_ONLY : EMPTY
  return { manager: context.manager, apiVersion: targetApiVersion(target), subresource: target.subresource, time: timestamp(cluster), ignored }
}

/** The object without its managed fields, and these as owners. */
export function splitOwners(object: JsonObject): { readonly bare: JsonObject; readonly owners: Owners } {
  return { bare: withMetadata(object, { managedFields: undefined }), owners: decodeOwners(valueAt(object, 'metadata', 'managedFields')) ?? new Map() }
}

/**
 * Creates a decoded object. `owners` are given by an apply; else everything the object sets belongs to the writer.
 *
 * @throws ApiError 404 without its namespace, 409 when it exists, 422 when it breaks a rule
 */
export function createObject(cluster: Cluster, target: Target, decoded: JsonObject, context: WriteContext, owners?: Owners): Written {
  checkIdentity(decoded, target)
  const named = withName(cluster, target, decoded)
  const name = textOf(valueAt(named, 'metadata', 'name'))
  checkNamespace(cluster, target, name)
  if (cluster.storage.get(target.type.key, target.namespace, name)) throw alreadyExists(subjectOf(target, name))
  const { bare, owners: given } = splitOwners(named)
  const writer = writerOf(cluster, target, context)
  const owned =
    owners ?? updateOwners(emptyObject(target), convertObject(bare, target.type, target.version), target.type.schemaOf(target.version), given, writer)
  const rules = rulesOf(target.type)
  let object = withSystemFields(cluster, target, bare)
  if (hasSubresource(target.type, 'status')) object = withInitialStatus(target, object)
  object = rules.prepare?.(object, undefined, cluster) ?? object
  const causes = [...validateCommon(object, target), ...(rules.validate?.(object, cluster, target.version) ?? [])]
  if (causes.length > 0) throw invalid(kindSubjectOf(target, name), causes)
  checkSize(object)
  const final = withMetadata(object, { managedFields: encodeOwners(owned) })
  return { object: context.dryRun ? final : cluster.storage.put(target.type.key, final), created: true }
}

/** What an object of the target's type holds before anyone sets anything: the zero values that Go writes. */
export function emptyObject(target: Target): JsonObject {
  const known = empties.get(target.type)?.get(target.version)
  if (known) return known
  const named = { apiVersion: targetApiVersion(target), kind: target.type.kind }
  const empty = conform(named, target.type.schemaOf(target.version), target.type.custom ? 'crd' : 'go').value as JsonObject
  empties.set(target.type, (empties.get(target.type) ?? new Map<string, JsonObject>()).set(target.version, empty))
  return empty
}

const empties = new WeakMap<ResourceType, Map<string, JsonObject>>()

/** What a client says of the status of a new object does not count; it starts with zero values. */
function withInitialStatus(target: Target, object: JsonObject): JsonObject {
  const { status } = emptyObject({ ...target, version: target.type.storageVersion })
  return status === undefined ? without(object, 'status') : { ...object, status }
}

function without(object: JsonObject, key: string): JsonObject {
  const { [key]: _gone, ...rest } = object
  return rest
}

function withName(cluster: Cluster, target: Target, object: JsonObject): JsonObject {
  const prefix = textOf(valueAt(object, 'metadata', 'generateName'))
  const given = textOf(valueAt(object, 'metadata', 'name')) || target.name
  const name = given !== '' ? given : prefix === '' ? '' : `${prefix}${nameSuffix(cluster)}`
  return withMetadata(object, { ...(name === '' ? {} : { name }), namespace: target.type.namespaced ? target.namespace : undefined })
}

function checkNamespace(cluster: Cluster, target: Target, name: string): void {
  if (!target.type.namespaced) return
  const namespace = cluster.storage.get('/namespaces', '', target.namespace)
  if (!namespace) throw notFound({ kind: 'namespaces', name: target.namespace })
  if (valueAt(namespace, 'status', 'phase') === 'Terminating') {
    const error = forbidden(subjectOf(target, name), `unable to create new content in namespace ${target.namespace} because it is being terminated`)
    const cause = { reason: 'NamespaceTerminating', message: `namespace ${target.namespace} is being terminated`, field: 'metadata.namespace' }
    throw new ApiError(error.code, error.reason, error.message, { ...error.details, causes: [cause] })
  }
}

/** Kinds whose objects count their generations, beside custom resources. */
const WITH_GENERATION = new Set(
  [
    'apps/deployments apps/statefulsets apps/daemonsets apps/replicasets /replicationcontrollers /pods /podtemplates batch/jobs batch/cronjobs',
    'networking.k8s.io/ingresses networking.k8s.io/networkpolicies networking.k8s.io/ingressclasses policy/poddisruptionbudgets',
    'discovery.k8s.io/endpointslices apiextensions.k8s.io/customresourcedefinitions scheduling.k8s.io/priorityclasses',
    'admissionregistration.k8s.io/mutatingwebhookconfigurations admissionregistration.k8s.io/validatingwebhookconfigurations',
    'admissionregistration.k8s.io/validatingadmissionpolicies admissionregistration.k8s.io/validatingadmissionpolicybindings',
    'flowcontrol.apiserver.k8s.io/flowschemas flowcontrol.apiserver.k8s.io/prioritylevelconfigurations',
  ].flatMap((line) => line.split(' ')),
)

function withSystemFields(cluster: Cluster, target: Target, object: JsonObject): JsonObject {
  const counts = target.type.custom !== undefined || WITH_GENERATION.has(target.type.key)
  return withMetadata(object, {
    uid: newUid(cluster),
    resourceVersion: undefined,
    creationTimestamp: timestamp(cluster),
    deletionTimestamp: undefined,
    deletionGracePeriodSeconds: undefined,
    selfLink: undefined,
    generation: counts ? 1 : undefined,
  })
}

/** Objects larger than this are refused, as etcd refuses requests over 1.5 MiB. */
const MAX_OBJECT_BYTES = 1_572_864

function checkSize(object: JsonObject): void {
  if (Buffer.byteLength(JSON.stringify(object)) > MAX_OBJECT_BYTES)
    throw new ApiError(413, 'RequestEntityTooLarge', 'etcdserver: request is too large')
}

/**
 * Replaces `live` by a decoded object. `owners` are given by an apply; else what changed becomes the writer's.
 * An update that changes nothing leaves the stored object as it is.
 *
 * @throws ApiError 409 when the object was changed meanwhile, 422 when the update breaks a rule
 */
export function updateObject(
  cluster: Cluster,
  target: Target,
  live: JsonObject,
  decoded: JsonObject,
  context: WriteContext,
  owners?: Owners,
): Written {
  checkIdentity(decoded, target)
  checkPreconditions(target, live, decoded)
  const rules = rulesOf(target.type)
  let next = withLiveFields(target, live, decoded)
  const owned = owners ?? ownersAfter(cluster, target, live, next, context)
  next = withMetadata(next, { managedFields: undefined })
  next = rules.prepare?.(next, live, cluster) ?? next
  next = withGeneration(live, next)
  const { bare } = splitOwners(live)
  const isSame = sameJson(bare, next)
  const final = withMetadata(next, { managedFields: encodeOwners(owned) })
  if (isSame && sameJson(withoutTimes(live), withoutTimes(final))) return { object: live, created: false }
  checkUpdate(cluster, target, live, next)
  checkSize(next)
  if (context.dryRun) return { object: final, created: false }
  if (
    valueAt(final, 'metadata', 'deletionTimestamp') !== undefined &&
    listOf(valueAt(final, 'metadata', 'finalizers')).length === 0 &&
    isDeletionDone(final, target)
  ) {
    cluster.storage.remove(target.type.key, target.namespace, target.name)
    return { object: final, created: false }
  }
  return { object: cluster.storage.put(target.type.key, final), created: false }
}

/** Namespaces end when they are finalized, pods when their kubelet says so. */
function isDeletionDone(object: JsonObject, target: Target): boolean {
  if (target.type.key === '/namespaces') return listOf(valueAt(object, 'spec', 'finalizers')).length === 0
  if (target.type.key === '/pods') return valueAt(object, 'metadata', 'deletionGracePeriodSeconds') === 0
  return true
}

function ownersAfter(cluster: Cluster, target: Target, live: JsonObject, next: JsonObject, context: WriteContext): Owners {
  const { bare, owners: liveOwners } = splitOwners(live)
  const given = valueAt(next, 'metadata', 'managedFields')
  const isReset = Array.isArray(given) && (given.length === 0 || (given.length === 1 && isObject(given[0]) && Object.keys(given[0]).length === 0))
  if (isReset && target.subresource === '') return new Map()
  const decoded = target.subresource === '' ? decodeOwners(given) : undefined
  const base = decoded && decoded.size > 0 ? decoded : liveOwners
  if (base.size === 0) return base
  const [before, after] = [bare, withMetadata(next, { managedFields: undefined })].map((object) =>
    convertObject(object, target.type, target.version),
  ) as [JsonObject, JsonObject]
  return updateOwners(before, after, target.type.schemaOf(target.version), base, writerOf(cluster, target, context))
}

function checkPreconditions(target: Target, live: JsonObject, next: JsonObject): void {
  const version = textOf(valueAt(next, 'metadata', 'resourceVersion'))
  const uid = textOf(valueAt(next, 'metadata', 'uid'))
  const liveUid = textOf(valueAt(live, 'metadata', 'uid'))
  if (uid !== '' && uid !== liveUid) throw invalid(kindSubjectOf(target), [invalidValue('metadata.uid', uid, 'field is immutable')])
  if (version !== '' && version !== '0' && version !== valueAt(live, 'metadata', 'resourceVersion')) {
    throw conflict(subjectOf(target), 'the object has been modified; please apply your changes to the latest version and try again')
  }
}

function withLiveFields(target: Target, live: JsonObject, decoded: JsonObject): JsonObject {
  const liveMeta = valueAt(live, 'metadata') as JsonObject
  const meta = valueAt(decoded, 'metadata') as JsonObject
  const system: MutableObject = { name: liveMeta['name'] }
  for (const key of [
    'namespace',
    'uid',
    'resourceVersion',
    'creationTimestamp',
    'generation',
    'deletionTimestamp',
    'deletionGracePeriodSeconds',
    'generateName',
  ]) {
    system[key] = key === 'generateName' ? (meta[key] ?? liveMeta[key]) : liveMeta[key]
  }
  const next = withMetadata(decoded, system)
  if (target.subresource === 'status') {
    const kept = withMetadata(live, { annotations: meta['annotations'], finalizers: meta['finalizers'], managedFields: meta['managedFields'] })
    return next['status'] === undefined ? without(kept, 'status') : { ...kept, status: next['status'] }
  }
  if (!hasSubresource(target.type, 'status')) return next
  return live['status'] === undefined ? without(next, 'status') : { ...next, status: live['status'] }
}

function withGeneration(live: JsonObject, next: JsonObject): JsonObject {
  const before = valueAt(live, 'metadata', 'generation')
  if (typeof before !== 'number') return next
  const body = ({ metadata: _m, status: _s, ...rest }: JsonObject): JsonObject => rest
  return sameJson(body(live), body(next)) ? next : withMetadata(next, { generation: before + 1 })
}

function withoutTimes(object: JsonObject): unknown {
  return listOf(valueAt(object, 'metadata', 'managedFields')).map((entry) => (isObject(entry) ? without(entry, 'time') : entry))
}

function checkUpdate(cluster: Cluster, target: Target, live: JsonObject, next: JsonObject): void {
  const rules = rulesOf(target.type)
  const causes =
    target.subresource === 'status'
      ? []
      : [
          ...validateCommonUpdate(next, live, target),
          ...(rules.validate?.(next, cluster, target.version) ?? []),
          ...(rules.validateUpdate?.(next, live) ?? []),
        ]
  if (causes.length > 0) throw invalid(kindSubjectOf(target), causes)
}
