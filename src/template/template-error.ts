import { type Diagnostic, DiagnosticError, type Note } from '../base/diagnostic.ts'
import { positionAt, type Source, type Span } from '../base/source.ts'
import { byteLength } from '../go/bytes.ts'
import { quote } from '../go/quote.ts'
import type { TemplateCode } from './codes.ts'
import { execHint } from './exec-hint.ts'

/** Where a template was when it failed, in Go's terms. */
export interface FailurePlace {
  /** `NAME:LINE:COLUMN`: name of the parsed text, line from 1, column in bytes from 0. */
  readonly location: string
  /** Name of the template that ran: a file or a `define`. */
  readonly executing: string
  /** The failing node as Go prints it. */
  readonly node: string
}

/**
 * A template failed while it ran.
 *
 * `diagnostics[0]` tells of the innermost failure: Go's cause as summary, the failing node as `at`, and as notes the calls that
 * led there, innermost first. The other fields belong to this level: an error inside an `include` is `cause` of the error of
 * the template that included it, as errors wrap one another in Go.
 */
export class TemplateError extends DiagnosticError {
  /** The whole text Go's error has, all levels below included. */
  readonly goMessage: string
  /** This level's cause, after the position: `error calling include: …`. */
  readonly reason: string
  /** Absent for errors without a node: a template nobody defines. */
  readonly place: FailurePlace | undefined

  constructor(
    diagnostic: Diagnostic,
    level: { readonly goMessage: string; readonly reason: string; readonly place?: FailurePlace },
    cause?: unknown,
  ) {
    super(diagnostic, cause === undefined ? undefined : { cause })
    this.name = 'TemplateError'
    this.goMessage = level.goMessage
    this.reason = level.reason
    this.place = level.place
  }
}

/** What an execution error is made of. */
export interface ExecutionFailure {
  readonly code: TemplateCode
  /** Go's cause. */
  readonly reason: string
  /** The cause in short, for the diagnostic. */
  readonly summary: string
  /** Advice, where there is any. */
  readonly hint?: string
  readonly executing: string
  readonly node: string
  readonly at: Span
  /** Calls that led to this template within one execution, innermost first. */
  readonly calls: readonly Note[]
  /** What a called function threw. */
  readonly cause?: unknown
}

/** The error Go's `ExecError` would be, with the chain of what it wraps. */
export function executionError(f: ExecutionFailure): TemplateError {
  const place: FailurePlace = { location: goLocation(f.at.source, f.at.start), executing: f.executing, node: f.node }
  const goMessage = `template: ${place.location}: executing ${quote(f.executing)} at <${f.node}>: ${f.reason}`
  return new TemplateError(innermost(f), { goMessage, reason: f.reason, place }, f.cause)
}

function innermost(f: ExecutionFailure): Diagnostic {
  const inner = innerDiagnostic(f.cause)
  if (!inner) {
    const advice = f.hint ?? execHint(f.summary)
    const hint = advice === undefined ? {} : { hint: advice }
    return { code: f.code, severity: 'error', summary: f.summary, at: f.at, ...hint, ...(f.calls.length > 0 ? { notes: f.calls } : {}) }
  }
  const here: Note = { text: `called by <${f.node}> in template ${quote(f.executing)}`, at: f.at }
  return { ...inner, notes: [...(inner.notes ?? []), here, ...f.calls] }
}

/** The diagnostic of the nearest error below that has one, looking through wrappers such as tpl's. */
function innerDiagnostic(cause: unknown): Diagnostic | undefined {
  for (let error = cause; error instanceof Error; error = error.cause) {
    if (error instanceof DiagnosticError) return error.diagnostics[0]
  }
  return undefined
}

/** `NAME:LINE:COLUMN` as Go counts: lines from 1, columns in bytes from 0. */
export function goLocation(source: Source, offset: number): string {
  const { line, column } = positionAt(source, offset)
  const start = offset - (column - 1)
  return `${source.name}:${line}:${byteLength(source.text.slice(start, offset))}`
}
