import type { Diagnostic } from '../base/diagnostic.ts'
import { nearest } from '../base/nearest.ts'
import { positionAt, type Span } from '../base/source.ts'
import { GoInt, type GoValue } from '../go/values.ts'
import { decodeNode } from '../yaml/decode.ts'
import { decodeScalar, isMergeKey } from '../yaml/decode-scalar.ts'
import type { AliasNode, MappingNode, ScalarNode, YamlNode } from '../yaml/node.ts'
import { oldBool, tagOf } from '../yaml/resolve.ts'
import type { ListShape, MapShape, ScalarShape, Shape, StructShape } from './shape.ts'
import { setNode, setPlace } from './spec.ts'

/** How many things may be wrong with one file before reading stops. */
const MAX_DIAGNOSTICS = 20

/** What decoding gathers while it walks. */
interface Context {
  readonly diagnostics: Diagnostic[]
  /** What aliases stand for, decoded once: aliases of aliases must not multiply the work. */
  readonly aliased: Map<YamlNode, Map<Shape, unknown>>
}

type Resolved = Exclude<YamlNode, AliasNode>

/** A decoded value, or all that is wrong with it. */
export interface Decoded {
  readonly value: unknown
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * `node` as a value of `shape`: structs as plain objects of their known keys, maps as `Map`, nulls as absent.
 * Unknown keys, repeated keys and wrong types are gathered (at most 20), each with its place.
 * Source: go.yaml.in/yaml/v3 decode.go with KnownFields, which Helmfile 1.8 reads state files with
 */
export function decodeSpec(shape: Shape, node: YamlNode): Decoded {
  const context: Context = { diagnostics: [], aliased: new Map() }
  const value = decode(shape, node, context)
  return { value, diagnostics: context.diagnostics.slice(0, MAX_DIAGNOSTICS) }
}

function complain(context: Context, code: string, summary: string, at: Span, hint?: string): undefined {
  context.diagnostics.push({ code, severity: 'error', summary, at, ...(hint ? { hint } : {}) })
  return undefined
}

function unaliased(node: YamlNode): Resolved {
  let current = node
  while (current.type === 'alias') current = current.target
  return current
}

/** What yaml.v3 calls a node in `cannot unmarshal !!map into …`. */
function describe(node: Resolved): string {
  if (node.type === 'mapping') return '!!map'
  if (node.type === 'sequence') return '!!seq'
  const text = node.text.length > 10 ? `${node.text.slice(0, 7)}...` : node.text
  return `${tagOf(decodeScalar(node, 'helmfile'))} \`${text}\``
}

function mismatch(context: Context, node: Resolved, goType: string): undefined {
  return complain(context, 'state/wrong-type', `cannot unmarshal ${describe(node)} into ${goType}`, node.span)
}

const NULLS: ReadonlySet<string> = new Set(['', '~', 'null', 'Null', 'NULL'])

function isNull(node: Resolved): boolean {
  if (node.type !== 'scalar') return false
  return node.tag === undefined ? node.style === 'plain' && NULLS.has(node.text) : decodeScalar(node, 'helmfile') === null
}

function decode(shape: Shape, written: YamlNode, context: Context): unknown {
  if (shape.kind === 'any') return decodeAny(written)
  if (written.type === 'alias') return decodeAlias(shape, written, context)
  const node = written
  if (isNull(node)) return undefined
  switch (shape.kind) {
    case 'optional':
      return decode(shape.of, node, context)
    case 'list':
      return decodeList(shape, node, context)
    case 'map':
      return decodeMap(shape, node, context)
    case 'struct':
      return decodeStruct(shape, node, context)
    default:
      return decodeTyped(shape, node, context)
  }
}

function decodeAny(written: YamlNode): GoValue {
  const value = decodeNode(written, 'helmfile')
  if (value instanceof Map || Array.isArray(value)) setNode(value, written)
  return value
}

function decodeAlias(shape: Shape, alias: AliasNode, context: Context): unknown {
  const target = unaliased(alias)
  const known = context.aliased.get(target) ?? new Map<Shape, unknown>()
  context.aliased.set(target, known)
  if (!known.has(shape)) known.set(shape, decode(shape, target, context))
  return known.get(shape)
}

const GO_TYPES = { string: 'string', bool: 'bool', int: 'int', float: 'float32', any: 'interface {}' } as const

function decodeTyped(shape: ScalarShape, node: Resolved, context: Context): unknown {
  if (node.type !== 'scalar') return mismatch(context, node, GO_TYPES[shape.kind])
  const value = scalarValue(shape, node)
  return value ?? mismatch(context, node, GO_TYPES[shape.kind])
}

function scalarValue(shape: ScalarShape, node: ScalarNode): unknown {
  if (shape.kind === 'string') return node.text
  const value = decodeScalar(node, 'helmfile')
  // A typed bool still takes YAML 1.1's words, when they are plain.
  if (shape.kind === 'bool')
    return typeof value === 'boolean' ? value : node.style === 'plain' && typeof value === 'string' ? oldBool(value) : undefined
  if (value instanceof GoInt) return Number(value.value)
  if (typeof value === 'number') return shape.kind === 'int' ? Math.trunc(value) : value
  return undefined
}

function goTypeOf(shape: Shape): string {
  switch (shape.kind) {
    case 'optional':
      return goTypeOf(shape.of)
    case 'list':
      return `[]${goTypeOf(shape.of)}`
    case 'map':
      return `map[string]${goTypeOf(shape.of)}`
    case 'struct':
      return shape.goType
    default:
      return GO_TYPES[shape.kind]
  }
}

function decodeList(shape: ListShape, node: Resolved, context: Context): unknown {
  if (node.type !== 'sequence') {
    if (!shape.orSingle) return mismatch(context, node, goTypeOf(shape))
    const only = decode(shape.of, node, context)
    return tidied(shape, only === undefined ? [] : [only])
  }
  const items = node.items.map((item) => decode(shape.of, item, context) ?? zeroItem(shape.of))
  setPlace(items, node.span)
  return tidied(shape, items)
}

/** What a null leaves in a list: Go keeps a zero element there. */
function zeroItem(shape: Shape): unknown {
  if (shape.kind === 'string') return ''
  if (shape.kind === 'struct') return {}
  return null
}

function tidied(shape: ListShape, items: readonly unknown[]): readonly unknown[] | undefined {
  if (!shape.trimmed) return items
  const kept = (items as readonly string[]).map((item) => item.trim()).filter((item) => item !== '')
  return kept.length > 0 ? kept : undefined
}

/** Keys with their nodes; keys given directly first, then those that `<<` brings. */
function entriesOf(node: MappingNode, context: Context): Map<string, { readonly key: ScalarNode; readonly value: YamlNode }> {
  const entries = new Map<string, { key: ScalarNode; value: YamlNode }>()
  const merges: YamlNode[] = []
  for (const { key, value } of node.entries) {
    const scalar = unaliased(key)
    if (scalar.type !== 'scalar') mismatch(context, scalar, 'string')
    else if (isMergeKey(scalar, 'helmfile')) merges.push(value)
    else addEntry(entries, scalar, value, context)
  }
  for (const merge of merges)
    for (const source of mergeSources(merge, context)) for (const [name, entry] of source) if (!entries.has(name)) entries.set(name, entry)
  return entries
}

function addEntry(entries: Map<string, { key: ScalarNode; value: YamlNode }>, key: ScalarNode, value: YamlNode, context: Context): void {
  const first = entries.get(key.text)
  if (!first) entries.set(key.text, { key, value })
  else {
    const { line } = positionAt(first.key.span.source, first.key.span.start)
    complain(context, 'state/duplicate-key', `mapping key "${key.text}" already defined at line ${line}`, key.span)
  }
}

function mergeSources(merge: YamlNode, context: Context): ReturnType<typeof entriesOf>[] {
  const node = unaliased(merge)
  if (node.type === 'mapping') return [entriesOf(node, context)]
  // Of several maps in one `<<` list the first one wins, as if it were merged last.
  if (node.type === 'sequence') return node.items.flatMap((item) => mergeSources(item, context))
  complain(context, 'state/wrong-type', 'map merge requires map or sequence of maps as the value', node.span)
  return []
}

function decodeMap(shape: MapShape, node: Resolved, context: Context): unknown {
  if (node.type !== 'mapping') return mismatch(context, node, goTypeOf(shape))
  const map = new Map<string, unknown>()
  for (const [name, { value }] of entriesOf(node, context)) map.set(name, decode(shape.of, value, context) ?? zeroItem(shape.of))
  setPlace(map, node.span)
  return map
}

function decodeStruct(shape: StructShape, node: Resolved, context: Context): unknown {
  if (shape.shorthand && node.type === 'scalar') return withPlace({ [shape.shorthand]: node.text }, node.span)
  if (node.type !== 'mapping') return mismatch(context, node, goTypeOf(shape))
  const struct: Record<string, unknown> = {}
  for (const [name, { key, value }] of entriesOf(node, context)) {
    const known = Object.hasOwn(shape.fields, name) ? shape.fields[name] : undefined
    if (!known) {
      if (!shape.printed?.includes(name)) unknownKey(shape, key, context)
    } else {
      const decoded = decode(known.shape, value, context)
      if (decoded !== undefined) struct[name] = decoded
    }
  }
  const wrong = shape.check?.(struct)
  if (wrong) complain(context, 'state/wrong-value', wrong, node.span)
  return withPlace(struct, node.span)
}

function withPlace<T extends object>(value: T, at: Span): T {
  setPlace(value, at)
  return value
}

function unknownKey(shape: StructShape, key: ScalarNode, context: Context): void {
  const near = nearest(key.text, Object.keys(shape.fields))
  const hint = near ? `did you mean "${near}"?` : 'remove it, or move it to the mapping it belongs to'
  complain(context, 'state/unknown-key', `field ${key.text} not found in type ${shape.goType}`, key.span, hint)
}
