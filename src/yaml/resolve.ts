import { parseFloat64 } from '../go/parse-number.ts'
import { GoInt, GoTime, goInt } from '../go/values.ts'
import { isDigit } from './characters.ts'
import type { Dialect } from './dialect.ts'
import { parseTimestamp } from './timestamp.ts'

/** What a scalar can turn out to be. */
export type ScalarValue = null | boolean | number | string | GoInt | GoTime

const WORDS: readonly (readonly [ScalarValue, readonly string[]])[] = [
  [true, ['true', 'True', 'TRUE']],
  [false, ['false', 'False', 'FALSE']],
  [null, ['', '~', 'null', 'Null', 'NULL']],
  [Number.NaN, ['.nan', '.NaN', '.NAN']],
  [Number.POSITIVE_INFINITY, ['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF']],
  [Number.NEGATIVE_INFINITY, ['-.inf', '-.Inf', '-.INF']],
]

const OLD_BOOLS: readonly (readonly [ScalarValue, readonly string[]])[] = [
  [true, ['y', 'Y', 'yes', 'Yes', 'YES', 'on', 'On', 'ON']],
  [false, ['n', 'N', 'no', 'No', 'NO', 'off', 'Off', 'OFF']],
]

function wordMap(lists: readonly (readonly [ScalarValue, readonly string[]])[]): ReadonlyMap<string, ScalarValue> {
  return new Map(lists.flatMap(([value, words]) => words.map((word) => [word, value] as const)))
}

const wordsOf: Readonly<Record<Dialect, ReadonlyMap<string, ScalarValue>>> = {
  helm: wordMap([...WORDS, ...OLD_BOOLS]),
  helmfile: wordMap(WORDS),
}
const oldBools = wordMap(OLD_BOOLS)
const LONGEST_WORD = 5

/** What YAML 1.1 calls true or false beyond those words themselves: `yes`, `Off`, `y`; undefined for other words. */
export function oldBool(text: string): boolean | undefined {
  return oldBools.get(text) as boolean | undefined
}

/**
 * The value of a plain scalar without a tag: integers as GoInt (`int`, `uint64` where that is too small), floats as number.
 *
 * Source: go.yaml.in/yaml v2.4.4 and v3.0.5, resolve.go
 */
export function resolvePlain(text: string, dialect: Dialect): ScalarValue {
  if (text.length <= LONGEST_WORD) {
    const word = wordsOf[dialect].get(text)
    if (word !== undefined) return word
  }
  return resolveNumber(text, dialect, true)
}

/**
 * The value of a scalar whose tag is written out (`!!int`, short form), undefined where it cannot have that type.
 * Tags YAML does not know, and `!!str`, leave the text as it is.
 */
export function resolveTagged(tag: string, text: string, dialect: Dialect): ScalarValue | undefined {
  if (!RESOLVABLE.has(tag)) return text
  const word = wordsOf[dialect].get(text)
  const value = word === undefined ? resolveNumber(text, dialect, tag === '!!timestamp') : word
  if (tagOf(value) === tag) return value
  if (tag === '!!float' && value instanceof GoInt && value.kind === 'int') return Number(value.value)
  return undefined
}

const RESOLVABLE: ReadonlySet<string> = new Set(['!!bool', '!!int', '!!float', '!!null', '!!timestamp'])

/** The tag a resolved value has. */
export function tagOf(value: ScalarValue): string {
  if (value === null) return '!!null'
  if (value instanceof GoInt) return '!!int'
  if (value instanceof GoTime) return '!!timestamp'
  return typeof value === 'boolean' ? '!!bool' : typeof value === 'number' ? '!!float' : '!!str'
}

const POINT = 0x2e

function resolveNumber(text: string, dialect: Dialect, timestamps: boolean): ScalarValue {
  const first = text.charCodeAt(0)
  if (first === POINT) {
    const { value, error } = parseFloat64(text)
    return error ? text : value
  }
  if (!isDigit(first) && first !== 0x2b && first !== 0x2d) return text
  const time = timestamps ? parseTimestamp(text) : undefined
  if (time) return time
  const plain = text.includes('_') ? text.replaceAll('_', '') : text
  return parseInteger(plain, dialect) ?? parseDecimal(plain) ?? text
}

const SMALL_INTEGER = /^[1-9][0-9]{0,14}$/
const INTEGER = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[oO]([0-7]+)|0[bB]([01]+)|0([0-7]*)|([1-9][0-9]*))$/
/** A sign behind the prefix, which go-yaml accepts by accident. */
const SIGNED_BINARY = /^0b([-+])([01]+)$/
const SIGNED_OCTAL = /^0o([-+])([0-7]+)$/
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/

const MAX_INT64 = (1n << 63n) - 1n
const MAX_UINT64 = (1n << 64n) - 1n

function parseInteger(text: string, dialect: Dialect): GoInt | undefined {
  if (SMALL_INTEGER.test(text)) return goInt(Number(text))
  const match = INTEGER.exec(text)
  if (match) return integerOf(match[1] as string, digitsOf(match))
  const binary = SIGNED_BINARY.exec(text)
  if (binary) return integerOf(binary[1] as string, `0b${binary[2]}`)
  const octal = dialect === 'helmfile' ? SIGNED_OCTAL.exec(text) : null
  return octal ? integerOf(octal[1] as string, `0o${octal[2]}`) : undefined
}

function digitsOf([, , hexadecimal, octal, binary, oldOctal, decimal]: RegExpExecArray): string {
  if (hexadecimal !== undefined) return `0x${hexadecimal}`
  if (binary !== undefined) return `0b${binary}`
  return decimal ?? `0o${octal ?? (oldOctal === '' ? '0' : oldOctal)}`
}

/** More digits than any 64-bit number has in any base; spares a quadratic conversion of hostile texts. */
const MAX_DIGITS = 1000

function integerOf(sign: string, digits: string): GoInt | undefined {
  if (digits.length > MAX_DIGITS) return undefined
  const value = BigInt(digits)
  if (sign === '-') return value <= MAX_INT64 + 1n ? goInt(-value) : undefined
  if (value <= MAX_INT64) return goInt(value)
  return sign === '' && value <= MAX_UINT64 ? new GoInt(value, 'uint64') : undefined
}

function parseDecimal(text: string): number | undefined {
  if (!FLOAT.test(text)) return undefined
  const value = Number(text)
  return Number.isFinite(value) ? value : undefined
}
