import { failure } from '../../base/diagnostic.ts'
import type { Span } from '../../base/source.ts'
import type { Reader } from './reader.ts'
import type { Expression, ForClause } from './syntax.ts'

/** What templates hold of the rest of the language. */
export interface Grammar {
  readonly expression: (reader: Reader, lines: boolean) => Expression
  readonly forClause: (reader: Reader) => ForClause
}

/** A piece of a template before directives are put together. */
type Piece =
  | { readonly type: 'text'; text: string }
  | { readonly type: 'value'; readonly value: Expression }
  | {
      readonly type: 'directive'
      readonly word: string
      readonly make: ((body: readonly Piece[], otherwise: readonly Piece[]) => Expression) | undefined
      readonly at: Span
    }

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' }

/** The template behind an opening quote, which stood at `start`. */
export function quotedTemplate(reader: Reader, start: number, grammar: Grammar): Expression {
  const pieces = readPieces(reader, grammar, {
    isAtEnd: () => {
      if (reader.isAtEnd || reader.sees('\n')) throw reader.error('Unterminated template string: No closing marker was found for the string.', start)
      return reader.take('"')
    },
    takeEscape: () => escaped(reader),
  })
  return assembled(pieces, reader.span(start))
}

function escaped(reader: Reader): string | undefined {
  if (!reader.take('\\')) return undefined
  const char = reader.source.text.charAt(reader.position)
  const simple = ESCAPES[char]
  if (simple !== undefined) {
    reader.position++
    return simple
  }
  const size = char === 'u' ? 4 : char === 'U' ? 8 : 0
  const digits = reader.source.text.slice(reader.position + 1, reader.position + 1 + size)
  const code = Number.parseInt(digits, 16)
  if (size === 0 || !/^[0-9a-fA-F]+$/.test(digits) || digits.length < size || code > 0x10_ff_ff) throw reader.error('Invalid escape sequence')
  reader.position += 1 + size
  return String.fromCodePoint(code)
}

/** `<<MARK` or `<<-MARK`; the latter loses the indentation that all its lines share. */
export function heredoc(reader: Reader, start: number, grammar: Grammar): Expression {
  reader.take('<<')
  const isFlush = reader.take('-')
  const mark = reader.identifier()
  if (mark === undefined || reader.source.text.slice(reader.position, reader.endOfLine()).trim() !== '')
    throw reader.error('Invalid heredoc introducer')
  reader.position = reader.endOfLine() + 1
  const pieces = readPieces(reader, grammar, {
    isAtEnd: () => {
      if (reader.isAtEnd) throw reader.error('Unterminated template string: No closing marker was found for the string.', start)
      const isAtLineStart = reader.source.text.charAt(reader.position - 1) === '\n'
      if (!isAtLineStart || reader.source.text.slice(reader.position, reader.endOfLine()).trim() !== mark) return false
      reader.position = reader.endOfLine()
      return true
    },
    takeEscape: () => undefined,
  })
  return assembled(isFlush ? flushed(pieces) : pieces, reader.span(start))
}

function flushed(pieces: readonly Piece[]): readonly Piece[] {
  let isAtLineStart = true
  let least = Number.POSITIVE_INFINITY
  for (const piece of pieces) {
    if (piece.type !== 'text') {
      if (isAtLineStart) least = 0
      isAtLineStart = false
      continue
    }
    for (const [i, line] of piece.text.split('\n').entries()) {
      const isStart = i > 0 || isAtLineStart
      const indent = line.length - line.trimStart().length
      if (isStart && line.trim() !== '') least = Math.min(least, indent)
      else if (isStart && line !== '' && piece !== pieces.at(-1)) least = Math.min(least, indent)
    }
    isAtLineStart = piece.text.endsWith('\n')
  }
  if (!Number.isFinite(least) || least === 0) return pieces
  isAtLineStart = true
  return pieces.map((piece) => {
    if (piece.type !== 'text') {
      isAtLineStart = false
      return piece
    }
    const lines = piece.text
      .split('\n')
      .map((line, i) => (i > 0 || isAtLineStart ? line.slice(Math.min(least, line.length - line.trimStart().length)) : line))
    isAtLineStart = piece.text.endsWith('\n')
    return { type: 'text' as const, text: lines.join('\n') }
  })
}

interface Ending {
  /** True, and passed, at the end of the template. */
  readonly isAtEnd: () => boolean
  /** The text of an escape that comes next. */
  readonly takeEscape: () => string | undefined
}

