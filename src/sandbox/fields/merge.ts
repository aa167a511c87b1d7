import { isObject, type JsonObject } from '../../base/json.ts'
import { type MutableObject, member, setMember } from '../json.ts'
import { type ListSchema, memberSchema, type Schema } from '../schema/schema.ts'
import { indexItems, itemElement } from './path-element.ts'

/**
 * `applied` laid over `live`: structs and maps member by member, lists by their keys, all else replaced. Undefined stands for absence.
 *
 * Source: structured-merge-diff v6 typed/merge.go
 */
export function mergeObjects(live: unknown, applied: unknown, schema: Schema): unknown {
  if (applied === undefined) return live
  if (live === undefined || applied === null) return applied
  if (schema.type === 'list' && schema.relation !== 'atomic' && Array.isArray(applied)) {
    const before = Array.isArray(live) ? live : []
    return before.length + applied.length === 0 ? applied : mergeItems(before, applied, schema)
  }
  const isMergedMap = schema.type === 'any' || (schema.type === 'map' && !schema.atomic)
  if (!isMergedMap || !isObject(live) || !isObject(applied)) return applied
  return mergeMembers(live, applied, schema)
}

function mergeMembers(live: JsonObject, applied: JsonObject, schema: Schema): JsonObject {
  const out: MutableObject = { ...live }
  for (const [key, value] of Object.entries(applied)) setMember(out, key, mergeObjects(member(live, key), value, memberSchema(schema, key)))
  return out
}

/** The items of both lists: the applied order for those it names, the others where they stood before. */
function mergeItems(live: readonly unknown[], applied: readonly unknown[], schema: ListSchema): readonly unknown[] {
  const before = indexItems(schema, live)
  const after = indexItems(schema, applied)
  const liveElements = live.map((item) => itemElement(schema, item) ?? '')
  const rhs = [...after.keys()]
  const shared = rhs.filter((element) => before.has(element))
  const merged = new Set<string>()
  const out: unknown[] = []
  const take = (element: string): void => {
    merged.add(element)
    const old = before.get(element)
    out.push(mergeObjects(old?.length === 1 ? old[0] : undefined, after.get(element)?.[0], schema.element()))
    if (shared[0] === element) shared.shift()
  }
  let l = 0
  let r = 0
  while (l < live.length || r < rhs.length) {
    const left = liveElements[l]
    const right = rhs[r]
    if (left !== undefined && right !== undefined) {
      if (left === right) {
        take(right)
        l++
        r++
        continue
      }
      if (after.has(left) && shared[0] !== undefined && shared[0] !== left) {
        l++
        continue
      }
    }
    if (left !== undefined) {
      if (!after.has(left)) {
        out.push(live[l++])
        continue
      }
      if (merged.has(left)) l++
    }
    if (right !== undefined) {
      take(right)
      r++
    }
  }
  return out
}
