import { compareBytes, type GoMap, type GoValue, sortedKeys } from '../../go/values.ts'
import { elementsOf, HclError, identity, isEqual, toList, toMap, toNumber, toText, toWhole, typeName, unified } from './convert.ts'
import type { FunctionTable } from './function-table.ts'

const MANY = Number.POSITIVE_INFINITY

function distinct(list: readonly GoValue[]): GoValue[] {
  const seen = new Set<string>()
  return list.filter((item) => !seen.has(identity(item)) && seen.add(identity(item)))
}

/** Sets come out sorted. */
function asSet(list: readonly GoValue[]): GoValue[] {
  return distinct(unified(list)).sort((a, b) =>
    typeof a === 'number' && typeof b === 'number' ? a - b : typeof a === 'string' && typeof b === 'string' ? compareBytes(a, b) : 0,
  )
}

function flatten(list: readonly GoValue[]): GoValue[] {
  return list.flatMap((item) => (Array.isArray(item) ? flatten(item) : [item]))
}

function chunks(list: readonly GoValue[], size: number): GoValue {
  if (size < 0) throw new HclError('the size argument must be positive')
  if (size === 0) return [[...list]]
  return Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size))
}

function elementAt(list: readonly GoValue[], index: number): GoValue {
  if (list.length === 0) throw new HclError('cannot use element function with an empty list')
  if (index < 0) throw new HclError('cannot use element function with a negative index')
  return list[index % list.length] as GoValue
}

function slice(list: readonly GoValue[], start: number, end: number): GoValue {
  if (start < 0 || end > list.length || start > end) throw new HclError(`there is no part from ${start} to ${end} of a list of ${list.length}`)
  return list.slice(start, end)
}

function product(lists: readonly (readonly GoValue[])[]): GoValue {
  const total = lists.reduce((count, list) => count * list.length, 1)
  if (total > 100_000) throw new HclError('the product has too many elements')
  return lists.reduce<GoValue[][]>((rows, list) => rows.flatMap((row) => list.map((item) => [...row, item])), [[]])
}

function zipmap(keys: readonly GoValue[], values: readonly GoValue[]): GoMap {
  if (keys.length !== values.length) throw new HclError(`number of keys (${keys.length}) does not match number of values (${values.length})`)
  return new Map(keys.map((key, i) => [toText(key), values[i] as GoValue]))
}

function lookup(map: GoValue, key: GoValue, otherwise?: GoValue): GoValue {
  const found = toMap(map).get(toText(key)) ?? otherwise
  if (found === undefined) throw new HclError(`the given object has no attribute "${toText(key)}"`)
  return found
}

function length(value: GoValue): number {
  if (Array.isArray(value)) return value.length
  if (value instanceof Map) return value.size
  throw new HclError(`collection must be a list, a map or a tuple, but have ${typeName(value)}`)
}

function coalesce(...values: readonly GoValue[]): GoValue {
  const found = unified(values).find((value) => value !== null)
  if (found === undefined) throw new HclError('no non-null arguments')
  return found
}

function coalesceList(...lists: readonly GoValue[]): GoValue {
  const found = lists.find((list) => list !== null && toList(list).length > 0)
  if (found === undefined) throw new HclError('no non-null arguments')
  return found
}

/** Source: github.com/zclconf/go-cty cty/function/stdlib/collection.go, sequence.go, set.go */
export const COLLECTION_FUNCTIONS: FunctionTable = {
  chunklist: [2, 2, (list = null, size = null) => chunks(toList(list), toWhole(size))],
  coalesce: [1, MANY, coalesce],
  coalescelist: [1, MANY, coalesceList],
  compact: [1, 1, (list = null) => toList(list).filter((item) => item !== null && item !== '')],
  concat: [1, MANY, (...lists) => lists.flatMap((list) => [...toList(list)])],
  contains: [2, 2, (list = null, value = null) => toList(list).some((item) => isEqual(item, value))],
  distinct: [1, 1, (list = null) => distinct(toList(list))],
  element: [2, 2, (list = null, index = null) => elementAt(toList(list), toWhole(index))],
  flatten: [1, 1, (list = null) => flatten(toList(list))],
  keys: [1, 1, (map = null) => sortedKeys(toMap(map))],
  length: [1, 1, (value = null) => length(value)],
  lookup: [2, 3, (map = null, key = null, otherwise = undefined as unknown as GoValue) => lookup(map, key, otherwise)],
  merge: [0, MANY, (...maps) => new Map(maps.flatMap((map) => (map === null ? [] : [...toMap(map)])))],
  reverselist: [1, 1, (list = null) => toList(list).toReversed()],
  setintersection: [
    1,
    MANY,
    (...sets) => asSet(toList(sets[0] ?? null).filter((item) => sets.every((set) => toList(set).some((other) => isEqual(item, other))))),
  ],
  setproduct: [1, MANY, (...sets) => product(sets.map(toList))],
  setsubtract: [2, 2, (a = null, b = null) => asSet(toList(a).filter((item) => !toList(b).some((other) => isEqual(item, other))))],
  setunion: [1, MANY, (...sets) => asSet(sets.flatMap((set) => [...toList(set)]))],
  slice: [3, 3, (list = null, start = null, end = null) => slice(toList(list), toNumber(start), toNumber(end))],
  sort: [1, 1, (list = null) => toList(list).map(toText).sort(compareBytes)],
  values: [1, 1, (map = null) => elementsOf(toMap(map)).map(([, value]) => value)],
  zipmap: [2, 2, (keys = null, values = null) => zipmap(toList(keys), toList(values))],
}
