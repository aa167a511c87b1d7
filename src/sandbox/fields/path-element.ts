import { isObject } from '../../base/json.ts'
import { type MutableObject, member } from '../json.ts'
import type { ListSchema } from '../schema/schema.ts'

/** The serialized path element of member `name`. */
export function fieldElement(name: string): string {
  return `f:${name}`
}

/**
 * The serialized path element of a list's item: its keys for a list of type map, its value for a set.
 * Undefined when a map's item is no object or lacks all its keys.
 *
 * Source: structured-merge-diff v6 typed/helpers.go
 */
export function itemElement(list: ListSchema, item: unknown): string | undefined {
  if (list.relation === 'set') return typeof item === 'object' && item !== null ? undefined : `v:${JSON.stringify(item)}`
  if (!isObject(item)) return undefined
  const keys: MutableObject = {}
  let found = false
  for (const key of [...list.keys].sort()) {
    const value = member(item, key) ?? list.keyDefaults.get(key)
    if (value === undefined) continue
    found = true
    keys[key] = value
  }
  return found ? `k:${JSON.stringify(keys)}` : undefined
}

/** Items by their path element, in the list's order, one entry for all items that share one. Items without an element are left out. */
export function indexItems(list: ListSchema, items: readonly unknown[]): ReadonlyMap<string, readonly unknown[]> {
  const index = new Map<string, unknown[]>()
  for (const item of items) {
    const element = itemElement(list, item)
    if (element === undefined) continue
    const same = index.get(element)
    if (same) same.push(item)
    else index.set(element, [item])
  }
  return index
}
