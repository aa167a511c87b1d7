import { GoInt, GoTime } from '../go/values.ts'

/** True when two decoded specs, or two values in them, are equal throughout. NaN is not equal to itself, as in Go. */
export function sameSpec(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, i) => sameSpec(item, b[i]))
  if (a instanceof Map) return b instanceof Map && a.size === b.size && [...a].every(([key, item]) => b.has(key) && sameSpec(item, b.get(key)))
  if (a instanceof GoInt) return b instanceof GoInt && a.kind === b.kind && a.value === b.value
  if (a instanceof GoTime) return b instanceof GoTime && a.nanoseconds === b.nanoseconds && a.zone === b.zone
  if (a instanceof Uint8Array) return b instanceof Uint8Array && Buffer.compare(a, b) === 0
  return sameFields(a as Fields, b as Fields)
}

type Fields = Readonly<Record<string, unknown>>

function sameFields(a: Fields, b: Fields): boolean {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((key) => sameSpec(a[key], b[key]))
}
