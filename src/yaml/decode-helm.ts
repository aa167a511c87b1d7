import { formatFloat } from '../go/float.ts'
import { GoInt, type GoList, type GoMap, GoTime, type GoValue, sortedKeys } from '../go/values.ts'
import { AliasGuard } from './alias-guard.ts'
import { compositeKey } from './composite-key.ts'
import { decodeScalar, isMergeKey } from './decode-scalar.ts'
import { duplicateKeys, MAX_DUPLICATES } from './duplicate-keys.ts'
import { goSyntax, typedValue } from './go-syntax.ts'
import { eachMergeSource } from './merge-sources.ts'
import type { MappingNode, ScalarNode, YamlNode } from './node.ts'
import { type ScalarValue, tagOf } from './resolve.ts'
import { YamlError } from './yaml-error.ts'

/**
 * A node's value as sigs.k8s.io/yaml hands it on: read by go-yaml v2, turned into JSON, read back. Every number is a float64,
 * every key a string, times are texts.
 *
 * @param options.strict duplicate keys are an error; otherwise the last wins
 * @throws YamlError `yaml/type`, `yaml/merge`, `yaml/map-key`, `yaml/not-json`, `yaml/duplicate-key`, and those of aliases
 * Source: sigs.k8s.io/yaml 1.6.0 yaml.go, go.yaml.in/yaml v2.4.4 decode.go
 */
export function decodeHelm(node: YamlNode | null, options: { readonly strict?: boolean } = {}): GoValue {
  if (node === null) return null
  const decoder = new HelmDecoder(options.strict ?? false)
  const value = decoder.decode(node)
  decoder.throwLater(value)
  return value
}

const SMALL_INTEGER_LENGTH = 15

class HelmDecoder {
  readonly #guard = new AliasGuard()
  readonly #strict: boolean
  readonly #duplicates: { readonly line: string; readonly node: YamlNode; readonly key: string }[] = []
  // Go converts to JSON only once all is read, so what JSON cannot hold counts only where nothing overrides it: keys by the map
  // they stand in, numbers by what stands in their place.
  readonly #badKeys = new Map<GoValue, () => YamlError>()
  readonly #badNumbers = new Map<GoValue, () => YamlError>()

  constructor(strict: boolean) {
    this.#strict = strict
  }

  /** `root`: what all was decoded to. */
  throwLater(root: GoValue): void {
    if (this.#duplicates.length > 0) throw duplicateKeys(this.#duplicates.map(({ node, line, key }) => ({ at: node.span, goText: line, key })))
    for (const bad of [this.#badKeys, this.#badNumbers]) {
      const error = bad.size > 0 ? firstWithin(root, bad) : undefined
      if (error) throw error()
    }
  }

  decode(node: YamlNode): GoValue {
    this.#guard.count(node)
    switch (node.type) {
      case 'scalar':
        return this.#scalar(node)
      case 'alias':
        return this.#guard.follow(node, (target) => this.decode(target))
      case 'sequence': {
        const list: GoList = []
        for (const item of node.items) list.push(this.decode(item))
        return list
      }
      case 'mapping': {
        const map: GoMap = new Map()
        this.#fill(map, node, this.#strict ? new Set() : undefined)
        return map
      }
    }
  }

  #scalar(node: ScalarNode): GoValue {
    const { text } = node
    if (node.tag === undefined) {
      if (node.style !== 'plain') return text
      const first = text.charCodeAt(0)
      // Most plain scalars are words, which begin with none of what numbers, times and special words begin with.
      if (first > 0x39 && !SPECIAL_START[first]) return text
      if (first > 0x30 && text.length <= SMALL_INTEGER_LENGTH && isAllDigits(text)) return Number(text)
    }
    const value = decodeScalar(node, 'helm')
    if (value instanceof GoTime) return text
    if (value instanceof GoInt) return Number(value.value)
    if (typeof value === 'number' && !Number.isFinite(value)) return this.#badNumber(value, node)
    return typeof value === 'string' ? jsonString(value) : value
  }

  #badNumber(value: number, node: ScalarNode): GoValue {
    const summary = `unsupported value: ${formatFloat(value, 'g', -1)}`
    const place: GoList = []
    this.#badNumbers.set(place, () => new YamlError(`json: ${summary}`, { code: 'yaml/not-json', severity: 'error', summary, at: node.span }))
    return place
  }

