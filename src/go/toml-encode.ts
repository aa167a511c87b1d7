import { GoComplex } from './complex.ts'
import { durationString } from './duration.ts'
import { formatFloat } from './float.ts'
import { isNil, kindOf, typeOf } from './kind.ts'
import { formatTime, RFC3339_NANO } from './time-format.ts'
import { GoError, GoInt, type GoList, type GoMap, GoPanic, GoTime, type GoValue, isGoObject, sortedKeys, withGoType } from './values.ts'

const INDENT = '  '
/** The type mark of a struct's fields as a map. */
const STRUCT = 'struct'
/** How deep a value may nest; one that holds itself would never end. */
const MAX_DEPTH = 1_000
/** The zones that stand for TOML's times without one, and how each is written. */
const LOCAL_LAYOUTS: ReadonlyMap<string, string> = new Map([
  ['datetime-local', '2006-01-02T15:04:05.999999999'],
  ['date-local', '2006-01-02'],
  ['time-local', '15:04:05.999999999'],
])

/**
 * A value as TOML: plain entries before tables, each sorted by key, sub-tables indented; nils left out.
 *
 * @throws GoError with the original's text for lists with nil in them and lists of maps at the top, GoPanic for nil
 * Source: BurntSushi/toml 1.6.0 encode.go
 */
export function encodeToml(value: GoValue): string {
  if (value === null) throw new GoPanic('reflect: call of reflect.Value.Type on zero Value')
  const out: string[] = []
  encode(out, [], value)
  return out.join('')
}

type Path = readonly string[]

function encode(out: string[], path: Path, value: GoValue): void {
  if (path.length > MAX_DEPTH) throw new GoError(`toml: values nest deeper than ${MAX_DEPTH}`)
  if (path.length === 0 && value instanceof GoComplex) throw new GoError("unsupported type for key '': complex128")
  const plain = withoutObject(value)
  if (isTableList(plain)) tableList(out, path, plain)
  else if (plain instanceof Map) table(out, path, plain)
  else keyValue(out, path, plain)
}

/** What the encoder sees of a Go object: its contents, or its text where its type knows how to write itself. */
function withoutObject(value: GoValue): GoValue {
  if (!isGoObject(value)) return value
  if (value instanceof GoComplex) throw new GoError('unsupported type: complex128')
  const plain = value.plain?.() ?? new Map()
  return plain instanceof Map && value.structFields ? publicFields(value.structFields()) : plain
}

/** Structs go by their own names and the order of their fields. */
function publicFields(fields: readonly (readonly [string, GoValue])[]): GoMap {
  return withGoType(new Map(fields.filter(([name]) => /^[A-Z]/.test(name))), STRUCT)
}

function newLine(out: string[]): void {
  if (out.length > 0) out.push('\n')
}

const indentOf = (path: Path): string => INDENT.repeat(path.length - 1)
const keyText = (path: Path): string => path.map(tomlKey).join('.')

function keyValue(out: string[], path: Path, value: GoValue): void {
  if (path.length === 0) {
    out.push(inline(value, 0))
    return
  }
  out.push(`${indentOf(path)}${tomlKey(path.at(-1) as string)} = ${inline(value, 0)}`)
  newLine(out)
}

function table(out: string[], path: Path, map: GoMap): void {
  if (isNil(map)) return
  if (path.length === 1) newLine(out)
  if (path.length > 0) out.push(`${indentOf(path)}[${keyText(path)}]`, '\n')
  entries(out, path, map)
}

function tableList(out: string[], path: Path, list: readonly GoValue[]): void {
  if (path.length === 0) throw new GoError('toml: top-level values must be Go maps or structs')
  for (const item of list) {
    newLine(out)
    out.push(`${indentOf(path)}[[${keyText(path)}]]`, '\n')
    entries(out, path, withoutObject(item) as GoMap)
  }
}

