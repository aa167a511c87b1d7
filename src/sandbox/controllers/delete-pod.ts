import type { JsonObject } from '../../base/json.ts'
import type { Cluster } from '../cluster.ts'
import { type DeleteSettings, deleteObject } from '../delete-object.ts'
import type { Target } from '../target.ts'
import { nameOf, namespaceOf } from './owned.ts'

const BACKGROUND: DeleteSettings = {
  propagation: 'Background',
  uid: undefined,
  resourceVersion: undefined,
  gracePeriodSeconds: undefined,
  dryRun: false,
}

/** Deletes an object of `resource` as a controller does. */
export function deleteAs(cluster: Cluster, resource: string, object: JsonObject, propagation: DeleteSettings['propagation'] = 'Background'): void {
  const type = cluster.registry.byKey(resource)
  if (!type) return
  const target: Target = { type, version: type.storageVersion, namespace: namespaceOf(object), name: nameOf(object), subresource: '' }
  const live = cluster.storage.get(resource, target.namespace, target.name)
  if (live) deleteObject(cluster, target, live, { ...BACKGROUND, propagation })
}

/** Deletes a pod, gracefully where it runs. */
export function deletePod(cluster: Cluster, pod: JsonObject): void {
  deleteAs(cluster, '/pods', pod)
}
