import { deepEqual } from '../go/deep-equal.ts'
import { isNil, kindOf, typeOf } from '../go/kind.ts'
import { sprintf } from '../go/printf.ts'
import { compareBytes, GoError, GoInt, GoTime, isGoObject } from '../go/values.ts'
import type { Value } from './value.ts'

type BasicKind = 'none' | 'bool' | 'complex' | 'int' | 'float' | 'string' | 'uint'

function basicKind(value: Value): BasicKind {
  if (typeof value === 'string') return 'string'
  if (typeof value === 'number') return 'float'
  if (typeof value === 'boolean') return 'bool'
  if (value instanceof GoInt) return value.kind.startsWith('u') ? 'uint' : 'int'
  return value && isGoObject(value) && value.goKind === 'complex128' ? 'complex' : 'none'
}

const isPresent = (value: Value): boolean => value !== null && value !== undefined

function incompatible(a: Value, b: Value): GoError {
  return new GoError(`incompatible types for comparison: ${typeOf(a)} and ${typeOf(b)}`)
}

function areIntegers(a: BasicKind, b: BasicKind): boolean {
  return (a === 'int' || a === 'uint') && (b === 'int' || b === 'uint')
}

/**
 * Go's `eq`: whether `first` equals any of `others`.
 * @throws GoError when two values cannot be compared
 */
export function equalsAny(first: Value, others: readonly Value[]): boolean {
  if (others.length === 0) throw new GoError('missing argument for comparison')
  return others.some((other) => equals(first, other))
}

function equals(a: Value, b: Value): boolean {
  const kind = basicKind(a)
  const otherKind = basicKind(b)
  if (areIntegers(kind, otherKind)) return (a as GoInt).value === (b as GoInt).value
  if (kind !== otherKind) {
    if (isPresent(a) && isPresent(b)) throw incompatible(a, b)
    return false
  }
  if (kind === 'none') return equalObjects(a, b)
  return kind === 'complex' ? sprintf('%v', [a as never]) === sprintf('%v', [b as never]) : a === b
}

function equalObjects(a: Value, b: Value): boolean {
  if (isPresent(a) && isPresent(b) && kindOf(a) !== kindOf(b)) {
    throw new GoError(`non-comparable types ${shown(a)}: ${typeOf(a)}, ${typeOf(b)}: ${sprintf('%v', [b ?? null])}`)
  }
  if (isNil(a) || isNil(b)) return isNil(a) === isNil(b)
  if (!isComparable(b)) throw new GoError(`non-comparable type ${shown(b)}: ${typeOf(b)}`)
  if (a instanceof GoTime && b instanceof GoTime) return a.nanoseconds === b.nanoseconds && a.location === b.location
  return a === b || (kindOf(a) === 'struct' && deepEqual(a ?? null, b ?? null))
}

function shown(value: Value): string {
  return sprintf('%s', [value ?? null])
}

function isComparable(value: Value): boolean {
  return value instanceof GoTime || kindOf(value) === 'ptr' || kindOf(value) === 'struct'
}

/**
 * Go's `lt`.
 * @throws GoError for values without an order
 */
export function isLess(a: Value, b: Value): boolean {
  const kind = ordered(a)
  const otherKind = ordered(b)
  if (areIntegers(kind, otherKind)) return (a as GoInt).value < (b as GoInt).value
  if (kind !== otherKind) throw incompatible(a, b)
  if (kind === 'string') return compareBytes(a as string, b as string) < 0
  if (kind === 'float') return (a as number) < (b as number)
  throw new GoError('invalid type for comparison')
}

function ordered(value: Value): BasicKind {
  const kind = basicKind(value)
  if (kind === 'none') throw new GoError('invalid type for comparison')
  return kind
}

/** Go's `le`: less, or else equal. */
export function isLessOrEqual(a: Value, b: Value): boolean {
  return isLess(a, b) || equalsAny(a, [b])
}
