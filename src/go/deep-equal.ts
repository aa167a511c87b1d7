import { isNil, kindOf, typeOf } from './kind.ts'
import { GoInt, type GoList, type GoMap, GoTime, type GoValue, isGoObject } from './values.ts'

/** For each value those that it was, or is being, compared with. */
type Met = Map<GoValue, Set<GoValue>>

/**
 * Go's `reflect.DeepEqual`: same dynamic type, then equal contents; nil and empty lists or maps differ, NaN differs from itself.
 *
 * Two values are compared once, however often they meet: rings come to an end, and so does what holds itself many times over.
 */
export function deepEqual(a: GoValue, b: GoValue, before?: Met): boolean {
  if (a === null || b === null) return a === b
  if (typeOf(a) !== typeOf(b)) return false
  if (a instanceof GoInt) return a.value === (b as GoInt).value
  if (a instanceof GoTime) return equalTimes(a, b as GoTime)
  if (a instanceof Uint8Array) return isNil(a) === isNil(b) && Buffer.compare(a, b as Uint8Array) === 0
  if (typeof a !== 'object') return a === b
  if (kindOf(a) !== kindOf(b) || isNil(a) !== isNil(b)) return false
  if (a === b) return true
  const met: Met = before ?? new Map()
  return haveMet(met, a, b) || equalContents(a, b, met)
}

/** Whether two values have met, as they have from now on; had they differed, all would be over. */
function haveMet(met: Met, a: GoValue, b: GoValue): boolean {
  const others = met.get(a)
  if (others?.has(b)) return true
  if (others) others.add(b)
  else met.set(a, new Set([b]))
  return false
}

function equalTimes(a: GoTime, b: GoTime): boolean {
  return a.nanoseconds === b.nanoseconds && a.zone === b.zone && a.offsetSeconds === b.offsetSeconds
}

function equalContents(a: GoValue, b: GoValue, met: Met): boolean {
  if (Array.isArray(a)) return a.length === (b as GoList).length && a.every((item, i) => deepEqual(item, (b as GoList)[i] as GoValue, met))
  if (a instanceof Map) {
    const other = b as GoMap
    return a.size === other.size && [...a].every(([key, item]) => other.has(key) && deepEqual(item, other.get(key) as GoValue, met))
  }
  if (!isGoObject(a) || !isGoObject(b)) return false
  if (a.structFields && b.structFields) return deepEqual(a.structFields().map(fieldValue), b.structFields().map(fieldValue), met)
  if (a.plain && b.plain) return deepEqual(a.plain(), b.plain(), met)
  return a.goString !== undefined && a.goString() === b.goString?.()
}

function fieldValue(field: readonly [string, GoValue]): GoValue {
  return field[1]
}
