import { lineStart } from '../base/source.ts'
import type { GoValue } from '../go/values.ts'
import type { MappingNode, ScalarNode, YamlNode } from '../yaml/node.ts'
import type { ValuePath } from './path-pattern.ts'
import { scalarText } from './scalar-text.ts'
import type { Found } from './set-yaml-value.ts'

const DEFAULT_STEP = 2

/**
 * Where and how `value` is added at `path` below `place`: a map, the empty place behind a key, or undefined for a document with
 * nothing in it.
 */
export function insertEntry(text: string, place: MappingNode | ScalarNode | undefined, path: ValuePath, value: GoValue): Found {
  const written = scalarText(value)
  if (written === undefined) return { refused: 'it is more than one line can hold' }
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n'
  const entry = { path, written, lineEnd }
  if (place === undefined)
    return {
      start: text.length,
      end: text.length,
      text: `${text === '' || text.endsWith('\n') ? '' : lineEnd}${blockLines(entry, 0, DEFAULT_STEP)}${lineEnd}`,
    }
  if (place.type === 'scalar') {
    const at = place.span.start
    const indent = indentOfLine(text, at) + DEFAULT_STEP
    return insertBelow(text, at, `${' '.repeat(indent)}${blockLines(entry, indent, DEFAULT_STEP)}`, lineEnd)
  }
  if (place.flow) return insertInFlow(text, place, entry)
  const first = place.entries[0]?.key
  if (!first) return { refused: 'there is no map where it belongs' }
  const indent = first.span.start - lineStart(text, first.span.start)
  return insertBelow(text, lastContent(text, place), `${' '.repeat(indent)}${blockLines(entry, indent, stepOf(text, place))}`, lineEnd)
}

interface Entry {
  readonly path: ValuePath
  readonly written: string
  readonly lineEnd: string
}

/** `a:`, `  b: value`; the first line without its indentation. */
function blockLines({ path, written, lineEnd }: Entry, indent: number, step: number): string {
  return path
    .map((key, i) => `${i === 0 ? '' : ' '.repeat(indent + i * step)}${keyText(key)}:${i === path.length - 1 ? ` ${written}` : ''}`)
    .join(lineEnd)
}

function keyText(key: string): string {
  return scalarText(key) ?? key
}

function insertInFlow(text: string, place: MappingNode, { path, written }: Entry): Found {
  const inner = path.slice(1).reduceRight((value, key) => `{ ${keyText(key)}: ${value} }`, written)
  const entry = `${keyText(path[0] ?? '')}: ${inner}`
  const last = place.entries.at(-1)
  if (last) {
    const at = Math.max(last.value.span.end, last.key.span.end)
    return { start: at, end: at, text: `, ${entry}` }
  }
  return { start: text.lastIndexOf('{', place.span.end - 1) + 1, end: place.span.end - 1, text: ` ${entry} ` }
}

/** As a line of its own under the line of `at`, behind the comment that may stand there. */
function insertBelow(text: string, at: number, line: string, lineEnd: string): Found {
  const next = text.indexOf('\n', at)
  const end = next < 0 ? text.length : text[next - 1] === '\r' ? next - 1 : next
  return { start: end, end, text: `${lineEnd}${line}` }
}

/** The last character that belongs to the content of a map. */
function lastContent(text: string, map: MappingNode): number {
  const last = map.entries.at(-1)
  const end = last ? Math.max(last.value.span.end, last.key.span.end) : map.span.end
  return Math.max(map.span.start, text.slice(0, end).trimEnd().length - 1)
}

function indentOfLine(text: string, at: number): number {
  const line = text.slice(lineStart(text, at))
  return line.length - line.trimStart().length
}

/** How much deeper maps stand than those around them, as the first of a file's nested maps has it. */
function stepOf(text: string, map: MappingNode): number {
  const column = (node: YamlNode): number => node.span.start - lineStart(text, node.span.start)
  for (const { key, value } of map.entries) {
    const inner = value.type === 'mapping' && !value.flow ? value.entries[0]?.key : undefined
    if (inner && column(inner) > column(key)) return column(inner) - column(key)
  }
  return DEFAULT_STEP
}
