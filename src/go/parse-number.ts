import { quote } from './quote.ts'
import { GoError } from './values.ts'

function numberError(name: string, text: string, why: 'invalid syntax' | 'value out of range'): GoError {
  return new GoError(`strconv.${name}: parsing ${quote(text)}: ${why}`)
}

/** Go's rule for `_` in literals: only between digits or after a base prefix. */
function underscoresAreGood(text: string): boolean {
  const digits = text.replace(/^[+-]/, '')
  const prefixed = /^0[bBoOxX]/.test(digits)
  const isHex = /^0[xX]/.test(digits)
  let saw: 'start' | 'digit' | '_' | 'other' = prefixed ? 'digit' : 'start'
  for (const c of prefixed ? digits.slice(2) : digits) {
    if ((c >= '0' && c <= '9') || (isHex && /[a-fA-F]/.test(c))) saw = 'digit'
    else if (c === '_') {
      if (saw !== 'digit') return false
      saw = '_'
    } else {
      if (saw === '_') return false
      saw = 'other'
    }
  }
  return saw !== '_'
}

const BASE_DIGITS: Readonly<Record<number, RegExp>> = { 2: /^[01]+$/, 8: /^[0-7]+$/, 10: /^[0-9]+$/, 16: /^[0-9a-fA-F]+$/ }

function digitsOfBase(base: number): RegExp {
  const known = BASE_DIGITS[base]
  if (known) return known
  const last = base <= 10 ? `0-${base - 1}` : `0-9a-${String.fromCharCode(86 + base)}A-${String.fromCharCode(54 + base)}`
  return new RegExp(`^[${last}]+$`)
}

function digitsValue(digits: string, base: number): bigint {
  if (base === 10) return BigInt(digits)
  if (base === 16) return BigInt(`0x${digits}`)
  if (base === 8) return BigInt(`0o${digits}`)
  if (base === 2) return BigInt(`0b${digits}`)
  let value = 0n
  for (const digit of digits) value = value * BigInt(base) + BigInt(Number.parseInt(digit, 36))
  return value
}

/** The magnitude of unsigned text, any size, or undefined when it is no number of that base (0: by prefix). */
function magnitude(text: string, base: number): bigint | undefined {
  if (base !== 0) return digitsOfBase(base).test(text) ? digitsValue(text, base) : undefined
  if (text.includes('_') && !underscoresAreGood(text)) return undefined
  const { digits, base: found } = splitPrefix(text)
  const plain = digits.replaceAll('_', '')
  if (found === 8 && plain === '' && /^0_*$/.test(text)) return 0n
  return digitsOfBase(found).test(plain) ? digitsValue(plain, found) : undefined
}

/** Go reads from the left and stops at what is too large, before it comes to a later mistake. */
function overflowBeforeMistake(text: string, base: number, max: bigint): bigint | undefined {
  const { digits, base: found } = base === 0 ? splitPrefix(text) : { digits: text, base }
  let end = 0
  while (end < digits.length && (digitsOfBase(found).test(digits[end] as string) || (base === 0 && digits[end] === '_'))) end++
  const plain = digits.slice(0, end).replaceAll('_', '')
  const value = plain === '' ? 0n : digitsValue(plain, found)
  return value > max ? value : undefined
}

function splitPrefix(text: string): { digits: string; base: number } {
  if (!text.startsWith('0') || text === '0') return { digits: text, base: 10 }
  const mark = (text[1] as string).toLowerCase()
  if (text.length >= 3) {
    if (mark === 'b') return { digits: text.slice(2), base: 2 }
    if (mark === 'o') return { digits: text.slice(2), base: 8 }
    if (mark === 'x') return { digits: text.slice(2), base: 16 }
  }
  return { digits: text.slice(1), base: 8 }
}

/** The result of reading an integer as Go does: with a range error the nearest value still comes back, as in Go. */
export interface ParsedInteger {
  readonly value: bigint
  readonly error?: GoError
}

/** Go's `strconv.ParseUint(text, base, bits)`; base 0 takes prefixes and underscores. */
export function parseUint(text: string, base: number, bits: number, name = 'ParseUint', original: string = text): ParsedInteger {
  const max = (1n << BigInt(bits)) - 1n
  const value = magnitude(text, base) ?? overflowBeforeMistake(text, base, max)
  if (value === undefined) return { value: 0n, error: numberError(name, original, 'invalid syntax') }
  if (value > max) return { value: max, error: numberError(name, original, 'value out of range') }
  return { value }
}

