import { type Diagnostic, DiagnosticError } from '../base/diagnostic.ts'

/** What reading or writing YAML throws: diagnostics for people, and the sentence the Go library would have returned. */
export class YamlError extends DiagnosticError {
  /** As go-yaml words it, its own line count included: `yaml: line 3: mapping values are not allowed in this context`. */
  readonly goMessage: string

  constructor(goMessage: string, diagnostics: Diagnostic | readonly Diagnostic[]) {
    super(diagnostics)
    this.goMessage = goMessage
  }
}
