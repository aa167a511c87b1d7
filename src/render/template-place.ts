import { lineStart, type Span } from '../base/source.ts'
import type { Piece, TracedOutput } from '../template/trace.ts'

const NO_VALUE = '<no value>'

/** An offset into an output without Go's `<no value>` as an offset into the output with it. */
function offsetWithNoValue(raw: string, offset: number): number {
  let removed = 0
  for (let i = raw.indexOf(NO_VALUE); i >= 0 && i - removed <= offset; i = raw.indexOf(NO_VALUE, i + 1)) removed += NO_VALUE.length
  return offset + removed
}

function pieceAt({ pieces }: TracedOutput, offset: number): Piece | undefined {
  return pieces.findLast((piece) => piece.from <= offset)
}

/** From the offset to the end of its line. */
function restOfLine(text: string, start: number): number {
  const end = text.indexOf('\n', start)
  return Math.max(start + 1, end < 0 ? text.length : end)
}

function spanOf({ source, node, from }: Piece, offset: number): Span {
  if (node.kind === 'text') {
    const start = Math.min(node.at + (offset - from), source.text.length)
    return { source, start, end: Math.min(restOfLine(source.text, start), node.at + node.text.length) }
  }
  const start = Math.max(0, source.text.lastIndexOf('{{', node.at))
  const end = source.text.indexOf('}}', node.at)
  return { source, start, end: end < 0 ? restOfLine(source.text, start) : end + 2 }
}

function lineAround(text: string, offset: number): string {
  const start = lineStart(text, offset)
  return text.slice(start, restOfLine(text, start)).trim()
}

/** Where the line `wanted` was written in an output, told by its text alone: including templates indent what they include. */
function placeOfLine(output: TracedOutput, wanted: string): Span | undefined {
  for (let start = 0; start < output.text.length; start = restOfLine(output.text, start) + 1) {
    const line = output.text.slice(start, restOfLine(output.text, start))
    if (line.trim() !== wanted) continue
    const offset = start + line.indexOf(wanted)
    const piece = pieceAt(output, offset)
    return piece && spanOf(piece, offset)
  }
  return undefined
}

/** What wrote a place of a rendered text. */
export interface TemplatePlace {
  /** In the template that was rendered. */
  readonly at: Span
  /** In the template it included, where the line came from there. */
  readonly included: Span | undefined
  /** What an action wrote stands behind other text, though the action begins a line. */
  readonly isJoined: boolean
}

/** What stands before `end` on its line, without blanks around it. */
export function lineUpTo(text: string, end: number): string {
  return text.slice(lineStart(text, end), end).trim()
}

function isActionJoined({ text }: TracedOutput, { node, from }: Piece, at: Span, offset: number): boolean {
  if (node.kind === 'text' || text.slice(from, offset).includes('\n')) return false
  return lineUpTo(text, from) !== '' && lineUpTo(at.source.text, at.start) === ''
}

/**
 * The place in a template that wrote what stands at `offset` of its rendered text.
 *
 * @param outputs what the template wrote, last, and before it what the templates wrote that it included
 */
export function templatePlace(outputs: readonly TracedOutput[], offset: number): TemplatePlace | undefined {
  const own = outputs.at(-1)
  if (!own) return undefined
  const raw = offsetWithNoValue(own.text, offset)
  const piece = pieceAt(own, raw)
  if (!piece) return undefined
  const line = lineAround(own.text, raw)
  const isIncluded = piece.node.kind !== 'text' && line !== ''
  const inner = isIncluded ? outputs.slice(0, -1).map((output) => placeOfLine(output, line)) : []
  const at = spanOf(piece, raw)
  return { at, included: inner.find((place) => place !== undefined), isJoined: isActionJoined(own, piece, at, raw) }
}
