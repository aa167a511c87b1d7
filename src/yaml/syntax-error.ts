import type { Source } from '../base/source.ts'
import type { Dialect } from './dialect.ts'
import { lineOf } from './lines.ts'
import { YamlError } from './yaml-error.ts'

interface Place {
  /** Where it was noticed. */
  readonly at: number
  /** Where the construct began. */
  readonly context?: number
  readonly kind: 'reader' | 'scanner' | 'parser'
}

/** The error of a text that is no YAML, with the line as each Go library counts it. */
export function syntaxError(of: { readonly source: Source; readonly dialect: Dialect }, problem: string, place: Place): YamlError {
  const { source } = of
  const line = goLine(source.text, of.dialect, place)
  const offset = Math.min(place.at, source.text.length)
  const start = Math.min(place.context ?? offset, offset)
  return new YamlError(`yaml: ${line === 0 ? '' : `line ${line}: `}${problem}`, {
    code: 'yaml/syntax',
    severity: 'error',
    summary: problem,
    at: { source, start: offset, end: Math.min(offset + 1, source.text.length) },
    ...(start < offset ? { notes: [{ text: 'this is where it began', at: { source, start, end: offset } }] } : {}),
  })
}

/**
 * The number behind `line` in go-yaml's message, 0 where it gives none. Scanner errors count from 1, parser errors from 0 (a
 * slip that people know by now), v3 names the line where the construct began, and the first line has no number.
 */
function goLine(text: string, dialect: Dialect, place: Place): number {
  if (place.kind === 'reader') return 0
  const problem = lineOf(text, place.at)
  const context = place.context === undefined ? 0 : lineOf(text, place.context)
  const line = dialect === 'helm' ? problem || context : context || problem
  return line === 0 || place.kind === 'parser' ? line : line + 1
}
