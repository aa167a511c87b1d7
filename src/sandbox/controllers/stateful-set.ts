import { type JsonObject, objectOf, textOf, valueAt } from '../../base/json.ts'
import type { Cluster } from '../cluster.ts'
import { listOf } from '../json.ts'
import { create } from './as-controller.ts'
import type { Controller } from './controller.ts'
import { deletePod } from './delete-pod.ts'
import { createPod, hasCondition, isActive, isDeleting, nameOf, namespaceOf, ownedBy } from './owned.ts'
import { setController } from './set-controller.ts'
import { templateHash } from './template-hash.ts'

const SETS = 'apps/statefulsets'
const REVISION_LABEL = 'controller-revision-hash'

/** Keeps the numbered pods of a StatefulSet, in order unless it asks for parallel ones, and replaces outdated ones from the last down. */
export const statefulSetController: Controller = setController({ resource: SETS, kind: 'StatefulSet', act: step, statusOf })

function revisionOf(set: JsonObject): string {
  return `${nameOf(set)}-${templateHash(valueAt(set, 'spec', 'template'))}`
}

function ordinalOf(pod: JsonObject): number {
  return Number(nameOf(pod).slice(nameOf(pod).lastIndexOf('-') + 1))
}

function podsOf(cluster: Cluster, set: JsonObject): readonly JsonObject[] {
  return [...ownedBy(cluster, set, '/pods')].sort((a, b) => ordinalOf(a) - ordinalOf(b))
}

function step(cluster: Cluster, set: JsonObject): void {
  const first = Number(valueAt(set, 'spec', 'ordinals', 'start') ?? 0)
  const wanted = Number(valueAt(set, 'spec', 'replicas'))
  const isParallel = valueAt(set, 'spec', 'podManagementPolicy') === 'Parallel'
  const pods = new Map(podsOf(cluster, set).map((pod) => [ordinalOf(pod), pod]))
  for (let n = first; n < first + wanted; n++) {
    const pod = pods.get(n)
    if (!pod) createNumbered(cluster, set, n)
    if (!isParallel && !(pod && isActive(pod) && hasCondition(pod, 'Ready'))) return
  }
  const surplus = [...pods]
    .filter(([n]) => n < first || n >= first + wanted)
    .map(([, pod]) => pod)
    .reverse()
  for (const pod of surplus) {
    if (!isDeleting(pod)) deletePod(cluster, pod)
    if (!isParallel) return
  }
  if (surplus.length === 0) update(cluster, set, [...pods.values()])
}

function createNumbered(cluster: Cluster, set: JsonObject, ordinal: number): void {
  const name = `${nameOf(set)}-${ordinal}`
  const claims = listOf(valueAt(set, 'spec', 'volumeClaimTemplates')) as readonly JsonObject[]
  for (const claim of claims) ensureClaim(cluster, set, claim, `${nameOf(claim)}-${name}`)
  const spec = objectOf(valueAt(set, 'spec', 'template', 'spec'))
  const own = new Set(claims.map(nameOf))
  const volumes = [
    ...listOf(spec['volumes']).filter((v) => !own.has(textOf(valueAt(v, 'name')))),
    ...claims.map((claim) => ({ name: nameOf(claim), persistentVolumeClaim: { claimName: `${nameOf(claim)}-${name}` } })),
  ]
  const labels = { [REVISION_LABEL]: revisionOf(set), 'statefulset.kubernetes.io/pod-name': name, 'apps.kubernetes.io/pod-index': String(ordinal) }
  createPod(cluster, set, valueAt(set, 'spec', 'template'), { name }, labels, {
    hostname: name,
    subdomain: valueAt(set, 'spec', 'serviceName'),
    ...(volumes.length > 0 ? { volumes } : {}),
  })
}

function ensureClaim(cluster: Cluster, set: JsonObject, template: JsonObject, name: string): void {
  const namespace = namespaceOf(set)
  if (cluster.storage.get('/persistentvolumeclaims', namespace, name)) return
  const labels = { ...objectOf(valueAt(template, 'metadata', 'labels')), ...objectOf(valueAt(set, 'spec', 'selector', 'matchLabels')) }
  create(cluster, '/persistentvolumeclaims', namespace, {
    metadata: { name, labels, annotations: valueAt(template, 'metadata', 'annotations') },
    spec: template['spec'],
  })
}

/** Deletes the last outdated pod at or above the partition once all others are ready. */
function update(cluster: Cluster, set: JsonObject, pods: readonly JsonObject[]): void {
  if (valueAt(set, 'spec', 'updateStrategy', 'type') === 'OnDelete') return
  const partition = Number(valueAt(set, 'spec', 'updateStrategy', 'rollingUpdate', 'partition') ?? 0)
  const revision = revisionOf(set)
  for (const pod of [...pods].sort((a, b) => ordinalOf(b) - ordinalOf(a))) {
    if (ordinalOf(pod) < partition) return
    if (isDeleting(pod)) return
    const isOutdated = valueAt(pod, 'metadata', 'labels', REVISION_LABEL) !== revision
    if (isOutdated) deletePod(cluster, pod)
    if (isOutdated || !hasCondition(pod, 'Ready')) return
  }
}

function statusOf(cluster: Cluster, set: JsonObject): JsonObject {
  const pods = podsOf(cluster, set).filter(isActive)
  const revision = revisionOf(set)
  const before = textOf(valueAt(set, 'status', 'currentRevision')) || revision
  const ready = pods.filter((pod) => hasCondition(pod, 'Ready'))
  const isOf =
    (wanted: string) =>
    (pod: JsonObject): boolean =>
      valueAt(pod, 'metadata', 'labels', REVISION_LABEL) === wanted
  const updated = pods.filter(isOf(revision)).length
  const isDone = updated === pods.length && ready.length === Number(valueAt(set, 'spec', 'replicas')) && pods.length === ready.length
  const current = isDone ? revision : before
  return {
    observedGeneration: valueAt(set, 'metadata', 'generation'),
    replicas: pods.length,
    readyReplicas: ready.length,
    availableReplicas: ready.length,
    currentReplicas: pods.filter(isOf(current)).length,
    updatedReplicas: updated,
    currentRevision: current,
    updateRevision: revision,
    collisionCount: 0,
  }
}
