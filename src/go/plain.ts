import { GO_TYPE, GoInt, type GoMap, GoTime, type GoValue, isGoObject } from './values.ts'

/** A JSON value. Objects read from untrusted text have no prototype surprises: they come from `JSON.parse` or `toPlain`. */
export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain }

/**
 * The JSON value Go's encoders would see. Integers become numbers (those beyond 2^53 lose precision, as any JSON reader in
 * JavaScript does), byte slices base64, typed nils null. `__proto__` becomes an own property.
 */
export function toPlain(value: GoValue): Plain {
  if (value === null || typeof value !== 'object') return value
  if (value instanceof GoInt) return Number(value.value)
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (Array.isArray(value)) return value[GO_TYPE]?.isNil ? null : value.map(toPlain)
  if (value instanceof Map) {
    if ((value as GoMap)[GO_TYPE]?.isNil) return null
    const result: Record<string, Plain> = {}
    for (const [key, item] of value) setOwn(result, key, toPlain(item))
    return result
  }
  if (value instanceof GoTime) return new Date(Number(value.nanoseconds / 1_000_000n)).toISOString()
  if (isGoObject(value)) return value.plain ? toPlain(value.plain()) : null
  return null
}

/** The Go value of a JSON value as `encoding/json` gives it: every number float64, every object `map[string]interface {}`. */
export function fromPlain(value: unknown): GoValue {
  if (value === null || value === undefined) return null
  if (typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string') return value
  if (typeof value === 'bigint') return Number(value)
  if (value instanceof Map) return new Map([...value].map(([key, item]) => [String(key), fromPlain(item)]))
  if (Array.isArray(value)) return value.map(fromPlain)
  if (value instanceof Uint8Array || value instanceof GoInt || value instanceof GoTime) return value
  return new Map(Object.entries(value as object).map(([key, item]) => [key, fromPlain(item)]))
}

function setOwn(target: Record<string, Plain>, key: string, value: Plain): void {
  if (key === '__proto__') Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true })
  else target[key] = value
}
