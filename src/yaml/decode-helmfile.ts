import { formatFloat } from '../go/float.ts'
import { quote } from '../go/quote.ts'
import { GoInt, type GoList, type GoMap, GoTime, type GoValue, withGoType } from '../go/values.ts'
import { AliasGuard } from './alias-guard.ts'
import { compositeKey } from './composite-key.ts'
import { decodeScalar, isMergeKey } from './decode-scalar.ts'
import { type DuplicateKey, duplicateKeys, MAX_DUPLICATES } from './duplicate-keys.ts'
import { lineOf } from './lines.ts'
import { eachMergeSource } from './merge-sources.ts'
import type { MappingNode, YamlNode } from './node.ts'
import type { ScalarValue } from './resolve.ts'
import { formatTimestamp } from './timestamp.ts'

/** The Go type of a map that has keys other than strings; its keys here are what Go prints of them. */
export const GENERAL_MAP = 'map[interface {}]interface {}'

/**
 * A node's value as go-yaml v3 puts it into an `interface {}`: integers `int` or `uint64`, floats, times, strings. A map with
 * a key that is no string is marked as `map[interface {}]interface {}` (`GENERAL_MAP`) and has that key as Go prints it.
 *
 * @throws YamlError `yaml/type`, `yaml/merge`, `yaml/map-key`, `yaml/duplicate-key`, and those of aliases
 * Source: go.yaml.in/yaml v3.0.5, decode.go
 */
export function decodeHelmfile(node: YamlNode | null): GoValue {
  if (node === null) return null
  const decoder = new HelmfileDecoder()
  const value = decoder.decode(node)
  decoder.throwDuplicates()
  return value
}

class HelmfileDecoder {
  readonly #guard = new AliasGuard()
  readonly #duplicates: DuplicateKey[] = []

  throwDuplicates(): void {
    if (this.#duplicates.length > 0) throw duplicateKeys(this.#duplicates)
  }

  decode(node: YamlNode): GoValue {
    this.#guard.count(node)
    switch (node.type) {
      case 'scalar':
        return decodeScalar(node, 'helmfile')
      case 'alias':
        return this.#guard.follow(node, (target) => this.decode(target))
      case 'sequence':
        return this.#sequence(node.items)
      case 'mapping': {
        const map: GoMap = isStringMap(node) ? new Map() : withGoType(new Map(), GENERAL_MAP)
        this.#fill(map, node, undefined)
        return map
      }
    }
  }

  #sequence(items: readonly YamlNode[]): GoList {
    const list: GoList = []
    for (const item of items) {
      const before = this.#duplicates.length
      const value = this.decode(item)
      // A map with a key twice is dropped from its list; the error comes at the end.
      if (this.#duplicates.length === before || item.type !== 'mapping') list.push(value)
    }
    return list
  }

  /** Adds a mapping's entries; `merged` holds the keys that may not be set any more while maps are merged in. */
  #fill(map: GoMap, node: MappingNode, merged: Set<string> | undefined): void {
    if (this.#hasDuplicates(node)) return
    let mergeValue: YamlNode | undefined
    for (const { key, value } of node.entries) {
      if (isMergeKey(key, 'helmfile')) {
        mergeValue = value
        continue
      }
      const name = this.#key(key)
      if (merged?.has(name)) continue
      merged?.add(name)
      map.set(name, this.decode(value))
    }
    if (mergeValue) this.#merge(map, node, mergeValue, merged)
  }

  #merge(map: GoMap, parent: MappingNode, value: YamlNode, outer: Set<string> | undefined): void {
    const merged = outer ?? new Set(parent.entries.map(({ key }) => this.#key(key)))
    const sources = value.type === 'sequence' ? value.items : [value]
    eachMergeSource(this.#guard, sources, (target) => this.#fill(map, target, merged))
  }

  #key(key: YamlNode): string {
    this.#guard.count(key)
    if (key.type === 'alias') return this.#guard.follow(key, (target) => this.#key(target))
    if (key.type !== 'scalar') {
      // Go decodes the key first, so an error inside it comes first.
      this.decode(key)
      throw compositeKey(key, 'helmfile')
    }
    return keyText(decodeScalar(key, 'helmfile'))
  }

  #hasDuplicates(node: MappingNode): boolean {
    const groups = new Map<string, YamlNode[]>()
    let found = false
    for (const { key } of node.entries) {
      const identity = `${key.type} ${key.type === 'scalar' ? key.text : key.type === 'alias' ? key.name : ''}`
      const group = groups.get(identity)
      if (group) {
        group.push(key)
        found = true
      } else groups.set(identity, [key])
    }
    if (found) this.#noteDuplicates(node, groups)
    return found
  }

  #noteDuplicates(node: MappingNode, groups: ReadonlyMap<string, readonly YamlNode[]>): void {
    const order = new Map(node.entries.map(({ key }, index) => [key, index]))
    const pairs: { readonly first: YamlNode; readonly second: YamlNode }[] = []
    for (const group of groups.values()) {
      for (let i = 0; i < group.length; i++) {
        for (let j = i + 1; j < group.length && pairs.length < MAX_DUPLICATES; j++)
          pairs.push({ first: group[i] as YamlNode, second: group[j] as YamlNode })
      }
    }
    const at = (key: YamlNode): number => order.get(key) as number
    pairs.sort((a, b) => at(a.first) - at(b.first) || at(a.second) - at(b.second))
    for (const { first, second } of pairs) this.#duplicates.push(duplicate(first, second))
  }
}

function duplicate(first: YamlNode, second: YamlNode): DuplicateKey {
  const key = second.type === 'scalar' ? second.text : second.type === 'alias' ? second.name : ''
  const line = lineOf(first.span.source.text, first.span.start) + 1
  return { at: second.span, first: first.span, key, goText: `mapping key ${quote(key)} already defined at line ${line}` }
}

function isStringMap(node: MappingNode): boolean {
  return node.entries.every(({ key }) => {
    const target = key.type === 'alias' ? key.target : key
    if (target.type !== 'scalar') return false
    if (isMergeKey(target, 'helmfile')) return true
    if (target.tag === undefined || target.tag === '!') return target.style !== 'plain' || typeof decodeScalar(target, 'helmfile') === 'string'
    return target.tag === '!!str' || target.tag === '!!merge'
  })
}

/** A key as Go prints it. */
function keyText(key: ScalarValue): string {
  if (typeof key === 'string') return key
  if (key === null) return '<nil>'
  if (key instanceof GoInt) return String(key.value)
  if (key instanceof GoTime) return formatTimestamp(key)
  return typeof key === 'number' ? formatFloat(key, 'g', -1) : String(key)
}
