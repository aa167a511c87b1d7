import type { Source } from '../base/source.ts'
import { CR, isBlank, isBlankOrEnd, isBreak, isBreakOrEnd, isWord, LF, LINE_SEPARATOR, PARAGRAPH_SEPARATOR } from './characters.ts'
import type { Dialect } from './dialect.ts'
import { type Input, readInput } from './input.ts'
import { syntaxError } from './syntax-error.ts'

const ASTRAL = /[\u{10000}-\u{10ffff}]/u
const DASH = 0x2d
const DOT = 0x2e

/**
 * A place in a text, moved by the scanner and its parts.
 *
 * A class because the place lives through one pass. Public fields, because they are touched once per character.
 */
export class Cursor {
  readonly source: Source
  readonly dialect: Dialect
  /** The text with a NUL behind it. */
  readonly text: string
  pos: number
  /** Where the current line starts, and how many lines ended before it. */
  lineStart: number
  line = 0
  /** True once go-yaml has begun the imaginary line behind the last. */
  atEnd = false
  /** Where the scalar that was scanned last ends, the blanks behind it left out. */
  scalarEnd = 0
  /** Whether line breaks behind the scalar that was scanned last are taken already. */
  endsWithBreak = false
  readonly #input: Input
  readonly #hasAstral: boolean
  #counted = 0
  #astral = 0

  constructor(source: Source, dialect: Dialect) {
    this.#input = readInput(source)
    this.source = this.#input.source
    this.dialect = dialect
    this.text = this.#input.text
    this.#hasAstral = ASTRAL.test(this.text)
    this.pos = this.#input.start
    this.lineStart = this.#input.start
  }

  /** @throws YamlError `yaml/syntax`: `problem` here, in something that began at `context`; or a forbidden character that go-yaml met first */
  fail(problem: string, context: number): never {
    const { fault, faultFrom } = this.#input
    if (fault && this.pos + 4 > faultFrom) throw syntaxError(this, fault.problem, { at: fault.offset, kind: 'reader' })
    throw syntaxError(this, problem, { at: this.mark(), context, kind: 'scanner' })
  }

  /** Fails when the piece of text that was needed last holds a forbidden character. */
  checkFault(): void {
    if (this.pos >= this.#input.faultFrom) this.fail('', this.pos)
  }

  /** The offset for messages: one past the end on the imaginary last line. */
  mark(): number {
    return this.atEnd ? this.text.length : this.pos
  }

  /** Characters (not UTF-16 units) before the place on its line. */
  column(): number {
    if (this.atEnd) return 0
    const units = this.pos - this.lineStart
    return this.#hasAstral ? units - this.#astralOnLine() : units
  }

  /** Counted on from where the last count on this line ended, for lines may be long. */
  #astralOnLine(): number {
    if (this.#counted < this.lineStart) {
      this.#counted = this.lineStart
      this.#astral = 0
    }
    for (; this.#counted < this.pos; this.#counted++) if (isLowSurrogate(this.text.charCodeAt(this.#counted))) this.#astral++
    return this.#astral
  }

  /** Whether the place lies more than `limit` characters behind `offset`. */
  isFarBehind(offset: number, limit: number): boolean {
    const units = this.pos - offset
    if (units <= limit || !this.#hasAstral) return units > limit
    if (units > 2 * limit) return true
    let astral = 0
    for (let i = offset; i < this.pos; i++) if (isLowSurrogate(this.text.charCodeAt(i))) astral++
    return units - astral > limit
  }

  code(ahead = 0): number {
    return this.text.charCodeAt(this.pos + ahead)
  }

  /** `---` or `...` with a blank or the end behind it; only at the start of a line. */
  isAtDocumentIndicator(): boolean {
    if (this.pos !== this.lineStart) return false
    const code = this.code()
    if (code !== DASH && code !== DOT) return false
    return this.code(1) === code && this.code(2) === code && isBlankOrEnd(this.code(3))
  }

  skipBlanks(): void {
    while (isBlank(this.text.charCodeAt(this.pos))) this.pos++
  }

  skipToLineEnd(): void {
    const { text } = this
    let { pos } = this
    while (!isBreakOrEnd(text.charCodeAt(pos))) pos++
    this.pos = pos
  }

  /** Steps over one line break; what it counts for in a scalar: LF, or LS and PS themselves. */
  skipBreak(): string {
    const code = this.code()
    this.pos += code === CR && this.code(1) === LF ? 2 : 1
    this.line++
    this.lineStart = this.pos
    return code === LINE_SEPARATOR ? '\u2028' : code === PARAGRAPH_SEPARATOR ? '\u2029' : '\n'
  }

  /** Steps over blanks, a comment and the line break that must follow. */
  endLine(context: number): void {
    this.skipBlanks()
    if (this.code() === 0x23) this.skipToLineEnd()
    if (!isBreakOrEnd(this.code())) this.fail('did not find expected comment or line break', context)
    if (isBreak(this.code())) this.skipBreak()
  }

  /** Takes letters, digits, `-` and `_`. */
  word(): string {
    const start = this.pos
    while (isWord(this.text.charCodeAt(this.pos))) this.pos++
    return this.text.slice(start, this.pos)
  }
}

function isLowSurrogate(unit: number): boolean {
  return (unit & 0xfc00) === 0xdc00
}
