import { isObject, type JsonObject, textOf, valueAt } from '../base/json.ts'
import { type Cluster, timestamp, withMetadata } from './cluster.ts'
import { listOf } from './json.ts'
import { badRequest, conflict, successStatus } from './status.ts'
import { kindSubjectOf, subjectOf, type Target } from './target.ts'

/** `DeleteOptions` as read from a body or a query. */
export interface DeleteSettings {
  readonly propagation: 'Background' | 'Foreground' | 'Orphan' | undefined
  readonly uid: string | undefined
  readonly resourceVersion: string | undefined
  readonly gracePeriodSeconds: number | undefined
  readonly dryRun: boolean
}

/** Reads delete options; the body wins over the query. @throws ApiError 400 */
export function deleteSettings(body: unknown, query: URLSearchParams): DeleteSettings {
  const options = isObject(body) ? body : {}
  const grace = options['gracePeriodSeconds'] ?? query.get('gracePeriodSeconds')
  const orphan = options['orphanDependents'] ?? query.get('orphanDependents')
  const policy =
    textOf(options['propagationPolicy']) || (query.get('propagationPolicy') ?? '') || (orphan === true || orphan === 'true' ? 'Orphan' : '')
  if (policy !== '' && policy !== 'Background' && policy !== 'Foreground' && policy !== 'Orphan') {
    throw badRequest(`DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Invalid value: "${policy}": invalid deletion propagation policy`)
  }
  const uid = valueAt(options, 'preconditions', 'uid')
  const version = valueAt(options, 'preconditions', 'resourceVersion')
  return {
    propagation: policy === '' ? undefined : policy,
    uid: typeof uid === 'string' ? uid : undefined,
    resourceVersion: typeof version === 'string' ? version : undefined,
    gracePeriodSeconds: grace === null || grace === undefined ? undefined : Number(grace),
    dryRun: listOf(options['dryRun']).includes('All') || query.getAll('dryRun').includes('All'),
  }
}

/**
 * Deletes an object, or marks it as being deleted where finalizers, contents or a kubelet must act first.
 * The result is what the request is answered with: the marked object, or a `Status`.
 *
 * @throws ApiError 409 when a precondition does not hold
 */
export function deleteObject(cluster: Cluster, target: Target, live: JsonObject, settings: DeleteSettings): JsonObject {
  checkPreconditions(target, live, settings)
  const uid = textOf(valueAt(live, 'metadata', 'uid'))
  const finalizers = finalizersFor(target, live, settings)
  const waits = finalizers.length > 0 || target.type.key === '/namespaces' || isGraceful(target, live, settings)
  if (settings.dryRun) return waits ? live : successStatus(subjectOf(target), uid)
  if (!waits) {
    cluster.storage.remove(target.type.key, target.namespace, target.name)
    return target.type.key === '/pods' ? live : successStatus(subjectOf(target), uid)
  }
  const isMarked = valueAt(live, 'metadata', 'deletionTimestamp') !== undefined
  if (isMarked && listOf(valueAt(live, 'metadata', 'finalizers')).length === finalizers.length) return live
  return cluster.storage.put(target.type.key, marked(cluster, target, live, finalizers, settings))
}

function checkPreconditions(target: Target, live: JsonObject, settings: DeleteSettings): void {
  const uid = textOf(valueAt(live, 'metadata', 'uid'))
  if (settings.uid !== undefined && settings.uid !== uid) {
    throw conflict(
      kindSubjectOf(target),
      `the UID in the precondition (${settings.uid}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`,
    )
  }
  const version = textOf(valueAt(live, 'metadata', 'resourceVersion'))
  if (settings.resourceVersion !== undefined && settings.resourceVersion !== version) {
    throw conflict(
      kindSubjectOf(target),
      `the ResourceVersion in the precondition (${settings.resourceVersion}) does not match the ResourceVersion in record (${version}). The object might have been modified`,
    )
  }
}

function finalizersFor(target: Target, live: JsonObject, settings: DeleteSettings): readonly string[] {
  const present = listOf(valueAt(live, 'metadata', 'finalizers'))
    .map(String)
    .filter((f) => f !== 'foregroundDeletion' && f !== 'orphan')
  // Jobs of batch/v1 keep their pods unless the caller says otherwise.
  const policy = settings.propagation ?? (target.type.key === 'batch/jobs' ? 'Orphan' : undefined)
  if (policy === 'Foreground') return [...present, 'foregroundDeletion']
  if (policy === 'Orphan') return [...present, 'orphan']
  return settings.propagation === undefined ? listOf(valueAt(live, 'metadata', 'finalizers')).map(String) : present
}

function isGraceful(target: Target, live: JsonObject, settings: DeleteSettings): boolean {
  if (target.type.key !== '/pods' || settings.gracePeriodSeconds === 0) return false
  const phase = valueAt(live, 'status', 'phase')
  return valueAt(live, 'spec', 'nodeName') !== undefined && phase !== 'Succeeded' && phase !== 'Failed'
}

function marked(cluster: Cluster, target: Target, live: JsonObject, finalizers: readonly string[], settings: DeleteSettings): JsonObject {
  const grace = isGraceful(target, live, settings)
    ? (settings.gracePeriodSeconds ?? Number(valueAt(live, 'spec', 'terminationGracePeriodSeconds') ?? 30))
    : 0
  const generation = valueAt(live, 'metadata', 'generation')
  const wasMarked = valueAt(live, 'metadata', 'deletionTimestamp') !== undefined
  const next = withMetadata(live, {
    finalizers: finalizers.length > 0 ? finalizers : undefined,
    deletionTimestamp: valueAt(live, 'metadata', 'deletionTimestamp') ?? timestamp(cluster),
    deletionGracePeriodSeconds: target.type.key === '/namespaces' ? undefined : grace,
    ...(typeof generation === 'number' && !wasMarked ? { generation: generation + 1 } : {}),
  })
  return target.type.key === '/namespaces' ? { ...next, status: { phase: 'Terminating' } } : next
}
