import { type DiagnosticError, failure } from '../../base/diagnostic.ts'
import type { Source, Span } from '../../base/source.ts'

const IDENTIFIER = /[\p{ID_Start}_][\p{ID_Continue}-]*/uy
const NUMBER = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const MAX_DEPTH = 200

/** Reads characters of an HCL text, one position at a time. */
export class Reader {
  readonly source: Source
  position: number
  private depth = 0

  constructor(source: Source, position = 0) {
    this.source = source
    this.position = position
  }

  get isAtEnd(): boolean {
    return this.position >= this.source.text.length
  }

  /** True when `text` comes next. */
  sees(text: string): boolean {
    return this.source.text.startsWith(text, this.position)
  }

  /** Takes `text` if it comes next. */
  take(text: string): boolean {
    if (!this.sees(text)) return false
    this.position += text.length
    return true
  }

  /** @throws DiagnosticError `values/hcl` when something else comes next */
  expect(text: string, summary: string): void {
    if (!this.take(text)) throw this.error(summary)
  }

  /** The name that comes next. */
  identifier(): string | undefined {
    return this.match(IDENTIFIER)
  }

  /** The digits of a number that come next. */
  digits(): string | undefined {
    return this.match(NUMBER)
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position
    const found = pattern.exec(this.source.text)?.[0]
    if (found !== undefined) this.position += found.length
    return found
  }

  /** True when the word comes next and ends there. */
  seesWord(word: string): boolean {
    return this.sees(word) && !/[\p{ID_Continue}-]/u.test(this.source.text.charAt(this.position + word.length))
  }

  takeWord(word: string): boolean {
    return this.seesWord(word) && this.take(word)
  }

  /** Passes blanks and comments, and line breaks where they mean nothing. */
  skip(lines: boolean): void {
    for (;;) {
      const char = this.source.text.charAt(this.position)
      if (char === ' ' || char === '\t' || char === '\r' || (lines && char === '\n')) this.position++
      else if (char === '#' || this.sees('//')) this.position = this.endOfLine()
      else if (this.sees('/*')) this.skipBlockComment()
      else return
    }
  }

  /** Where the line ends, its line break not included. */
  endOfLine(): number {
    const end = this.source.text.indexOf('\n', this.position)
    return end < 0 ? this.source.text.length : end
  }

  private skipBlockComment(): void {
    const end = this.source.text.indexOf('*/', this.position)
    if (end < 0) throw this.error('Unterminated comment')
    this.position = end + 2
  }

  span(start: number): Span {
    return { source: this.source, start, end: Math.max(start, this.position) }
  }

  error(summary: string, start: number = this.position): DiagnosticError {
    return failure('values/hcl', summary, { at: { source: this.source, start, end: Math.min(start + 1, this.source.text.length) } })
  }

  /** Runs `work` one level deeper. */
  nested<T>(work: () => T): T {
    if (++this.depth > MAX_DEPTH) throw this.error(`expressions nest deeper than ${MAX_DEPTH}`)
    try {
      return work()
    } finally {
      this.depth--
    }
  }
}