function readPieces(reader: Reader, grammar: Grammar, { isAtEnd, takeEscape }: Ending): readonly Piece[] {
  const pieces: Piece[] = []
  let trimsNext = false
  const addText = (text: string): void => {
    const last = pieces.at(-1)
    if (last?.type === 'text') last.text += text
    else pieces.push({ type: 'text', text })
  }
  const passBlanks = (): void => {
    while (trimsNext && /\s/.test(reader.source.text.charAt(reader.position))) reader.position++
    trimsNext = false
  }
  while (!isAtEnd()) {
    const isValue = reader.sees('${')
    if (isValue || reader.sees('%{')) {
      reader.position += 2
      if (reader.take('~')) trimEnd(pieces)
      pieces.push(isValue ? { type: 'value', value: grammar.expression(reader, true) } : directive(reader, grammar))
      reader.skip(true)
      trimsNext = reader.take('~')
      reader.expect('}', 'Extra characters after interpolation expression')
      passBlanks()
    } else addText(takeEscape() ?? literal(reader))
  }
  return pieces
}

/** `$${` and `%%{` stand for `${` and `%{`. */
function literal(reader: Reader): string {
  if (reader.sees('$${') || reader.sees('%%{')) {
    const text = reader.source.text.slice(reader.position + 1, reader.position + 3)
    reader.position += 3
    return text
  }
  const text = reader.source.text.charAt(reader.position)
  reader.position++
  return text
}

function trimEnd(pieces: readonly Piece[]): void {
  const last = pieces.at(-1)
  if (last?.type === 'text') last.text = last.text.trimEnd()
}

function directive(reader: Reader, grammar: Grammar): Piece {
  reader.skip(true)
  const start = reader.position
  const word = reader.identifier() ?? ''
  if (word === 'if') {
    const test = grammar.expression(reader, true)
    const at = reader.span(start)
    return {
      type: 'directive',
      word,
      at,
      make: (body, otherwise) => ({ type: 'conditional', test, yes: assembled(body, at), no: assembled(otherwise, at), at }),
    }
  }
  if (word === 'for') {
    const clause = grammar.forClause(reader)
    const at = reader.span(start)
    return { type: 'directive', word, at, make: (body) => ({ type: 'template-for', clause, body: assembled(body, at), at }) }
  }
  if (!['else', 'endif', 'endfor'].includes(word))
    throw reader.error(`Invalid template directive: "${word}" is not a template control keyword.`, start)
  return { type: 'directive', word, make: undefined, at: reader.span(start) }
}

/** A template of one value is that value; any other is a text. */
function assembled(pieces: readonly Piece[], at: Span): Expression {
  const { parts, rest } = assemble(pieces)
  if (rest.length > 0) throw unexpectedDirective(rest[0] as Piece)
  const only = parts[0]
  if (parts.length === 0) return { type: 'literal', value: '' }
  if (parts.length === 1 && only && (only.type !== 'literal' || typeof only.value === 'string') && only.type !== 'template-for') return only
  return { type: 'template', parts, at }
}

function unexpectedDirective(piece: Piece): Error {
  if (piece.type !== 'directive') throw new TypeError('only directives are left over')
  return failure('values/hcl', `Unexpected ${piece.word} directive`, { at: piece.at })
}

function assemble(pieces: readonly Piece[]): { readonly parts: readonly Expression[]; readonly rest: readonly Piece[] } {
  const parts: Expression[] = []
  let left = pieces
  for (;;) {
    const [piece, ...after] = left
    if (piece === undefined) return { parts, rest: [] }
    if (piece.type === 'text') parts.push({ type: 'literal', value: piece.text })
    else if (piece.type === 'value') parts.push(piece.value)
    else if (!piece.make) return { parts, rest: left }
    else {
      const { body, otherwise, rest } = bodies(piece.word === 'if' ? 'endif' : 'endfor', after)
      parts.push(piece.make(body, otherwise))
      left = rest
      continue
    }
    left = after
  }
}

/** The pieces up to the end of a directive, those behind `else` apart, and what follows. */
function bodies(
  end: string,
  pieces: readonly Piece[],
): { readonly body: readonly Piece[]; readonly otherwise: readonly Piece[]; readonly rest: readonly Piece[] } {
  let depth = 0
  let middle: number | undefined
  for (const [i, piece] of pieces.entries()) {
    if (piece.type !== 'directive') continue
    if (piece.make) depth++
    else if (depth > 0 && piece.word !== 'else') depth--
    else if (depth === 0 && piece.word === 'else') middle = i
    else if (depth === 0 && piece.word === end)
      return { body: pieces.slice(0, middle ?? i), otherwise: middle === undefined ? [] : pieces.slice(middle + 1, i), rest: pieces.slice(i + 1) }
  }
  return { body: pieces, otherwise: [], rest: [] }
}
