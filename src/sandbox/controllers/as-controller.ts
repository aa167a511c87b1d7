import { type JsonObject, textOf, valueAt } from '../../base/json.ts'
import type { Cluster } from '../cluster.ts'
import { withMetadata } from '../cluster.ts'
import { decodeObject, defaulted } from '../decode-object.ts'
import { hasSubresource } from '../resource-type.ts'
import { conform } from '../schema/conform.ts'
import type { Target } from '../target.ts'
import { createObject, updateObject } from '../write-object.ts'

const MANAGER = 'kube-controller-manager'

function targetOf(cluster: Cluster, resource: string, namespace: string, name: string, subresource = ''): Target {
  const type = cluster.registry.byKey(resource)
  if (!type) throw new Error(`internal error: no resource ${resource}; please report this`)
  return { type, version: type.storageVersion, namespace, name, subresource }
}

/** Creates an object as the controller manager would. @throws ApiError when it may not be */
export function create(cluster: Cluster, resource: string, namespace: string, object: JsonObject, manager: string = MANAGER): JsonObject {
  const target = targetOf(cluster, resource, namespace, '')
  return createObject(cluster, target, decodeObject(object, target), { manager, dryRun: false }).object
}

/** Replaces an object; the result is what is stored then. */
export function replace(cluster: Cluster, resource: string, live: JsonObject, next: JsonObject, manager: string = MANAGER): JsonObject {
  return write(cluster, resource, live, next, '', manager)
}

/** Sets an object's status, and annotations where `annotations` are given. Nothing is written when nothing changes. */
export function setStatus(
  cluster: Cluster,
  resource: string,
  live: JsonObject,
  status: JsonObject,
  options: { readonly annotations?: JsonObject; readonly manager?: string } = {},
): JsonObject {
  const next = options.annotations ? withMetadata(live, { annotations: options.annotations }) : live
  const type = cluster.registry.byKey(resource)
  return write(cluster, resource, live, { ...next, status }, type && hasSubresource(type, 'status') ? 'status' : '', options.manager ?? MANAGER)
}

function write(cluster: Cluster, resource: string, live: JsonObject, next: JsonObject, subresource: string, manager: string): JsonObject {
  const target = targetOf(cluster, resource, textOf(valueAt(live, 'metadata', 'namespace')), textOf(valueAt(live, 'metadata', 'name')), subresource)
  const conformed = conform(next, target.type.schemaOf(target.version), target.type.custom ? 'crd' : 'go').value as JsonObject
  return updateObject(cluster, target, live, defaulted(conformed, target), { manager, dryRun: false }).object
}
