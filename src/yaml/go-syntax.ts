import { formatFloat } from '../go/float.ts'
import { quote } from '../go/quote.ts'
import { GoInt, GoTime } from '../go/values.ts'
import { decodeScalar } from './decode-scalar.ts'
import type { Dialect } from './dialect.ts'
import type { YamlNode } from './node.ts'
import type { ScalarValue } from './resolve.ts'

/** A decoded value as the Go library holds it, keys typed; only messages need it. */
export type Typed = ScalarValue | readonly Typed[] | ReadonlyMap<ScalarValue, Typed>

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
      return new Map(node.entries.map(({ key, value }) => [key.type === 'scalar' ? decodeScalar(key, dialect) : null, inner(value)]))
    case 'scalar': {
      const value = decodeScalar(node, dialect)
      return dialect === 'helm' && value instanceof GoTime ? node.text : value
    }
  }
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
  if (value instanceof Map) return `${mapType(value, dialect)}{${[...value].map(([k, v]) => `${inner(k)}:${inner(v)}`).join(', ')}}`
  return `[]interface {}{${(value as readonly Typed[]).map(inner).join(', ')}}`
}

function mapType(map: ReadonlyMap<ScalarValue, Typed>, dialect: Dialect): string {
  const hasStringKeys = dialect === 'helmfile' && [...map.keys()].every((key) => typeof key === 'string')
  return hasStringKeys ? 'map[string]interface {}' : 'map[interface {}]interface {}'
}
