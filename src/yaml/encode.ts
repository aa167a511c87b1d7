import { bytesOfString } from '../go/bytes.ts'
import { durationString } from '../go/duration.ts'
import { formatFloat } from '../go/float.ts'
import { isNil } from '../go/kind.ts'
import { jsonTimeText } from '../go/time-json.ts'
import { GO_TYPE, GoError, GoInt, type GoObject, GoPanic, GoTime, type GoValue, isGoObject } from '../go/values.ts'
import { isWord } from './analyze-scalar.ts'
import { decodeYaml } from './decode.ts'
import { GENERAL_MAP } from './decode-helmfile.ts'
import { type EmitNode, Emitter } from './emitter.ts'
import { DEPTH_LIMIT } from './limits.ts'
import { isPlainString } from './quick-scalar.ts'
import { oldBool, resolvePlain, type ScalarValue } from './resolve.ts'
import { sortKeysNaturally } from './sort-keys.ts'
import { formatTimestamp } from './timestamp.ts'
import { YamlError } from './yaml-error.ts'

/**
 * Whose bytes to write.
 *
 * - `helm`: sigs.k8s.io/yaml `Marshal` (`toYaml`, manifests): through JSON, then go-yaml v2; lists stand under their key, lines fold at 80.
 * - `helm-pretty`: Helm's `toYamlPretty`, go-yaml v3: lists are indented, nothing folds.
 * - `helmfile`: Helmfile's encoder, the same library and settings as `helm-pretty`.
 */
export type EncodeStyle = 'helm' | 'helm-pretty' | 'helmfile'

export interface EncodeOptions {
  /** Keys as the map holds them, not sorted; `helm` sorts always. */
  readonly keepOrder?: boolean
}

/**
 * A value as one YAML document, with a line break at its end.
 *
 * @throws YamlError `yaml/not-json` for what JSON cannot hold (`helm`: infinities, characters YAML forbids, very long keys),
 *   `yaml/too-deep` for values that nest too deep or hold themselves; GoPanic for what go-yaml panics on (complex numbers)
 * Source: sigs.k8s.io/yaml 1.6.0, go.yaml.in/yaml v2.4.4 and v3.0.5 encode.go
 */
export function encodeYaml(value: GoValue, style: EncodeStyle, options: EncodeOptions = {}): string {
  if (style !== 'helm') return new Emitter('v3').document(nodeOf(value, 0, options.keepOrder ?? false))
  return new Emitter('v2').document(jsonNodeOf(value, 0))
}

const COMPLEX = 'complex128'

const NULL: EmitNode = { type: 'scalar', text: 'null', style: 'plain', binary: false }

function plain(text: string): EmitNode {
  return { type: 'scalar', text, style: 'plain', binary: false }
}

// ---- through JSON

const MAX_JSON_KEY = 1024
const NEXT_LINE = '\x85'
const FORBIDDEN_IN_YAML = /[\x7f-\x84\x86-\x9f\ufffe\uffff]/
const LONE_SURROGATE = /[\ud800-\udfff]/u
const LONE_SURROGATES = /[\ud800-\udfff]/gu

function jsonNodeOf(value: GoValue, depth: number): EmitNode {
  if (value === null) return NULL
  if (typeof value === 'string') return jsonStringNode(value)
  if (typeof value === 'boolean') return plain(String(value))
  if (typeof value === 'number') return plain(jsonNumber(value))
  if (value instanceof GoInt) return plain(String(value.value))
  if (value instanceof Uint8Array) return isNil(value) ? NULL : jsonStringNode(Buffer.from(value).toString('base64'))
  if (value instanceof GoTime) return jsonStringNode(jsonTime(value))
  if (depth > DEPTH_LIMIT) throw tooDeep('json: unsupported value: encountered a cycle via map[string]interface {}')
  if (Array.isArray(value)) {
    if (value[GO_TYPE]?.isNil) return NULL
    return { type: 'list', items: value.map((item) => jsonNodeOf(item, depth + 1)) }
  }
  if (isGoObject(value)) return jsonObjectNode(value, depth)
  if (value[GO_TYPE]?.isNil) return NULL
  const entries = sortKeysNaturally(value.keys(), 'v2').map((key) => {
    return [jsonKeyNode(key), jsonNodeOf(value.get(key) as GoValue, depth + 1)] as const
  })
  return { type: 'map', entries }
}

