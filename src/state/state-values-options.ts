import { failure } from '../base/diagnostic.ts'
import { type GoMap, type GoValue, goInt } from '../go/values.ts'
import { mergeMaps } from '../values/merge-maps.ts'

/** The largest list index taken from the command line. */
const MAX_INDEX = 65_536

const STRING_PAIR = /(?:,|^)([^\s=]+)=(['"][^'"]*['"]|[^,]+)/g

/**
 * `--state-values-set` and `--state-values-set-string` as one tree. Only whole numbers, booleans and null are typed; the strings
 * come first, so that typed ones win.
 * @throws DiagnosticError `state/bad-set`
 * Source: Helmfile 1.8 pkg/config/config.go, pkg/maputil Set
 */
export function parseStateValuesOptions(typed: readonly string[], strings: readonly string[]): GoMap {
  const fromStrings: GoMap = new Map()
  for (const text of strings) for (const [, key = '', value = ''] of text.matchAll(STRING_PAIR)) setAt(fromStrings, text, key, value)
  const fromTyped: GoMap = new Map()
  for (const text of typed) {
    for (const pair of text.split(',')) {
      const equals = pair.indexOf('=')
      if (equals < 0) throw bad('--state-values-set', text, `"${pair}" has no "="`)
      setAt(fromTyped, text, pair.slice(0, equals), typedValue(pair.slice(equals + 1)))
    }
  }
  return mergeMaps(fromStrings, fromTyped)
}

function bad(option: string, text: string, what: string): Error {
  return failure('state/bad-set', `${option} ${text}: ${what}`, { hint: 'write key=value, several of them separated by commas' })
}

function typedValue(text: string): GoValue {
  const word = text.toLowerCase()
  if (word === 'true') return true
  if (word === 'false') return false
  if (word === 'null') return null
  if (text === '0') return goInt(0)
  if (/^[+-]?\d+$/.test(text) && !text.startsWith('0')) {
    const value = BigInt(text)
    if (BigInt.asIntN(64, value) === value) return goInt(value)
  }
  return text
}

function splitKey(key: string): string[] {
  const parts: string[] = []
  let part = ''
  for (let i = 0; i < key.length; i++) {
    const character = key[i] as string
    if (character === '\\' && i + 1 < key.length) part += key[++i]
    else if (character === '.') {
      parts.push(part)
      part = ''
    } else if (character !== '\\') part += character
  }
  if (part !== '') parts.push(part)
  return parts
}

/** A step of a path: a key, or a key and an index into the list there. */
function parseStep(text: string): { readonly key: string; readonly index: number | undefined } {
  const match = /^\s*([^\s[\]]+)[\s[\]]+([+-]?\d+)/.exec(text)
  if (!match) return { key: text.replace(/[[\]]/g, ' '), index: undefined }
  return { key: match[1] as string, index: Number(match[2]) }
}

function setAt(tree: GoMap, text: string, key: string, value: GoValue): void {
  const steps = splitKey(key).map(parseStep)
  if (steps.length === 0) throw bad('--state-values-set', text, 'a key is missing')
  let map = tree
  for (const [i, { key: name, index }] of steps.entries()) {
    const last = i === steps.length - 1
    if (index === undefined) {
      if (last) map.set(name, value)
      else map = childMap(map.get(name), (made) => map.set(name, made), text)
      continue
    }
    const list = listAt(map, name, index, text)
    if (last) list[index] = value
    else map = childMap(list[index], (made) => (list[index] = made), text)
  }
}

function childMap(existing: GoValue | undefined, put: (made: GoMap) => void, text: string): GoMap {
  if (existing instanceof Map) return existing
  if (existing !== undefined && existing !== null) throw bad('--state-values-set', text, 'a key is set as a value and as a map')
  const made: GoMap = new Map()
  put(made)
  return made
}

function listAt(map: GoMap, name: string, index: number, text: string): GoValue[] {
  if (index < 0 || index > MAX_INDEX) throw bad('--state-values-set', text, `the index ${index} is out of range`)
  const existing = map.get(name)
  if (existing !== undefined && !Array.isArray(existing)) throw bad('--state-values-set', text, `"${name}" is set as a value and as a list`)
  const list: GoValue[] = existing ?? []
  while (list.length <= index) list.push(null)
  map.set(name, list)
  return list
}
