import type { Source } from '../base/source.ts'
import { bytesOfString } from '../go/bytes.ts'

/** A text made ready for scanning. */
export interface Input {
  /** The source itself, or the decoded text of one that was UTF-16. */
  readonly source: Source
  /** The text with a NUL behind it, so that the end needs no test of its own. */
  readonly text: string
  /** Where content starts: 1 behind a byte order mark. */
  readonly start: number
  /** Where a scanner that reads in pieces meets the first character YAML forbids; Infinity when there is none. */
  readonly faultFrom: number
  readonly fault: { readonly problem: string; readonly offset: number } | undefined
}

const BYTE_ORDER_MARK = 0xfeff
const FORBIDDEN = /[^\t\n\r -~\x85\u{a0}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/u

/** How many bytes go-yaml's reader takes at a time; an error further down the text does not hide one in an earlier piece. */
const PIECE = 512

/**
 * Checks and decodes a text as go-yaml's reader does: byte order marks, UTF-16, forbidden characters, bytes that are no UTF-8.
 *
 * Source: go.yaml.in/yaml v2.4.4 and v3.0.5, readerc.go
 */
export function readInput(source: Source): Input {
  const { source: decoded, isCutShort } = utf16Source(source)
  const { text } = decoded
  const start = text.charCodeAt(0) === BYTE_ORDER_MARK ? 1 : 0
  const forbidden = text.search(FORBIDDEN)
  const found = forbidden < 0 && isCutShort ? text.length : forbidden
  const offset = found < 0 ? Number.POSITIVE_INFINITY : found
  return {
    source: decoded,
    text: `${text}\0`,
    start,
    faultFrom: found < 0 ? offset : startOfPiece(text, found),
    fault: found < 0 ? undefined : { problem: found === text.length ? 'incomplete UTF-16 character' : problemAt(text, found), offset },
  }
}

/** A byte that is not part of valid UTF-8 is the lone surrogate U+DC00 + byte, see go/bytes.ts. */
function escapedByte(text: string, at: number): number {
  const code = text.charCodeAt(at)
  return code >= 0xdc80 && code <= 0xdcff ? code - 0xdc00 : -1
}

/** The text of a source that is UTF-16 by its byte order mark; `isCutShort` when half a character is left at the end. */
function utf16Source(source: Source): { readonly source: Source; readonly isCutShort: boolean } {
  const first = escapedByte(source.text, 0)
  const second = escapedByte(source.text, 1)
  const little = first === 0xff && second === 0xfe
  if (!little && !(first === 0xfe && second === 0xff)) return { source, isCutShort: false }
  const bytes = Buffer.from(bytesOfString(source.text)).subarray(2)
  const even = bytes.subarray(0, bytes.length & ~1)
  return { source: { name: source.name, text: (little ? even : even.swap16()).toString('utf16le') }, isCutShort: even.length < bytes.length }
}

function startOfPiece(text: string, offset: number): number {
  let bytes = 0
  let start = 0
  for (let i = 0; i < offset; i++) {
    const code = text.charCodeAt(i)
    bytes += code < 0x80 || escapedByte(text, i) >= 0 ? 1 : code < 0x800 ? 2 : code >= 0xd800 && code <= 0xdfff ? 2 : 3
    if (bytes >= PIECE) {
      bytes -= PIECE
      start = i + 1
    }
  }
  return start
}

function problemAt(text: string, offset: number): string {
  const byte = escapedByte(text, offset)
  if (byte < 0)
    return text.charCodeAt(offset) >= 0xd800 && text.charCodeAt(offset) <= 0xdfff ? 'invalid Unicode character' : 'control characters are not allowed'
  const width = byte >= 0xf8 || byte < 0xc0 ? 0 : byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
  if (width === 0) return 'invalid leading UTF-8 octet'
  const rest = bytesOfString(text.slice(offset, offset + width)).subarray(0, width)
  if (rest.length < width) return 'incomplete UTF-8 octet sequence'
  for (let i = 1; i < rest.length; i++) if (((rest[i] as number) & 0xc0) !== 0x80) return 'invalid trailing UTF-8 octet'
  const value = rest.subarray(1).reduce((sum, octet) => (sum << 6) + (octet & 0x3f), byte & (0xff >> (width + 1)))
  const least = width === 2 ? 0x80 : width === 3 ? 0x800 : 0x10000
  return value < least ? 'invalid length of a UTF-8 sequence' : 'invalid Unicode character'
}
