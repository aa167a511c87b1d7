import { isObject, type JsonObject } from '../../base/json.ts'
import { type MutableObject, setMember } from '../json.ts'
import { type ListSchema, memberSchema, type Schema } from '../schema/schema.ts'
import { EMPTY, type FieldSet, isEmpty } from './field-set.ts'
import { fieldElement, itemElement } from './path-element.ts'

/**
 * `value` without the fields and items of `set`; undefined when nothing is left of it.
 *
 * Source: structured-merge-diff v6 typed/remove.go
 */
export function removeFields(value: unknown, set: FieldSet, schema: Schema): unknown {
  if (Array.isArray(value)) return schema.type === 'list' && schema.relation !== 'atomic' ? removeItems(value, set, schema) : undefined
  if (isObject(value)) return schema.type === 'any' || (schema.type === 'map' && !schema.atomic) ? removeMembers(value, set, schema) : undefined
  return value
}

function removeItems(items: readonly unknown[], set: FieldSet, schema: ListSchema): unknown {
  const kept: unknown[] = []
  for (const item of items) {
    const below = set.children.get(itemElement(schema, item) ?? '') ?? EMPTY
    if (below.member) continue
    kept.push(isEmpty(below) ? item : removeFields(item, below, schema.element()))
  }
  return kept.length > 0 ? kept : undefined
}

function removeMembers(object: JsonObject, set: FieldSet, schema: Schema): unknown {
  const out: MutableObject = {}
  for (const [key, value] of Object.entries(object)) {
    const below = set.children.get(fieldElement(key)) ?? EMPTY
    if (below.member) continue
    const kept = isEmpty(below) ? value : removeFields(value, below, memberSchema(schema, key))
    if (kept !== undefined) setMember(out, key, kept)
  }
  return Object.keys(out).length > 0 ? out : undefined
}
