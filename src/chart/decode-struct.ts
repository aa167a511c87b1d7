import { failure } from '../base/diagnostic.ts'
import type { Source } from '../base/source.ts'
import { jsonKind } from '../go/json-kind.ts'
import { quote } from '../go/quote.ts'
import { compareBytes, GoInt, type GoMap, GoTime, type GoValue } from '../go/values.ts'
import { parseFirstDocument } from '../yaml/compose.ts'
import { decodeNode } from '../yaml/decode.ts'
import { decodeScalar, isMergeKey } from '../yaml/decode-scalar.ts'
import type { MappingNode, YamlNode } from '../yaml/node.ts'
import { quickDecode } from '../yaml/quick-decode.ts'
import type { ScalarValue } from '../yaml/resolve.ts'
import { YamlError } from '../yaml/yaml-error.ts'
import { structOfValue } from './struct-of-value.ts'

/** The Go type that a value is decoded into. Fields of a struct are found by name, upper and lower case alike. */
export type Shape =
  | { readonly kind: 'string' | 'bool' | 'time' | 'any' }
  | { readonly kind: 'list'; readonly of: Shape }
  | { readonly kind: 'map'; readonly of: Shape }
  | StructShape

export interface StructShape {
  readonly kind: 'struct'
  /** Its name in messages about its fields; empty for a struct without one. */
  readonly name: string
  /** As `%T` prints it. */
  readonly goType: string
  readonly fields: Readonly<Record<string, Shape>>
}

interface Place {
  /** Name of the innermost struct. */
  readonly struct: string
  /** Field names from the top. */
  readonly path: readonly string[]
}

/** Keeps the first error only: Go goes on decoding and reports that one. */
interface Decoding {
  /** Keys that no field has are errors. */
  readonly strict: boolean
  error: { readonly text: string; readonly node: YamlNode } | undefined
}

function typeName(shape: Shape): string {
  switch (shape.kind) {
    case 'list':
      // Helm's lists of structs are lists of pointers.
      return `[]${shape.of.kind === 'struct' ? '*' : ''}${typeName(shape.of)}`
    case 'map':
      return `map[string]${typeName(shape.of)}`
    case 'struct':
      return shape.goType
    case 'any':
      return 'interface {}'
    case 'time':
      return 'time.Time'
    default:
      return shape.kind
  }
}

function valueNode(node: YamlNode): Exclude<YamlNode, { type: 'alias' }> {
  return node.type === 'alias' ? valueNode(node.target) : node
}

function kindOf(node: YamlNode): string {
  const target = valueNode(node)
  if (target.type !== 'scalar') return target.type === 'sequence' ? 'array' : 'object'
  return jsonKind(decodeScalar(target, 'helm'))
}

function mismatch(decoding: Decoding, node: YamlNode, shape: Shape, place: Place): undefined {
  const target = place.path.length === 0 ? 'Go value' : `Go struct field ${place.struct}.${place.path.join('.')}`
  decoding.error ??= { text: `json: cannot unmarshal ${kindOf(node)} into ${target} of type ${typeName(shape)}`, node }
  return undefined
}

/** Numbers and booleans become the text that sigs.k8s.io/yaml gives them where a string is wanted (floats in single precision). */
function scalarText(value: ScalarValue, written: string): string {
  if (typeof value === 'string') return value
  if (value instanceof GoTime) return written
  if (value instanceof GoInt) return String(value.value)
  return typeof value === 'number' ? float32Text(value) : String(value)
}

/** Go's `strconv.FormatFloat(f, 'g', -1, 32)`: the shortest digits that give the same single, with an exponent from 1e6 and below 1e-4. */
function float32Text(value: number): string {
  const single = Math.fround(value)
  if (single === 0) return Object.is(single, -0) ? '-0' : '0'
  let digits = 1
  while (digits < 9 && Math.fround(Number(single.toPrecision(digits))) !== single) digits++
  const [mantissa, exponentText] = single.toExponential(digits - 1).split('e') as [string, string]
  const exponent = Number(exponentText)
  if (exponent >= -4 && exponent < 6) return Number(single.toPrecision(digits)).toFixed(Math.max(0, digits - 1 - exponent))
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
}

function collectEntries(node: MappingNode, into: Map<string, YamlNode>): void {
  for (const { key, value } of node.entries) {
    if (isMergeKey(key, 'helm')) {
      const merged = valueNode(value)
      const sources = merged.type === 'sequence' ? merged.items.toReversed() : [merged]
      for (const source of sources) collectEntries(valueNode(source) as MappingNode, into)
      continue
    }
    const name = valueNode(key)
    if (name.type === 'scalar') into.set(scalarText(decodeScalar(name, 'helm'), name.text), value)
  }
}

/** Keys and their nodes in the order of Go's JSON encoder; the last of equal keys counts. */
function sortedEntries(node: MappingNode): readonly (readonly [string, YamlNode])[] {
  const entries = new Map<string, YamlNode>()
  collectEntries(node, entries)
  return [...entries].sort(([a], [b]) => compareBytes(a, b))
}