function jsonObjectNode(value: GoObject, depth: number): EmitNode {
  if (value.goKind === COMPLEX) throw notJson(`error marshaling into JSON: json: unsupported type: ${COMPLEX}`, 'JSON has no complex numbers')
  return value.plain ? jsonNodeOf(value.plain(), depth + 1) : { type: 'map', entries: [] }
}

function jsonKeyNode(key: string): EmitNode {
  if (isWord(key) && isPlainString(key)) return plain(key)
  if (key.includes(NEXT_LINE) || (key.length * 6 > MAX_JSON_KEY && jsonLength(key) > MAX_JSON_KEY)) {
    throw notJson("yaml: did not find expected ',' or '}'", 'a key is too long, or holds a line break (NEL), to be written')
  }
  return jsonStringNode(key)
}

/** The length of a key in Go's JSON, with its quotes and escapes. */
function jsonLength(key: string): number {
  return [...JSON.stringify(key).replace(/[<>&\u2028\u2029]/g, '\\u0000')].length
}

function jsonStringNode(text: string): EmitNode {
  if (isWord(text) && isPlainString(text)) return plain(text)
  let value = text
  if (!isPlainAscii(text)) {
    if (FORBIDDEN_IN_YAML.test(text)) throw notJson('yaml: control characters are not allowed', 'control characters are not allowed')
    value = text.replace(LONE_SURROGATES, '\ufffd')
    // A NEL is a line break to the parser that reads the JSON back: let that parser say what becomes of it.
    if (text.includes(NEXT_LINE)) value = decodeYaml({ name: 'json', text: jsonStringText(value) }, 'helm') as string
  }
  return { type: 'scalar', text: value, style: value.includes('\n') ? 'literal' : canBePlain(value, 'helm') ? 'plain' : 'double', binary: false }
}

function isPlainAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) >= 0x7f) return false
  return true
}

const MAX_INT_TEXT = 18446744073709551615n
const MIN_INT_TEXT = -9223372036854775808n

/** A float64 as JSON writes it, then as go-yaml reads and prints that: whole numbers that fit 64 bits without exponent. */
function jsonNumber(value: number): string {
  if (!Number.isFinite(value)) {
    const shown = formatFloat(value, 'g', -1)
    throw notJson(`error marshaling into JSON: json: unsupported value: ${shown}`, `JSON has no number ${shown}`)
  }
  if (Number.isSafeInteger(value)) return value === 0 ? '0' : String(value)
  const text = String(value)
  if (Number.isInteger(value) && !text.includes('e')) {
    const whole = BigInt(text)
    if (whole <= MAX_INT_TEXT && whole >= MIN_INT_TEXT) return text
  }
  return formatFloat(value, 'g', -1)
}

/** A string as Go's JSON encoder writes it, as far as a YAML parser can tell. */
function jsonStringText(text: string): string {
  return JSON.stringify(text).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')
}

function jsonTime(time: GoTime): string {
  try {
    return jsonTimeText(time)
  } catch (error) {
    throw error instanceof GoError ? notJson(`error marshaling into JSON: ${error.message}`, 'a time that JSON cannot hold') : error
  }
}

function notJson(goMessage: string, summary: string): YamlError {
  return new YamlError(goMessage, { code: 'yaml/not-json', severity: 'error', summary })
}

function tooDeep(goMessage: string): YamlError {
  return new YamlError(goMessage, { code: 'yaml/too-deep', severity: 'error', summary: 'the value nests too deep, or holds itself' })
}

// ---- directly, as go-yaml v3 does

