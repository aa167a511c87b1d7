import { type JsonObject, textOf, valueAt } from '../../base/json.ts'
import { type Cluster, withMetadata } from '../cluster.ts'
import { deleteObject } from '../delete-object.ts'
import { listOf, withAt } from '../json.ts'
import { notFound } from '../status.ts'
import { create } from './as-controller.ts'
import type { Controller } from './controller.ts'

/** Gives every namespace its service account and root certificate, and empties and removes namespaces that are being deleted. */
export const namespaceController: Controller = {
  resources: ['/namespaces', '*'],
  keyOf: (change) =>
    change.resource === '/namespaces'
      ? textOf(valueAt(change.object, 'metadata', 'name'))
      : change.type === 'DELETED'
        ? textOf(valueAt(change.object, 'metadata', 'namespace'))
        : '',
  reconcile: (cluster, name) => {
    const namespace = cluster.storage.get('/namespaces', '', name)
    if (!namespace) return
    if (valueAt(namespace, 'metadata', 'deletionTimestamp') === undefined) equip(cluster, name)
    else empty(cluster, namespace, name)
  },
}

function equip(cluster: Cluster, name: string): void {
  if (!cluster.storage.get('/serviceaccounts', name, 'default')) create(cluster, '/serviceaccounts', name, { metadata: { name: 'default' } })
  if (!cluster.storage.get('/configmaps', name, 'kube-root-ca.crt')) {
    create(cluster, '/configmaps', name, {
      metadata: { name: 'kube-root-ca.crt', annotations: { 'kubernetes.io/description': ROOT_CA_TEXT } },
      data: { 'ca.crt': '' },
    })
  }
}

const ROOT_CA_TEXT =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.'

const NOW = { propagation: 'Background', uid: undefined, resourceVersion: undefined, gracePeriodSeconds: 0, dryRun: false } as const

function empty(cluster: Cluster, namespace: JsonObject, name: string): void {
  let left = 0
  for (const resource of cluster.storage.resources()) {
    const type = cluster.registry.byKey(resource)
    if (!type?.namespaced) continue
    for (const object of cluster.storage.list(resource, name)) {
      const target = { type, version: type.storageVersion, namespace: name, name: textOf(valueAt(object, 'metadata', 'name')), subresource: '' }
      deleteObject(cluster, target, object, NOW)
      if (cluster.storage.get(resource, name, target.name)) left++
    }
  }
  if (left === 0) finalizeNamespace(cluster, withAt(namespace, ['spec', 'finalizers'], []))
}

/** Takes over the finalizers of a namespace's spec; one without any, and being deleted, is gone. @throws ApiError 404 */
export function finalizeNamespace(cluster: Cluster, namespace: JsonObject): JsonObject {
  const name = textOf(valueAt(namespace, 'metadata', 'name'))
  const live = cluster.storage.get('/namespaces', '', name)
  if (!live) throw notFound({ kind: 'namespaces', name })
  const next = withMetadata(withAt(live, ['spec', 'finalizers'], listOf(valueAt(namespace, 'spec', 'finalizers'))), {})
  const isDone = valueAt(live, 'metadata', 'deletionTimestamp') !== undefined && listOf(valueAt(next, 'spec', 'finalizers')).length === 0
  if (!isDone) return cluster.storage.put('/namespaces', next)
  cluster.storage.remove('/namespaces', '', name)
  return next
}
