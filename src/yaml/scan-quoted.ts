import { hexValue, isBlank, isBlankOrEnd, isBreak, isBreakOrEnd } from './characters.ts'
import type { Cursor } from './cursor.ts'

const DOUBLE_QUOTE = 0x22
const QUOTE = 0x27
const BACKSLASH = 0x5c

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['0', '\0'],
  ['a', '\x07'],
  ['b', '\b'],
  ['t', '\t'],
  ['\t', '\t'],
  ['n', '\n'],
  ['v', '\v'],
  ['f', '\f'],
  ['r', '\r'],
  ['e', '\x1b'],
  [' ', ' '],
  ['"', '"'],
  ["'", "'"],
  ['\\', '\\'],
  ['N', '\x85'],
  ['_', '\xa0'],
  ['L', '\u2028'],
  ['P', '\u2029'],
])

/** Takes a quoted scalar with its quotes; its text, escapes undone and lines folded. @throws YamlError `yaml/syntax` */
export function scanQuoted(cursor: Cursor, single: boolean): string {
  const start = cursor.pos++
  const text = quotedOnOneLine(cursor, single ? QUOTE : DOUBLE_QUOTE) ?? quotedInParts(cursor, single, start)
  cursor.scalarEnd = cursor.pos
  return text
}

/** The common case: no escape and no line break before the closing quote. */
function quotedOnOneLine(cursor: Cursor, quote: number): string | undefined {
  const text = cursor.text
  const from = cursor.pos
  for (let pos = from; ; pos++) {
    const code = text.charCodeAt(pos)
    if (code === quote) {
      if (quote === QUOTE && text.charCodeAt(pos + 1) === QUOTE) return undefined
      cursor.pos = pos + 1
      return text.slice(from, pos)
    }
    if ((code === BACKSLASH && quote !== QUOTE) || isBreakOrEnd(code)) return undefined
  }
}

function quotedInParts(cursor: Cursor, single: boolean, start: number): string {
  const parts: string[] = []
  for (;;) {
    if (cursor.isAtDocumentIndicator()) cursor.fail('found unexpected document indicator', start)
    if (cursor.code() === 0) cursor.fail('found unexpected end of stream', start)
    const escapedBreak = single ? singleQuotedRun(cursor, parts) : doubleQuotedRun(cursor, parts, start)
    if (cursor.code() === (single ? QUOTE : DOUBLE_QUOTE)) break
    quotedBlanks(cursor, parts, escapedBreak)
  }
  cursor.pos++
  return parts.join('')
}

function singleQuotedRun(cursor: Cursor, parts: string[]): boolean {
  const text = cursor.text
  let from = cursor.pos
  for (let code = text.charCodeAt(cursor.pos); !isBlankOrEnd(code); code = text.charCodeAt(cursor.pos)) {
    if (code === QUOTE) {
      if (text.charCodeAt(cursor.pos + 1) !== QUOTE) break
      parts.push(text.slice(from, ++cursor.pos))
      from = cursor.pos + 1
    }
    cursor.pos++
  }
  parts.push(text.slice(from, cursor.pos))
  return false
}

/** True when the run ended with an escaped line break. */
function doubleQuotedRun(cursor: Cursor, parts: string[], start: number): boolean {
  const text = cursor.text
  let from = cursor.pos
  for (let code = text.charCodeAt(cursor.pos); !isBlankOrEnd(code) && code !== DOUBLE_QUOTE; code = text.charCodeAt(cursor.pos)) {
    if (code !== BACKSLASH) {
      cursor.pos++
      continue
    }
    parts.push(text.slice(from, cursor.pos))
    if (isBreak(text.charCodeAt(cursor.pos + 1))) {
      cursor.pos++
      cursor.skipBreak()
      return true
    }
    parts.push(undoEscape(cursor, start))
    from = cursor.pos
  }
  parts.push(text.slice(from, cursor.pos))
  return false
}

function undoEscape(cursor: Cursor, start: number): string {
  const letter = cursor.text.charAt(cursor.pos + 1)
  const length = letter === 'x' ? 2 : letter === 'u' ? 4 : letter === 'U' ? 8 : 0
  if (length === 0) {
    const meaning = ESCAPES.get(letter)
    if (meaning === undefined) cursor.fail('found unknown escape character', start)
    cursor.pos += 2
    return meaning
  }
  cursor.pos += 2
  let value = 0
  for (let i = 0; i < length; i++) {
    const digit = hexValue(cursor.text.charCodeAt(cursor.pos + i))
    if (digit < 0) cursor.fail('did not find expected hexdecimal number', start)
    value = value * 16 + digit
  }
  if ((value >= 0xd800 && value <= 0xdfff) || value > 0x10ffff) cursor.fail('found invalid Unicode character escape code', start)
  cursor.pos += length
  return String.fromCodePoint(value)
}

function quotedBlanks(cursor: Cursor, parts: string[], escapedBreak: boolean): void {
  const text = cursor.text
  const from = cursor.pos
  let folded = escapedBreak
  let first = ''
  let later = ''
  for (let code = text.charCodeAt(cursor.pos); isBlank(code) || isBreak(code); code = text.charCodeAt(cursor.pos)) {
    if (isBlank(code)) cursor.pos++
    else if (folded) later += cursor.skipBreak()
    else {
      first = cursor.skipBreak()
      folded = true
    }
  }
  if (!folded) parts.push(text.slice(from, cursor.pos))
  else if (first === '\n') parts.push(later === '' ? ' ' : later)
  else parts.push(first, later)
}
