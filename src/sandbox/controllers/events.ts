import { type JsonObject, valueAt } from '../../base/json.ts'
import { type Cluster, timestamp } from '../cluster.ts'
import { create } from './as-controller.ts'
import { nameOf, namespaceOf, uidOf } from './owned.ts'

/** Records a warning about `object`, once per reason and object: later ones count up. */
export function warn(cluster: Cluster, object: JsonObject, component: string, reason: string, message: string): void {
  const namespace = namespaceOf(object) || 'default'
  const name = `${nameOf(object)}.${uidOf(object).slice(0, 8)}.${reason.toLowerCase()}`
  const now = timestamp(cluster)
  const before = cluster.storage.get('/events', namespace, name)
  if (before) {
    cluster.storage.put('/events', { ...before, message, lastTimestamp: now, count: Number(valueAt(before, 'count')) + 1 })
    return
  }
  const { apiVersion, kind } = object
  create(
    cluster,
    '/events',
    namespace,
    {
      metadata: { name },
      involvedObject: {
        kind,
        namespace: namespaceOf(object),
        name: nameOf(object),
        uid: uidOf(object),
        apiVersion,
        resourceVersion: valueAt(object, 'metadata', 'resourceVersion'),
      },
      reason,
      message,
      source: { component },
      firstTimestamp: now,
      lastTimestamp: now,
      count: 1,
      type: 'Warning',
      reportingComponent: component,
      reportingInstance: '',
    },
    component,
  )
}
