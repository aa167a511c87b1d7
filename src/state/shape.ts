/**
 * The Go types behind the mappings of a state file, as data: decoding, printing and merging all walk the same tables, and so
 * does whoever wants the list of known keys.
 */
export type Shape = ScalarShape | OptionalShape | ListShape | MapShape | StructShape

/** `any` is whatever YAML has there, as Go values. */
export interface ScalarShape {
  readonly kind: 'string' | 'bool' | 'int' | 'float' | 'any'
}

/** A pointer to a scalar: absent and zero are two things. */
export interface OptionalShape {
  readonly kind: 'optional'
  readonly of: ScalarShape | StructShape
}

export interface ListShape {
  readonly kind: 'list'
  readonly of: Shape
  /** One item may stand without the list around it. */
  readonly orSingle?: boolean
  /** Drops blank items and the blanks around the others. */
  readonly trimmed?: boolean
}

export interface MapShape {
  readonly kind: 'map'
  readonly of: Shape
}

export interface StructShape {
  readonly kind: 'struct'
  /** As Go prints the type: `state.ReleaseSpec`. */
  readonly goType: string
  /** In the order in which Helmfile prints them. */
  readonly fields: Readonly<Record<string, Field>>
  /** A plain string stands for a mapping with this one key. */
  readonly shorthand?: string
  /** Keys that are printed beside the fields; what was printed can be read again, where they mean nothing. */
  readonly printed?: readonly string[]
  /** What is wrong with a decoded value as a whole, if anything is. */
  readonly check?: (value: Readonly<Record<string, unknown>>) => string | undefined
}

export interface Field {
  readonly shape: Shape
  /** Printed even when it is zero. */
  readonly always?: boolean
}

/** The fields of the struct `T`, none forgotten. */
export type FieldsOf<T> = { readonly [K in keyof Required<T> & string]: Field }

export const text: ScalarShape = { kind: 'string' }
export const flag: ScalarShape = { kind: 'bool' }
export const whole: ScalarShape = { kind: 'int' }
export const decimal: ScalarShape = { kind: 'float' }
export const anything: ScalarShape = { kind: 'any' }

/** A field that is left out of print when it is zero. */
export function field(shape: Shape): Field {
  return { shape }
}

/** A field that is printed even when it is zero. */
export function always(shape: Shape): Field {
  return { shape, always: true }
}

export function optional(of: ScalarShape | StructShape): OptionalShape {
  return { kind: 'optional', of }
}

export function listOf(of: Shape): ListShape {
  return { kind: 'list', of }
}

export function mapOf(of: Shape): MapShape {
  return { kind: 'map', of }
}

/** True for what Go calls the zero value, and for empty lists and maps: what `omitempty` leaves out. */
export function isZero(shape: Shape, value: unknown): boolean {
  if (value === undefined) return true
  switch (shape.kind) {
    case 'optional':
      return false
    case 'list':
      return (value as readonly unknown[]).length === 0
    case 'map':
      return (value as ReadonlyMap<string, unknown>).size === 0
    case 'struct': {
      const struct = value as Readonly<Record<string, unknown>>
      return Object.entries(shape.fields).every(([key, f]) => isZero(f.shape, struct[key]))
    }
    case 'any':
      return value === null
    case 'string':
    case 'bool':
    case 'int':
    case 'float':
      return value === '' || value === false || value === 0
  }
}
