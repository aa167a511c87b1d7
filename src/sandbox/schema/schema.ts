/** What a JSON value may be, with what structured merging must know of it. Types are looked up lazily because they are recursive. */
export type Schema = ScalarSchema | MapSchema | ListSchema | AnySchema

export interface ScalarSchema {
  readonly type: 'scalar'
  readonly scalar: ScalarName
}

/** `quantity`, `int-or-string` and `time` are texts or numbers with a form of their own; `bytes` is base64. */
export type ScalarName = 'string' | 'integer' | 'number' | 'boolean' | 'quantity' | 'int-or-string' | 'time' | 'bytes'

/** A Go struct (`fields`), a map (`element`), or, for custom resources, both. */
export interface MapSchema {
  readonly type: 'map'
  /** The Go struct's name. */
  readonly name?: string
  readonly atomic: boolean
  readonly fields: ReadonlyMap<string, Field>
  /** Schema of the members that no field names; undefined: there may be none. */
  readonly element: (() => Schema) | undefined
  /** Members that no schema names are kept (`x-kubernetes-preserve-unknown-fields`). */
  readonly preserve?: boolean
}

export interface ListSchema {
  readonly type: 'list'
  readonly relation: 'atomic' | 'set' | 'map'
  readonly element: () => Schema
  readonly keys: readonly string[]
  /** Values that keys take where an item leaves them out. */
  readonly keyDefaults: ReadonlyMap<string, unknown>
  readonly patchMergeKey?: string
  readonly patchStrategy?: string
}

/** Anything: scalars and lists are leaves; maps are merged member by member. */
export interface AnySchema {
  readonly type: 'any'
}

/** How Go treats a field's zero value: `keep` (pointer), `omit` (omitempty), `fill` (written even where absent), `null` (a pointer without omitempty). */
export type ZeroMode = 'keep' | 'omit' | 'fill' | 'null'

export interface Field {
  readonly schema: () => Schema
  readonly zero: ZeroMode
  readonly patchStrategy?: string
}

export const ANY: AnySchema = { type: 'any' }

/** The schema of member `key` in a map of schema `map`; `ANY` where nothing is known. */
export function memberSchema(map: Schema, key: string): Schema {
  if (map.type !== 'map') return ANY
  const field = map.fields.get(key)
  return field ? field.schema() : map.element ? map.element() : ANY
}
