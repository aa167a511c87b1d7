import { isObject, type JsonObject, sameJson } from '../../base/json.ts'
import { member } from '../json.ts'
import { type ListSchema, memberSchema, type Schema } from '../schema/schema.ts'
import { type FieldSet, type FieldSetBuilder, insert, newFieldSet } from './field-set.ts'
import { fieldElement, indexItems } from './path-element.ts'

/** What changed from one object to another. */
export interface Comparison {
  readonly removed: FieldSet
  readonly modified: FieldSet
  readonly added: FieldSet
}

interface Collector {
  readonly removed: FieldSetBuilder
  readonly modified: FieldSetBuilder
  readonly added: FieldSetBuilder
}

/**
 * The fields that were removed, changed or added between two objects of one type; undefined stands for absence.
 *
 * Source: structured-merge-diff v6 typed/compare.go
 */
export function compareFields(before: unknown, after: unknown, schema: Schema): Comparison {
  const out: Collector = { removed: newFieldSet(), modified: newFieldSet(), added: newFieldSet() }
  compare(before, after, schema, [], out)
  return out
}

function compare(lhs: unknown, rhs: unknown, schema: Schema, path: readonly string[], out: Collector): void {
  if (lhs === rhs) return
  if (isCompared(lhs, rhs, schema)) compareParts(lhs, rhs, schema, path, out)
  else if (lhs !== undefined && rhs !== undefined) {
    if (!sameJson(lhs, rhs)) insert(out.modified, path)
    return
  }
  if (lhs === undefined) insert(out.added, path)
  else if (rhs === undefined) insert(out.removed, path)
}

function sizeOf(value: unknown): number {
  return Array.isArray(value) ? value.length : isObject(value) ? Object.keys(value).length : 0
}

/** False for leaves: scalars, atomic maps and lists, and pairs of which both are empty. */
function isCompared(lhs: unknown, rhs: unknown, schema: Schema): boolean {
  if (sizeOf(lhs) === 0 && sizeOf(rhs) === 0) return false
  if (schema.type === 'map') return !schema.atomic
  if (schema.type === 'list') return schema.relation !== 'atomic'
  return schema.type === 'any' && [lhs, rhs].every((side) => side === undefined || isObject(side))
}

function compareParts(lhs: unknown, rhs: unknown, schema: Schema, path: readonly string[], out: Collector): void {
  if (schema.type === 'list') {
    compareItems(Array.isArray(lhs) ? lhs : [], Array.isArray(rhs) ? rhs : [], schema, path, out)
    return
  }
  const before: JsonObject = isObject(lhs) ? lhs : {}
  const after: JsonObject = isObject(rhs) ? rhs : {}
  for (const key of Object.keys(before)) compare(before[key], member(after, key), memberSchema(schema, key), [...path, fieldElement(key)], out)
  for (const key of Object.keys(after)) {
    if (!Object.hasOwn(before, key)) compare(undefined, after[key], memberSchema(schema, key), [...path, fieldElement(key)], out)
  }
}

function compareItems(lhs: readonly unknown[], rhs: readonly unknown[], schema: ListSchema, path: readonly string[], out: Collector): void {
  const before = indexItems(schema, lhs)
  const after = indexItems(schema, rhs)
  for (const element of new Set([...before.keys(), ...after.keys()])) {
    const l = before.get(element) ?? []
    const r = after.get(element) ?? []
    const here = [...path, element]
    if (l.length <= 1 && r.length <= 1) compare(l[0], r[0], schema.element(), here, out)
    else if (l.length >= 2 && r.length >= 2) {
      if (!sameJson(l, r)) insert(out.modified, here)
    } else if (l.length >= 2) {
      if (r.length === 1) compare(undefined, r[0], schema.element(), here, out)
      insert(out.removed, here)
    } else {
      if (l.length === 1) compare(l[0], undefined, schema.element(), here, out)
      insert(out.added, here)
    }
  }
}
