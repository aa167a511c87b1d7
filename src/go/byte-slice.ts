import { byteLength, bytesOfString, stringFromBytes } from './bytes.ts'
import { GoPanic } from './values.ts'

const ONLY_ASCII = /^[\x00-\x7F]*$/

/** Whether characters and bytes of `text` are the same things. */
function isAsciiOnly(text: string): boolean {
  return ONLY_ASCII.test(text)
}

/** One character per byte (Latin-1), for algorithms that index bytes. */
export function toByteString(text: string): string {
  return isAsciiOnly(text) ? text : Buffer.from(bytesOfString(text)).toString('latin1')
}

/** The text whose bytes are the characters of `bytes`. */
export function fromByteString(bytes: string): string {
  return isAsciiOnly(bytes) ? bytes : stringFromBytes(Buffer.from(bytes, 'latin1'))
}

/**
 * `text[start:end]` in bytes; an absent `end` is the length, as in Go's `text[start:]`.
 *
 * @throws GoPanic with Go's text when the bounds are out of range
 */
export function sliceBytes(text: string, start: number, end?: number): string {
  const ascii = isAsciiOnly(text)
  const length = ascii ? text.length : byteLength(text)
  checkBounds(start, end, length, 'length')
  if (ascii) return text.slice(start, end)
  return stringFromBytes(bytesOfString(text).subarray(start, end))
}

/**
 * Go's bounds check of a slice expression `x[start:end]` over `limit` bytes or items.
 *
 * @throws GoPanic with Go's text; `limitName` is `length` for strings and `capacity` for slices
 */
export function checkBounds(start: number, end: number | undefined, limit: number, limitName: 'length' | 'capacity'): void {
  if (end !== undefined) {
    if (end < 0) throw new GoPanic(`runtime error: slice bounds out of range [:${end}]`)
    if (end > limit) throw new GoPanic(`runtime error: slice bounds out of range [:${end}] with ${limitName} ${limit}`)
  }
  if (start < 0) throw new GoPanic(`runtime error: slice bounds out of range [${start}:]`)
  const stop = end ?? limit
  if (start > stop) throw new GoPanic(`runtime error: slice bounds out of range [${start}:${stop}]`)
}
