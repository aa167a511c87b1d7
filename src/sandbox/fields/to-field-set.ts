import { isObject } from '../../base/json.ts'
import { memberSchema, type Schema } from '../schema/schema.ts'
import { type FieldSet, type FieldSetBuilder, newFieldSet } from './field-set.ts'
import { fieldElement, indexItems } from './path-element.ts'

/**
 * The fields that `value` sets: what an applier comes to own.
 *
 * Source: structured-merge-diff v6 typed/tofieldset.go
 */
export function toFieldSet(value: unknown, schema: Schema): FieldSet {
  const set = newFieldSet()
  collect(value, schema, set)
  return set
}

/** True when a value of this shape is owned as a whole. */
function isLeaf(value: unknown, schema: Schema): boolean {
  if (schema.type === 'scalar') return true
  if (schema.type === 'map') return schema.atomic
  if (schema.type === 'list') return schema.relation === 'atomic'
  return !isObject(value)
}

function collect(value: unknown, schema: Schema, node: FieldSetBuilder): void {
  if (isLeaf(value, schema)) node.member = true
  else if (Array.isArray(value) && schema.type === 'list') {
    for (const [element, items] of indexItems(schema, value)) {
      const child = newFieldSet()
      if (items.length === 1) collect(items[0], schema.element(), child)
      child.member = true
      node.children.set(element, child)
    }
  } else if (isObject(value)) collectMembers(value, schema, node)
}

function collectMembers(value: Readonly<Record<string, unknown>>, schema: Schema, node: FieldSetBuilder): void {
  const named = schema.type === 'map' ? schema.fields : undefined
  for (const [key, item] of Object.entries(value)) {
    const child = newFieldSet()
    collect(item, memberSchema(schema, key), child)
    if (item === null || (isObject(item) && Object.keys(item).length === 0) || !named?.has(key)) child.member = true
    if (child.member || child.children.size > 0) node.children.set(fieldElement(key), child)
  }
}
