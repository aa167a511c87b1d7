import { type JsonObject, sameJson } from '../../base/json.ts'
import type { Schema } from '../schema/schema.ts'
import { type Comparison, compareFields } from './compare.ts'
import {
  difference,
  EMPTY,
  type FieldSet,
  fromFieldsV1,
  intersection,
  isEmpty,
  pathsOf,
  recursiveDifference,
  union,
  withNamedFields,
} from './field-set.ts'
import { capUpdaters, type Owner, ownerId } from './managed-fields.ts'
import { mergeObjects } from './merge.ts'
import { removeFields } from './remove.ts'
import { toFieldSet } from './to-field-set.ts'

export type Owners = ReadonlyMap<string, Owner>

/** Who writes, and which fields a request of this kind cannot change (`status` for the main resource). */
export interface Writer {
  readonly manager: string
  readonly apiVersion: string
  readonly subresource: string
  readonly time: string
  readonly ignored: FieldSet
}

/** A field that an applier wants to change and another manager owns. */
export interface FieldConflict {
  readonly owner: Owner
  readonly path: readonly string[]
}

/** What applying came to: the merged object (`object` is undefined when nothing would change) and its owners, or conflicts. */
export type ApplyOutcome =
  | { readonly type: 'merged'; readonly object: JsonObject | undefined; readonly owners: Owners }
  | { readonly type: 'conflicts'; readonly conflicts: readonly FieldConflict[] }

/** Fields of every object that nobody owns. Source: apimachinery managedfields stripmeta.go */
const UNOWNED: FieldSet = fromFieldsV1({
  'f:apiVersion': {},
  'f:kind': {},
  'f:metadata': {
    '.': {},
    'f:name': {},
    'f:namespace': {},
    'f:creationTimestamp': {},
    'f:selfLink': {},
    'f:uid': {},
    'f:clusterName': {},
    'f:generation': {},
    'f:managedFields': {},
    'f:resourceVersion': {},
  },
})

/**
 * Merges `applied` into `live` for an applier: fields it no longer names go, unless someone else owns them; fields of others it would change are conflicts.
 *
 * Neither object carries managed fields. Source: structured-merge-diff v6 merge/update.go
 */
export function applyFields(live: JsonObject, applied: JsonObject, schema: Schema, owners: Owners, writer: Writer, force: boolean): ApplyOutcome {
  const id = ownerId({ ...writer, operation: 'Apply' })
  const last = owners.get(id)
  const set = recursiveDifference(toFieldSet(applied, schema), writer.ignored)
  const mine: Owner = { ...ownerOf(writer, 'Apply', set), ...(last?.time === undefined ? {} : { time: last.time }) }
  const next = new Map(owners).set(id, mine)
  const dropped = difference(last?.set ?? EMPTY, set)
  const laid = mergeObjects(live, applied, schema) as JsonObject
  const merged = isEmpty(dropped) ? laid : prune(laid, next, last?.set ?? EMPTY, schema)
  const comparison = compareFields(live, merged, schema)
  const { conflicts, owners: left } = settle(comparison, next, id, writer.ignored)
  if (conflicts.length > 0 && !force)
    return { type: 'conflicts', conflicts: conflicts.flatMap(({ owner, set: s }) => [...pathsOf(s)].map((path) => ({ owner, path }))) }
  const changed = !sameJson(live, merged)
  stripUnowned(left, id)
  const kept = left.get(id)
  if (changed && kept) left.set(id, { ...kept, time: writer.time })
  return { type: 'merged', object: changed ? merged : undefined, owners: left }
}

/**
 * The owners after `live` became `next` by other means than applying: the writer owns what changed, others lose it.
 *
 * Source: structured-merge-diff v6 merge/update.go, apimachinery managedfields managedfieldsupdater.go
 */
export function updateOwners(live: JsonObject, next: JsonObject, schema: Schema, owners: Owners, writer: Writer): Owners {
  const comparison = compareFields(live, next, schema)
  const { owners: left } = settle(comparison, new Map(owners), undefined, writer.ignored)
  const taken = difference(recursiveDifference(union(comparison.modified, comparison.added), writer.ignored), UNOWNED)
  if (isEmpty(taken)) return left
  const mine = ownerOf(writer, 'Update', taken)
  const id = ownerId(mine)
  const before = left.get(id)
  left.set(id, { ...mine, set: before ? union(taken, before.set) : taken })
  return capUpdaters(left)
}

function ownerOf(writer: Writer, operation: 'Apply' | 'Update', set: FieldSet): Owner {
  return { manager: writer.manager, operation, apiVersion: writer.apiVersion, subresource: writer.subresource, time: writer.time, set }
}

/** Takes changed and removed fields from all owners but `self`; says what was taken. */
function settle(comparison: Comparison, owners: Map<string, Owner>, self: string | undefined, ignored: FieldSet) {
  const touched = recursiveDifference(union(comparison.modified, comparison.added), ignored)
  const removed = recursiveDifference(comparison.removed, ignored)
  const conflicts: { owner: Owner; set: FieldSet }[] = []
  for (const [id, owner] of [...owners]) {
    if (id === self) continue
    const set = intersection(owner.set, touched)
    if (!isEmpty(set)) conflicts.push({ owner, set })
    const left = difference(difference(owner.set, set), removed)
    if (isEmpty(left)) owners.delete(id)
    else if (left !== owner.set) owners.set(id, { ...owner, set: left })
  }
  return { conflicts, owners }
}

function stripUnowned(owners: Map<string, Owner>, id: string): void {
  const owner = owners.get(id)
  if (!owner) return
  const set = difference(owner.set, UNOWNED)
  if (isEmpty(set)) owners.delete(id)
  else owners.set(id, { ...owner, set })
}

function prune(merged: JsonObject, owners: Owners, last: FieldSet, schema: Schema): JsonObject {
  const lastNamed = withNamedFields(last, schema)
  const bare = removeFields(merged, lastNamed, schema) ?? {}
  let managed: FieldSet = EMPTY
  for (const owner of owners.values()) managed = union(managed, owner.set)
  const all = withNamedFields(toFieldSet(merged, schema), schema)
  const kept =
    removeFields(merged, difference(difference(all, withNamedFields(toFieldSet(bare, schema), schema)), withNamedFields(managed, schema)), schema) ??
    {}
  const dangling = intersection(difference(all, withNamedFields(toFieldSet(kept, schema), schema)), lastNamed)
  return (removeFields(merged, dangling, schema) ?? {}) as JsonObject
}
