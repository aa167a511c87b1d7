import { GoInt, type GoValue } from './values.ts'

/** What `encoding/json` calls a value other than null in its messages. */
export function jsonKind(value: GoValue): 'array' | 'object' | 'bool' | 'number' | 'string' {
  if (Array.isArray(value)) return 'array'
  if (value instanceof Map) return 'object'
  if (typeof value === 'boolean') return 'bool'
  return typeof value === 'number' || value instanceof GoInt ? 'number' : 'string'
}
