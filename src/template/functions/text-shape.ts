import { checkBounds, fromByteString, toByteString } from '../../go/byte-slice.ts'
import { isSpace } from '../../go/letter-case.ts'
import type { GoFunction } from '../../go/values.ts'
import { fixed } from './signature.ts'

function cut(bytes: string, start: number, end: number = bytes.length): string {
  checkBounds(start, end, bytes.length, 'length')
  return bytes.slice(start, end)
}

const MARK = '...'

/** goutils AbbreviateFull; what it refuses becomes empty, as sprig drops its error. */
function abbreviate(bytes: string, leftEdge: number, width: number): string {
  if (bytes.length <= width) return bytes
  let offset = Math.min(leftEdge, bytes.length)
  if (bytes.length - offset < width - MARK.length) offset = bytes.length - (width - MARK.length)
  if (offset <= 4) return cut(bytes, 0, width - MARK.length) + MARK
  if (width < 7) return ''
  if (offset + width - MARK.length < bytes.length) return MARK + abbreviateInner(cut(bytes, offset), width - MARK.length)
  return MARK + cut(bytes, bytes.length - (width - MARK.length))
}

function abbreviateInner(bytes: string, width: number): string {
  return width < 4 ? '' : abbreviate(bytes, 0, width)
}

function abbrev(width: bigint, text: string): string {
  return width < 4n ? text : fromByteString(abbreviate(toByteString(text), 0, Number(width)))
}

function abbrevBoth(left: bigint, right: bigint, text: string): string {
  if (right < 4n || (left > 0n && right < 7n)) return text
  return fromByteString(abbreviate(toByteString(text), Number(left), Number(right)))
}

interface WrapOptions {
  readonly width: number
  readonly lineBreak: string
  readonly breakWords: boolean
}

/** goutils WrapCustom: breaks at spaces; a word longer than the width is broken or left whole. */
function wrapBytes(bytes: string, options: WrapOptions): string {
  const { width, lineBreak, breakWords } = options
  const out: string[] = []
  let offset = 0
  while (bytes.length - offset > width) {
    if (bytes[offset] === ' ') {
      offset++
      continue
    }
    const inLine = bytes.slice(offset, offset + width + 1).lastIndexOf(' ')
    const space = inLine + offset
    const end = inLine >= 0 ? space : breakWords ? offset + width : bytes.indexOf(' ', offset + width)
    if (end < 0) {
      out.push(bytes.slice(offset))
      offset = bytes.length
    } else {
      out.push(bytes.slice(offset, end), lineBreak)
      offset = inLine < 0 && breakWords ? end : end + 1
    }
  }
  out.push(bytes.slice(offset))
  return out.join('')
}

function wrap(text: string, width: bigint, lineBreak: string, breakWords: boolean): string {
  const options = { width: Math.max(1, Number(width)), lineBreak: toByteString(lineBreak || '\n'), breakWords }
  return fromByteString(wrapBytes(toByteString(text), options))
}

/** goutils DeleteWhiteSpace. It reads each byte as a character, so text that loses a space has its other bytes recoded. */
function noSpace(text: string): string {
  const bytes = toByteString(text)
  const kept = Array.from(bytes).filter((byte) => !isSpace(byte))
  return kept.length === bytes.length ? text : kept.join('')
}

/** goutils Initials, which reads bytes as characters too. */
function initials(text: string): string {
  let afterGap = true
  let result = ''
  for (const byte of toByteString(text)) {
    if (isSpace(byte)) afterGap = true
    else if (afterGap) {
      result += byte
      afterGap = false
    }
  }
  return result
}

/**
 * Shortening and wrapping, by bytes.
 *
 * Source: sprig 3.3.0 strings.go; Masterminds goutils 1.1.1 stringutils.go, wordutils.go
 */
export const textShapeFunctions: ReadonlyMap<string, GoFunction> = new Map<string, GoFunction>([
  ['abbrev', fixed(['int', 'string'], abbrev)],
  ['abbrevboth', fixed(['int', 'int', 'string'], abbrevBoth)],
  ['wrap', fixed(['int', 'string'], (width: bigint, text: string) => wrap(text, width, '', false))],
  ['wrapWith', fixed(['int', 'string', 'string'], (width: bigint, lineBreak: string, text: string) => wrap(text, width, lineBreak, true))],
  ['nospace', fixed(['string'], noSpace)],
  ['initials', fixed(['string'], initials)],
])
