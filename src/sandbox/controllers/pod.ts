import { type JsonObject, textOf, valueAt } from '../../base/json.ts'
import { type Cluster, timestamp } from '../cluster.ts'
import { listOf, withAt } from '../json.ts'
import { NODE_NAME } from '../seed.ts'
import { setStatus } from './as-controller.ts'
import type { Controller } from './controller.ts'
import { warn } from './events.ts'
import { isDeleting, nameOf, namespaceOf, objectAt, placeOf, uidOf } from './owned.ts'
import { delayOf, type Fate, fatedStatus, fateOf, scheduledStatus, unschedulableStatus } from './pod-state.ts'

/** How long a pod that is being deleted takes to end. */
const END_AFTER_MS = 20

/** Scheduler and kubelet: gives pods a node, brings them to their fate after a delay, ends those that are being deleted. */
export function podController(readyAfterMs: number): Controller {
  const started = new Set<string>()
  let addresses = 2
  const reach = (cluster: Cluster, place: string, uid: string, fate: Fate): void => {
    started.delete(uid)
    const pod = objectAt(cluster, '/pods', place)
    if (!pod || uidOf(pod) !== uid || isDeleting(pod)) return
    addresses += 1
    const settled = setStatus(cluster, '/pods', pod, fatedStatus(pod, fate, timestamp(cluster), addresses), { manager: 'kubelet' })
    reportFate(cluster, settled, fate)
  }
  return {
    resources: ['/pods'],
    keyOf: (change) => (change.type === 'DELETED' ? '' : placeOf(change.object)),
    reconcile: (cluster, place) => {
      const pod = objectAt(cluster, '/pods', place)
      if (!pod) return
      if (isDeleting(pod)) return endLater(cluster, pod)
      const uid = uidOf(pod)
      const fate = fateOf(pod)
      if (valueAt(pod, 'status', 'phase') !== 'Pending' || valueAt(pod, 'status', 'containerStatuses') !== undefined || started.has(uid)) return
      if (fate === 'Unschedulable') return refuse(cluster, pod)
      started.add(uid)
      if (valueAt(pod, 'spec', 'nodeName') === undefined) bind(cluster, pod)
      cluster.after(delayOf(pod, readyAfterMs), () => reach(cluster, place, uid, fate))
    },
  }
}

function bind(cluster: Cluster, pod: JsonObject): void {
  const bound = withAt(pod, ['spec', 'nodeName'], NODE_NAME)
  cluster.storage.put('/pods', { ...bound, status: scheduledStatus(pod, timestamp(cluster)) })
}

function refuse(cluster: Cluster, pod: JsonObject): void {
  if (listOf(valueAt(pod, 'status', 'conditions')).length > 0) return
  const status = unschedulableStatus(pod, timestamp(cluster))
  setStatus(cluster, '/pods', pod, status, { manager: 'kube-scheduler' })
  warn(cluster, pod, 'default-scheduler', 'FailedScheduling', textOf(valueAt(listOf(status['conditions'])[0], 'message')))
}

function reportFate(cluster: Cluster, pod: JsonObject, fate: Fate): void {
  const container = textOf(valueAt(listOf(valueAt(pod, 'spec', 'containers'))[0], 'name'))
  const image = textOf(valueAt(listOf(valueAt(pod, 'spec', 'containers'))[0], 'image'))
  if (fate === 'CrashLoopBackOff')
    warn(
      cluster,
      pod,
      'kubelet',
      'BackOff',
      `Back-off restarting failed container ${container} in pod ${nameOf(pod)}_${namespaceOf(pod)}(${uidOf(pod)})`,
    )
  if (fate !== 'ImagePullBackOff') return
  warn(cluster, pod, 'kubelet', 'Failed', `Failed to pull image "${image}": failed to pull and unpack image "${image}": not found`)
}

function endLater(cluster: Cluster, pod: JsonObject): void {
  if (listOf(valueAt(pod, 'metadata', 'finalizers')).length > 0) return
  const uid = uidOf(pod)
  cluster.after(END_AFTER_MS, () => {
    const live = objectAt(cluster, '/pods', placeOf(pod))
    if (live && uidOf(live) === uid && listOf(valueAt(live, 'metadata', 'finalizers')).length === 0)
      cluster.storage.remove('/pods', namespaceOf(pod), nameOf(pod))
  })
}
