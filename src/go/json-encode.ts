import { formatFloat } from './float.ts'
import { isNil, typeOf } from './kind.ts'
import { jsonTimeText } from './time-json.ts'
import { GoError, GoInt, GoTime, type GoValue, isGoObject, sortedKeys } from './values.ts'

export interface JsonOptions {
  /** Leaves `<`, `>` and `&` as they are. */
  readonly rawHtml?: boolean
  /** One indentation step; each item then has its own line. */
  readonly indent?: string
}

/** From this depth on a value is checked for holding itself. */
const CYCLE_CHECK_DEPTH = 1_000
/** Depth that the stack of the JavaScript engine is sure to bear. */
const MAX_DEPTH = 3_000

/**
 * A value as Go's `encoding/json` writes it: keys sorted by bytes, floats in the shortest form, `<`, `>`, `&`, U+2028 and U+2029
 * escaped, bytes as base64, typed nils null.
 *
 * @throws GoError with Go's text for NaN, infinities, values that hold themselves
 * Source: Go 1.26 encoding/json encode.go
 */
export function encodeJson(value: GoValue, options: JsonOptions = {}): string {
  const out: string[] = []
  write({ out, options, open: [] }, value, '\n')
  return out.join('')
}

interface Writer {
  readonly out: string[]
  readonly options: JsonOptions
  /** The lists and maps being written, outermost first. */
  readonly open: GoValue[]
}

function write(writer: Writer, value: GoValue, lineBreak: string): void {
  if (isNil(value)) writer.out.push('null')
  else if (Array.isArray(value)) writeList(writer, value, lineBreak)
  else if (value instanceof Map) writeMap(writer, value, lineBreak)
  else if (isGoObject(value)) writeObject(writer, value, lineBreak)
  else writer.out.push(scalar(value, writer.options.rawHtml === true))
}

function scalar(value: GoValue, rawHtml: boolean): string {
  if (typeof value === 'string') return encodeJsonString(value, rawHtml)
  if (typeof value === 'number') return encodeJsonNumber(value)
  if (value instanceof GoInt) return String(value.value)
  if (value instanceof Uint8Array) return `"${Buffer.from(value).toString('base64')}"`
  if (value instanceof GoTime) return `"${jsonTimeText(value)}"`
  return String(value)
}

/** A float as JSON text. @throws GoError for NaN and infinities */
function encodeJsonNumber(value: number): string {
  if (!Number.isFinite(value)) throw new GoError(`json: unsupported value: ${formatFloat(value, 'g', -1)}`)
  return Object.is(value, -0) ? '-0' : String(value)
}

const SPECIAL = /[<>&\u2028\u2029\uD800-\uDFFF]/
const SPECIAL_RAW = /[\u2028\u2029\uD800-\uDFFF]/
const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/

/** A text as a JSON string; bytes outside valid UTF-8 become the escape of U+FFFD. */
export function encodeJsonString(text: string, rawHtml: boolean): string {
  const special = rawHtml ? SPECIAL_RAW : SPECIAL
  if (!special.test(text)) return JSON.stringify(text)
  const parts = text.split(LONE_SURROGATE).map((part) => JSON.stringify(part).slice(1, -1))
  const escapes = rawHtml ? /[\u2028\u2029]/g : /[<>&\u2028\u2029]/g
  return `"${parts.join('\\ufffd').replace(escapes, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`
}

function enter(writer: Writer, value: GoValue, body: () => void): void {
  const { open } = writer
  if (open.length > CYCLE_CHECK_DEPTH && (open.length > MAX_DEPTH || open.includes(value))) {
    throw new GoError(`json: unsupported value: encountered a cycle via ${typeOf(value)}`)
  }
  open.push(value)
  body()
  open.pop()
}

function writeList(writer: Writer, list: readonly GoValue[], lineBreak: string): void {
  writeItems(writer, ['[', ']'], list.length, list as GoValue, lineBreak, (i, inner) => write(writer, list[i] as GoValue, inner))
}

function writeMap(writer: Writer, map: ReadonlyMap<string, GoValue>, lineBreak: string, keys: readonly string[] = sortedKeys(map)): void {
  const colon = writer.options.indent === undefined ? ':' : ': '
  writeItems(writer, ['{', '}'], keys.length, map as GoValue, lineBreak, (i, inner) => {
    const key = keys[i] as string
    writer.out.push(encodeJsonString(key, writer.options.rawHtml === true), colon)
    write(writer, map.get(key) as GoValue, inner)
  })
}

function writeItems(
  writer: Writer,
  [open, close]: readonly [string, string],
  count: number,
  holder: GoValue,
  lineBreak: string,
  item: (index: number, lineBreak: string) => void,
): void {
  if (count === 0) {
    writer.out.push(open + close)
    return
  }
  const { indent } = writer.options
  const inner = indent === undefined ? '' : lineBreak + indent
  enter(writer, holder, () => {
    for (let i = 0; i < count; i++) {
      writer.out.push((i === 0 ? open : ',') + inner)
      item(i, inner)
    }
  })
  writer.out.push((indent === undefined ? '' : lineBreak) + close)
}

function writeObject(writer: Writer, value: Extract<GoValue, { readonly goType: string }>, lineBreak: string): void {
  if (value.goType === 'complex128') throw new GoError('json: unsupported type: complex128')
  const plain = value.plain?.() ?? new Map()
  const isStruct = value.goKind === 'struct' || value.goKind === 'ptr'
  // A struct's fields keep their order.
  if (plain instanceof Map && isStruct) writeMap(writer, plain, lineBreak, [...plain.keys()])
  else write(writer, plain, lineBreak)
}
