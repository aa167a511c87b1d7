import { type Diagnostic, formatDiagnostic } from '../base/diagnostic.ts'
import type { MaskedTerminal } from './masked-terminal.ts'

/** Prints errors and warnings as messages: place, excerpt, notes, hint. */
export function printDiagnostics(terminal: Pick<MaskedTerminal, 'err' | 'colorErr'>, diagnostics: readonly Diagnostic[]): void {
  for (const diagnostic of diagnostics) terminal.err(`${paint(terminal, diagnostic, formatDiagnostic(diagnostic))}\n`)
}

function paint(terminal: Pick<MaskedTerminal, 'err' | 'colorErr'>, diagnostic: Diagnostic, text: string): string {
  if (!terminal.colorErr) return text
  const color = diagnostic.severity === 'error' ? '\u001b[31m' : '\u001b[33m'
  return text.replace(`${diagnostic.severity}: `, `${color}${diagnostic.severity}:\u001b[0m `)
}
