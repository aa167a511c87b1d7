import { formatFloat } from '../go/float.ts'
import { quote } from '../go/quote.ts'
import { compareBytes, GoInt, GoTime } from '../go/values.ts'
import { decodeScalar, isMergeKey } from './decode-scalar.ts'
import type { Dialect } from './dialect.ts'
import type { MappingNode, ScalarNode, YamlNode } from './node.ts'
import type { ScalarValue } from './resolve.ts'

/** A decoded value as the Go library holds it, keys typed and in the order Go prints them; only messages need it. */
export type Typed = ScalarValue | readonly Typed[] | TypedMap

/** Entries by their keys as Go prints them. */
type TypedMap = ReadonlyMap<string, TypedEntry>

interface TypedEntry {
  readonly key: ScalarValue
  readonly value: Typed
}

/** How far a message follows nested values and aliases. */
const MAX_DEPTH = 20

/** The value of a node with typed keys. @throws YamlError `yaml/type` */
export function typedValue(node: YamlNode, dialect: Dialect, depth = 0): Typed {
  if (depth > MAX_DEPTH) return null
  const inner = (child: YamlNode): Typed => typedValue(child, dialect, depth + 1)
  switch (node.type) {
    case 'alias':
      return inner(node.target)
    case 'sequence':
      return node.items.map(inner)
    case 'mapping':
      return typedMap(node, dialect, depth)
    case 'scalar':
      return typedScalar(node, dialect)
  }
}

function typedScalar(node: ScalarNode, dialect: Dialect): ScalarValue {
  const value = decodeScalar(node, dialect)
  return dialect === 'helm' && value instanceof GoTime ? node.text : value
}

function typedMap(node: MappingNode, dialect: Dialect, depth: number): TypedMap {
  const map = new Map<string, TypedEntry>()
  for (const { key: keyNode, value } of node.entries) {
    const typed = typedValue(value, dialect, depth + 1)
    if (dialect === 'helm' && isMergeKey(keyNode, dialect)) {
      for (const source of [typed].flat().toReversed()) if (source instanceof Map) for (const [name, entry] of source) map.set(name, entry)
      continue
    }
    const key = keyNode.type === 'scalar' ? typedScalar(keyNode, dialect) : null
    map.set(goSyntax(key, dialect, true), { key, value: typed })
  }
  return new Map([...map].sort(([, a], [, b]) => rank(a.key) - rank(b.key) || comparedKeys(a.key, b.key)))
}

/** Go sorts keys of unlike types by where the types happen to lie in the program. */
function rank(key: ScalarValue): number {
  if (key === null) return 0
  if (key instanceof GoInt) return 2
  return ['string', 'object', 'number', 'boolean'].indexOf(typeof key) + 1
}

function comparedKeys(a: ScalarValue, b: ScalarValue): number {
  if (typeof a === 'string' && typeof b === 'string') return compareBytes(a, b)
  return a instanceof GoInt && b instanceof GoInt ? Number(a.value - b.value) : Number(a) - Number(b)
}

/** A value as Go's `%#v` prints it inside go-yaml's messages. */
export function goSyntax(value: Typed, dialect: Dialect, inside = false): string {
  if (value === null) return inside ? 'interface {}(nil)' : '<nil>'
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'number') return formatFloat(value, 'g', -1)
  if (value instanceof GoInt) return value.kind === 'uint64' ? `0x${value.value.toString(16)}` : String(value.value)
  if (value instanceof GoTime) return String(value.nanoseconds)
  const inner = (item: Typed): string => goSyntax(item, dialect, true)
  if (value instanceof Map)
    return `${mapType(value, dialect)}{${[...(value as TypedMap)].map(([key, entry]) => `${key}:${inner(entry.value)}`).join(', ')}}`
  return `[]interface {}{${(value as readonly Typed[]).map(inner).join(', ')}}`
}

function mapType(map: TypedMap, dialect: Dialect): string {
  const hasStringKeys = dialect === 'helmfile' && [...map.values()].every(({ key }) => typeof key === 'string')
  return hasStringKeys ? 'map[string]interface {}' : 'map[interface {}]interface {}'
}
