import { castInt64 } from '../../go/cast.ts'
import { deepEqual } from '../../go/deep-equal.ts'
import { kindOf, typeOf } from '../../go/kind.ts'
import { compareBytes, GoError, type GoFunction, GoInt, type GoList, GoPanic, type GoValue, isGoObject, withGoType } from '../../go/values.ts'
import { isEmpty } from './is-empty.ts'
import { ANY, fixed, variadic } from './signature.ts'
import { stringOf, stringsOf } from './strval.ts'

const NIL_LIST = '[]interface {}'
const NIL_DEREFERENCE = 'runtime error: invalid memory address or nil pointer dereference'

/**
 * The items of anything whose kind is slice.
 *
 * @throws GoError with the wording made by `refusal` for any other kind
 */
function itemsOf(list: GoValue, refusal: (kind: string) => string): readonly GoValue[] {
  if (Array.isArray(list)) return list
  if (list === null) throw new GoPanic(NIL_DEREFERENCE)
  if (list instanceof Uint8Array) return Array.from(list, (byte) => new GoInt(BigInt(byte), 'uint8'))
  const plain = isGoObject(list) && list.goKind === 'slice' ? list.plain?.() : undefined
  if (Array.isArray(plain)) return plain
  throw new GoError(refusal(kindOf(list)))
}

/** The most that lists put together may hold. */
const MAX_ITEMS = 2_000_000

/** Wording of most refusals. */
const cannotFind =
  (what: string) =>
  (kind: string): string =>
    `Cannot find ${what} on type ${kind}`

function nilList(): GoList {
  return withGoType([], NIL_LIST, true)
}

function push(list: GoValue, value: GoValue): GoList {
  return [...itemsOf(list, (kind) => `Cannot push on type ${kind}`), value]
}

function prepend(list: GoValue, value: GoValue): GoList {
  return [value, ...itemsOf(list, (kind) => `Cannot prepend on type ${kind}`)]
}

function rest(list: GoValue): GoList {
  const items = itemsOf(list, cannotFind('rest'))
  return items.length === 0 ? nilList() : items.slice(1)
}

function initial(list: GoValue): GoList {
  const items = itemsOf(list, cannotFind('initial'))
  return items.length === 0 ? nilList() : items.slice(0, -1)
}

function chunk(sizeArg: bigint, list: GoValue): GoList {
  const items = itemsOf(list, (kind) => `Cannot chunk type ${kind}`)
  const size = Number(sizeArg)
  const count = Math.floor((items.length - 1) / size) + 1
  // One item in chunks of less than -1 is one chunk, by the way sprig computes their lengths.
  if (size < -1 && items.length === 1) return withGoType([[...items]], '[][]interface {}')
  if (!Number.isFinite(count) || count < 0 || (count > 0 && size <= 0)) throw new GoPanic('runtime error: makeslice: len out of range')
  const chunks = Array.from({ length: count }, (_, i) => items.slice(i * size, (i + 1) * size))
  return withGoType(chunks, '[][]interface {}')
}

/** A key under which equal simple values meet; undefined for values to be compared one by one. */
function simpleKey(value: GoValue): string | undefined {
  if (value === null) return 'nil'
  if (typeof value === 'string') return `s${value}`
  if (value instanceof GoInt) return `${value.type} ${value.value}`
  return typeof value === 'boolean' || (typeof value === 'number' && !Number.isNaN(value)) ? `${typeof value} ${value || 0}` : undefined
}

/** A test for membership by `reflect.DeepEqual`, to which members may be added. */
function membership(members: readonly GoValue[] = []): { has(value: GoValue): boolean; add(value: GoValue): void } {
  const keys = new Set<string>()
  const others: GoValue[] = []
  const add = (value: GoValue): void => {
    const key = simpleKey(value)
    if (key === undefined) others.push(value)
    else keys.add(key)
  }
  const has = (value: GoValue): boolean => {
    const key = simpleKey(value)
    return key === undefined ? others.some((other) => deepEqual(value, other)) : keys.has(key)
  }
  members.forEach(add)
  return { has, add }
}

