import { type GoMap, type GoValue, sortedKeys } from '../go/values.ts'
import type { Shape, StructShape } from './decode-struct.ts'

/** The answer where Go's rules for values of other types than wanted come in. */
const UNSURE: unique symbol = Symbol('unsure')

/**
 * The fields of a struct where `value` has exactly the types that `shape` asks for, as `decodeStruct` gives them; undefined where
 * it has others, or keys that differ from fields in case only.
 */
export function structOfValue(value: GoMap, shape: StructShape): ReadonlyMap<string, unknown> | undefined {
  const fields = structOf(value, shape)
  return fields === UNSURE ? undefined : (fields as ReadonlyMap<string, unknown>)
}

function structOf(value: GoValue, { fields }: StructShape): unknown {
  if (!(value instanceof Map)) return UNSURE
  const names = Object.keys(fields)
  const result = new Map<string, unknown>()
  for (const key of sortedKeys(value)) {
    const shape = Object.hasOwn(fields, key) ? fields[key] : undefined
    if (!shape) {
      const lower = key.toLowerCase()
      if (names.some((name) => name.toLowerCase() === lower)) return UNSURE
      continue
    }
    const found = fitted(value.get(key) ?? null, shape)
    if (found === UNSURE) return UNSURE
    if (found !== undefined) result.set(key, found)
  }
  return result
}

/** Undefined where nothing is set. */
function fitted(value: GoValue, shape: Shape): unknown {
  if (shape.kind === 'any') return value
  if (value === null) return undefined
  switch (shape.kind) {
    case 'list':
      return Array.isArray(value) ? listOf(value, shape.of) : UNSURE
    case 'map':
      return value instanceof Map ? mapOf(value as GoMap, shape.of) : UNSURE
    case 'struct':
      return structOf(value, shape)
    case 'bool':
      return typeof value === 'boolean' ? value : UNSURE
    default:
      return typeof value === 'string' ? value : UNSURE
  }
}

function listOf(list: readonly GoValue[], shape: Shape): unknown {
  const items = list.map((item) => fitted(item, shape) ?? (shape.kind === 'string' ? '' : null))
  return items.includes(UNSURE) ? UNSURE : items
}

function mapOf(map: GoMap, shape: Shape): unknown {
  const entries = sortedKeys(map).map((key) => [key, fitted(map.get(key) ?? null, shape) ?? ''] as const)
  return entries.some(([, value]) => value === UNSURE) ? UNSURE : new Map(entries)
}
