import type { Diagnostic } from '../base/diagnostic.ts'
import { placeOf } from '../base/source.ts'

/** An error or warning for programs: `at` is `file:line:column` or null. */
export function diagnosticDocument({ code, severity, summary, at, subject, hint, notes = [] }: Diagnostic): unknown {
  return {
    code,
    severity,
    summary,
    at: at ? placeOf(at) : null,
    subject: subject ?? null,
    hint: hint ?? null,
    notes: notes.map((note) => (note.at ? `${placeOf(note.at)} ${note.text}` : note.text)),
  }
}
