import { isObject, type JsonObject } from '../../base/json.ts'
import type { KubeObject } from '../../kinds/kube-object.ts'
import { FIELD_MANAGER, type FieldsV1, managedFieldsOf, union } from '../../release/field-managers.ts'

/** Names and what the server keeps for itself are no one's content. */
const UNOWNED: ReadonlySet<string> = new Set(['f:managedFields', 'f:resourceVersion', 'f:generation', 'f:uid', 'f:creationTimestamp'])

/** Every field of `live` that we own, by apply or by update, but none of a subresource; with `more` added. */
export function ownedFields(live: KubeObject, more: FieldsV1 = {}): FieldsV1 {
  const own = managedFieldsOf(live).filter(({ manager, subresource }) => manager === FIELD_MANAGER && !subresource)
  return own.reduce((fields, entry) => union(fields, entry.fieldsV1 ?? {}), more)
}

/**
 * The values that `live` has in `fields`, in a form that is equal whenever these values are: the rest of the object, such as its
 * status and the fields of autoscalers, may change without changing it. O(size of fields and lists).
 */
export function ownedContent(live: KubeObject, fields: FieldsV1): unknown {
  return contentOfMap(live, fields)
}

function contentOfMap(value: unknown, fields: FieldsV1): JsonObject | null {
  if (!isObject(value)) return null
  const entries = Object.entries(fields).filter(([field]) => field.startsWith('f:') && !UNOWNED.has(field))
  return Object.fromEntries(entries.map(([field, below]) => [field, contentOf(value[field.slice(2)], below)]))
}

function contentOf(value: unknown, fields: FieldsV1): unknown {
  const names = Object.keys(fields).filter((field) => field !== '.')
  if (names.length === 0) return value ?? null
  return names.some((field) => field.startsWith('f:')) ? contentOfMap(value, fields) : contentOfList(value, fields)
}

/** Items of lists that are merged: by their keys, or as the members of a set. */
function contentOfList(value: unknown, fields: FieldsV1): unknown {
  const items: readonly unknown[] = Array.isArray(value) ? value : []
  const entries = Object.entries(fields).filter(([field]) => field !== '.')
  return Object.fromEntries(entries.map(([field, below]) => [field, itemContent(items, field, below)]))
}

function itemContent(items: readonly unknown[], field: string, below: FieldsV1): unknown {
  const wanted = JSON.parse(field.slice(2)) as unknown
  if (field.startsWith('v:')) return items.includes(wanted)
  const item = items.find(
    (candidate) => isObject(candidate) && isObject(wanted) && Object.entries(wanted).every(([key, part]) => candidate[key] === part),
  )
  return item === undefined ? null : contentOf(item, below)
}
