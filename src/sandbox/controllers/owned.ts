import { isObject, type JsonObject, objectOf, sameJson, textOf, valueAt } from '../../base/json.ts'
import type { Cluster } from '../cluster.ts'
import { listOf } from '../json.ts'
import type { Change } from '../storage.ts'
import { create } from './as-controller.ts'

export function nameOf(object: JsonObject): string {
  return textOf(valueAt(object, 'metadata', 'name'))
}

export function namespaceOf(object: JsonObject): string {
  return textOf(valueAt(object, 'metadata', 'namespace'))
}

export function uidOf(object: JsonObject): string {
  return textOf(valueAt(object, 'metadata', 'uid'))
}

/** `namespace/name`: how controllers name what they look at. */
export function placeOf(object: JsonObject): string {
  return `${namespaceOf(object)}/${nameOf(object)}`
}

/** The object at `namespace/name`. */
export function objectAt(cluster: Cluster, resource: string, place: string): JsonObject | undefined {
  const slash = place.indexOf('/')
  return cluster.storage.get(resource, place.slice(0, slash), place.slice(slash + 1))
}

export function isDeleting(object: JsonObject): boolean {
  return valueAt(object, 'metadata', 'deletionTimestamp') !== undefined
}

/** The place of the controller that owns `object` when that is of `kind`; empty otherwise. */
export function controllerPlace(object: JsonObject, kind: string): string {
  const owner = listOf(valueAt(object, 'metadata', 'ownerReferences')).find((o) => isObject(o) && o['controller'] === true)
  return isObject(owner) && owner['kind'] === kind ? `${namespaceOf(object)}/${textOf(owner['name'])}` : ''
}

/** The objects of a resource that `owner` controls, by name. */
export function ownedBy(cluster: Cluster, owner: JsonObject, resource: string): readonly JsonObject[] {
  return cluster.storage
    .dependentsOf(uidOf(owner))
    .filter((placed) => placed.resource === resource)
    .map((placed) => placed.object)
    .sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
}

/** The reference that makes `owner` the controller of what carries it. */
export function ownerReference(owner: JsonObject): JsonObject {
  return { apiVersion: owner['apiVersion'], kind: owner['kind'], name: nameOf(owner), uid: uidOf(owner), controller: true, blockOwnerDeletion: true }
}

/** Creates a pod of `owner` from a pod template; `labels` are added to the template's. */
export function createPod(
  cluster: Cluster,
  owner: JsonObject,
  template: unknown,
  naming: JsonObject,
  labels: JsonObject = {},
  spec: JsonObject = {},
): JsonObject {
  const { labels: own, annotations, finalizers } = objectOf(valueAt(template, 'metadata'))
  const metadata = { ...naming, labels: { ...objectOf(own), ...labels }, annotations, finalizers, ownerReferences: [ownerReference(owner)] }
  return create(cluster, '/pods', namespaceOf(owner), { metadata, spec: { ...objectOf(valueAt(template, 'spec')), ...spec } })
}

/** True for pods that count as running replicas: neither ended nor being deleted. */
export function isActive(pod: JsonObject): boolean {
  const phase = valueAt(pod, 'status', 'phase')
  return !isDeleting(pod) && phase !== 'Succeeded' && phase !== 'Failed'
}

/** True when an object's condition `type` has status `True`. */
export function hasCondition(object: JsonObject, type: string): boolean {
  return listOf(valueAt(object, 'status', 'conditions')).some((c) => isObject(c) && c['type'] === type && c['status'] === 'True')
}

/** `count` where it is a number, the share of `total` where it is a percentage. */
export function shareOf(value: unknown, total: number, round: (n: number) => number): number {
  if (typeof value === 'number') return value
  const percent = /^(\d{1,9})%$/.exec(textOf(value))
  return percent ? round((Number(percent[1]) * total) / 100) : 0
}

/** True for a change of a pod that those who count healthy pods need not hear of. */
export function isSameHealth({ type, object, previous }: Change): boolean {
  if (type !== 'MODIFIED' || !previous) return false
  const same = isActive(previous) === isActive(object) && hasCondition(previous, 'Ready') === hasCondition(object, 'Ready')
  return same && sameJson(valueAt(previous, 'metadata', 'labels'), valueAt(object, 'metadata', 'labels'))
}
