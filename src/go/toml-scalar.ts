import { lenient } from './lenient.ts'
import { parseFloat64, parseInteger } from './parse-number.ts'
import { quote } from './quote.ts'
import { RFC3339_NANO } from './time-format.ts'
import { parseTime } from './time-parse.ts'
import { type Token, TomlFault } from './toml-reader.ts'
import { GoInt, GoPanic, GoTime, type GoValue } from './values.ts'

/**
 * The value of a TOML scalar: integers int64, times without a zone in a zone of their own name.
 *
 * @throws TomlFault with the original's text
 * Source: BurntSushi/toml 1.6.0 parse.go
 */
export function tomlScalar(token: Token): GoValue {
  switch (token.kind) {
    case 'bool':
      return token.text === 'true'
    case 'integer':
      return integer(token)
    case 'float':
      return float(token)
    case 'datetime':
      return dateTime(token)
    default:
      return tomlText(token)
  }
}

/** The text of a string token, escapes resolved. @throws TomlFault */
export function tomlText(token: Token): string {
  if (token.kind === 'raw') return token.text
  if (token.kind === 'string') return withoutEscapes(token, token.text)
  const text = token.text.replace(/^\r?\n/, '')
  return token.kind === 'multiline' ? withoutEscapes(token, withoutEscapedBreaks(text)) : text
}

/** A backslash at a line's end takes the break and the space after it away. */
function withoutEscapedBreaks(text: string): string {
  return text.replace(/\\(\\|[ \t\r\n]+)?/g, (match, rest: string | undefined) => (rest?.includes('\n') ? '' : match))
}

const SHORT: ReadonlyMap<string, string> = new Map(Object.entries({ b: '\b', t: '\t', n: '\n', f: '\f', r: '\r', e: '\x1b', '"': '"', '\\': '\\' }))

function withoutEscapes(token: Token, text: string): string {
  return text.replace(/\\(?:x(..)|u(.{4})|U(.{8})|(.))/gs, (_match, x?: string, u?: string, long?: string, short = '') => {
    const digits = x ?? u ?? long
    if (digits !== undefined) return character(token, digits)
    const plain = SHORT.get(short)
    if (plain === undefined) throw new TomlFault(`invalid escape: '\\${short}'`, token.line)
    return plain
  })
}

function character(token: Token, digits: string): string {
  const code = Number.parseInt(digits, 16)
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) throw new TomlFault(`Escaped character '\\u${digits}' is not valid UTF-8.`, token.line)
  return String.fromCodePoint(code)
}

const SPECIAL_FLOAT = /^[+-]?(nan|inf)$/
const LEADING_ZERO = /^(0[^box]|[+-]0.)/s

/** Every underscore follows a hexadecimal digit, and the last character is one. */
function underscoresAreGood(text: string): boolean {
  return SPECIAL_FLOAT.test(text) || (/[0-9a-fA-F]$/.test(text) && !/(^|[^0-9a-fA-F])_/.test(text))
}

function integer({ text, line }: Token): GoValue {
  if (!underscoresAreGood(text)) throw new TomlFault(`Invalid integer ${quote(text)}: underscores must be surrounded by digits`, line)
  if (LEADING_ZERO.test(text)) throw new TomlFault(`Invalid integer ${quote(text)}: cannot have leading zeroes`, line)
  const { value, error } = parseInteger(text, 0, 64)
  if (error?.message.endsWith('out of range')) throw new TomlFault(`${text} is out of range for int64`, line)
  if (error) throw new GoPanic(`BUG: Expected integer value, but got '${text}'.\n\n`)
  return new GoInt(value, 'int64')
}

function float({ text, line }: Token): GoValue {
  const parts = text.split(/[.eE]/).filter((part) => part !== '')
  if (!parts.every(underscoresAreGood)) throw new TomlFault(`Invalid float ${quote(text)}: underscores must be surrounded by digits`, line)
  if (LEADING_ZERO.test(parts[0] ?? '')) throw new TomlFault(`Invalid float ${quote(text)}: cannot have leading zeroes`, line)
  if (/\.([^0-9]|$)/.test(text)) throw new TomlFault(`Invalid float ${quote(text)}: '.' must be followed by one or more digits`, line)
  const { value, error } = parseFloat64(text.replaceAll('_', '').replace(/^[+-]nan$/, 'nan'))
  if (error?.message.endsWith('out of range')) throw new TomlFault(`${text} is out of range for float64`, line)
  if (error) throw new TomlFault(`Invalid float value: ${quote(text)}`, line)
  return value
}

/** Layouts of times, and the name of the zone that stands for none. */
const TIMES: readonly (readonly [string, string | undefined])[] = [
  [RFC3339_NANO, undefined],
  ['2006-01-02T15:04:05.999999999', 'datetime-local'],
  ['2006-01-02', 'date-local'],
  ['15:04:05.999999999', 'time-local'],
  ['2006-01-02T15:04Z07:00', undefined],
  ['2006-01-02T15:04', 'datetime-local'],
  ['15:04', 'time-local'],
]

function dateTime({ text, line }: Token): GoValue {
  const value = text.replaceAll('z', 'Z').replace(/[t ]/g, 'T')
  for (const [layout, zone] of TIMES) {
    const time = lenient(() => parseTime(layout, value, 'UTC'), undefined)
    if (!time) continue
    if (lacksLeadingZero(value, layout)) break
    return zone === undefined ? time : new GoTime(time.nanoseconds, zone, 0, zone)
  }
  throw new TomlFault(`invalid datetime: ${quote(value)}`, line)
}

/** Go's time parser takes one digit where the layout has two; TOML does not. */
function lacksLeadingZero(value: string, layout: string): boolean {
  const fixed = (/^[^.Z]*/.exec(layout) as RegExpExecArray)[0]
  return Array.from(fixed).some((c, i) => !/[0-9]/.test(c) && value[i] !== c)
}