function uniq(list: GoValue): GoList {
  const seen = membership()
  return itemsOf(list, cannotFind('uniq')).filter((item) => {
    if (seen.has(item)) return false
    seen.add(item)
    return true
  })
}

function without(list: GoValue, ...omitted: GoValue[]): GoList {
  const members = membership(omitted)
  return itemsOf(list, cannotFind('without')).filter((item) => !members.has(item))
}

function has(needle: GoValue, haystack: GoValue): boolean {
  return haystack !== null && itemsOf(haystack, cannotFind('has')).some((item) => deepEqual(needle, item))
}

/** Items from one index up to another, keeping the list's type; nothing at all for an empty list. */
function slice(list: GoValue, from: GoValue = null, to?: GoValue): GoValue {
  const items = itemsOf(list, (kind) => `list should be type of slice or array but ${kind}`)
  if (items.length === 0) return null
  const start = castInt64(from)
  const end = to === undefined ? BigInt(items.length) : castInt64(to)
  if (start < 0n || end < start || end > BigInt(items.length)) throw new GoPanic('reflect.Value.Slice: slice index out of bounds')
  if (list instanceof Uint8Array) return list.subarray(Number(start), Number(end))
  const part = items.slice(Number(start), Number(end))
  return typeOf(list) === NIL_LIST ? part : withGoType(part, typeOf(list))
}

function concat(...lists: GoValue[]): GoList {
  const parts = lists.map((list) => itemsOf(list, (kind) => `Cannot concat type ${kind} as list`))
  if (parts.reduce((sum, part) => sum + part.length, 0) > MAX_ITEMS) throw new GoPanic('runtime error: makeslice: len out of range')
  const all = ([] as GoValue[]).concat(...parts)
  return all.length === 0 ? nilList() : all
}

/** Sorts as text, by bytes. A list of strings is sorted in place, as the original does: everyone who holds it sees that. */
function sortAlpha(list: GoValue): GoValue {
  if (kindOf(list) !== 'slice') return withGoType([stringOf(list)], '[]string')
  return stringsOf(list).sort((a, b) => compareBytes(a as string, b as string))
}

const first = (list: GoValue): GoValue => itemsOf(list, cannotFind('first'))[0] ?? null
const last = (list: GoValue): GoValue => itemsOf(list, cannotFind('last')).at(-1) ?? null
const reverse = (list: GoValue): GoList => [...itemsOf(list, cannotFind('reverse'))].reverse()
const compact = (list: GoValue): GoList => itemsOf(list, (kind) => `Cannot compact on type ${kind}`).filter((item) => !isEmpty(item))

/** A function and its `must` form: where one panics with an error the other returns it, and templates show both alike. */
function withMust(name: string, definition: GoFunction): [string, GoFunction][] {
  return [
    [name, definition],
    [`must${name[0]?.toUpperCase()}${name.slice(1)}`, definition],
  ]
}

/**
 * Lists. Results are new lists; the items in them are shared.
 *
 * Source: sprig 3.3.0 list.go
 */
export const listFunctions: ReadonlyMap<string, GoFunction> = new Map<string, GoFunction>([
  ['list', variadic([], ANY, (...items: GoValue[]) => items)],
  ['tuple', variadic([], ANY, (...items: GoValue[]) => items)],
  ...withMust('append', fixed([ANY, ANY], push)),
  ...withMust('push', fixed([ANY, ANY], push)),
  ...withMust('prepend', fixed([ANY, ANY], prepend)),
  ...withMust('first', fixed([ANY], first)),
  ...withMust('rest', fixed([ANY], rest)),
  ...withMust('last', fixed([ANY], last)),
  ...withMust('initial', fixed([ANY], initial)),
  ...withMust('reverse', fixed([ANY], reverse)),
  ...withMust('compact', fixed([ANY], compact)),
  ...withMust('uniq', fixed([ANY], uniq)),
  ...withMust('without', variadic([ANY], ANY, without)),
  ...withMust('has', fixed([ANY, ANY], has)),
  ...withMust('slice', variadic([ANY], ANY, slice)),
  ...withMust('chunk', fixed(['int', ANY], chunk)),
  ['concat', variadic([], ANY, concat)],
  ['sortAlpha', fixed([ANY], sortAlpha)],
])
