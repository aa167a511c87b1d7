import { isBlank, isBreak, isDigit, SPACE, TAB } from './characters.ts'
import type { Cursor } from './cursor.ts'

const DASH = 0x2d
const PLUS = 0x2b

/** Line breaks that belong to the scalar only if more of it follows, and where the last line that counts ended. */
interface Breaks {
  text: string
  end: number
}

/**
 * Takes a literal or folded scalar, from its `|` or `>` to the last line that belongs to it; its text.
 *
 * @param parent the indentation of what holds it, -1 at the top
 * @throws YamlError `yaml/syntax`
 */
export function scanBlockScalar(cursor: Cursor, literal: boolean, parent: number): string {
  const start = cursor.pos++
  const { chomping, increment } = blockHeader(cursor, start)
  const breaks = { text: '', end: cursor.pos }
  const given = increment === 0 ? 0 : Math.max(parent, 0) + increment
  const found = blockBreaks(cursor, given, breaks, start)
  const indent = given === 0 ? Math.max(found, parent + 1, 1) : given
  const lines = blockLines(cursor, indent, breaks, literal, start)
  cursor.scalarEnd = breaks.end
  cursor.endsWithBreak = true
  if (chomping < 0) return lines.text
  return lines.text + lines.lastBreak + (chomping > 0 ? breaks.text : '')
}

function blockHeader(cursor: Cursor, start: number): { chomping: number; increment: number } {
  let chomping = takeChomping(cursor)
  let increment = 0
  const code = cursor.code()
  if (isDigit(code)) {
    if (code === 0x30) cursor.fail('found an indentation indicator equal to 0', start)
    increment = code - 0x30
    cursor.pos++
    if (chomping === 0) chomping = takeChomping(cursor)
  }
  cursor.endLine(start)
  return { chomping, increment }
}

function takeChomping(cursor: Cursor): number {
  const code = cursor.code()
  if (code !== PLUS && code !== DASH) return 0
  cursor.pos++
  return code === PLUS ? 1 : -1
}

function blockLines(cursor: Cursor, indent: number, breaks: Breaks, literal: boolean, start: number): { text: string; lastBreak: string } {
  const text = cursor.text
  const parts: string[] = []
  let lastBreak = ''
  let leadingBlank = false
  while (cursor.pos - cursor.lineStart === indent && text.charCodeAt(cursor.pos) !== 0) {
    const blank = isBlank(text.charCodeAt(cursor.pos))
    if (!literal && !leadingBlank && !blank && lastBreak === '\n') {
      if (breaks.text === '') parts.push(' ')
    } else parts.push(lastBreak)
    parts.push(breaks.text)
    breaks.text = ''
    leadingBlank = blank
    const from = cursor.pos
    cursor.skipToLineEnd()
    parts.push(text.slice(from, cursor.pos))
    lastBreak = text.charCodeAt(cursor.pos) === 0 ? '' : cursor.skipBreak()
    blockBreaks(cursor, indent, breaks, start)
  }
  return { text: parts.join(''), lastBreak }
}

/** Takes blank lines and indentation; the indentation that was given, or the deepest that was found when `indent` is 0. */
function blockBreaks(cursor: Cursor, indent: number, breaks: Breaks, start: number): number {
  const text = cursor.text
  let deepest = 0
  breaks.end = cursor.pos
  for (;;) {
    const limit = indent === 0 ? Number.POSITIVE_INFINITY : cursor.lineStart + indent
    while (cursor.pos < limit && text.charCodeAt(cursor.pos) === SPACE) cursor.pos++
    deepest = Math.max(deepest, cursor.pos - cursor.lineStart)
    const code = text.charCodeAt(cursor.pos)
    if (cursor.pos < limit && code === TAB) cursor.fail('found a tab character where an indentation space is expected', start)
    if (!isBreak(code)) break
    breaks.text += cursor.skipBreak()
    breaks.end = cursor.pos
  }
  return indent === 0 ? deepest : indent
}
