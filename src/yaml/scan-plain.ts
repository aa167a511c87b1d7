import { isBlank, isBlankOrEnd, isBreak, SPACE, TAB } from './characters.ts'
import type { Cursor } from './cursor.ts'

const HASH = 0x23
const COLON = 0x3a
const QUESTION = 0x3f

/**
 * Takes a scalar without quotes, over several lines if they are indented by `indent` at least; its text, lines folded.
 *
 * @param flow inside brackets, where indentation does not count and `,?[]{}` end it
 * @throws YamlError `yaml/syntax`
 */
export function scanPlain(cursor: Cursor, indent: number, flow: boolean): string {
  const start = cursor.pos
  let value = ''
  let between = ''
  cursor.scalarEnd = start
  cursor.endsWithBreak = false
  for (;;) {
    const from = cursor.pos
    if (cursor.isAtDocumentIndicator() || cursor.code() === HASH) break
    plainRun(cursor, flow)
    if (cursor.pos > from) {
      value += between + cursor.text.slice(from, cursor.pos)
      between = ''
      cursor.scalarEnd = cursor.pos
      cursor.endsWithBreak = false
    }
    const code = cursor.code()
    if (!isBlank(code) && !isBreak(code)) break
    between = plainBlanks(cursor, start, indent)
    if (!flow && cursor.column() < indent) break
  }
  return value
}

function plainRun(cursor: Cursor, flow: boolean): void {
  const text = cursor.text
  let pos = cursor.pos
  for (;;) {
    const code = text.charCodeAt(pos)
    if (code === COLON) {
      if (isBlankOrEnd(text.charCodeAt(pos + 1))) break
    } else if (code <= SPACE || code >= 0x7f) {
      if (isBlankOrEnd(code)) break
    } else if (flow && (code === 0x2c || code === QUESTION || code === 0x5b || code === 0x5d || code === 0x7b || code === 0x7d)) break
    pos++
  }
  cursor.pos = pos
}

/** Takes the blanks and line breaks behind a run; what they stand for if more of the scalar follows. */
function plainBlanks(cursor: Cursor, start: number, indent: number): string {
  const text = cursor.text
  const from = cursor.pos
  let first = ''
  let later = ''
  for (let code = text.charCodeAt(cursor.pos); isBlank(code) || isBreak(code); code = text.charCodeAt(cursor.pos)) {
    if (isBlank(code)) {
      if (cursor.endsWithBreak && code === TAB && cursor.pos - cursor.lineStart < indent)
        cursor.fail('found a tab character that violates indentation', start)
      cursor.pos++
    } else if (cursor.endsWithBreak) later += cursor.skipBreak()
    else {
      first = cursor.skipBreak()
      cursor.endsWithBreak = true
    }
  }
  if (!cursor.endsWithBreak) return text.slice(from, cursor.pos)
  if (first !== '\n') return first + later
  return later === '' ? ' ' : later
}
