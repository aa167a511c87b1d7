import { bytesOfString, stringFromBytes } from './bytes.ts'
import { isPrint, isSurrogate, MAX_RUNE, RUNE_ERROR, runeText } from './runes.ts'
import { GoError } from './values.ts'

const SHORT_ESCAPES: ReadonlyMap<number, string> = new Map([
  [7, '\\a'],
  [8, '\\b'],
  [12, '\\f'],
  [10, '\\n'],
  [13, '\\r'],
  [9, '\\t'],
  [11, '\\v'],
])
const SHORT_VALUES: ReadonlyMap<string, number> = new Map([...SHORT_ESCAPES].map(([rune, text]) => [text.slice(1), rune]))

/** `text` as a Go string literal in double quotes (`strconv.Quote`). */
export function quote(text: string): string {
  return quoteWith(text, false)
}

/** As `quote`, with every character beyond ASCII escaped (`strconv.QuoteToASCII`). */
export function quoteToAscii(text: string): string {
  return quoteWith(text, true)
}

/** A Go character literal (`strconv.QuoteRune`, or `QuoteRuneToASCII` when `ascii`). */
export function quoteRune(rune: number, ascii = false): string {
  const valid = rune < 0 || rune > MAX_RUNE || isSurrogate(rune) ? RUNE_ERROR : rune
  return `'${escapeRune(valid, "'", ascii)}'`
}

/** Whether `text` can stand between back quotes unchanged (`strconv.CanBackquote`). */
export function canBackquote(text: string): boolean {
  for (const character of text) {
    const rune = character.codePointAt(0) as number
    if (rune === 0xfeff || isSurrogate(rune)) return false
    if ((rune < 0x20 && rune !== 9) || rune === 0x60 || rune === 0x7f) return false
  }
  return true
}

/** What does not stand for itself between double quotes, or may not. */
const CAREFUL = /[^ !#-[\]-~]/gu

function quoteWith(text: string, ascii: boolean): string {
  return `"${text.replace(CAREFUL, (character) => escapeCharacter(character, ascii))}"`
}

function escapeCharacter(character: string, ascii: boolean): string {
  const rune = character.codePointAt(0) as number
  return isSurrogate(rune) ? `\\x${hex(rune & 0xff, 2)}` : escapeRune(rune, '"', ascii)
}

function escapeRune(rune: number, mark: string, ascii: boolean): string {
  const text = String.fromCodePoint(rune)
  if (text === mark || rune === 0x5c) return `\\${text}`
  if (isPrint(rune) && (!ascii || rune < 0x80)) return text
  const short = SHORT_ESCAPES.get(rune)
  if (short) return short
  if (rune < 0x20 || rune === 0x7f) return `\\x${hex(rune, 2)}`
  return rune < 0x10000 ? `\\u${hex(rune, 4)}` : `\\U${hex(rune, 8)}`
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0')
}

const syntaxError = (): GoError => new GoError('invalid syntax')

/** One unescaped character: a rune, or a single byte when `isByte`; `length` in UTF-16 units of the input. */
export interface UnquotedCharacter {
  readonly value: number
  readonly isByte: boolean
  readonly length: number
}

/**
 * The first character of `text`, escapes undone (`strconv.UnquoteChar`).
 * @throws GoError `invalid syntax`
 */
export function unquoteCharacter(text: string, mark: string): UnquotedCharacter {
  const first = text[0]
  if (first === undefined || first === mark) throw syntaxError()
  if (first !== '\\') return plainCharacter(text)
  const letter = text[1]
  if (letter === undefined) throw syntaxError()
  const short = SHORT_VALUES.get(letter)
  if (short !== undefined) return { value: short, isByte: true, length: 2 }
  if (letter === 'x' || letter === 'u' || letter === 'U') return hexEscape(text, letter)
  if (letter >= '0' && letter <= '7') return octalEscape(text)
  if (letter === '\\' || ((letter === "'" || letter === '"') && letter === mark)) return { value: letter.charCodeAt(0), isByte: true, length: 2 }
  throw syntaxError()
}

function plainCharacter(text: string): UnquotedCharacter {
  const point = text.codePointAt(0) as number
  return { value: isSurrogate(point) ? RUNE_ERROR : point, isByte: false, length: point > 0xffff ? 2 : 1 }
}

const HEX_LENGTH = { x: 2, u: 4, U: 8 } as const

function hexEscape(text: string, letter: 'x' | 'u' | 'U'): UnquotedCharacter {
  const length = HEX_LENGTH[letter]
  const digits = text.slice(2, 2 + length)
  if (digits.length < length || !/^[0-9a-fA-F]+$/.test(digits)) throw syntaxError()
  const value = Number.parseInt(digits, 16)
  if (letter === 'x') return { value, isByte: true, length: 4 }
  if (value > MAX_RUNE || isSurrogate(value)) throw syntaxError()
  return { value, isByte: false, length: 2 + length }
}

function octalEscape(text: string): UnquotedCharacter {
  const digits = text.slice(1, 4)
  if (!/^[0-7]{3}$/.test(digits)) throw syntaxError()
  const value = Number.parseInt(digits, 8)
  if (value > 255) throw syntaxError()
  return { value, isByte: true, length: 4 }
}

/**
 * The value of a Go string or character literal with its quotes (`strconv.Unquote`).
 * @throws GoError `invalid syntax`
 */
export function unquote(literal: string): string {
  const mark = literal[0]
  if (literal.length < 2 || literal[literal.length - 1] !== mark) throw syntaxError()
  const inner = literal.slice(1, -1)
  if (mark === '`') return unquoteRaw(inner)
  if (mark !== '"' && mark !== "'") throw syntaxError()
  if (mark === '"' && PLAIN.test(inner)) return inner
  const { text, count } = withoutEscapes(inner, mark)
  if (mark === "'" && count !== 1) throw syntaxError()
  return text
}

/** Text between double quotes that stands for itself. */
const PLAIN = /^[ !#-[\]-~]*$/

function unquoteRaw(inner: string): string {
  if (inner.includes('`')) throw syntaxError()
  return inner.replaceAll('\r', '')
}

function withoutEscapes(inner: string, mark: string): { text: string; count: number } {
  let text = ''
  let count = 0
  let hasBytes = false
  for (let rest = inner; rest !== ''; count++) {
    if (rest[0] === '\n') throw syntaxError()
    const next = unquoteCharacter(rest, mark)
    const isRawByte = next.isByte && next.value >= 0x80
    hasBytes ||= isRawByte
    text += isRawByte ? String.fromCharCode(0xdc00 + next.value) : runeText(next.value)
    rest = rest.slice(next.length)
  }
  return { text: hasBytes ? stringFromBytes(bytesOfString(text)) : text, count }
}
