import type { Diagnostic, Note } from '../base/diagnostic.ts'
import { nearest } from '../base/nearest.ts'
import { lineText, placeOf, positionAt, type Span } from '../base/source.ts'
import type { Chart } from '../chart/chart.ts'
import { SchemaError } from '../chart/validate-values.ts'
import { GoFailure, type GoMap, type GoValue } from '../go/values.ts'
import { TemplateError } from '../template/engine.ts'
import type { TemplateBody } from '../template/frame.ts'
import type { TracedOutput } from '../template/trace.ts'
import type { Layer } from '../values/layer.ts'
import { isTooDeep } from './deep-render.ts'
import { explainRefused } from './explain-refused.ts'
import { type Read, recordValues } from './recorded-values.ts'
import { RenderError } from './render-error.ts'
import { compiledBodies, type RenderContext, renderTemplates } from './render-templates.ts'
import { lineUpTo, type TemplatePlace, templatePlace } from './template-place.ts'
import { described, originInDefaults, originNote, originOfValue, ownersOf, type ValueOrigin, type ValueSources } from './value-origin.ts'

/** All it takes to render once more what failed. */
export interface Rerun {
  /** The chart with its dependencies settled. */
  readonly chart: Chart
  /** Fresh, before templates touched them. */
  readonly values: GoMap
  /** With a host that answers as it did. */
  readonly context: RenderContext
  readonly layers: readonly Layer[]
}

/** Lines of rendered text shown before and after the one that is wrong. */
const LINES_AROUND = 2
/** Characters of such a line that are shown. */
const SHOWN_WIDTH = 160
/** Values a failure is explained by at most. */
const MAX_ORIGINS = 2

/**
 * `error` with what a person needs to know beside Helm's own words: who set the values that made a template fail; for a rendered
 * text that is no YAML, its lines and the template line they came from. Renders again to find out; the message stays as it is.
 */
export function explainFailure(error: unknown, rerun: () => Rerun): unknown {
  if (error instanceof SchemaError) return explainRefused(error, rerun())
  if (!(error instanceof RenderError)) return error
  if (error.diagnostics[0]?.code === 'template/missing') return withNearestTemplate(error, rerun().chart)
  // No value is to blame for templates that run inside one another without end.
  if (isTooDeep(error)) return error
  if (error.cause instanceof TemplateError) return withOrigins(error, rerun())
  return error.diagnostics.some(({ code }) => code.startsWith('chart/')) ? withTemplatePlace(error, rerun()) : error
}

function* bodiesIn(chart: Chart): Generator<TemplateBody> {
  for (const file of chart.templates) yield* compiledBodies(file)
  for (const subchart of chart.dependencies) yield* bodiesIn(subchart)
}

/** A call of a template that nobody defines, blamed where it is written, with the nearest name there is. */
function withNearestTemplate(error: RenderError, chart: Chart): RenderError {
  const [first, ...others] = error.diagnostics
  const name = /template "([^"]*)" (?:associated|not defined)/.exec(first?.summary ?? '')?.[1]
  if (!first || name === undefined) return error
  // What include was to run has no place of its own; what the action template was to run has.
  const [call, ...callers] = first.notes ?? []
  const at = first.at ?? call?.at
  const notes = first.at ? (first.notes ?? []) : callers
  if (!at) return error
  const bodies = new Map([...bodiesIn(chart)].map((body) => [body.name, body]))
  const near = bodies.get(nearest(name, bodies.keys()) ?? '')
  if (!near) return error.withDiagnostics([{ ...first, at, notes }, ...others]) as RenderError
  const defined = {
    text: `template ${JSON.stringify(near.name)} is defined here`,
    at: { source: near.source, start: near.root.at, end: near.root.at + 1 },
  }
  return error.withDiagnostics([{ ...first, at, notes: [defined, ...notes], hint: `write ${JSON.stringify(near.name)}` }, ...others]) as RenderError
}

