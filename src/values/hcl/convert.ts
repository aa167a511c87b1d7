import { formatFloat } from '../../go/float.ts'
import { encodeJson } from '../../go/json-encode.ts'
import { type GoMap, type GoValue, sortedKeys } from '../../go/values.ts'

/** What cannot be: a wrong type, a bad argument, a missing attribute. Whoever knows the place makes a diagnostic of it. */
export class HclError extends Error {}

/** The name of a value's type in messages. */
export function typeName(value: GoValue): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'tuple'
  if (value instanceof Map) return 'object'
  return typeof value === 'boolean' ? 'bool' : typeof value
}

/** A number as HCL writes it. */
export function numberText(value: number): string {
  return Number.isInteger(value) ? BigInt(value).toString() : formatFloat(value, 'f', -1)
}

/** A scalar as a text. */
export function toText(value: GoValue): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return numberText(value)
  if (typeof value === 'boolean') return String(value)
  throw new HclError(`string required, but have ${typeName(value)}`)
}

/** A number, or a text that is one. */
export function toNumber(value: GoValue): number {
  if (typeof value === 'number') return value
  const number = typeof value === 'string' && /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(value) ? Number(value) : Number.NaN
  if (Number.isNaN(number)) throw new HclError(`a number is required, but have ${typeName(value)}`)
  return number
}

export function toWhole(value: GoValue): number {
  const number = toNumber(value)
  if (!Number.isInteger(number)) throw new HclError(`a whole number is required, but have ${numberText(number)}`)
  return number
}

/** A bool, or a text that is one. */
export function toBool(value: GoValue): boolean {
  if (typeof value === 'boolean') return value
  if (value === 'true' || value === 'false') return value === 'true'
  throw new HclError(`a bool is required, but have ${typeName(value)}`)
}

export function toList(value: GoValue): readonly GoValue[] {
  if (Array.isArray(value)) return value
  throw new HclError(`a list is required, but have ${typeName(value)}`)
}

export function toMap(value: GoValue): GoMap {
  if (value instanceof Map) return value
  throw new HclError(`a map is required, but have ${typeName(value)}`)
}

/** The elements of a list, or the values of a map by sorted key, each with its key. */
export function elementsOf(value: GoValue): readonly (readonly [key: GoValue, value: GoValue])[] {
  if (Array.isArray(value)) return value.map((item, i) => [i, item])
  if (value instanceof Map) return sortedKeys(value).map((key) => [key, value.get(key) as GoValue])
  throw new HclError(`Iteration over non-iterable value: A value of type ${typeName(value)} cannot be used as the collection in a 'for' expression.`)
}

/** A text that is the same for equal values; keys sorted. */
export function identity(value: GoValue): string {
  return `${typeName(value)} ${encodeJson(value)}`
}

export function isEqual(a: GoValue, b: GoValue): boolean {
  return identity(a) === identity(b)
}

/** Scalars of different types become texts, as all values of one expression have one type. */
export function unified(values: readonly GoValue[]): readonly GoValue[] {
  const types = new Set(values.filter((value) => value !== null).map(typeName))
  if (types.size < 2 || !types.has('string') || types.has('tuple') || types.has('object')) return values
  return values.map((value) => (value === null ? null : toText(value)))
}
