import { DiagnosticError, type Diagnostic } from '../base/diagnostic.ts'

/** What went wrong without codes and places, one line for each thing: what Helm writes into a record's description. */
export function errorText(error: unknown): string {
  if (error instanceof DiagnosticError) return error.diagnostics.map((d) => d.summary).join('\n')
  return error instanceof Error ? error.message : String(error)
}

/** The diagnostics of any error; one that is none of ours becomes `release/unexpected`. */
export function diagnosticsOf(error: unknown, subject?: string): readonly Diagnostic[] {
  if (error instanceof DiagnosticError) return error.diagnostics
  return [{ code: 'release/unexpected', severity: 'error', summary: errorText(error), ...(subject === undefined ? {} : { subject }) }]
}