/** Runs the templates again for what they leave behind; how it ends is known already. */
function runAgain(rerun: Rerun, values: GoMap, more: Partial<RenderContext>): string | undefined {
  try {
    renderTemplates(rerun.chart, values, { ...rerun.context, ...more })
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function withOrigins(error: RenderError, rerun: Rerun): RenderError {
  const recorded = recordValues(rerun.values, { remember: true })
  const [first, ...others] = error.diagnostics
  // The template's own words are wrong there, whatever the values.
  if (first?.hint !== undefined) return error
  if (runAgain(rerun, recorded.values, {}) !== error.message || !first) return error
  // A name that no map of values was asked for is none of theirs.
  const name = firstName(first)
  if (name !== undefined && !OBJECTS.includes(name) && recorded.latest.at(-1)?.key !== name) {
    const told = withObject(error, first)
    if (told !== error) return told
  }
  const reads = blamedReads(recorded.latest, first, error)
  if (reads.length === 0) return withObject(error, first)
  const found = reads.map((read) => explainRead(read, rerun, isFailure(error), first))
  const hint = found[0]?.hint
  const notes = [...found.map(({ note }) => note), ...(first.notes ?? [])]
  return error.withDiagnostics([{ ...first, notes, ...(hint === undefined ? {} : { hint }) }, ...others]) as RenderError
}

/** What templates find in `$`. */
const OBJECTS = ['Values', 'Release', 'Chart', 'Files', 'Capabilities', 'Template', 'Subcharts']

/** A path that begins with a name which no chart has, such as `.values.image`, or with an object that the dot does not have there. */
function withObject(error: RenderError, first: Diagnostic): RenderError {
  const name = firstName(first)
  if (name === undefined) return error
  const near = OBJECTS.includes(name) ? name : nearest(name, OBJECTS)
  if (near === undefined) return error
  const { note, hint } = near === name ? explainDot(first, name) : { note: `.${name} is not set; .${near} is`, hint: `write .${near}` }
  return error.withDiagnostics([{ ...first, notes: [{ text: note }, ...(first.notes ?? [])], hint }, ...error.diagnostics.slice(1)]) as RenderError
}

/** The name at the beginning of the path that failed: nothing had it, or what has no fields was asked for it. */
function firstName({ at, summary }: Diagnostic): string | undefined {
  if (!at) return undefined
  const before = at.source.text.slice(Math.max(0, at.start - 100), at.start)
  if (summary.startsWith('nil pointer evaluating')) return /(?:^|[\s({|])\$?\.(\w+)$/.exec(before)?.[1]
  const name = /^can't evaluate field (\w+) in type /.exec(summary)?.[1]
  return name !== undefined && OBJECTS.includes(name) ? name : undefined
}

/** Whether it failed in a template that another one included. */
function isCalled({ notes }: Diagnostic): boolean {
  return notes?.some(({ text }) => text.startsWith('called ')) ?? false
}

function explainDot(failed: Diagnostic, name: string): { readonly note: string; readonly hint: string } {
  const inCall = isCalled(failed) ? `; where this template is included, hand on what has .${name}` : ''
  return { note: `the dot has no .${name} here`, hint: `inside range and with, write $.${name}${inCall}` }
}

function isFailure(error: RenderError): boolean {
  for (let cause: unknown = error.cause; cause instanceof Error; cause = cause.cause) if (cause instanceof GoFailure) return true
  return false
}

/** The names in the action that `at` lies in. */
function wordsAround(at: Span): ReadonlySet<string> {
  const { text } = at.source
  const start = Math.max(0, text.lastIndexOf('{{', at.start))
  const end = text.indexOf('}}', at.start)
  return new Set(text.slice(start, end < 0 ? at.end : end).match(/[\p{L}\p{N}_-]+/gu) ?? [])
}

const isNothing = (value: GoValue | undefined): boolean => value === undefined || value === null

function pathOf({ reads, key }: Read): readonly string[] {
  return [...reads.path, key]
}

/** Whether what `earlier` found was only a step on the way to `later`. */
function leadsTo(earlier: Read, later: Read): boolean {
  const [from, to] = [pathOf(earlier), pathOf(later)]
  return from.length <= to.length && from.every((key, i) => key === to[i])
}

/** The reads that a failure is about: the latest ones of keys that the failing action names, those that found nothing before others. */
function blamedReads(latest: readonly Read[], { at, summary }: Diagnostic, error: RenderError): readonly Read[] {
  if (!at) return []
  const words = wordsAround(at)
  const reads: Read[] = []
  for (const read of latest.toReversed()) {
    if (!words.has(read.key)) break
    if (!reads.some((later) => leadsTo(read, later))) reads.push(read)
  }
  const empty = reads.filter(({ value }) => isNothing(value) || value === '')
  if (empty.length > 0) return empty.slice(0, MAX_ORIGINS)
  if (isFailure(error)) return []
  if (!/nil|invalid value/.test(summary)) return reads.filter(({ value }) => !(value instanceof Map)).slice(0, MAX_ORIGINS)
  const last = latest.at(-1)
  return last && isNothing(last.value) ? [last] : []
}

interface Explanation {
  readonly note: Note
  readonly hint: string
}

function explainRead(read: Read, sources: ValueSources, isRequired: boolean, failed: Diagnostic): Explanation {
  const path = pathOf(read)
  const origin = originOfValue(sources, path)
  if (origin) return explainOrigin(origin, read, sources, isRequired, failed.summary)
  return explainMissing(read, sources, isRequired, failed)
}

/** How the chart's templates write a path, and how its parent's values do where that differs. */
function spellings(
  { chart }: ValueSources,
  path: readonly string[],
): { readonly inTemplate: string; readonly inValues: string; readonly of: string } {
  const owners = ownersOf(chart, path)
  const own = owners.at(-1) ?? owners[0]
  const inValues = path.join('.')
  return {
    inTemplate: `.Values.${own.rest.join('.')}`,
    inValues,
    of: owners.length > 1 ? ` (${inValues} in the values of chart ${chart.metadata.name})` : '',
  }
}

function explainMissing(read: Read, sources: ValueSources, isRequired: boolean, failed: Diagnostic): Explanation {
  const path = pathOf(read)
  const { inTemplate, inValues, of } = spellings(sources, path)
  const near = nearest(read.key, read.reads.known)
  if (near === undefined && OBJECTS.includes(read.key) && (read.reads.path.length > 0 || firstName(failed) === read.key)) {
    const dot = spellings(sources, read.reads.path).inTemplate.replace(/\.$/, '')
    const isHandedOn = read.reads.path.length === 0 && isCalled(failed)
    const hint = isHandedOn ? 'hand on . or $ where this template is included, not .Values' : explainDot(failed, read.key).hint
    return { note: { text: `the dot is ${dot} here, not the chart's own` }, hint }
  }
  if (near === undefined) {
    const guard = isRequired ? '' : `, or guard the line with {{ with ${inTemplate} }}`
    return {
      note: { text: `${inTemplate}${of} is not set: neither given nor in the chart's defaults` },
      hint: `set ${inValues} in the values${guard}`,
    }
  }
  const at = originOfValue(sources, [...read.reads.path, near])?.at
  return {
    note: { text: `${inTemplate}${of} is not set; ${near} is`, ...(at ? { at } : {}) },
    hint: `use one name: the template reads ${read.key}, the values have ${near}`,
  }
}

function explainOrigin(origin: ValueOrigin, read: Read, sources: ValueSources, isRequired: boolean, summary: string): Explanation {
  const path = pathOf(read)
  const { inTemplate, inValues } = spellings(sources, path)
  const note = originNote(origin)
  const wanted = wantedValue(sources, path, summary)
  if (wanted && wanted.kind !== described(read.value ?? null)) return { note, hint: `give ${inValues} ${wanted.kind}${howTo(wanted, origin)}` }
  if (Array.isArray(read.value)) return { note, hint: `range over ${inValues}, or take one of its entries with index, as far as its length goes` }
  if (!isNothing(read.value) && read.value !== '') return { note, hint: `give ${inValues} another type of value, or convert it in the template` }
  return { note, hint: `give ${inValues} a value${isRequired ? '' : `, or guard the line with {{ with ${inTemplate} }}`}` }
}

/** Go's names for what a function wants. */
const WANTED: Readonly<Record<string, string>> = {
  string: 'a text',
  bool: 'true or false',
  'map[string]interface {}': 'a map',
  '[]interface {}': 'a list',
}

interface WantedValue {
  readonly kind: string
  /** Where the chart has one of that kind. */
  readonly example?: Span | undefined
}

/** What a value should be: what the function says that took it, else what the chart has there when nobody gives anything else. */
function wantedValue({ chart }: ValueSources, path: readonly string[], summary: string): WantedValue | undefined {
  const type = /expected ([^;]+);/.exec(summary)?.[1]
  const kind = WANTED[type ?? '']
  if (type !== undefined) return kind === undefined ? undefined : { kind }
  const own = originInDefaults(ownersOf(chart, path))
  return !own || isNothing(own.value) || own.value === '' ? undefined : { kind: described(own.value), example: own.at }
}

function howTo({ kind, example }: WantedValue, { name, at }: ValueOrigin): string {
  const isArgument = at === undefined && name.startsWith('--set')
  const asText = kind !== 'a text' ? '' : isArgument ? ': --set-string makes one' : ', in quotes'
  return `${asText}${example ? `, as in ${placeOf(example)}` : ', or convert it in the template'}`
}

function withTemplatePlace(error: RenderError, rerun: Rerun): RenderError {
  const [first, ...others] = error.diagnostics
  if (!first?.at) return error
  const { source } = first.at
  const traced = new Map<string, readonly TracedOutput[]>()
  if (runAgain(rerun, rerun.values, { onTraced: (path, outputs) => traced.set(path, outputs) }) !== undefined) return error
  const outputs = traced.get(source.name) ?? []
  const rendered = outputs.at(-1)?.text.replaceAll('<no value>', '') ?? ''
  const documentStart = rendered.indexOf(source.text)
  if (documentStart < 0) return error
  const placeInTemplate = (span: Span): TemplatePlace | undefined =>
    span.source === source ? templatePlace(outputs, documentStart + firstMark(source.text, span.start)) : undefined
  const fault = faultOf(first)
  const place = placeInTemplate(fault)
  if (!place) return error
  const included = place.included ? [{ text: 'the line was written here, and included', at: place.included }] : []
  const earlier = (first.notes ?? [])
    .filter((note) => note.at !== fault)
    .map((note) => ({ ...note, ...placed(note.at && (placeInTemplate(note.at)?.at ?? note.at)) }))
  const notes = [{ text: renderedLines(fault) }, ...included, ...earlier]
  const general = 'look at the rendered lines above: mind indentation (nindent), missing quotes (quote) and trim markers'
  const hint =
    place.isJoined || isTextJoined(fault, place.at) ? 'a trim marker took the line break before this line: leave out its -' : (first.hint ?? general)
  return error.withDiagnostics([{ ...first, at: place.at, notes, hint }, ...others]) as RenderError
}

/** Whether a line of the template was rendered behind another: the rendered line begins with more than it does. */
function isTextJoined(rendered: Span, written: Span): boolean {
  const [before = '', own = ''] = [rendered, written].map(({ source, start }) => lineUpTo(source.text, start))
  return own !== '' && !own.includes('{{') && before !== own && before.endsWith(own) && !before.endsWith(` ${own}`)
}

function placed(at: Span | undefined): { readonly at?: Span } {
  return at ? { at } : {}
}

/** Where to look: what runs on to the end of the text is wrong where it began. */
function faultOf({ at, notes }: Diagnostic): Span {
  const reported = at as Span
  const isAtEnd = reported.source.text.slice(reported.start).trim() === ''
  return (isAtEnd ? notes?.find((note) => note.at?.source === reported.source)?.at : undefined) ?? reported
}

/** The first character at or behind `offset` that is no white space; `offset` where nothing follows on its line or the next. */
function firstMark(text: string, offset: number): number {
  const found = text.slice(offset).search(/\S/)
  return found < 0 ? Math.max(0, text.trimEnd().length - 1) : offset + found
}

/** What there is of a line's text around `column`, as far as it fits. */
function around(text: string, column: number): string {
  const from = column > SHOWN_WIDTH ? column - SHOWN_WIDTH / 2 : 0
  const end = from + SHOWN_WIDTH
  return `${from > 0 ? '…' : ''}${text.slice(from, end)}${end < text.length ? '…' : ''}`
}

function renderedLines(at: Span): string {
  const { line, column } = positionAt(at.source, at.start)
  const last = positionAt(at.source, at.source.text.trimEnd().length).line
  const lines: string[] = []
  for (let i = Math.max(1, line - LINES_AROUND); i <= Math.min(last, line + LINES_AROUND); i++) {
    lines.push(`  ${i === line ? '>' : ' '} ${String(i).padStart(4)} | ${around(lineText(at.source, i), i === line ? column : 0)}`)
  }
  return `rendered to, with the fault at ${line}:${column} of the document:\n${lines.join('\n')}`
}
