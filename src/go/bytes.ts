import { isAscii } from 'node:buffer'

/**
 * Go strings and their bytes. Valid UTF-8 is ordinary text; any other byte b becomes the lone surrogate U+DC00 + b, so that
 * binary files survive a trip through a template. Same idea as Python's `surrogateescape` (PEP 383).
 */

const ESCAPED = /[\uD800-\uDFFF]/
const fatalDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The Go string held by `bytes`. */
export function stringFromBytes(bytes: Uint8Array): string {
  if (isAscii(bytes)) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  try {
    return fatalDecoder.decode(bytes)
  } catch {
    return decodeEscaping(bytes)
  }
}

/** The bytes of a Go string. */
export function bytesOfString(text: string): Uint8Array {
  if (!ESCAPED.test(text)) return Buffer.from(text, 'utf8')
  const parts: Buffer[] = []
  let plainFrom = 0
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit >= 0xd800 && unit <= 0xdbff && isLow(text.charCodeAt(i + 1))) i++
    else if (unit >= 0xdc80 && unit <= 0xdcff) {
      parts.push(Buffer.from(text.slice(plainFrom, i), 'utf8'), Buffer.of(unit - 0xdc00))
      plainFrom = i + 1
    }
  }
  parts.push(Buffer.from(text.slice(plainFrom), 'utf8'))
  return Buffer.concat(parts)
}

/** Length in bytes, as Go's `len` of a string. */
export function byteLength(text: string): number {
  return ESCAPED.test(text) ? bytesOfString(text).length : Buffer.byteLength(text, 'utf8')
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff
}

/** How long the valid UTF-8 sequence at `i` is; 0 where the byte there starts none (Unicode 15, table 3-7). */
function sequenceLength(bytes: Uint8Array, i: number): number {
  const first = bytes[i] as number
  if (first < 0x80) return 1
  const inRange = (at: number, low: number, high: number): boolean => {
    const byte = bytes[at]
    return byte !== undefined && byte >= low && byte <= high
  }
  if (first >= 0xc2 && first <= 0xdf) return inRange(i + 1, 0x80, 0xbf) ? 2 : 0
  if (first >= 0xe0 && first <= 0xef) {
    const low = first === 0xe0 ? 0xa0 : 0x80
    const high = first === 0xed ? 0x9f : 0xbf
    return inRange(i + 1, low, high) && inRange(i + 2, 0x80, 0xbf) ? 3 : 0
  }
  if (first >= 0xf0 && first <= 0xf4) {
    const low = first === 0xf0 ? 0x90 : 0x80
    const high = first === 0xf4 ? 0x8f : 0xbf
    return inRange(i + 1, low, high) && inRange(i + 2, 0x80, 0xbf) && inRange(i + 3, 0x80, 0xbf) ? 4 : 0
  }
  return 0
}

function decodeEscaping(bytes: Uint8Array): string {
  const parts: string[] = []
  let plainFrom = 0
  for (let i = 0; i < bytes.length; ) {
    const length = sequenceLength(bytes, i)
    if (length > 0) {
      i += length
      continue
    }
    parts.push(fatalDecoder.decode(bytes.subarray(plainFrom, i)), String.fromCharCode(0xdc00 + (bytes[i] as number)))
    i++
    plainFrom = i
  }
  parts.push(fatalDecoder.decode(bytes.subarray(plainFrom)))
  return parts.join('')
}