  /** Adds a mapping's entries in order; one that is merged in overrides what stands before it, a slip of v2 that charts rely on. */
  #fill(map: GoMap, node: MappingNode, seen: Set<string> | undefined): void {
    for (const { key, value } of node.entries) {
      if (isMergeKey(key, 'helm')) {
        this.#merge(map, value, seen)
        continue
      }
      const name = this.#key(map, key, value, seen)
      map.set(name, this.decode(value))
    }
  }

  #merge(map: GoMap, value: YamlNode, seen: Set<string> | undefined): void {
    const sources = value.type === 'sequence' ? value.items.toReversed() : [value]
    eachMergeSource(this.#guard, sources, (target) => this.#fill(map, target, seen))
  }

  #key(map: GoMap, key: YamlNode, value: YamlNode, seen: Set<string> | undefined): string {
    this.#guard.count(key)
    if (key.type === 'alias') return this.#guard.follow(key, (target) => this.#key(map, target, value, seen))
    if (key.type !== 'scalar') {
      // Go decodes the key first, so an error inside it comes first.
      this.decode(key)
      throw compositeKey(key, 'helm')
    }
    const typed = key.tag === undefined && key.style !== 'plain' ? key.text : decodeScalar(key, 'helm')
    if (seen) this.#noteDuplicate(key, value, typed, seen)
    if (typeof typed === 'string') return jsonString(typed)
    if (typed instanceof GoTime) return key.text
    if (typeof typed === 'boolean') return String(typed)
    if (typed instanceof GoInt && typed.kind === 'int') return String(typed.value)
    if (typeof typed === 'number') return floatKey(typed)
    // The last of two equal keys counts.
    this.#badKeys.set(map, () => keyError(key, typed, value))
    return ''
  }

  #noteDuplicate(key: ScalarNode, value: YamlNode, typed: ScalarValue, seen: Set<string>): void {
    const text = typed instanceof GoTime ? key.text : typed instanceof GoInt ? String(typed.value) : String(typed)
    const identity = `${tagOf(typed instanceof GoTime ? text : typed)} ${text}`
    if (seen.has(identity) && this.#duplicates.length < MAX_DUPLICATES) {
      const shown = goSyntax(typed instanceof GoTime ? text : typed, 'helm')
      this.#duplicates.push({ node: value, key: text, line: `key ${shown} already set in map` })
    }
    seen.add(identity)
  }
}

/** What `marks` holds for the first that it holds of a value and all within it, in the order of JSON. */
function firstWithin<T>(value: GoValue, marks: ReadonlyMap<GoValue, T>): T | undefined {
  const mark = marks.get(value)
  if (mark !== undefined) return mark
  const items = value instanceof Map ? sortedKeys(value).map((key) => value.get(key) as GoValue) : Array.isArray(value) ? value : []
  for (const item of items) {
    const found = firstWithin(item, marks)
    if (found !== undefined) return found
  }
  return undefined
}

/** Letters and signs that words like `yes`, `null`, `~` and `<<` begin with. */
const SPECIAL_START: readonly boolean[] = Array.from({ length: 128 }, (_, code) => 'yYnNtTfFoO~'.includes(String.fromCharCode(code)))

function isAllDigits(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code < 0x30 || code > 0x39) return false
  }
  return true
}

const LONE_SURROGATES = /[\ud800-\udfff]/gu

/** A string after a trip through Go's JSON encoder: bytes that are no UTF-8 become U+FFFD. */
function jsonString(text: string): string {
  return text.replace(LONE_SURROGATES, '\ufffd')
}

/** A float key, which sigs.k8s.io/yaml prints with the precision of a float32. */
function floatKey(value: number): string {
  if (Number.isNaN(value)) return '.nan'
  const single = Math.fround(value)
  if (!Number.isFinite(single)) return single > 0 ? '.inf' : '-.inf'
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(single.toPrecision(digits))
    if (Math.fround(short) === single) return formatFloat(short, 'g', -1)
  }
  return formatFloat(Number(single.toPrecision(9)), 'g', -1)
}

function keyError(node: ScalarNode, key: ScalarValue, value: YamlNode): YamlError {
  const type = key === null ? '%!s(<nil>)' : 'uint64'
  const summary = `unsupported map key of type: ${type}, key: ${goSyntax(key, 'helm')}, value: ${goSyntax(typedValue(value, 'helm'), 'helm')}`
  return new YamlError(summary, {
    code: 'yaml/map-key',
    severity: 'error',
    summary: `unsupported map key of type ${key === null ? 'null' : 'uint64'}`,
    at: node.span,
  })
}
