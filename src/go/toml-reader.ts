import { isLetter } from './letter-case.ts'
import { quote, quoteRune } from './quote.ts'

/** A fault at a line of a TOML text (from 1), before it is known which key it belongs to. */
export class TomlFault extends Error {
  readonly line: number

  constructor(message: string, line: number) {
    super(message)
    this.line = line
  }
}

export type TokenKind = 'string' | 'multiline' | 'raw' | 'raw multiline' | 'bool' | 'integer' | 'float' | 'datetime' | 'array' | 'table'

/** A scalar as written, or the opening bracket of an array or inline table. */
export interface Token {
  readonly kind: TokenKind
  /** Without quotes, escapes not yet resolved. */
  readonly text: string
  readonly line: number
}

const DIGIT = /^[0-9]$/
const HEX = /^[0-9a-fA-F]$/
const BARE = /^[A-Za-z0-9_-]$/
const ESCAPES = new Set('ebtnfr" \t\\')

export const isBlank = (c: string): boolean => c === ' ' || c === '\t'
const isBreak = (c: string): boolean => c === '\n' || c === '\r'

/**
 * Reads the tokens of a TOML text, with the original's error texts and its ways of counting lines.
 *
 * Source: BurntSushi/toml 1.6.0 lex.go
 */
export class TomlReader {
  line = 1
  private readonly text: string
  private at = 0
  private start = 0
  /** Whether the last read ran into the end. */
  private atEnd = false

  constructor(text: string) {
    this.text = text
  }

  /** The next character, empty at the end. @throws TomlFault for bytes outside UTF-8 and control characters */
  next(): string {
    const code = this.text.codePointAt(this.at)
    this.atEnd = code === undefined
    if (code === undefined) return ''
    if (code === 0x0a) this.line++
    if (code >= 0xd800 && code <= 0xdfff) throw this.fault(`invalid UTF-8 byte: 0x${(code & 0xff).toString(16)}`)
    const isLoneReturn = code === 0x0d && this.text[this.at + 1] !== '\n'
    if (isLoneReturn || code === 0x7f || (code < 0x20 && code !== 9 && code !== 10 && code !== 13)) {
      throw this.fault(`TOML files cannot contain control characters: '0x${code.toString(16).padStart(2, '0')}'`)
    }
    const c = String.fromCodePoint(code)
    this.at += c.length
    return c
  }

  back(c: string): void {
    this.atEnd = false
    this.at -= c.length
    if (c === '\n') this.line--
  }

  peek(): string {
    const c = this.next()
    this.back(c)
    return c
  }

  /** Takes the next character when it is the one wanted. */
  accept(wanted: string): boolean {
    const c = this.next()
    if (c === wanted) return true
    this.back(c)
    return false
  }

  takeWhile(belongs: (c: string) => boolean): void {
    for (let c = this.next(); ; c = this.next()) {
      if (c !== '' && belongs(c)) continue
      this.back(c)
      return
    }
  }

  skipBlanks(): void {
    this.takeWhile(isBlank)
  }

  /** A fault here; one at the end belongs to the line before when that line was ended. */
  fault(message: string): TomlFault {
    const isPastBreak = this.atEnd && this.text[this.at - 1] === '\n'
    return new TomlFault(message, isPastBreak ? this.line - 1 : this.line)
  }

  /** A fault whose line the original takes one off, as the reader stands behind a line break. */
  faultBefore(message: string): TomlFault {
    return new TomlFault(message, this.line - 1)
  }

  /** `%q` of a character; the end shows as the zero character. */
  shown(c: string): string {
    return quoteRune(c.codePointAt(0) ?? 0)
  }

  /** Skips spaces, line breaks and comments between the parts of arrays and inline tables; gives the character after them, taken. */
  nextPart(): string {
    for (;;) {
      const c = this.next()
      if (c === '#') this.comment()
      else if (c === '' || !(isBlank(c) || isBreak(c))) return c
    }
  }

  comment(): void {
    this.takeWhile((c) => !isBreak(c))
  }

  /** Bare characters; may be none. */
  bareName(): string {
    const from = this.at
    this.takeWhile((c) => BARE.test(c))
    return this.text.slice(from, this.at)
  }

  /** A quoted name whose opening quote is next. */
  quotedName(): Token {
    return this.next() === '"' ? this.basicString() : this.rawString()
  }

  /** The next value: a whole scalar, or the opening of an array or inline table. */
  value(): Token {
    this.skipBlanks()
    const c = this.next()
    this.start = this.at - c.length
    if (DIGIT.test(c)) return this.numberOrDate(c)
    switch (c) {
      case '[':
        return this.token('array')
      case '{':
        return this.token('table')
      case '"':
        return this.opensMultiline('"') ? this.multilineString() : this.basicString()
      case "'":
        return this.opensMultiline("'") ? this.multilineRawString() : this.rawString()
      case '.':
        throw this.fault("floats must start with a digit, not '.'")
      case '-':
      case '+':
        return this.signedNumber()
    }
    if (c !== '' && isLetter(c)) return this.word(c)
    if (c === '') throw this.fault('unexpected EOF; expected value')
    const message = `expected value but found ${this.shown(c)} instead`
    throw c === '\n' ? this.faultBefore(message) : this.fault(message)
  }

  private token(kind: TokenKind, text = this.text.slice(this.start, this.at)): Token {
    return { kind, text, line: this.line }
  }

  private opensMultiline(mark: string): boolean {
    if (!this.accept(mark)) return false
    if (this.accept(mark)) return true
    this.back(mark)
    return false
  }

