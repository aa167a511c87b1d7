import { type JsonObject, valueAt } from '../../base/json.ts'
import type { Cluster } from '../cluster.ts'
import type { Controller } from './controller.ts'
import { deletePod } from './delete-pod.ts'
import { createPod, hasCondition, isActive, nameOf, ownedBy } from './owned.ts'
import { setController } from './set-controller.ts'
import { templateHash } from './template-hash.ts'

const SETS = 'apps/daemonsets'
const REVISION_LABEL = 'controller-revision-hash'

/** Keeps one pod of a DaemonSet, as there is one node. */
export const daemonSetController: Controller = setController({ resource: SETS, kind: 'DaemonSet', act: step, statusOf })

function step(cluster: Cluster, set: JsonObject): void {
  const pods = ownedBy(cluster, set, '/pods')
  const hash = templateHash(valueAt(set, 'spec', 'template'))
  const isRolling = valueAt(set, 'spec', 'updateStrategy', 'type') !== 'OnDelete'
  const outdated = pods.filter((pod) => isActive(pod) && valueAt(pod, 'metadata', 'labels', REVISION_LABEL) !== hash)
  if (isRolling) for (const pod of outdated) deletePod(cluster, pod)
  if (pods.length > 0) return
  createPod(
    cluster,
    set,
    valueAt(set, 'spec', 'template'),
    { generateName: `${nameOf(set)}-` },
    { [REVISION_LABEL]: hash, 'pod-template-generation': String(valueAt(set, 'metadata', 'generation')) },
  )
}

function statusOf(cluster: Cluster, set: JsonObject): JsonObject {
  const pods = ownedBy(cluster, set, '/pods').filter(isActive)
  const ready = pods.filter((pod) => hasCondition(pod, 'Ready')).length
  const hash = templateHash(valueAt(set, 'spec', 'template'))
  const updated = pods.filter((pod) => valueAt(pod, 'metadata', 'labels', REVISION_LABEL) === hash).length
  return {
    currentNumberScheduled: pods.length,
    numberMisscheduled: 0,
    desiredNumberScheduled: 1,
    numberReady: ready,
    observedGeneration: valueAt(set, 'metadata', 'generation'),
    updatedNumberScheduled: updated,
    numberAvailable: ready,
    numberUnavailable: 1 - ready,
  }
}
