import { type JsonObject, textOf, valueAt } from '../base/json.ts'
import { listOf, withAt } from './json.ts'

/** One committed change. `previous` is what the object was before. */
export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'
  readonly resource: string
  readonly version: number
  readonly object: JsonObject
  readonly previous: JsonObject | undefined
}

interface Table {
  readonly objects: Map<string, JsonObject>
  /** The keys in order. */
  readonly keys: string[]
}

/** An object and the resource it is of. */
export interface Placed {
  readonly resource: string
  readonly object: JsonObject
}

/** Everything the cluster holds, as a file keeps it. */
export interface Snapshot {
  readonly version: number
  readonly objects: readonly Placed[]
}

/** How many changes a watch can go back. */
const MAX_LOG = 10_000

/** Names a namespaced object's place among its like; cluster-scoped objects have an empty namespace. */
function keyOf(namespace: string, name: string): string {
  return `${namespace}/${name}`
}

/** Where `key` stands, or would stand, in ordered keys. */
function placeIn(keys: readonly string[], key: string): number {
  let low = 0
  let high = keys.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((keys[middle] as string) < key) low = middle + 1
    else high = middle
  }
  return low
}

function ownersOf(object: JsonObject): readonly string[] {
  return listOf(valueAt(object, 'metadata', 'ownerReferences')).map((owner) => textOf(valueAt(owner, 'uid')))
}

/**
 * All objects by resource (`group/plural`) and key, and the log of changes that watches follow.
 *
 * Objects are immutable: a write replaces one. Every write gets the next number of one counter as its resource version.
 */
export class Storage {
  private readonly tables = new Map<string, Table>()
  private readonly listeners = new Set<(change: Change) => void>()
  /** By the uid of an owner, then by resource and key: what it owns. */
  private readonly owned = new Map<string, Map<string, Placed>>()
  private log: Change[] = []
  private counter = 1
  private forgotten = 0

  /** The newest resource version. */
  get version(): number {
    return this.counter
  }

  /** The last resource version whose followers may have missed a change. */
  get oldestVersion(): number {
    return this.forgotten
  }

  get(resource: string, namespace: string, name: string): JsonObject | undefined {
    return this.tables.get(resource)?.objects.get(keyOf(namespace, name))
  }

  /** All objects of a resource, or those of one namespace, ordered by namespace and name as etcd orders keys. */
  list(resource: string, namespace = ''): readonly JsonObject[] {
    const table = this.tables.get(resource)
    if (!table) return []
    if (namespace === '') return table.keys.map((key) => table.objects.get(key) as JsonObject)
    const prefix = keyOf(namespace, '')
    const out: JsonObject[] = []
    for (let i = placeIn(table.keys, prefix); table.keys[i]?.startsWith(prefix); i++)
      out.push(table.objects.get(table.keys[i] as string) as JsonObject)
    return out
  }

  /** Everything that names the owner of `uid` among its owners. */
  dependentsOf(uid: string): readonly Placed[] {
    return [...(this.owned.get(uid)?.values() ?? [])]
  }

  /** The resources that hold anything. */
  resources(): readonly string[] {
    return [...this.tables.keys()]
  }

  /** Adds or replaces an object; the result carries its new resource version. */
  put(resource: string, object: JsonObject): JsonObject {
    const stored = this.stamped(object)
    const previous = this.place(resource, stored)
    this.publish({ type: previous ? 'MODIFIED' : 'ADDED', resource, version: this.counter, object: stored, previous })
    return stored
  }

  private place(resource: string, object: JsonObject): JsonObject | undefined {
    const key = keyOf(textOf(valueAt(object, 'metadata', 'namespace')), textOf(valueAt(object, 'metadata', 'name')))
    const table = this.tables.get(resource) ?? { objects: new Map(), keys: [] }
    this.tables.set(resource, table)
    const previous = table.objects.get(key)
    if (previous) this.disown(resource, key, previous)
    else table.keys.splice(placeIn(table.keys, key), 0, key)
    table.objects.set(key, object)
    for (const uid of ownersOf(object)) {
      const owned = this.owned.get(uid) ?? new Map<string, Placed>()
      this.owned.set(uid, owned.set(`${resource} ${key}`, { resource, object }))
    }
    return previous
  }

  private disown(resource: string, key: string, object: JsonObject): void {
    for (const uid of ownersOf(object)) {
      const owned = this.owned.get(uid)
      owned?.delete(`${resource} ${key}`)
      if (owned?.size === 0) this.owned.delete(uid)
    }
  }

  /** Removes an object; the result is its last state. Nothing happens where nothing is. */
  remove(resource: string, namespace: string, name: string): JsonObject | undefined {
    const table = this.tables.get(resource)
    const key = keyOf(namespace, name)
    const previous = table?.objects.get(key)
    if (!table || !previous) return undefined
    table.objects.delete(key)
    table.keys.splice(placeIn(table.keys, key), 1)
    this.disown(resource, key, previous)
    this.publish({ type: 'DELETED', resource, version: this.counter + 1, object: this.stamped(previous), previous })
    return previous
  }

  private stamped(object: JsonObject): JsonObject {
    this.counter++
    return withAt(object, ['metadata', 'resourceVersion'], String(this.counter))
  }

  private publish(change: Change): void {
    this.log.push(change)
    if (this.log.length > MAX_LOG) {
      const dropped = this.log.splice(0, MAX_LOG / 2)
      this.forgotten = dropped[dropped.length - 1]?.version ?? this.forgotten
    }
    for (const listener of [...this.listeners]) listener(change)
  }

  /** Calls `listener` after every change, in order; the result ends that. */
  subscribe(listener: (change: Change) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  /** The changes after `version`, oldest first. */
  changesAfter(version: number): readonly Change[] {
    const from = this.log.findIndex((change) => change.version > version)
    return from < 0 ? [] : this.log.slice(from)
  }

  snapshot(): Snapshot {
    const objects = [...this.tables].flatMap(([resource, table]) => [...table.objects.values()].map((object) => ({ resource, object })))
    return { version: this.counter, objects }
  }

  /** Takes over a snapshot; for an empty storage. Watches cannot go back behind it. */
  restore(snapshot: Snapshot): void {
    for (const { resource, object } of snapshot.objects) this.place(resource, object)
    this.counter = snapshot.version
    this.forgotten = snapshot.version
  }
}
