/** A named text: a file, one part of a file, standard input, a generated document. Positions are kept as offsets into `text`. */
export interface Source {
  /** What a person calls it, usually a path relative to where the run started. */
  readonly name: string
  readonly text: string
  /** For a text that was made from another: the stretch of the other that a stretch of this one comes from. */
  readonly origin?: (start: number, end: number) => Span | undefined
}

/** A stretch of a source in UTF-16 offsets, `end` exclusive. */
export interface Span {
  readonly source: Source
  readonly start: number
  readonly end: number
}

/** A place for people: both counted from 1, columns in UTF-16 units. */
export interface Position {
  readonly line: number
  readonly column: number
}

const lineStarts = new WeakMap<Source, readonly number[]>()

function startsOf(source: Source): readonly number[] {
  const known = lineStarts.get(source)
  if (known) return known
  const starts = [0]
  for (let i = source.text.indexOf('\n'); i >= 0; i = source.text.indexOf('\n', i + 1)) starts.push(i + 1)
  lineStarts.set(source, starts)
  return starts
}

/** Line and column of `offset`; offsets past the end count as the end. O(log lines) after one scan of the source. */
export function positionAt(source: Source, offset: number): Position {
  const starts = startsOf(source)
  const at = Math.max(0, Math.min(offset, source.text.length))
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((starts[middle] as number) <= at) low = middle
    else high = middle - 1
  }
  return { line: low + 1, column: at - (starts[low] as number) + 1 }
}

/** The text of line `line` (from 1) without its line break; empty where there is no such line. */
export function lineText(source: Source, line: number): string {
  const starts = startsOf(source)
  const start = starts[line - 1]
  if (start === undefined) return ''
  const end = starts[line] ?? source.text.length + 1
  return source.text.slice(start, end - 1).replace(/\r$/, '')
}

/** Where the line of `offset` starts. */
export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1
}

/** What a person wrote where `span` stands: the place in the template for a place in what was rendered. */
export function originOf(span: Span): Span {
  const origin = span.source.origin?.(span.start, span.end)
  return origin ? originOf(origin) : span
}

/** `name:line:column` of where a span starts, in what a person wrote. */
export function placeOf(span: Span): string {
  const { source, start } = originOf(span)
  const { line, column } = positionAt(source, start)
  return `${source.name}:${line}:${column}`
}
