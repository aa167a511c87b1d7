import { type JsonObject, valueAt } from '../../base/json.ts'
import type { Cluster } from '../cluster.ts'
import type { Controller } from './controller.ts'
import { deletePod } from './delete-pod.ts'
import { createPod, hasCondition, isActive, isDeleting, nameOf, ownedBy } from './owned.ts'
import { setController } from './set-controller.ts'

/** Keeps as many pods as a ReplicaSet asks for. */
export const replicaSetController: Controller = setController({ resource: 'apps/replicasets', kind: 'ReplicaSet', act: scale, statusOf })

function scale(cluster: Cluster, set: JsonObject): void {
  const pods = ownedBy(cluster, set, '/pods').filter(isActive)
  const wanted = Number(valueAt(set, 'spec', 'replicas'))
  for (let n = pods.length; n < wanted; n++) createPod(cluster, set, valueAt(set, 'spec', 'template'), { generateName: `${nameOf(set)}-` })
  const unreadyFirst = [...pods].sort((a, b) => Number(hasCondition(a, 'Ready')) - Number(hasCondition(b, 'Ready')))
  for (const pod of unreadyFirst.slice(0, Math.max(0, pods.length - wanted))) deletePod(cluster, pod)
}

function statusOf(cluster: Cluster, set: JsonObject): JsonObject {
  const all = ownedBy(cluster, set, '/pods')
  const pods = all.filter(isActive)
  const ready = pods.filter((pod) => hasCondition(pod, 'Ready')).length
  return {
    replicas: pods.length,
    fullyLabeledReplicas: pods.length,
    readyReplicas: ready,
    availableReplicas: ready,
    terminatingReplicas: all.filter(isDeleting).length,
    observedGeneration: valueAt(set, 'metadata', 'generation'),
  }
}
