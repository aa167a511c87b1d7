import type { Diagnostic } from '../base/diagnostic.ts'
import type { Source, Span } from '../base/source.ts'
import type { Dialect } from './dialect.ts'
import { lineOf } from './lines.ts'
import { contextName, type Fault, openQuote, yamlHint } from './syntax-hint.ts'
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
  const fault = { problem, at: offset, context: Math.min(place.context ?? offset, offset), quote: openQuote(source.text, offset) }
  const hint = yamlHint(source.text, fault)
  return new YamlError(`yaml: ${line === 0 ? '' : `line ${line}: `}${problem}`, {
    code: 'yaml/syntax',
    severity: 'error',
    summary: problem,
    ...placesOf(source, fault),
    ...(hint === undefined ? {} : { hint }),
  })
}

/** Problems that show long after what has to be mended. */
const SHOWS_LATE = /^(?:found unexpected end of stream|could not find expected ':')/

/** Where to mend it, and what else has to do with it. */
function placesOf(source: Source, fault: Fault): Pick<Diagnostic, 'at' | 'notes'> {
  const { at, context, problem, quote } = fault
  const shown = spanOf(source, at)
  if (quote !== undefined) return { at: shown, notes: [{ text: 'the text in quotes begins here', at: spanOf(source, quote) }] }
  if (context >= at) return { at: shown }
  if (SHOWS_LATE.test(problem)) return { at: spanOf(source, context), notes: [{ text: 'it shows here', at: shown }] }
  return { at: shown, notes: [{ text: contextName(source.text, fault), at: { source, start: context, end: at } }] }
}

function spanOf(source: Source, start: number): Span {
  return { source, start, end: Math.min(start + 1, source.text.length) }
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
