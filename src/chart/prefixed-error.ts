import { DiagnosticError, failure } from '../base/diagnostic.ts'

/**
 * The same error with `prefix: ` before the summary of each diagnostic, as Go's `fmt.Errorf("prefix: %w", err)` reads. Positions,
 * notes and cause stay; an error that is no DiagnosticError is taken as a summary under `code`.
 */
export function prefixed(prefix: string, error: unknown, code = 'chart/unreadable'): DiagnosticError {
  if (!(error instanceof DiagnosticError)) {
    return failure(code, `${prefix}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
  return new DiagnosticError(
    error.diagnostics.map((d) => ({ ...d, summary: `${prefix}: ${d.summary}` })),
    { cause: error.cause ?? error },
  )
}

/** What `work` gives; its error comes out with `prefix: ` before it. */
export function withPrefix<T>(prefix: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw prefixed(prefix, error)
  }
}
