import { quote } from '../go/quote.ts'
import { isDigit, isLetter, isPrint, runeAt, runeText } from '../go/runes.ts'
import { isKeyword, type Token, type TokenKind } from './token.ts'

/**
 * Turns template text into tokens, one at a time, as the parser asks for them.
 *
 * Trim markers are applied here: the parser never sees them. Comments are dropped. After an `error` token only `eof` follows.
 * Source: Go 1.26 text/template/parse/lex.go.
 */
export interface Lexer {
  /** The next token. */
  next(): Token
  /** Where the next token starts. */
  at(): number
  /** Takes the right delimiter that starts at `start`, all between it and here having been read already. */
  leaveAction(start: number): Token
}

const LEFT = '{{'
const RIGHT = '}}'
const SPACES = ' \t\r\n'

interface State {
  text: string
  /** Where the token being read starts. */
  start: number
  /** The next unit to read. */
  at: number
  insideAction: boolean
  parens: number
}

/** A lexer over `text`. */
export function lex(text: string): Lexer {
  const state: State = { text, start: 0, at: 0, insideAction: false, parens: 0 }
  return {
    next: () => (state.insideAction ? lexAction(state) : lexText(state)),
    at: () => state.at,
    leaveAction: (start) => {
      state.start = state.at = start
      return lexDelimiter(state, text[start - 1] === '-')
    },
  }
}

function emit(s: State, kind: TokenKind): Token {
  const token = { kind, start: s.start, value: s.text.slice(s.start, s.at) }
  s.start = s.at
  return token
}

/** An error ends the input: whatever is asked for next is `eof`. */
function fail(s: State, message: string): Token {
  const token: Token = { kind: 'error', start: s.start, value: message }
  s.text = s.text.slice(0, s.start)
  s.at = s.start
  s.insideAction = false
  return token
}

function isSpace(c: string | undefined): boolean {
  return c === ' ' || c === '\t' || c === '\r' || c === '\n'
}

function skipSpaces(text: string, from: number): number {
  let at = from
  while (at < text.length && SPACES.includes(text[at] as string)) at++
  return at
}

function hasLeftTrim(text: string, at: number): boolean {
  return text[at] === '-' && isSpace(text[at + 1])
}

function hasRightTrim(text: string, at: number): boolean {
  return isSpace(text[at]) && text[at + 1] === '-' && text.startsWith(RIGHT, at + 2)
}

function lexText(s: State): Token {
  for (;;) {
    const left = s.text.indexOf(LEFT, s.at)
    if (left < 0) return lexLastText(s)
    const end = hasLeftTrim(s.text, left + LEFT.length) ? trimmedEnd(s.text, s.at, left) : left
    if (end > s.at) {
      s.start = s.at
      s.at = end
      const token = emit(s, 'text')
      s.start = s.at = left
      return token
    }
    s.start = s.at = left
    const token = lexLeftDelimiter(s)
    if (token) return token
  }
}

function lexLastText(s: State): Token {
  s.start = s.at
  s.at = s.text.length
  return emit(s, s.at > s.start ? 'text' : 'eof')
}

function trimmedEnd(text: string, from: number, to: number): number {
  let end = to
  while (end > from && SPACES.includes(text[end - 1] as string)) end--
  return end
}

/** The delimiter as a token, or nothing when a comment was skipped. */
function lexLeftDelimiter(s: State): Token | undefined {
  const inner = s.at + LEFT.length
  const afterMarker = hasLeftTrim(s.text, inner) ? inner + 2 : inner
  if (s.text.startsWith('/*', afterMarker)) {
    s.start = s.at = afterMarker
    return skipComment(s)
  }
  s.at = inner
  const token = emit(s, 'left delimiter')
  s.start = s.at = afterMarker
  s.insideAction = true
  s.parens = 0
  return token
}

function skipComment(s: State): Token | undefined {
  const close = s.text.indexOf('*/', s.at + 2)
  if (close < 0) return fail(s, 'unclosed comment')
  const after = close + 2
  if (hasRightTrim(s.text, after)) s.at = skipSpaces(s.text, after + 2 + RIGHT.length)
  else if (s.text.startsWith(RIGHT, after)) s.at = after + RIGHT.length
  else return fail(s, 'comment ends before closing delimiter')
  s.start = s.at
  return undefined
}

function lexRightDelimiter(s: State): Token {
  const trims = hasRightTrim(s.text, s.at)
  if (trims) s.start = s.at += 2
  return lexDelimiter(s, trims)
}

function lexDelimiter(s: State, trims: boolean): Token {
  s.at += RIGHT.length
  const token = emit(s, 'right delimiter')
  if (trims) s.start = s.at = skipSpaces(s.text, s.at)
  s.insideAction = false
  return token
}

function lexAction(s: State): Token {
  if (hasRightTrim(s.text, s.at) || s.text.startsWith(RIGHT, s.at)) {
    return s.parens === 0 ? lexRightDelimiter(s) : fail(s, 'unclosed left paren')
  }
  const c = s.text[s.at]
  if (c === undefined) return fail(s, 'unclosed action')
  if (isSpace(c)) return lexSpace(s)
  const simple = lexPunctuation(s, c)
  if (simple) return simple
  return lexWordOrNumber(s, c)
}

/** Blanks up to the next token; stops before the blank of a trimming right delimiter. */
function lexSpace(s: State): Token {
  while (isSpace(s.text[s.at])) s.at++
  if (hasRightTrim(s.text, s.at - 1)) {
    s.at--
    if (s.at === s.start) return lexRightDelimiter(s)
  }
  return emit(s, 'space')
}

