import { createRequire } from 'node:module'
import { isObject, type JsonObject, sameJson } from '../../base/json.ts'
import type { MergeField } from '../../kinds/merge-fields.ts'

/** An element before and after; one of the two may be absent (undefined). */
export interface ItemPair {
  /** What tells the element apart (`web`, `80/TCP`), or its position. */
  readonly item: string
  /** The field that tells it apart, where there is one. */
  readonly key: string | undefined
  readonly before: unknown
  readonly after: unknown
}

export interface PairedItems {
  /** In the order of the list after, what goes at its old place. */
  readonly pairs: readonly ItemPair[]
  /** The names of elements that are in both, before and after, where their order is another. */
  readonly reordered?: { readonly before: readonly string[]; readonly after: readonly string[] }
}

/** What tells elements apart in lists of which nothing is known: custom kinds, and lists that Kubernetes takes as a whole. */
const USUAL_KEYS = [
  'name',
  'key',
  'host',
  'path',
  'mountPath',
  'containerPort',
  'port',
  'id',
  'ip',
  'devicePath',
  'topologyKey',
  'type',
  'uid',
] as const
/** Where the key alone is not unique, this with it is: one port may be open for two protocols. */
const SECOND_KEYS: Readonly<Record<string, string>> = { containerPort: 'protocol', port: 'protocol', key: 'operator' }
const DEFAULTS: Readonly<Record<string, string>> = { protocol: 'TCP', operator: 'Equal' }
/** Edits between two lists beyond which they are shown as wholly different: bounds the time. */
const MAX_EDITS = 2000

/**
 * The elements of two lists matched: by the key with which Kubernetes merges them, by a usual key that is unique in both, and
 * otherwise in order, equal ones first.
 */
export function pairItems(before: readonly unknown[], after: readonly unknown[], field: MergeField | undefined): PairedItems {
  const keys = [...(field?.key === undefined ? [] : [field.key]), ...USUAL_KEYS]
  for (const key of keys) {
    const named = namedBy(key, before, after)
    if (named) return pairNamed(key, named.before, named.after)
  }
  return { pairs: pairInOrder(before, after) }
}

/** What an element of a list may be called by: its values under the usual keys, and those with the second key beside them. */
export function elementNames(item: unknown): readonly string[] {
  if (!isObject(item)) return []
  return USUAL_KEYS.flatMap((key) => [single(key)(item), double(key)(item)]).filter((name) => name !== undefined)
}

type Named = ReadonlyMap<string, unknown>

function namedBy(key: string, before: readonly unknown[], after: readonly unknown[]): { readonly before: Named; readonly after: Named } | undefined {
  for (const nameOf of [single(key), double(key)]) {
    const [old, next] = [nameAll(before, nameOf), nameAll(after, nameOf)]
    if (old && next) return { before: old, after: next }
  }
  return undefined
}

type NameOf = (item: JsonObject) => string | undefined

function single(key: string): NameOf {
  return (item) => scalarText(Object.hasOwn(item, key) ? item[key] : undefined)
}

function double(key: string): NameOf {
  const second = SECOND_KEYS[key]
  if (second === undefined) return () => undefined
  return (item) => {
    const [first, other] = [scalarText(item[key]), scalarText(item[second] ?? DEFAULTS[second])]
    return first === undefined || other === undefined ? undefined : `${first}/${other}`
  }
}

function scalarText(value: unknown): string | undefined {
  return (typeof value === 'string' && value !== '') || typeof value === 'number' ? String(value) : undefined
}

function nameAll(items: readonly unknown[], nameOf: NameOf): Named | undefined {
  const named = new Map<string, unknown>()
  for (const item of items) {
    const name = isObject(item) ? nameOf(item) : undefined
    if (name === undefined || named.has(name)) return undefined
    named.set(name, item)
  }
  return named
}

function pairNamed(key: string, before: Named, after: Named): PairedItems {
  const pairs: ItemPair[] = []
  const waiting = [...before.keys()].filter((name) => !after.has(name))
  const place = new Map([...before.keys()].map((name, index) => [name, index]))
  const leave = (until: number): void => {
    while (waiting.length > 0 && (place.get(waiting[0] as string) as number) < until) {
      const name = waiting.shift() as string
      pairs.push({ item: name, key, before: before.get(name), after: undefined })
    }
  }
  for (const [name, item] of after) {
    leave(place.get(name) ?? 0)
    pairs.push({ item: name, key, before: before.get(name), after: item })
  }
  leave(Number.POSITIVE_INFINITY)
  const common = { before: [...before.keys()].filter((name) => after.has(name)), after: [...after.keys()].filter((name) => before.has(name)) }
  return sameJson(common.before, common.after) ? { pairs } : { pairs, reordered: common }
}

let diffPackage: typeof import('diff') | undefined

function pairInOrder(before: readonly unknown[], after: readonly unknown[]): readonly ItemPair[] {
  diffPackage ??= createRequire(import.meta.url)('diff') as typeof import('diff')
  const parts = diffPackage.diffArrays([...before], [...after], { comparator: sameJson, maxEditLength: MAX_EDITS })
  if (!parts) return replacedItems(before, after, 0, 0)
  const pairs: ItemPair[] = []
  let [old, next] = [0, 0]
  for (const [index, part] of parts.entries()) {
    const following = parts[index + 1]
    if (part.added && parts[index - 1]?.removed) continue
    const gone = part.removed ? part.value : part.added ? [] : part.value
    const come = part.removed ? (following?.added ? following.value : []) : part.value
    pairs.push(...replacedItems(gone, come, old, next))
    old += gone.length
    next += come.length
  }
  return pairs
}

/** Elements in the place of others: of the same shape, or as many of them, each is a change of one; others come and go. */
function replacedItems(gone: readonly unknown[], come: readonly unknown[], old: number, next: number): readonly ItemPair[] {
  const isEach = gone.length === come.length || [...gone, ...come].every(isContainer)
  const both = isEach ? Math.min(gone.length, come.length) : 0
  const pair = (item: number, before: unknown, after: unknown): ItemPair => ({ item: String(item), key: undefined, before, after })
  return [
    ...gone.slice(0, both).map((item, index) => pair(next + index, item, come[index])),
    ...gone.slice(both).map((item, index) => pair(old + both + index, item, undefined)),
    ...come.slice(both).map((item, index) => pair(next + both + index, undefined, item)),
  ]
}

function isContainer(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}
