import { byteLength, bytesOfString, stringFromBytes } from '../go/bytes.ts'
import { elementTypeOf, typeOf, zeroValue } from '../go/kind.ts'
import { GO_TYPE, GoError, GoInt, type GoList, type GoMap, GoPanic, isGoObject, withGoType } from '../go/values.ts'
import type { Value } from './value.ts'

/** The type behind a pointer: Go follows pointers before it looks. */
function pointedTypeOf(item: Value): string {
  return typeOf(item).replace(/^\*/, '')
}

/** A position as Go checks it: an integer of any type within 0 and `limit`, both allowed. */
function positionOf(index: Value, limit: number): number {
  if (index === null || index === undefined) throw new GoError('cannot index slice/array with nil')
  if (!(index instanceof GoInt)) throw new GoError(`cannot index slice/array with type ${typeOf(index)}`)
  const value = BigInt.asIntN(64, index.value)
  if (value < 0n || value > BigInt(limit)) throw new GoError(`index out of range: ${value}`)
  return Number(value)
}

/**
 * Go's `index`: `item[indexes[0]][indexes[1]]…`.
 * @throws GoError or GoPanic with Go's text
 */
export function indexValue(item: Value, indexes: readonly Value[]): Value {
  if (item === null || item === undefined) throw new GoError('index of untyped nil')
  return indexes.reduce(indexOnce, item)
}

function indexOnce(item: Value, index: Value): Value {
  if (item === null || item === undefined) throw new GoError('index of nil pointer')
  if (item instanceof Map) return indexMap(item as GoMap, index)
  if (Array.isArray(item)) return at(item.length, index, 'slice', (i) => item[i] ?? null)
  if (item instanceof Uint8Array) return at(item.length, index, 'slice', (i) => byteValue(item[i] as number))
  if (typeof item === 'string') return indexString(item, index)
  const plain = isGoObject(item) && (item.goKind === 'map' || item.goKind === 'slice') ? item.plain?.() : undefined
  if (plain !== undefined) return indexOnce(plain, index)
  throw new GoError(`can't index item of type ${pointedTypeOf(item)}`)
}

function byteValue(byte: number): GoInt {
  return new GoInt(BigInt(byte), 'uint8')
}

function at(length: number, index: Value, what: 'slice' | 'string', read: (position: number) => Value): Value {
  const position = positionOf(index, length)
  if (position >= length) throw new GoPanic(`reflect: ${what} index out of range`)
  return read(position)
}

function indexString(text: string, index: Value): Value {
  const bytes = bytesOfString(text)
  return at(bytes.length, index, 'string', (i) => byteValue(bytes[i] as number))
}

function indexMap(map: GoMap, index: Value): Value {
  if (index === null || index === undefined) throw new GoError('value is nil; should be of type string')
  if (typeof index !== 'string') throw new GoError(`value has type ${typeOf(index)}; should be string`)
  const found = map.get(index)
  return found === undefined ? zeroValue(elementTypeOf(map)) : found
}

/**
 * Go's `slice`: `item[i:j]` or `item[i:j:k]`, strings by bytes.
 * @throws GoError with Go's text
 */
export function sliceValue(item: Value, indexes: readonly Value[]): Value {
  if (item === null || item === undefined) throw new GoError('slice of untyped nil')
  if (indexes.length > 3) throw new GoError(`too many slice indexes: ${indexes.length}`)
  if (typeof item === 'string') return sliceString(item, indexes)
  if (!Array.isArray(item) && !(item instanceof Uint8Array)) throw new GoError(`can't slice item of type ${pointedTypeOf(item)}`)
  const [from, to] = bounds(indexes, item.length)
  if (item instanceof Uint8Array) return item.subarray(from, to)
  return sliceList(item as GoList, from, to)
}

function sliceString(text: string, indexes: readonly Value[]): Value {
  if (indexes.length === 3) throw new GoError('cannot 3-index slice a string')
  const [from, to] = bounds(indexes, byteLength(text))
  return stringFromBytes(bytesOfString(text).subarray(from, to))
}

function bounds(indexes: readonly Value[], length: number): [number, number] {
  const given = indexes.map((index) => positionOf(index, length))
  const from = given[0] ?? 0
  const to = given[1] ?? length
  if (from > to) throw new GoError(`invalid slice index: ${from} > ${to}`)
  if (given[2] !== undefined && to > given[2]) throw new GoError(`invalid slice index: ${to} > ${given[2]}`)
  return [from, to]
}

function sliceList(list: GoList, from: number, to: number): GoList {
  const part: GoList = list.slice(from, to)
  const type = list[GO_TYPE]?.type
  return type === undefined ? part : withGoType(part, type)
}

/**
 * Go's `len`: bytes of a string, items of a list or map.
 * @throws GoError or GoPanic with Go's text
 */
export function lengthOf(item: Value): number {
  if (item === null) throw new GoError('len of nil pointer')
  if (item === undefined) throw new GoPanic('reflect: call of reflect.Value.Type on zero Value')
  if (typeof item === 'string') return byteLength(item)
  if (Array.isArray(item) || item instanceof Uint8Array) return item.length
  if (item instanceof Map) return item.size
  const plain = isGoObject(item) && (item.goKind === 'map' || item.goKind === 'slice') ? item.plain?.() : undefined
  if (plain !== undefined) return lengthOf(plain)
  throw new GoError(`len of type ${pointedTypeOf(item)}`)
}