function lexPunctuation(s: State, c: string): Token | undefined {
  const { start } = s
  s.at = start + 1
  switch (c) {
    case '=':
      return emit(s, 'assign')
    case ':':
      if (s.text[s.at] !== '=') return fail(s, 'expected :=')
      s.at++
      return emit(s, 'declare')
    case '|':
      return emit(s, 'pipe')
    case '(':
      s.parens++
      return emit(s, 'left paren')
    case ')':
      s.parens--
      return s.parens < 0 ? fail(s, 'unexpected right paren') : emit(s, 'right paren')
    case '"':
      return lexQuoted(s, '"', 'string', 'unterminated quoted string')
    case "'":
      return lexQuoted(s, "'", 'char constant', 'unterminated character constant')
    case '`':
      return lexRawString(s)
    case '$':
      return lexName(s, 'variable')
    default:
      s.at = start
      return undefined
  }
}

function lexWordOrNumber(s: State, c: string): Token {
  const next = s.text[s.at + 1]
  if (c === '.' && next !== undefined && (next < '0' || next > '9')) {
    s.at++
    return lexName(s, 'field')
  }
  if (c === '.' || c === '+' || c === '-' || (c >= '0' && c <= '9')) return lexNumber(s)
  const rune = runeAt(s.text, s.at)
  if (isWordRune(rune)) return lexIdentifier(s)
  if (rune < 0x80 && isPrint(rune)) {
    s.at++
    return emit(s, 'char')
  }
  return fail(s, `unrecognized character in action: ${describeRune(rune)}`)
}

function isWordRune(rune: number): boolean {
  return rune === 0x5f || (rune >= 0 && (isLetter(rune) || isDigit(rune)))
}

function skipWord(s: State): void {
  for (let rune = runeAt(s.text, s.at); isWordRune(rune); rune = runeAt(s.text, s.at)) s.at += rune > 0xffff ? 2 : 1
}

/** `U+0026 '&'`, as Go's `%#U`. */
function describeRune(rune: number): string {
  const code = BigInt.asUintN(64, BigInt(rune)).toString(16).toUpperCase().padStart(4, '0')
  return `U+${code}${isPrint(rune) ? ` '${runeText(rune)}'` : ''}`
}

/** Whether a name may end here. */
function atTerminator(s: State): boolean {
  const c = s.text[s.at]
  return c === undefined || isSpace(c) || '.,|:)('.includes(c) || s.text.startsWith(RIGHT, s.at)
}

function badCharacter(s: State): Token {
  return fail(s, `bad character ${describeRune(runeAt(s.text, s.at))}`)
}

/** A field or variable whose first character (`.` or `$`) has been read. */
function lexName(s: State, kind: 'field' | 'variable'): Token {
  if (atTerminator(s)) return emit(s, kind === 'variable' ? 'variable' : '.')
  skipWord(s)
  return atTerminator(s) ? emit(s, kind) : badCharacter(s)
}

function lexIdentifier(s: State): Token {
  skipWord(s)
  if (!atTerminator(s)) return badCharacter(s)
  const word = s.text.slice(s.start, s.at)
  if (isKeyword(word)) return emit(s, word)
  return emit(s, word === 'true' || word === 'false' ? 'bool' : 'identifier')
}

function lexQuoted(s: State, mark: string, kind: TokenKind, message: string): Token {
  for (;;) {
    const c = s.text[s.at++]
    if (c === mark) return emit(s, kind)
    const escaped = c === '\\' ? s.text[s.at++] : c
    if (escaped === undefined || escaped === '\n') return fail(s, message)
  }
}

function lexRawString(s: State): Token {
  const end = s.text.indexOf('`', s.at)
  if (end < 0) return fail(s, 'unterminated raw quoted string')
  s.at = end + 1
  return emit(s, 'raw string')
}

function lexNumber(s: State): Token {
  if (!scanNumber(s)) return badNumber(s)
  const sign = s.text[s.at]
  if (sign !== '+' && sign !== '-') return emit(s, 'number')
  return scanNumber(s) && s.text[s.at - 1] === 'i' ? emit(s, 'complex') : badNumber(s)
}

function badNumber(s: State): Token {
  return fail(s, `bad number syntax: ${quote(s.text.slice(s.start, s.at))}`)
}

function accept(s: State, valid: string): boolean {
  const c = s.text[s.at]
  if (c === undefined || !valid.includes(c)) return false
  s.at++
  return true
}

function acceptRun(s: State, valid: string): void {
  while (accept(s, valid));
}

const DECIMAL = '0123456789_'
const HEX = '0123456789abcdefABCDEF_'

function digitsAfterPrefix(s: State): string {
  if (!accept(s, '0')) return DECIMAL
  if (accept(s, 'xX')) return HEX
  if (accept(s, 'oO')) return '01234567_'
  return accept(s, 'bB') ? '01_' : DECIMAL
}

/** Loose on purpose: what is wrong is noticed when the number is read. */
function scanNumber(s: State): boolean {
  accept(s, '+-')
  const digits = digitsAfterPrefix(s)
  acceptRun(s, digits)
  if (accept(s, '.')) acceptRun(s, digits)
  if ((digits === DECIMAL && accept(s, 'eE')) || (digits === HEX && accept(s, 'pP'))) {
    accept(s, '+-')
    acceptRun(s, DECIMAL)
  }
  accept(s, 'i')
  const rune = runeAt(s.text, s.at)
  if (!isWordRune(rune)) return true
  s.at += rune > 0xffff ? 2 : 1
  return false
}
