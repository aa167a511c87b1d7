import { isObject, type JsonObject } from '../../base/json.ts'
import { type MutableObject, setMember } from '../json.ts'
import type { Schema } from '../schema/schema.ts'
import { ANY } from '../schema/schema.ts'

/**
 * A set of field paths as a tree, the shape of `fieldsV1`: children by serialized path element (`f:name`, `k:{"name":"a"}`, `v:"x"`, `i:0`),
 * `member` where the path that ends here is in the set.
 *
 * Source: structured-merge-diff v6 fieldpath/set.go
 */
export interface FieldSet {
  readonly member: boolean
  readonly children: ReadonlyMap<string, FieldSet>
}

const NO_CHILDREN: ReadonlyMap<string, FieldSet> = new Map()
export const EMPTY: FieldSet = { member: false, children: NO_CHILDREN }
const LEAF: FieldSet = { member: true, children: NO_CHILDREN }

/** A set under construction. */
export interface FieldSetBuilder {
  member: boolean
  children: Map<string, FieldSetBuilder>
}

export function newFieldSet(): FieldSetBuilder {
  return { member: false, children: new Map() }
}

/** Adds a path. */
export function insert(set: FieldSetBuilder, path: readonly string[]): void {
  if (path.length === 0) return
  let node = set
  for (const element of path) {
    const next = node.children.get(element) ?? newFieldSet()
    node.children.set(element, next)
    node = next
  }
  node.member = true
}

export function isEmpty(set: FieldSet): boolean {
  return !set.member && set.children.size === 0
}

function combine(
  a: FieldSet,
  b: FieldSet,
  keep: (a: boolean, b: boolean) => boolean,
  child: (a: FieldSet | undefined, b: FieldSet | undefined) => FieldSet,
): FieldSet {
  const children = new Map<string, FieldSet>()
  for (const key of new Set([...a.children.keys(), ...b.children.keys()])) {
    const combined = child(a.children.get(key), b.children.get(key))
    if (!isEmpty(combined)) children.set(key, combined)
  }
  return { member: keep(a.member, b.member), children }
}

export function union(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmpty(a)) return b
  if (isEmpty(b)) return a
  return combine(
    a,
    b,
    (x, y) => x || y,
    (x, y) => union(x ?? EMPTY, y ?? EMPTY),
  )
}

export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmpty(a) || isEmpty(b)) return EMPTY
  return combine(
    a,
    b,
    (x, y) => x && y,
    (x, y) => (x && y ? intersection(x, y) : EMPTY),
  )
}

/** The paths of `a` that are not in `b`; what lies below a path of `b` stays. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmpty(a) || isEmpty(b)) return a
  return combine(
    a,
    b,
    (x, y) => x && !y,
    (x, y) => (x ? difference(x, y ?? EMPTY) : EMPTY),
  )
}

/** The paths of `a` that neither are in `b` nor lie below one of its paths. */
export function recursiveDifference(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmpty(a) || isEmpty(b)) return a
  return combine(
    a,
    b,
    (x, y) => x && !y,
    (x, y) => (!x || y?.member ? EMPTY : recursiveDifference(x, y ?? EMPTY)),
  )
}

/** The set with the named fields above each path added: a set of `spec.x.y` also holds `spec`, and `x` where `x` is a struct's field. */
export function withNamedFields(set: FieldSet, schema: Schema): FieldSet {
  if (set.children.size === 0) return set
  const children = new Map<string, FieldSet>()
  for (const [element, child] of set.children) {
    const named = element.startsWith('f:') && schema.type === 'map' && schema.fields.has(element.slice(2))
    const below = withNamedFields(child, elementSchema(schema, element))
    children.set(element, named && !below.member ? { member: true, children: below.children } : below)
  }
  return { member: set.member, children }
}

function elementSchema(schema: Schema, element: string): Schema {
  if (element.startsWith('f:') && schema.type === 'map') {
    const field = schema.fields.get(element.slice(2))
    return field ? field.schema() : schema.element ? schema.element() : ANY
  }
  return element.startsWith('k:') && schema.type === 'list' ? schema.element() : ANY
}

/** Every path of the set, parents first, siblings in the order of their serialized elements. */
export function* pathsOf(set: FieldSet, prefix: readonly string[] = []): Generator<readonly string[]> {
  const keys = [...set.children.keys()].sort()
  for (const key of keys) if (set.children.get(key)?.member) yield [...prefix, key]
  for (const key of keys) yield* pathsOf(set.children.get(key) ?? EMPTY, [...prefix, key])
}

/** A path as conflict messages show it: `.spec.containers[name="app"].image`. */
export function displayPath(path: readonly string[]): string {
  return path.map(displayElement).join('')
}

function displayElement(element: string): string {
  const rest = element.slice(2)
  if (element.startsWith('f:')) return `.${rest}`
  if (element.startsWith('i:')) return `[${rest}]`
  const value: unknown = JSON.parse(rest)
  if (element.startsWith('v:')) return `[=${JSON.stringify(value)}]`
  return `[${Object.entries(value as JsonObject)
    .map(([k, v]) => `${k}=${JSON.stringify(v)}`)
    .join(',')}]`
}

/** The set as `fieldsV1` holds it. */
export function toFieldsV1(set: FieldSet): JsonObject {
  const out: MutableObject = {}
  if (set.member && set.children.size > 0) out['.'] = {}
  for (const key of [...set.children.keys()].sort()) setMember(out, key, toFieldsV1(set.children.get(key) ?? EMPTY))
  return out
}

/** Reads `fieldsV1`; a leaf without members is a path of the set. */
export function fromFieldsV1(value: unknown, top = true): FieldSet {
  if (!isObject(value)) return top ? EMPTY : LEAF
  const children = new Map<string, FieldSet>()
  let member = false
  for (const [key, child] of Object.entries(value)) {
    if (key === '.') member = true
    else children.set(key, fromFieldsV1(child, false))
  }
  return { member: member || (!top && children.size === 0), children }
}