/** Field that key `key` goes to: the exact name, else the first that differs in case only. */
function fieldOf(fields: Readonly<Record<string, Shape>>, key: string): string | undefined {
  if (Object.hasOwn(fields, key)) return key
  const lower = key.toLowerCase()
  return Object.keys(fields).find((name) => name.toLowerCase() === lower)
}

function decodeFields(decoding: Decoding, node: MappingNode, shape: StructShape, place: Place): ReadonlyMap<string, unknown> {
  const result = new Map<string, unknown>()
  for (const [key, value] of sortedEntries(node)) {
    const field = fieldOf(shape.fields, key)
    if (field === undefined) {
      if (decoding.strict) decoding.error ??= { text: `json: unknown field ${quote(key)}`, node: value }
      continue
    }
    const decoded = decode(decoding, value, shape.fields[field] as Shape, { struct: shape.name, path: [...place.path, field] })
    if (decoded !== undefined) result.set(field, decoded)
  }
  return result
}

function decodeScalarInto(decoding: Decoding, node: YamlNode, shape: Shape, place: Place): unknown {
  const target = valueNode(node)
  if (target.type !== 'scalar') return mismatch(decoding, node, shape, place)
  const value = decodeScalar(target, 'helm')
  if (value === null) return undefined
  if (shape.kind === 'bool') return typeof value === 'boolean' ? value : mismatch(decoding, node, shape, place)
  return scalarText(value, target.text)
}

function isNull(node: YamlNode): boolean {
  return node.type === 'scalar' && decodeScalar(node, 'helm') === null
}

/** The value in the form of `shape`; undefined where nothing is set: null, or an error. */
function decode(decoding: Decoding, node: YamlNode, shape: Shape, place: Place): unknown {
  const target = valueNode(node)
  if (shape.kind === 'any') return decodeNode(target, 'helm')
  if (isNull(target)) return undefined
  switch (shape.kind) {
    case 'list':
      if (target.type !== 'sequence') return mismatch(decoding, node, shape, place)
      return target.items.map((item) => decode(decoding, item, shape.of, place) ?? (shape.of.kind === 'string' ? '' : null))
    case 'map':
      if (target.type !== 'mapping') return mismatch(decoding, node, shape, place)
      return new Map(sortedEntries(target).map(([key, value]) => [key, decode(decoding, value, shape.of, place) ?? '']))
    case 'struct':
      if (target.type !== 'mapping') return mismatch(decoding, node, shape, place)
      return decodeFields(decoding, target, shape, place)
    default:
      return decodeScalarInto(decoding, node, shape, place)
  }
}

/** A YAML text as the fields of a struct, and as the value it holds. */
export interface DecodedStruct {
  /** Structs and maps are Map, lists arrays, where null stands for a null struct; fields that are not set are absent. */
  readonly fields: ReadonlyMap<string, unknown>
  readonly value: GoValue
}

function readDocument(source: Source, strict: boolean): { readonly root: YamlNode | null; readonly value: GoValue } {
  try {
    const root = parseFirstDocument(source, 'helm')?.root ?? null
    return { root, value: decodeNode(root, 'helm', { strict }) }
  } catch (error) {
    throw error instanceof YamlError ? conversionError(error) : error
  }
}

/** `error` in the words of sigs.k8s.io/yaml: what go-yaml says, and what it was being read for. */
export function conversionError(error: YamlError): Error {
  const { at, notes, hint } = error.diagnostics[0] ?? {}
  return failure('chart/yaml', `error converting YAML to JSON: ${error.goMessage}`, {
    ...(at ? { at } : {}),
    ...(notes ? { notes } : {}),
    ...(hint === undefined ? {} : { hint }),
    cause: error,
  })
}

/**
 * The first YAML document of `source` decoded into a Go struct: unknown keys are passed over, null sets nothing, numbers and
 * booleans become texts where texts are wanted. With `strict`, unknown keys and keys that stand twice are errors.
 *
 * @throws DiagnosticError `chart/yaml` and, for the first field of a wrong type, `chart/wrong-type`, both in Go's words
 * Source: sigs.k8s.io/yaml 1.6.0 yaml.go (Unmarshal), Go 1.26 encoding/json decode.go
 */
export function decodeStruct(source: Source, shape: StructShape, { strict = false }: { readonly strict?: boolean } = {}): DecodedStruct {
  const quick = strict ? undefined : quickDecode(source.text)
  const quickFields = quick instanceof Map ? structOfValue(quick as GoMap, shape) : undefined
  if (quick !== undefined && quickFields) return { fields: quickFields, value: quick }
  const { root, value } = readDocument(source, strict)
  if (root === null || value === null) return { fields: new Map(), value }
  const decoding: Decoding = { strict, error: undefined }
  const fields = decode(decoding, root, shape, { struct: shape.name, path: [] })
  if (decoding.error) {
    throw failure('chart/wrong-type', `error unmarshaling JSON: while decoding JSON: ${decoding.error.text}`, { at: decoding.error.node.span })
  }
  return { fields: fields as ReadonlyMap<string, unknown>, value }
}
