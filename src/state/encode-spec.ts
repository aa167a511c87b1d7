import { type GoMap, type GoValue, goInt, withGoType } from '../go/values.ts'
import { isZero, type Shape, type StructShape } from './shape.ts'
import { STRUCT } from './yaml-text.ts'

/**
 * A struct as a map for printing: its fields in the order of the shape, zero ones left out where Go's `omitempty` says so.
 * Source: go.yaml.in/yaml/v3 encode.go
 */
export function encodeSpec(shape: StructShape, value: object): GoMap {
  const map: GoMap = withGoType(new Map(), STRUCT)
  const fields = value as Readonly<Record<string, unknown>>
  for (const [key, { shape: inner, always }] of Object.entries(shape.fields)) {
    if (always || !isZero(inner, fields[key])) map.set(key, encode(inner, fields[key]))
  }
  return map
}

function encode(shape: Shape, value: unknown): GoValue {
  switch (shape.kind) {
    case 'optional':
      return value === undefined ? null : encode(shape.of, value)
    case 'struct':
      return encodeSpec(shape, value ?? {})
    case 'list':
      return ((value ?? []) as readonly unknown[]).map((item) => encode(shape.of, item))
    case 'map':
      return new Map([...((value ?? new Map()) as ReadonlyMap<string, unknown>)].map(([key, item]) => [key, encode(shape.of, item)]))
    case 'string':
      return (value ?? '') as string
    case 'bool':
      return (value ?? false) as boolean
    case 'int':
      return goInt((value ?? 0) as number)
    case 'float':
      return (value ?? 0) as number
    case 'any':
      return (value ?? null) as GoValue
  }
}
