import { MAX_NODES } from '../../go/count-nodes.ts'
import { isNil, typeOf } from '../../go/kind.ts'
import { unnamedMap } from '../../go/unnamed-map.ts'
import { type GoFunction, type GoMap, GoPanic, type GoValue, sortedKeys, withGoType } from '../../go/values.ts'
import { deepCopy } from './deep-copy.ts'
import { MergeError, mergeMaps } from './merge-maps.ts'
import { ANY, DICT, fixed, variadic } from './signature.ts'
import { stringOf } from './strval.ts'

const EMPTY: GoMap = new Map()

/** A map argument may be Go's nil map, which reads as an empty one. */
type MapArgument = GoMap | null

function dict(...pairs: GoValue[]): GoMap {
  const map: GoMap = new Map()
  for (let i = 0; i < pairs.length; i += 2) map.set(stringOf(pairs[i] as GoValue), i + 1 < pairs.length ? (pairs[i + 1] as GoValue) : '')
  return map
}

function get(map: MapArgument, key: string): GoValue {
  const value = map?.get(key)
  return value === undefined ? '' : value
}

function set(map: MapArgument, key: string, value: GoValue): GoMap {
  if (map === null || isNil(map)) throw new GoPanic('assignment to entry in nil map')
  return unnamedMap(map.set(key, value))
}

function unset(map: MapArgument, key: string): GoMap {
  map?.delete(key)
  return map ? unnamedMap(map) : withGoType(new Map(), DICT, true)
}

function pick(map: MapArgument, ...keys: string[]): GoMap {
  return new Map(keys.filter((key) => map?.has(key)).map((key) => [key, (map as GoMap).get(key) as GoValue]))
}

function omit(map: MapArgument, ...keys: string[]): GoMap {
  const omitted = new Set(keys)
  return new Map([...(map ?? EMPTY)].filter(([key]) => !omitted.has(key)))
}

function pluck(key: string, ...maps: MapArgument[]): GoValue {
  return maps.filter((map) => map?.has(key)).map((map) => (map as GoMap).get(key) as GoValue)
}

/** Go gives keys in random order; here they are sorted, so that rendering twice gives the same. */
function keys(...maps: MapArgument[]): GoValue {
  return withGoType(
    maps.flatMap((map) => sortedKeys(map ?? EMPTY)),
    '[]string',
  )
}

function values(map: MapArgument): GoValue {
  return sortedKeys(map ?? EMPTY).map((key) => (map as GoMap).get(key) as GoValue)
}

/** @throws GoPanic with the text of Go's failed type assertion */
function asserted(value: GoValue, type: string): GoValue {
  if (typeOf(value) === type) return value
  throw new GoPanic(`interface conversion: interface {} is ${value === null ? 'nil' : typeOf(value)}, not ${type}`)
}

function dig(...args: GoValue[]): GoValue {
  if (args.length < 3) throw new GoPanic('dig needs at least three arguments')
  let step = asserted(args.at(-1) as GoValue, DICT) as GoMap
  const path = args.slice(0, -2).map((key) => asserted(key, 'string') as string)
  for (const key of path.slice(0, -1)) {
    if (!step.has(key)) return args.at(-2) as GoValue
    step = asserted(step.get(key) as GoValue, DICT) as GoMap
  }
  const last = path.at(-1) as string
  return step.has(last) ? (step.get(last) as GoValue) : (args.at(-2) as GoValue)
}

function mergeAll(overwrite: boolean): (target: MapArgument, ...sources: MapArgument[]) => GoMap {
  return (target, ...sources) => {
    let result = target ? unnamedMap(target) : withGoType<GoMap>(new Map(), DICT, true)
    const merging = { overwrite, left: MAX_NODES }
    for (const source of sources) {
      if (source === null || isNil(source)) continue
      if (isNil(result)) result = new Map()
      mergeMaps(result, source, merging)
    }
    return result
  }
}

/** sprig's forms without `must` swallow mergo's error and give an empty text. */
function orEmptyText(merge: (target: MapArgument, ...sources: MapArgument[]) => GoMap): (target: MapArgument, ...sources: MapArgument[]) => GoValue {
  return (target, ...sources) => {
    try {
      return merge(target, ...sources)
    } catch (error) {
      if (error instanceof MergeError) return ''
      throw error
    }
  }
}

/**
 * Maps. `set`, `unset` and the merges change the map they are given, and everyone holding it sees that.
 *
 * Source: sprig 3.3.0 dict.go; mergo 1.0.1; copystructure 1.2.0
 */
export const dictFunctions: ReadonlyMap<string, GoFunction> = new Map<string, GoFunction>([
  ['dict', variadic([], ANY, dict)],
  ['get', fixed([DICT, 'string'], get)],
  ['set', fixed([DICT, 'string', ANY], set)],
  ['unset', fixed([DICT, 'string'], unset)],
  ['hasKey', fixed([DICT, 'string'], (map: MapArgument, key: string) => map?.has(key) ?? false)],
  ['pluck', variadic(['string'], DICT, pluck)],
  ['keys', variadic([], DICT, keys)],
  ['values', fixed([DICT], values)],
  ['pick', variadic([DICT], 'string', pick)],
  ['omit', variadic([DICT], 'string', omit)],
  ['merge', variadic([DICT], DICT, orEmptyText(mergeAll(false)))],
  ['mergeOverwrite', variadic([DICT], DICT, orEmptyText(mergeAll(true)))],
  ['mustMerge', variadic([DICT], DICT, mergeAll(false))],
  ['mustMergeOverwrite', variadic([DICT], DICT, mergeAll(true))],
  ['dig', variadic([], ANY, dig)],
  ['deepCopy', fixed([ANY], deepCopy)],
  ['mustDeepCopy', fixed([ANY], deepCopy)],
])
