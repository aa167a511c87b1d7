import { failure } from '../base/diagnostic.ts'
import type { Span } from '../base/source.ts'
import { GO_TYPE, type GoMap, type GoValue } from '../go/values.ts'
import { resolvePlain, tagOf } from '../yaml/resolve.ts'

const GO_KEY_TYPES: Readonly<Record<string, string>> = {
  '!!int': 'int',
  '!!bool': 'bool',
  '!!float': 'float64',
  '!!null': '<nil>',
  '!!timestamp': 'time.Time',
}

/**
 * `value` itself, once no map in it has a key that is no string.
 * @throws DiagnosticError `state/key-not-string`
 * Source: Helmfile 1.8 pkg/maputil CastKeysToStrings
 */
export function castKeys<T extends GoValue>(value: T, at?: Span): T {
  if (Array.isArray(value)) for (const item of value) castKeys(item, at)
  else if (value instanceof Map) {
    if ((value as GoMap)[GO_TYPE]) throw keyError(value, at)
    for (const item of value.values()) castKeys(item, at)
  }
  return value
}

function keyError(map: GoMap, at: Span | undefined): Error {
  const typeOf = (key: string): string | undefined => GO_KEY_TYPES[tagOf(resolvePlain(key, 'helmfile'))]
  const key = [...map.keys()].find(typeOf) ?? ''
  return failure('state/key-not-string', `unexpected type of key in map: expected string, got ${typeOf(key) ?? 'interface {}'}: value=${key}`, {
    ...(at ? { at } : {}),
    hint: `put the key in quotes: "${key}"`,
  })
}