function nodeOf(value: GoValue, depth: number, keepOrder: boolean): EmitNode {
  if (value === null) return NULL
  if (typeof value === 'string') return stringNode(value)
  if (typeof value === 'boolean') return plain(String(value))
  if (typeof value === 'number') return plain(floatText(value))
  if (value instanceof GoInt) return value.type === 'time.Duration' ? stringNode(durationString(value.value)) : plain(String(value.value))
  if (value instanceof Uint8Array) return { type: 'list', items: [...value].map((byte) => plain(String(byte))) }
  if (value instanceof GoTime) return plain(formatTimestamp(value))
  if (depth > DEPTH_LIMIT) throw tooDeep('yaml: value nests too deep')
  if (Array.isArray(value)) return { type: 'list', items: value.map((item) => nodeOf(item, depth + 1, keepOrder)) }
  if (isGoObject(value)) return objectNode(value, depth, keepOrder)
  const isGeneral = value[GO_TYPE]?.type === GENERAL_MAP
  const keys = keepOrder ? [...value.keys()] : isGeneral ? sortTypedKeys(value.keys()) : sortKeysNaturally(value.keys(), 'v3')
  const entries = keys.map((key) => [isGeneral ? plain(key) : stringNode(key), nodeOf(value.get(key) as GoValue, depth + 1, keepOrder)] as const)
  return { type: 'map', entries }
}

function objectNode(value: GoObject, depth: number, keepOrder: boolean): EmitNode {
  if (value.goKind === COMPLEX) throw new GoPanic(`cannot marshal type: ${COMPLEX}`)
  const inner = value.plain?.() ?? new Map<string, GoValue>()
  if (!value.structFields || !(inner instanceof Map)) return nodeOf(inner, depth + 1, keepOrder)
  // go-yaml does not know JSON's names: it takes the exported fields, in lower case.
  const fields = value.structFields().filter(([name]) => /^\p{Lu}/u.test(name))
  return { type: 'map', entries: fields.map(([name, item]) => [stringNode(name.toLowerCase()), nodeOf(item, depth + 1, keepOrder)]) }
}

function floatText(value: number): string {
  if (Number.isNaN(value)) return '.nan'
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf'
  return formatFloat(value, 'g', -1)
}

function stringNode(text: string): EmitNode {
  if (LONE_SURROGATE.test(text)) {
    const encoded = base64Lines(bytesOfString(text))
    return { type: 'scalar', text: encoded, style: encoded.includes('\n') ? 'literal' : 'plain', binary: true }
  }
  const style = text.includes('\n') ? 'literal' : canBePlain(text, 'helmfile') && oldBool(text) === undefined ? 'plain' : 'double'
  return { type: 'scalar', text, style, binary: false }
}

const BASE64_LINE = 70

function base64Lines(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString('base64')
  if (text.length < BASE64_LINE) return text
  return text.replace(/.{1,70}/g, '$&\n')
}

/** Keys of a map that has other keys than strings: numbers and booleans by value, then texts. */
function sortTypedKeys(keys: Iterable<string>): string[] {
  const numbers: { readonly key: string; readonly value: number }[] = []
  const texts: string[] = []
  for (const key of keys) {
    const value = numberOf(resolvePlain(key, 'helmfile'))
    if (value === undefined) texts.push(key)
    else numbers.push({ key, value })
  }
  return [...numbers.sort((a, b) => a.value - b.value).map(({ key }) => key), ...sortKeysNaturally(texts, 'v3')]
}

function numberOf(value: ScalarValue): number | undefined {
  if (value instanceof GoInt) return Number(value.value)
  return typeof value === 'number' || typeof value === 'boolean' ? Number(value) : undefined
}

// ---- both

const BASE_60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/

/** Whether a text stays a string when written without quotes. */
function canBePlain(text: string, dialect: 'helm' | 'helmfile'): boolean {
  return typeof resolvePlain(text, dialect) === 'string' && !(text.includes(':') && BASE_60.test(text))
}
