import { type Diagnostic, DiagnosticError } from '../base/diagnostic.ts'

/** A wait that ended badly: what Helm writes into the record about it, beside what is told to people. */
export class WaitFailure extends DiagnosticError {
  readonly recordText: string

  constructor(recordText: string, diagnostics: readonly Diagnostic[]) {
    super(diagnostics)
    this.name = 'WaitFailure'
    this.recordText = recordText
  }
}
