import { type Diagnostic, DiagnosticError } from '../base/diagnostic.ts'
import { placeOf, type Span } from '../base/source.ts'
import { GoFailure } from '../go/values.ts'
import { TemplateError } from '../template/engine.ts'

/** A chart that cannot be rendered: `message` is what Helm prints for it, the diagnostics say the same with positions in the files. */
export class RenderError extends DiagnosticError {
  constructor(message: string, diagnostics: readonly Diagnostic[], options: { readonly cause: unknown }) {
    super(diagnostics, options)
    this.name = 'RenderError'
    this.message = message
  }
}

/** Errors from the outermost inwards, as Go unwraps them. */
function* chainOf(error: unknown): Generator<Error> {
  for (let current = error; current instanceof Error; current = current.cause) yield current
}

function messageOf(error: Error): string {
  if (error instanceof TemplateError) return error.goMessage
  return error instanceof DiagnosticError ? error.diagnostics.map((d) => d.summary).join('\n') : error.message
}

/** The lines Helm makes of one level. */
function levelText(error: TemplateError): string {
  const { place } = error
  if (!place) return `${error.goMessage}\n`
  // What comes after the next level's own position is that level's.
  const cut = error.reason.indexOf(' template:')
  const reason = cut < 0 ? error.reason : error.reason.slice(0, cut)
  return `${place.location}\n  executing "${place.executing}" at <${place.node}>:\n    ${reason}\n`
}

/** Helm's trace, or Go's own text where a level is not the template engine's. */
function traceText(error: TemplateError): string {
  const levels: string[] = []
  for (const level of chainOf(error)) {
    if (!(level instanceof TemplateError)) return messageOf(error)
    const text = levelText(level)
    if (levels.at(-1) !== text) levels.push(text)
  }
  return levels.join('').trim()
}

/** What Helm puts around the words of `fail` and `required`; it looks for them in the whole text of an error. */
const MARK_START = 'HELM_ERR_START'
const MARK_END = 'HELM_ERR_END'

/** Go's text of `error` with Helm's marks around the words of `failed`, which stand last. */
function markedText({ goMessage }: TemplateError, failed: Error | undefined): string {
  if (!failed || !goMessage.endsWith(failed.message)) return goMessage
  return `${goMessage.slice(0, goMessage.length - failed.message.length)}${MARK_START}${failed.message}${MARK_END}`
}

/** `error` as Helm words it. A `fail` or `required` shows the outermost place and the author's text only. */
function helmText(error: TemplateError): string {
  const failed = [...chainOf(error)].find((level) => level instanceof GoFailure)
  const text = markedText(error, failed)
  const start = text.indexOf(MARK_START)
  const end = text.lastIndexOf(MARK_END)
  const words = start >= 0 && end >= start + MARK_START.length ? text.slice(start + MARK_START.length, end) : failed?.message
  return words === undefined ? traceText(error) : `execution error at (${error.place?.location ?? ''}): ${words}`
}

function withHelmPlace(diagnostic: Diagnostic, error: TemplateError, failed: boolean): Diagnostic {
  const location = error.place?.location
  if (location === undefined) return diagnostic
  const summary = failed ? helmText(error) : diagnostic.summary
  return {
    ...diagnostic,
    summary,
    notes: [...(diagnostic.notes ?? []), { text: `rendering stopped at ${location} (line, and column in bytes from 0)` }],
  }
}

/**
 * The error of a template that failed while it ran, as Helm reports it.
 *
 * Source: Helm 4.3.1 pkg/engine/engine.go (reformatExecErrorMsg)
 */
export function executionError(error: TemplateError): RenderError {
  const failed = [...chainOf(error)].some((level) => level instanceof GoFailure)
  return new RenderError(
    helmText(error),
    error.diagnostics.map((d) => withHelmPlace(d, error, failed)),
    { cause: error },
  )
}

/** `name:line` of a parse error, as Go gives it. */
function lineOf(at: Span | undefined, path: string): string {
  return at ? placeOf(at).replace(/:[0-9]+$/, '') : path
}

/**
 * The error of a template that cannot be parsed, as Helm reports it: only what stands behind the last `: ` of Go's text.
 *
 * Source: Helm 4.3.1 pkg/engine/engine.go (cleanupParseError)
 */
export function parseError(path: string, error: DiagnosticError): RenderError {
  const [first] = error.diagnostics
  const reason = (first?.summary ?? error.message).split(': ').at(-1) as string
  return new RenderError(`parse error at (${lineOf(first?.at, path)}): ${reason}`, error.diagnostics.map(atOpening), { cause: error })
}

/** What the parser notices late is told where it is to be mended. */
function atOpening(diagnostic: Diagnostic): Diagnostic {
  const likely = diagnostic.notes?.[0]?.at
  if (!likely || !diagnostic.at) return diagnostic
  const text = diagnostic.summary === 'unexpected EOF' ? 'the text ends here' : 'it shows here, on the line that Helm names'
  return { ...diagnostic, at: likely, notes: [{ text, at: diagnostic.at }] }
}
