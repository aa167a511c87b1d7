import type { GoList, GoMap, GoValue } from '../go/values.ts'

/** What was read of one map of the values. */
export interface MapReads {
  /** Where the map stands in the root chart's values: keys, list indices as decimal texts. */
  readonly path: readonly string[]
  /** Keys that were asked for, whether they are there or not. */
  readonly keys: Set<string>
  /** The map was gone through entry by entry, so that everything under it counts as read. */
  isWhole: boolean
  /** The maps under this one, by key; those in lists by key and index: `hosts`, then `0`. */
  readonly below: Map<string, MapReads>
  /** Keys the map had at first. */
  readonly known: readonly string[]
}

/** One question for a key. */
export interface Read {
  readonly reads: MapReads
  readonly key: string
  /** What was found; undefined where nothing was. */
  readonly value: GoValue | undefined
}

/** Values that note which of their entries are read. */
export interface RecordedValues {
  readonly values: GoMap
  readonly root: MapReads
  /** The latest questions in order, where they were asked for. */
  readonly latest: readonly Read[]
}

/** How many questions are remembered at least. */
const REMEMBERED = 32

type Note = (reads: MapReads, key: string, value: GoValue | undefined) => void

/** A map that tells what is read of it; otherwise like any other. */
class RecordedMap extends Map<string, GoValue> {
  readonly #reads: MapReads
  readonly #note: Note | undefined

  constructor(reads: MapReads, note: Note | undefined) {
    super()
    this.#reads = reads
    this.#note = note
  }

  override get(key: string): GoValue | undefined {
    const value = super.get(key)
    this.#reads.keys.add(key)
    this.#note?.(this.#reads, key, value)
    return value
  }

  override has(key: string): boolean {
    this.#reads.keys.add(key)
    return super.has(key)
  }

  override keys(): MapIterator<string> {
    this.#reads.isWhole = true
    return super.keys()
  }

  override values(): MapIterator<GoValue> {
    this.#reads.isWhole = true
    return super.values()
  }

  override entries(): MapIterator<[string, GoValue]> {
    this.#reads.isWhole = true
    return super.entries()
  }

  override forEach(visit: (value: GoValue, key: string, map: Map<string, GoValue>) => void): void {
    this.#reads.isWhole = true
    super.forEach(visit)
  }

  override [Symbol.iterator](): MapIterator<[string, GoValue]> {
    this.#reads.isWhole = true
    return super[Symbol.iterator]()
  }
}

/** Copies values into recorded ones. A map that stands in several places is one map afterwards, too, known by the first of them. */
class Recorder {
  readonly latest: Read[] = []
  readonly #note: Note | undefined
  readonly #known = new Map<GoMap, { readonly map: GoMap; readonly reads: MapReads }>()

  constructor(remember: boolean) {
    this.#note = remember ? (reads, key, value) => this.#remember({ reads, key, value }) : undefined
  }

  map(map: GoMap, path: readonly string[]): { readonly map: GoMap; readonly reads: MapReads } {
    const known = this.#known.get(map)
    if (known) return known
    const reads: MapReads = { path, keys: new Set(), isWhole: false, below: new Map(), known: [...map.keys()] }
    const made = { map: new RecordedMap(reads, this.#note) as GoMap, reads }
    this.#known.set(map, made)
    // Subcharts share their parent's globals, which are best known by where a person sets them.
    const global = map.get('global')
    if (global instanceof Map) this.map(global, [...path, 'global'])
    for (const [key, value] of map) made.map.set(key, this.#value(value, key, path, reads))
    return made
  }

  #value(value: GoValue, key: string, path: readonly string[], reads: MapReads): GoValue {
    if (value instanceof Map) {
      const { map, reads: below } = this.map(value as GoMap, [...path, key])
      reads.below.set(key, below)
      return map
    }
    return Array.isArray(value) && value.some((item) => typeof item === 'object') ? this.#list(value as GoList, key, path, reads) : value
  }

  #list(list: GoList, key: string, path: readonly string[], reads: MapReads): GoList {
    const items: MapReads = { path: [...path, key], keys: new Set(), isWhole: false, below: new Map(), known: [] }
    reads.below.set(key, items)
    return list.map((item, i) => this.#value(item, String(i), items.path, items))
  }

  #remember(read: Read): void {
    if (this.latest.length >= 2 * REMEMBERED) this.latest.splice(0, REMEMBERED)
    this.latest.push(read)
  }
}

/**
 * A copy of `values` (coalesced, before templates touch them) that notes what is read of it.
 *
 * @param options.remember keeps the latest questions with their answers, to explain a failure
 */
export function recordValues(values: GoMap, options: { readonly remember?: boolean } = {}): RecordedValues {
  const recorder = new Recorder(options.remember ?? false)
  const { map, reads } = recorder.map(values, [])
  return { values: map, root: reads, latest: recorder.latest }
}
