import { type Diagnostic, DiagnosticError } from '../base/diagnostic.ts'
import { WaitFailure } from './wait-failure.ts'

/** What went wrong without codes and places, one line for each thing: what Helm writes into a record's description. */
export function errorText(error: unknown): string {
  if (isAbort(error)) return 'interrupted'
  if (error instanceof WaitFailure) return error.recordText
  if (error instanceof DiagnosticError) return error.diagnostics.map((d) => d.summary).join('\n')
  return error instanceof Error ? error.message : String(error)
}

/** The diagnostics of any error; one that is none of ours becomes `release/unexpected`, an abort `release/interrupted`. */
export function diagnosticsOf(error: unknown, subject?: string): readonly Diagnostic[] {
  if (error instanceof DiagnosticError) return error.diagnostics
  const code = isAbort(error) ? 'release/interrupted' : 'release/unexpected'
  return [{ code, severity: 'error', summary: errorText(error), ...(subject === undefined ? {} : { subject }) }]
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError'
}
