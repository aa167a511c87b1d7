import { isNil, kindOf, typeOf } from './kind.ts'
import { GoInt, type GoList, type GoMap, GoTime, type GoValue, isGoObject } from './values.ts'

/**
 * Go's `reflect.DeepEqual`: same dynamic type, then equal contents; nil and empty lists or maps differ, NaN differs from itself.
 *
 * Values that hold each other in a ring compare as equal where the ring closes.
 */
export function deepEqual(a: GoValue, b: GoValue, open: readonly (readonly [GoValue, GoValue])[] = []): boolean {
  if (a === null || b === null) return a === b
  if (typeOf(a) !== typeOf(b)) return false
  if (a instanceof GoInt) return a.value === (b as GoInt).value
  if (a instanceof GoTime) return equalTimes(a, b as GoTime)
  if (a instanceof Uint8Array) return Buffer.compare(a, b as Uint8Array) === 0
  if (typeof a !== 'object') return a === b
  if (kindOf(a) !== kindOf(b) || isNil(a) !== isNil(b)) return false
  if (a === b) return true
  if (open.some(([x, y]) => x === a && y === b)) return true
  return equalContents(a, b, [...open, [a, b]])
}

function equalTimes(a: GoTime, b: GoTime): boolean {
  return a.nanoseconds === b.nanoseconds && a.zone === b.zone && a.offsetSeconds === b.offsetSeconds
}

function equalContents(a: GoValue, b: GoValue, open: readonly (readonly [GoValue, GoValue])[]): boolean {
  if (Array.isArray(a)) return a.length === (b as GoList).length && a.every((item, i) => deepEqual(item, (b as GoList)[i] as GoValue, open))
  if (a instanceof Map) {
    const other = b as GoMap
    return a.size === other.size && [...a].every(([key, item]) => other.has(key) && deepEqual(item, other.get(key) as GoValue, open))
  }
  if (!isGoObject(a) || !isGoObject(b)) return false
  if (a.structFields && b.structFields) return deepEqual(a.structFields().map(fieldValue), b.structFields().map(fieldValue), open)
  if (a.plain && b.plain) return deepEqual(a.plain(), b.plain(), open)
  return a.goString !== undefined && a.goString() === b.goString?.()
}

function fieldValue(field: readonly [string, GoValue]): GoValue {
  return field[1]
}
