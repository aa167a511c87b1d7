import type { Source } from '../base/source.ts'
import { GO_TYPE, type GoMap, type GoValue, goInt, withGoType } from '../go/values.ts'
import { parseYaml } from '../yaml/compose.ts'
import { decodeNode } from '../yaml/decode.ts'
import { encodeYaml } from '../yaml/encode.ts'
import type { YamlDocument } from '../yaml/node.ts'
import { sortKeysNaturally } from '../yaml/sort-keys.ts'

/** The documents of a text by the rules Helmfile reads YAML with. */
export function parseText(source: Source): readonly YamlDocument[] {
  return parseYaml(source, 'helmfile')
}

/** The first document of a text; null where there is none. */
export function decodeText(source: Source): GoValue {
  const root = parseText(source)[0]?.root
  return root ? decodeNode(root, 'helmfile') : null
}

/** A value as Helmfile prints it. */
export function encodeText(value: GoValue): string {
  return encodeYaml(value, 'helmfile')
}

/**
 * A tree whose structs (maps marked `STRUCT`) keep the order of their entries, as Helmfile prints structs; other maps are
 * sorted as always.
 */
export function encodeStructText(value: GoMap): string {
  return encodeYaml(inPrintOrder(value), 'helmfile', { keepOrder: true })
}

/** The type mark of maps that are printed in the order of their entries: Go structs. */
export const STRUCT = 'struct'

function inPrintOrder(value: GoValue): GoValue {
  if (Array.isArray(value)) return value.map(inPrintOrder)
  if (!(value instanceof Map)) return value
  const type = value[GO_TYPE]?.type
  const keys = type === STRUCT ? [...value.keys()] : sortKeysNaturally(value.keys(), 'v3')
  const ordered: GoMap = new Map(keys.map((key) => [key, inPrintOrder(value.get(key) as GoValue)]))
  return type === undefined ? ordered : withGoType(ordered, type)
}

/** From this number on whole floats are printed with an exponent, and so stay floats. */
const EXPONENT_FROM = 1e6

/** What `value` is after it was printed and read again: whole floats below a million become integers. Shares what does not change. */
export function roundTripped(value: GoValue): GoValue {
  if (typeof value === 'number') return Number.isInteger(value) && Math.abs(value) < EXPONENT_FROM ? goInt(value) : value
  if (Array.isArray(value)) return keepWhenSame(value, value.map(roundTripped))
  if (value instanceof Map && !value[GO_TYPE]) {
    const changed = [...value].map(([key, item]) => [key, roundTripped(item)] as const)
    return changed.every(([key, item]) => item === value.get(key)) ? value : new Map(changed)
  }
  return value
}

function keepWhenSame<T extends GoValue[]>(before: T, after: T): T {
  return after.every((item, i) => item === before[i]) ? before : after
}
