import { GO_METHODS, GO_TYPE, GoInt, type GoList, type GoMap, GoTime, type GoTypeMark, type GoValue, withGoType } from './values.ts'

/** What survives the structured clone between threads: a `GoValue` whose classes and type marks are spelled out. */
export type Transferred =
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | readonly Transferred[]
  | ReadonlyMap<string, Transferred>
  | { readonly int: bigint; readonly kind: GoInt['kind']; readonly type: string }
  | { readonly time: bigint; readonly zone: string; readonly offsetSeconds: number | undefined }
  | { readonly mark: GoTypeMark; readonly container: readonly Transferred[] | ReadonlyMap<string, Transferred> }

/** A value made ready for another thread; undefined where something in it has methods and must stay. */
export function toTransferred(value: GoValue): Transferred | undefined {
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return value
  if (value instanceof GoInt) return { int: value.value, kind: value.kind, type: value.type }
  if (value instanceof GoTime) return { time: value.nanoseconds, zone: value.zone, offsetSeconds: value.offsetSeconds }
  if (!(value instanceof Map) && !Array.isArray(value)) return undefined
  const held = value as GoMap | GoList
  if (held[GO_METHODS]) return undefined
  const container = Array.isArray(held) ? listToTransferred(held) : mapToTransferred(held)
  const mark = held[GO_TYPE]
  return container && mark ? { mark, container } : container
}

function listToTransferred(list: GoList): readonly Transferred[] | undefined {
  const items = list.map(toTransferred)
  return items.includes(undefined) ? undefined : (items as Transferred[])
}

function mapToTransferred(map: GoMap): ReadonlyMap<string, Transferred> | undefined {
  const entries = new Map<string, Transferred>()
  for (const [key, item] of map) {
    const transferred = toTransferred(item)
    if (transferred === undefined) return undefined
    entries.set(key, transferred)
  }
  return entries
}

/** The value that another thread made ready with `toTransferred`. */
export function fromTransferred(value: Transferred): GoValue {
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return value
  if (Array.isArray(value)) return value.map(fromTransferred)
  if (value instanceof Map) return new Map([...(value as ReadonlyMap<string, Transferred>)].map(([key, item]) => [key, fromTransferred(item)]))
  if ('int' in value) return new GoInt(value.int, value.kind, value.type)
  if ('time' in value) return new GoTime(value.time, value.zone, value.offsetSeconds)
  const { mark, container } = value as Extract<Transferred, { readonly mark: GoTypeMark }>
  return withGoType(fromTransferred(container) as GoMap | GoList, mark.type, mark.isNil)
}