  private word(first: string): Token {
    if (first === 'i' || first === 'n') {
      if ((this.accept('n') && this.accept('f')) || (this.accept('a') && this.accept('n'))) return this.token('float')
      this.at--
    } else this.back(first)
    const from = this.at
    this.takeWhile(isLetter)
    const word = this.text.slice(from, this.at)
    if (word === 'true' || word === 'false') return this.token('bool')
    throw this.fault(`expected value but found ${quote(word)} instead`)
  }

  private current(): string {
    return this.text.slice(this.start, this.at)
  }

  private signedNumber(): Token {
    const c = this.next()
    if (c === 'i' || c === 'n') {
      const rest = c === 'i' ? 'nf' : 'an'
      for (const wanted of rest) if (!this.accept(wanted)) throw this.fault(`invalid float: '${this.current()}'`)
      return this.token('float')
    }
    if (c === '0' && /^[box]$/.test(this.peek())) throw this.fault(`cannot use sign with non-decimal numbers: '${this.current()}${this.peek()}'`)
    if (c === '.') throw this.fault("floats must start with a digit, not '.'")
    if (DIGIT.test(c)) return this.decimal()
    throw this.fault(`expected a digit but got ${this.shown(c)}`)
  }

  private decimal(): Token {
    this.takeWhile((c) => DIGIT.test(c) || c === '_')
    return /^[.eE]$/.test(this.peek()) ? this.float() : this.token('integer')
  }

  private float(): Token {
    this.takeWhile((c) => /^[0-9_.+\-eE]$/.test(c))
    return this.token('float')
  }

  private numberOrDate(first: string): Token {
    if (first === '0') {
      const base = this.peek()
      if (base === 'b') return this.based('not a binary number', /^[01]$/)
      if (base === 'o') return this.based('not an octal number', /^[0-7]$/)
      if (base === 'x') return this.based('not a hexadecimal number', HEX)
    }
    this.takeWhile((c) => DIGIT.test(c))
    const c = this.peek()
    if (c === '-' || c === ':') {
      this.takeWhile((d) => /^[0-9\-:Tt .Zz+]$/.test(d))
      return this.token('datetime', this.current().replace(/^[ ]+|[ ]+$/g, ''))
    }
    return c === '_' ? this.decimal() : /^[.eE]$/.test(c) ? this.float() : this.token('integer')
  }

  private based(message: string, digit: RegExp): Token {
    this.next()
    if (!digit.test(this.peek())) throw this.fault(`${message}: '${this.current()}${this.peek() || '\0'}'`)
    this.takeWhile((c) => c === '_' || digit.test(c))
    return this.token('integer')
  }

  private basicString(): Token {
    this.start = this.at
    for (;;) {
      const c = this.next()
      if (c === '') throw this.fault(`unexpected EOF; expected '"'`)
      if (isBreak(c)) throw this.faultBefore('strings cannot contain newlines')
      if (c === '\\') this.escape()
      if (c === '"') return this.token('string', this.text.slice(this.start, this.at - 1))
    }
  }

  private rawString(): Token {
    this.start = this.at
    for (;;) {
      const c = this.next()
      if (c === '') throw this.fault(`unexpected EOF; expected "'"`)
      if (isBreak(c)) throw this.faultBefore('strings cannot contain newlines')
      if (c === "'") return this.token('raw', this.text.slice(this.start, this.at - 1))
    }
  }

  private multilineString(): Token {
    this.start = this.at
    for (;;) {
      const c = this.next()
      if (c === '') throw this.fault(`unexpected EOF; expected '"""'`)
      if (c === '\\') {
        if (isBreak(this.peek())) this.next()
        else this.escape()
      } else if (c === '"' && this.closes('"', `unexpected '""""""'`)) {
        return this.token('multiline', this.text.slice(this.start, this.at - 3))
      }
    }
  }

  private multilineRawString(): Token {
    this.start = this.at
    for (;;) {
      const c = this.next()
      if (c === '') throw this.fault(`unexpected EOF; expected "'''"`)
      if (c === "'" && this.closes("'", `unexpected "''''''"`)) return this.token('raw multiline', this.text.slice(this.start, this.at - 3))
    }
  }

  /** Whether the quote just taken starts the closing three; up to two more quotes before them belong to the text. */
  private closes(mark: string, tooMany: string): boolean {
    if (!this.accept(mark)) return false
    if (!this.accept(mark)) {
      this.back(mark)
      return false
    }
    if (this.peek() !== mark) return true
    const current = this.current()
    if (current.endsWith(mark.repeat(5)) && !(mark === '"' && current.endsWith('\\"""""'))) throw this.fault(tooMany)
    this.at -= 2
    return false
  }

  private escape(): void {
    const c = this.next()
    if (ESCAPES.has(c) && c !== '') return
    if (c === 'x') this.hexDigits(2, "two hexadecimal digits after '\\x'")
    else if (c === 'u') this.hexDigits(4, "four hexadecimal digits after '\\u'")
    else if (c === 'U') this.hexDigits(8, "eight hexadecimal digits after '\\U'")
    else throw c === '' ? this.faultBefore("invalid escape in string '\\\0'") : this.fault(`invalid escape in string '\\${c}'`)
  }

  private hexDigits(count: number, wanted: string): void {
    for (let i = 0; i < count; i++) {
      if (!HEX.test(this.next())) throw this.fault(`expected ${wanted}, but got ${quote(this.current())} instead`)
    }
  }
}
