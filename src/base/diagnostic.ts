import { fileErrorText } from './file-error.ts'
import { harmless } from './harmless.ts'
import { lineText, originOf, placeOf, positionAt, type Span } from './source.ts'

/** Something a person should know beside the main point: an include chain, the layer that set a value, a first definition. */
export interface Note {
  readonly text: string
  readonly at?: Span
}

/** One thing that is wrong, as data; wording for people is made by `formatDiagnostic`. */
export interface Diagnostic {
  /** Folder, then what is wrong: `template/nil-field`. */
  readonly code: string
  readonly severity: 'error' | 'warning'
  /** One line; no position, no advice, no full stop. */
  readonly summary: string
  readonly at?: Span
  /** `release shop/web`, `Deployment shop/web`, when no file is to blame. */
  readonly subject?: string
  /** One sentence in the imperative: what to change. */
  readonly hint?: string
  readonly notes?: readonly Note[]
}

/** What every public function throws for causes outside the program: one or more diagnostics, and the lower error in `cause`. */
export class DiagnosticError extends Error {
  readonly diagnostics: readonly Diagnostic[]

  constructor(diagnostics: Diagnostic | readonly Diagnostic[], options?: { readonly cause?: unknown }) {
    const list = Array.isArray(diagnostics) ? (diagnostics as readonly Diagnostic[]) : [diagnostics as Diagnostic]
    super(list.map(headline).join('\n'), options)
    this.name = 'DiagnosticError'
    this.diagnostics = list
  }

  /** The same error (class, message and all it knows) with other diagnostics; this one is kept in `cause` where there is no deeper one. */
  withDiagnostics(diagnostics: readonly Diagnostic[]): DiagnosticError {
    const copy = new DiagnosticError(diagnostics, { cause: this.cause ?? this })
    const { diagnostics: _diagnostics, cause: _cause, ...kept } = Object.getOwnPropertyDescriptors(this)
    return Object.defineProperties(Object.setPrototypeOf(copy, Object.getPrototypeOf(this)), kept)
  }
}

/** An error diagnostic wrapped for throwing: `throw failure('state/cycle', '…', { hint })`. */
export function failure(
  code: string,
  summary: string,
  options: Omit<Diagnostic, 'code' | 'severity' | 'summary'> & { readonly cause?: unknown } = {},
): DiagnosticError {
  const { cause, ...rest } = options
  return new DiagnosticError({ code, severity: 'error', summary, ...rest }, cause === undefined ? undefined : { cause })
}

/** Adds what was being done, as a note, to the diagnostics of `error`; other errors are wrapped under `code`, those of files under `base/file`. */
export function withNote(error: unknown, note: Note, code = 'base/unexpected'): DiagnosticError {
  const known = knownFailure(error)
  if (known) return known.withDiagnostics(known.diagnostics.map((d) => ({ ...d, notes: [...(d.notes ?? []), note] })))
  const summary = error instanceof Error ? error.message : String(error)
  return new DiagnosticError({ code, severity: 'error', summary, notes: [note] }, { cause: error })
}

/** What is meant for people: a DiagnosticError as it is, `base/file` where the operating system refused something about a file; else undefined. */
export function knownFailure(error: unknown): DiagnosticError | undefined {
  if (error instanceof DiagnosticError) return error
  const summary = fileErrorText(error)
  return summary === undefined ? undefined : failure('base/file', summary, { cause: error })
}

function headline(d: Diagnostic): string {
  const where = d.at ? `${placeOf(d.at)}: ` : d.subject ? `${d.subject}: ` : ''
  return `${where}${d.severity}: ${d.summary} [${d.code}]`
}

/** How wide an excerpt may be before it is cut around the caret. */
const EXCERPT_WIDTH = 120

function excerpt(rendered: Span): string[] {
  const span = originOf(rendered)
  const { line, column } = positionAt(span.source, span.start)
  const full = lineText(span.source, line)
  const from = column > EXCERPT_WIDTH ? column - EXCERPT_WIDTH / 2 : 1
  const text = full.slice(from - 1, from - 1 + EXCERPT_WIDTH)
  const length = Math.max(1, Math.min(span.end - span.start, text.length - (column - from)))
  const gutter = String(line).padStart(5)
  const indent = inCells(text.slice(0, column - from), ' ')
  const marks = inCells(text.slice(column - from, column - from + length).replaceAll('\t', ' '), '^')
  return [`${gutter} | ${text}`, `${' '.repeat(5)} | ${indent}${marks || '^'}`]
}

/** Characters that take two cells of a terminal. */
const WIDE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60]/gu
/** Characters that take none. */
const MARKS = /[\p{Mn}\p{Me}]/gu

/** As many of `mark` as cells of a terminal that `text` takes; tabs stay. */
function inCells(text: string, mark: string): string {
  return text
    .replace(MARKS, '')
    .replace(WIDE, mark + mark)
    .replace(/[^\t]/gu, mark)
}

/** The line that was rendered where the one a person wrote is another. */
function renderedLine(span: Span): string[] {
  const origin = originOf(span)
  if (origin === span) return []
  const text = lineText(span.source, positionAt(span.source, span.start).line)
  const written = lineText(origin.source, positionAt(origin.source, origin.start).line)
  return text.trim() === written.trim() ? [] : [`  note: rendered as: ${text.trim().slice(0, EXCERPT_WIDTH)}`]
}

/** The whole diagnostic for a terminal, several lines, no colour and no line break at the end; control characters are shown as pictures. */
export function formatDiagnostic(d: Diagnostic): string {
  const lines = [headline(d)]
  if (d.at && d.at.source.text !== '') lines.push(...excerpt(d.at), ...renderedLine(d.at))
  for (const note of d.notes ?? []) lines.push(`  note: ${note.at ? `${placeOf(note.at)} ` : ''}${note.text}`)
  if (d.hint) lines.push(`  hint: ${d.hint}`)
  return harmless(lines.join('\n'))
}
