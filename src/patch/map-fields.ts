import type { GoMap } from '../go/values.ts'

/** The map under `key`, or an empty one where something else or nothing is. */
export function mapAt(map: GoMap, key: string): GoMap {
  const value = map.get(key)
  return value instanceof Map ? value : new Map()
}

/** The text under `key`, or an empty one where something else or nothing is. */
export function textAt(map: GoMap, key: string): string {
  const value = map.get(key)
  return typeof value === 'string' ? value : ''
}
