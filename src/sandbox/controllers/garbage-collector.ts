import { type JsonObject, objectOf, textOf, valueAt } from '../../base/json.ts'
import { type Cluster, withMetadata } from '../cluster.ts'
import { listOf } from '../json.ts'
import type { Placed } from '../storage.ts'
import { replace } from './as-controller.ts'
import type { Controller } from './controller.ts'
import { deleteAs } from './delete-pod.ts'
import { isDeleting, nameOf, namespaceOf, uidOf } from './owned.ts'

/** Deletes what is owned by objects that are gone, and carries out foreground and orphaning deletions. */
export const garbageCollector: Controller = {
  resources: ['*'],
  keyOf: ({ type, resource, object }) => {
    if (type === 'DELETED')
      return JSON.stringify([
        'gone',
        uidOf(object),
        ...ownersOf(object).map((owner) => [resourceKind(owner), namespaceOf(object), textOf(owner['name'])]),
      ])
    return isDeleting(object) && finalizersOf(object).length > 0 ? JSON.stringify(['marked', resource, namespaceOf(object), nameOf(object)]) : ''
  },
  reconcile: (cluster, key) => {
    const [what, ...rest] = JSON.parse(key) as ['gone', string, ...[string, string, string][]] | ['marked', string, string, string]
    if (what === 'marked') return finish(cluster, ...(rest as [string, string, string]))
    const [uid, ...owners] = rest as [string, ...[string, string, string][]]
    for (const dependent of cluster.storage.dependentsOf(uid)) lose(cluster, dependent, uid)
    for (const [kind, namespace, name] of owners) {
      const [group = '', ownerKind = ''] = kind.split('/')
      const type = cluster.registry.findKind(group, ownerKind)
      if (type) finish(cluster, type.key, type.namespaced ? namespace : '', name)
    }
  },
}

/** A kind without its version. */
function resourceKind(owner: JsonObject): string {
  const apiVersion = textOf(owner['apiVersion'])
  return `${apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''}/${textOf(owner['kind'])}`
}

function ownersOf(object: JsonObject): readonly JsonObject[] {
  return listOf(valueAt(object, 'metadata', 'ownerReferences')).map(objectOf)
}

function finalizersOf(object: JsonObject): readonly unknown[] {
  return listOf(valueAt(object, 'metadata', 'finalizers'))
}

/** An owner of `dependent` is gone: with the last one it goes, too. */
function lose(cluster: Cluster, { resource, object }: Placed, uid: string): void {
  const left = ownersOf(object).filter((owner) => owner['uid'] !== uid)
  const isHeld = left.some((owner) => cluster.storage.dependentsOf(textOf(owner['uid'])).length > 0 && existsOwner(cluster, object, owner))
  if (!isHeld) deleteAs(cluster, resource, object)
  else replace(cluster, resource, object, withMetadata(object, { ownerReferences: left }), 'kube-controller-manager')
}

function existsOwner(cluster: Cluster, object: JsonObject, owner: JsonObject): boolean {
  const apiVersion = textOf(owner['apiVersion'])
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''
  const type = cluster.registry.findKind(group, textOf(owner['kind']))
  const live = type && cluster.storage.get(type.key, type.namespaced ? namespaceOf(object) : '', textOf(owner['name']))
  return live !== undefined && uidOf(live) === owner['uid']
}

/** Goes on with a deletion that waits for dependents to be orphaned, or to be gone. */
function finish(cluster: Cluster, resource: string, namespace: string, name: string): void {
  const object = cluster.storage.get(resource, namespace, name)
  if (!object || !isDeleting(object)) return
  const dependents = cluster.storage.dependentsOf(uidOf(object))
  if (finalizersOf(object).includes('orphan')) {
    for (const dependent of dependents) orphan(cluster, dependent, uidOf(object))
    drop(cluster, resource, object, 'orphan')
  } else if (finalizersOf(object).includes('foregroundDeletion')) {
    for (const dependent of dependents) if (!isDeleting(dependent.object)) deleteAs(cluster, dependent.resource, dependent.object, 'Foreground')
    const isBlocked = cluster.storage
      .dependentsOf(uidOf(object))
      .some((d) => ownersOf(d.object).some((o) => o['uid'] === uidOf(object) && o['blockOwnerDeletion'] === true))
    if (!isBlocked) drop(cluster, resource, object, 'foregroundDeletion')
  }
}

function orphan(cluster: Cluster, { resource, object }: Placed, uid: string): void {
  const left = ownersOf(object).filter((owner) => owner['uid'] !== uid)
  replace(cluster, resource, object, withMetadata(object, { ownerReferences: left.length > 0 ? left : undefined }))
}

function drop(cluster: Cluster, resource: string, object: JsonObject, finalizer: string): void {
  const rest = finalizersOf(object).filter((f) => f !== finalizer)
  replace(cluster, resource, object, withMetadata(object, { finalizers: rest.length > 0 ? rest : undefined }))
}
