import { parseFloat64, parseInteger } from './parse-number.ts'
import { GoInt, type GoValue } from './values.ts'

const MIN_INT64 = -(1n << 63n)

/**
 * Anything as an int64; what has no number becomes 0. Text is read with Go's base prefixes after a trailing `.0` is cut.
 *
 * Source: spf13/cast 1.7.0 ToInt64. Named integer types (`time.Duration`) have no case there and give 0.
 */
export function castInt64(value: GoValue): bigint {
  if (value instanceof GoInt) return isCastable(value) ? BigInt.asIntN(64, value.value) : 0n
  if (typeof value === 'number') return truncateFloat(value)
  if (typeof value === 'boolean') return value ? 1n : 0n
  if (typeof value !== 'string') return 0n
  const parsed = parseInteger(trimZeroDecimal(value), 0, 64)
  return parsed.error ? 0n : parsed.value
}

/** Anything as a float64; what has no number becomes 0. Source: spf13/cast 1.7.0 ToFloat64. */
export function castFloat64(value: GoValue): number {
  if (typeof value === 'number') return value
  if (value instanceof GoInt) return isCastable(value) ? Number(value.value) : 0
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value !== 'string') return 0
  const parsed = parseFloat64(value)
  return parsed.error ? 0 : parsed.value
}

/** Go's conversion of a float64 to int64 on amd64: what does not fit becomes the smallest int64. */
function truncateFloat(value: number): bigint {
  if (!(value >= -(2 ** 63) && value < 2 ** 63)) return MIN_INT64
  return BigInt(Math.trunc(value))
}

function isCastable(value: GoInt): boolean {
  if (value.type === 'time.Month' || value.type === 'time.Weekday') return true
  return value.type === value.kind && value.kind !== 'uintptr'
}

/** `5.0` and `5.00` to `5`; other text is left alone. */
function trimZeroDecimal(text: string): string {
  const point = text.lastIndexOf('.')
  if (point < 0 || point === text.length - 1) return text
  return /^0+$/.test(text.slice(point + 1)) ? text.slice(0, point) : text
}
