import { isObject, type JsonObject, textOf } from '../../base/json.ts'
import type { MutableObject } from '../json.ts'
import { type FieldSet, fromFieldsV1, isEmpty, toFieldsV1, union } from './field-set.ts'

/** One entry of `metadata.managedFields`. */
export interface Owner {
  readonly manager: string
  readonly operation: 'Apply' | 'Update'
  readonly apiVersion: string
  readonly subresource: string
  /** RFC 3339 in seconds. */
  readonly time?: string
  readonly set: FieldSet
}

/** How many managers of the operation Update an object keeps before the oldest are joined under `ancient-changes`. */
const MAX_UPDATE_MANAGERS = 10

const parsed = new WeakMap<object, FieldSet>()

/** What identifies an entry: appliers keep theirs over versions. */
export function ownerId(owner: Omit<Owner, 'set' | 'time'>): string {
  return JSON.stringify([owner.manager, owner.operation, owner.operation === 'Apply' ? '' : owner.apiVersion, owner.subresource])
}

/** The entries of an object's managed fields by their id; undefined when they cannot be read, as an API server then starts anew. */
export function decodeOwners(entries: unknown): ReadonlyMap<string, Owner> | undefined {
  const owners = new Map<string, Owner>()
  if (!Array.isArray(entries)) return owners
  for (const entry of entries) {
    if (!isObject(entry) || entry['fieldsType'] !== 'FieldsV1' || textOf(entry['apiVersion']) === '') return undefined
    if (entry['operation'] !== 'Apply' && entry['operation'] !== 'Update') return undefined
    const owner: Owner = {
      manager: textOf(entry['manager']),
      operation: entry['operation'],
      apiVersion: textOf(entry['apiVersion']),
      subresource: textOf(entry['subresource']),
      ...(typeof entry['time'] === 'string' ? { time: entry['time'] } : {}),
      set: setOf(entry['fieldsV1']),
    }
    owners.set(ownerId(owner), owner)
  }
  return owners
}

function setOf(fieldsV1: unknown): FieldSet {
  if (!isObject(fieldsV1)) return fromFieldsV1(fieldsV1)
  const known = parsed.get(fieldsV1)
  if (known) return known
  const set = fromFieldsV1(fieldsV1)
  parsed.set(fieldsV1, set)
  return set
}

/** The entries as an object carries them, in an API server's order; undefined for none. */
export function encodeOwners(owners: ReadonlyMap<string, Owner>): readonly JsonObject[] | undefined {
  if (owners.size === 0) return undefined
  return [...owners.values()].sort(compareOwners).map(encodeOwner)
}

function encodeOwner(owner: Owner): JsonObject {
  const fieldsV1 = toFieldsV1(owner.set)
  parsed.set(fieldsV1, owner.set)
  const entry: MutableObject = { manager: owner.manager, operation: owner.operation, apiVersion: owner.apiVersion }
  if (owner.time !== undefined) entry['time'] = owner.time
  entry['fieldsType'] = 'FieldsV1'
  entry['fieldsV1'] = fieldsV1
  if (owner.subresource !== '') entry['subresource'] = owner.subresource
  return entry
}

function compareOwners(a: Owner, b: Owner): number {
  const parts = (o: Owner): readonly string[] => [o.operation, o.time ?? '', o.manager, o.apiVersion, o.subresource]
  const right = parts(b)
  for (const [i, left] of parts(a).entries()) {
    const other = right[i] ?? ''
    if (left !== other) return left < other ? -1 : 1
  }
  return 0
}

/** The owners with the oldest updaters joined, one bucket per version, until at most ten are left. Source: apimachinery managedfields capmanagers.go */
export function capUpdaters(owners: ReadonlyMap<string, Owner>): ReadonlyMap<string, Owner> {
  const updaters = [...owners].filter(([, o]) => o.operation === 'Update').sort((a, b) => compareOwners(a[1], b[1]))
  if (updaters.length <= MAX_UPDATE_MANAGERS) return owners
  const out = new Map(owners)
  const firstOfVersion = new Map<string, string>()
  let count = updaters.length
  for (const [id, owner] of updaters) {
    if (count <= MAX_UPDATE_MANAGERS) break
    const first = firstOfVersion.get(owner.apiVersion)
    if (first === undefined) {
      firstOfVersion.set(owner.apiVersion, id)
      continue
    }
    joinInto(out, first, id, owner)
    count--
  }
  return out
}

function joinInto(out: Map<string, Owner>, first: string, id: string, owner: Owner): void {
  const bucket = { manager: 'ancient-changes', operation: 'Update' as const, apiVersion: owner.apiVersion, subresource: '' }
  const bucketId = ownerId(bucket)
  const before = out.get(bucketId) ?? out.get(first)
  out.delete(first)
  out.delete(id)
  const set = before ? union(owner.set, before.set) : owner.set
  if (!isEmpty(set)) out.set(bucketId, { ...bucket, ...(owner.time === undefined ? {} : { time: owner.time }), set })
}