/** Keys of plain values first, then those of tables. */
function sections(map: GoMap): { direct: string[]; tables: string[] } {
  const keys = typeOf(map) === STRUCT ? [...map.keys()] : sortedKeys(map)
  const isTable = new Map(keys.map((key) => [key, isTableValue(map.get(key) as GoValue)]))
  return { direct: keys.filter((key) => !isTable.get(key)), tables: keys.filter((key) => isTable.get(key)) }
}

function entries(out: string[], path: Path, map: GoMap): void {
  const { direct, tables } = sections(map)
  for (const key of [...direct, ...tables]) {
    const value = map.get(key) as GoValue
    if (!isNil(value)) encode(out, [...path, key], value)
  }
}

function isTableValue(value: GoValue): boolean {
  const plain = withoutObject(value)
  return isTableList(plain) || (plain instanceof Map && !isNil(plain))
}

/** A list of maps only. @throws GoError when nil is in it, or in a list in it */
function isTableList(value: GoValue): value is GoList {
  if (!Array.isArray(value)) return false
  checkElements(value, 0)
  return value.length > 0 && value.every((item) => withoutObject(item) instanceof Map)
}

function checkElements(list: readonly GoValue[], depth: number): void {
  if (depth > MAX_DEPTH) throw new GoError(`toml: values nest deeper than ${MAX_DEPTH}`)
  for (const item of list) {
    if (isNil(item)) throw new GoError('toml: cannot encode array with nil element')
    if (Array.isArray(item)) checkElements(item, depth + 1)
  }
}

function inline(value: GoValue, depth: number): string {
  if (depth > MAX_DEPTH) throw new GoError(`toml: values nest deeper than ${MAX_DEPTH}`)
  const plain = withoutObject(value)
  if (Array.isArray(plain)) {
    checkElements(plain, 0)
    return `[${plain.map((item) => inline(item, depth + 1)).join(', ')}]`
  }
  if (plain instanceof Map) return inlineTable(plain, depth)
  return scalar(plain)
}

/** Commas go by position, so that a nil that is left out can leave one behind, as in the original. */
function inlineTable(map: GoMap, depth: number): string {
  const { direct, tables } = sections(map)
  const part = (keys: readonly string[], hasMore: boolean): string =>
    keys
      .map((key, i) => {
        const value = map.get(key) as GoValue
        if (isNil(value)) return ''
        return `${tomlKey(key)} = ${inline(value, depth + 1)}${hasMore || i < keys.length - 1 ? ', ' : ''}`
      })
      .join('')
  return `{${part(direct, tables.length > 0)}${part(tables, false)}}`
}

function scalar(value: GoValue): string {
  if (typeof value === 'string') return tomlString(value)
  if (typeof value === 'number') return float(value)
  if (value instanceof GoTime) return time(value)
  if (value instanceof Uint8Array) return `[${Array.from(value).join(', ')}]`
  if (value instanceof GoInt) return value.type === 'time.Duration' ? tomlString(durationString(value.value)) : String(value.value)
  if (typeof value === 'boolean') return String(value)
  throw new GoError(`unexpected type: ${kindOf(value)}`)
}

function float(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  const text = formatFloat(value, 'g', -1)
  return /[.e]/.test(text) ? text : `${text}.0`
}

function time(value: GoTime): string {
  return formatTime(value, LOCAL_LAYOUTS.get(value.zone) ?? RFC3339_NANO)
}

const SHORT: ReadonlyMap<string, string> = new Map(
  Object.entries({ '"': '\\"', '\\': '\\\\', '\b': '\\b', '\t': '\\t', '\n': '\\n', '\f': '\\f', '\r': '\\r' }),
)

function tomlString(text: string): string {
  return `"${text.replace(/["\\\x00-\x1f\x7f]/g, (c) => SHORT.get(c) ?? `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`
}

/** A key as TOML writes it: bare where it can be. */
export function tomlKey(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : tomlString(key)
}