/** Go's `strconv.ParseInt(text, base, bits)`; base 0 takes prefixes and underscores. */
export function parseInteger(text: string, base: number, bits: number, name = 'ParseInt'): ParsedInteger {
  const negative = text.startsWith('-')
  const unsigned = negative || text.startsWith('+') ? text.slice(1) : text
  const value = magnitude(unsigned, base) ?? overflowBeforeMistake(unsigned, base, (1n << BigInt(bits)) - 1n)
  if (value === undefined) return { value: 0n, error: numberError(name, text, 'invalid syntax') }
  const limit = 1n << BigInt(bits - 1)
  if (negative) {
    if (value > limit) return { value: -limit, error: numberError(name, text, 'value out of range') }
    return { value: -value }
  }
  if (value >= limit) return { value: limit - 1n, error: numberError(name, text, 'value out of range') }
  return { value }
}

/** Go's `strconv.Atoi`. */
export function parseAtoi(text: string): ParsedInteger {
  return parseInteger(text, 10, 64, 'Atoi')
}

/** The result of reading a float as Go does; a range error keeps the infinity Go returns with it. */
export interface ParsedFloat {
  readonly value: number
  readonly error?: GoError
}

const SPECIAL = /^([+-]?)(inf|infinity|nan)$/i
const DECIMAL = /^[+-]?(?:[0-9_]+\.?[0-9_]*|\.[0-9_]+)(?:[eE][+-]?[0-9][0-9_]*)?$/
const HEXADECIMAL = /^([+-]?)0[xX]([0-9a-fA-F_]*)(?:\.([0-9a-fA-F_]*))?[pP]([+-]?[0-9][0-9_]*)$/

/** Go's `strconv.ParseFloat(text, 64)`: decimal, hexadecimal with exponent, `inf`, `nan`, underscores between digits. */
export function parseFloat64(text: string): ParsedFloat {
  const invalid = { value: 0, error: numberError('ParseFloat', text, 'invalid syntax') }
  const special = SPECIAL.exec(text)
  if (special) return specialFloat(special[1] as string, special[2] as string) ?? invalid
  const hexadecimal = HEXADECIMAL.exec(text)
  if (!hexadecimal && !(DECIMAL.test(text) && /[0-9]/.test(text.replace(/[eE].*$/s, '')))) return invalid
  // Underscores are judged as in Go source, where they need no base prefix here.
  if (text.includes('_') && !underscoresAreGood(text)) return invalid
  const value = hexadecimal ? hexFloat(hexadecimal) : Number(text.replaceAll('_', ''))
  if (value === undefined || Number.isNaN(value)) return invalid
  if (!Number.isFinite(value)) return { value, error: numberError('ParseFloat', text, 'value out of range') }
  return { value }
}

function specialFloat(sign: string, word: string): ParsedFloat | undefined {
  if (word.toLowerCase() === 'nan') return sign === '' ? { value: Number.NaN } : undefined
  return { value: sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY }
}

/** Digits after which an exponent can only mean zero or infinity. */
const EXPONENT_LIMIT = 100_000

function hexFloat(match: RegExpExecArray): number | undefined {
  const whole = (match[2] as string).replaceAll('_', '')
  const fraction = (match[3] ?? '').replaceAll('_', '')
  if (whole + fraction === '') return undefined
  const exponent = Math.max(-EXPONENT_LIMIT, Math.min(EXPONENT_LIMIT, Number((match[4] as string).replaceAll('_', ''))))
  const value = scaleByPowerOfTwo(BigInt(`0x${whole}${fraction}`), exponent - 4 * fraction.length)
  return match[1] === '-' ? -value : value
}

/** mantissa × 2^exponent, rounded once, ties to even. */
function scaleByPowerOfTwo(mantissa: bigint, exponent: number): number {
  if (mantissa === 0n) return 0
  const bits = mantissa.toString(2).length
  if (bits + exponent > 1025) return Number.POSITIVE_INFINITY
  if (bits + exponent < -1080) return 0
  if (exponent >= 0) return Number(mantissa << BigInt(exponent))
  // Keep 53 bits, or fewer when the result is subnormal, and round what is cut off to even.
  const cut = Math.max(bits - 53, -1074 - exponent)
  if (cut <= 0) return Number(mantissa) * powerOfTwo(exponent)
  const shift = BigInt(cut)
  let kept = mantissa >> shift
  const rest = mantissa - (kept << shift)
  const half = 1n << (shift - 1n)
  if (rest > half || (rest === half && (kept & 1n) === 1n)) kept++
  return Number(kept) * powerOfTwo(exponent + cut)
}

function powerOfTwo(exponent: number): number {
  return exponent < -1000 ? 2 ** -1000 * 2 ** (exponent + 1000) : 2 ** exponent
}
