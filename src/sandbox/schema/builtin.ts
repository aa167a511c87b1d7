import { BUILTIN_GROUPS, BUILTIN_RESOURCES, BUILTIN_TYPES } from './builtin-data.ts'
import { ANY, type Field, type ListSchema, type MapSchema, type ScalarName, type Schema, type ZeroMode } from './schema.ts'

/** One resource as the generated table holds it. */
export interface BuiltinResource {
  readonly group: string
  readonly version: string
  readonly plural: string
  readonly singular: string
  readonly kind: string
  readonly namespaced: boolean
  readonly verbs: readonly string[]
  readonly shortNames: readonly string[]
  readonly categories: readonly string[]
  readonly subresources: readonly BuiltinSubresource[]
  /** Name of the object's type; absent where it has none. */
  readonly type?: string
}

export interface BuiltinSubresource {
  readonly name: string
  readonly kind: string
  readonly group: string
  readonly version: string
  readonly verbs: readonly string[]
}

type RawSchema = string | RawList | RawMap
interface RawList {
  readonly l: 'atomic' | 'set' | 'map'
  readonly e: RawSchema
  readonly k?: readonly string[]
  readonly d?: Readonly<Record<string, unknown>>
  readonly s?: string
  readonly m?: string
}
interface RawMap {
  readonly a: RawSchema
  readonly atomic?: 1
}
interface RawType {
  readonly f: Readonly<Record<string, RawSchema | readonly [RawSchema, number, string?]>>
  readonly a?: 1
}

const SCALARS: Readonly<Record<string, ScalarName>> = {
  s: 'string',
  i: 'integer',
  n: 'number',
  b: 'boolean',
  q: 'quantity',
  x: 'int-or-string',
  t: 'time',
  y: 'bytes',
}
const ZERO_MODES: readonly ZeroMode[] = ['keep', 'omit', 'fill', 'null']

let rawTypes: Readonly<Record<string, RawType>> | undefined
const built = new Map<string, Schema>()

/** Group name and its versions, the preferred one first. */
export function builtinGroups(): readonly (readonly [string, readonly string[]])[] {
  return JSON.parse(BUILTIN_GROUPS) as [string, string[]][]
}

export function builtinResources(): readonly BuiltinResource[] {
  return JSON.parse(BUILTIN_RESOURCES) as BuiltinResource[]
}

/** The schema of the type `name` (`core.v1.Pod`), `ANY` for a name that is not there. */
export function builtinType(name: string): Schema {
  return typeNamed(name, false)
}

function typeNamed(name: string, atomic: boolean): Schema {
  const key = atomic ? `!${name}` : name
  const known = built.get(key)
  if (known) return known
  rawTypes ??= JSON.parse(BUILTIN_TYPES) as Record<string, RawType>
  const raw = rawTypes[name]
  if (!raw) return ANY
  const fields = new Map<string, Field>(Object.entries(raw.f).map(([field, value]) => [field, toField(value)]))
  const schema: MapSchema = { type: 'map', name: name.slice(name.lastIndexOf('.') + 1), atomic: atomic || raw.a === 1, fields, element: undefined }
  built.set(key, schema)
  return schema
}

function toField(raw: RawSchema | readonly [RawSchema, number, string?]): Field {
  const [schema, mode, patchStrategy] = isTuple(raw) ? raw : [raw, 0, undefined]
  return { schema: lazily(schema), zero: ZERO_MODES[mode] ?? 'keep', ...(patchStrategy ? { patchStrategy } : {}) }
}

function isTuple(raw: RawSchema | readonly [RawSchema, number, string?]): raw is readonly [RawSchema, number, string?] {
  return Array.isArray(raw)
}

function lazily(raw: RawSchema): () => Schema {
  let schema: Schema | undefined
  return () => {
    schema ??= toSchema(raw)
    return schema
  }
}

function toSchema(raw: RawSchema): Schema {
  if (typeof raw === 'string') {
    if (raw === '*') return ANY
    if (raw.startsWith('@')) return typeNamed(raw.slice(1), false)
    if (raw.startsWith('!')) return typeNamed(raw.slice(1), true)
    return { type: 'scalar', scalar: SCALARS[raw] ?? 'string' }
  }
  return 'l' in raw ? toList(raw) : { type: 'map', atomic: raw.atomic === 1, fields: new Map(), element: lazily(raw.a) }
}

function toList(raw: RawList): ListSchema {
  return {
    type: 'list',
    relation: raw.l,
    element: lazily(raw.e),
    keys: raw.k ?? [],
    keyDefaults: new Map(Object.entries(raw.d ?? {})),
    ...(raw.m ? { patchMergeKey: raw.m } : {}),
    ...(raw.s ? { patchStrategy: raw.s } : {}),
  }
}
