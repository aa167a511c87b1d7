import { bytesOfString, stringFromBytes } from './bytes.ts'
import { GoError } from './values.ts'

const WHOLE = /^[A-Za-z0-9+/]*={0,2}$/

/** Standard base64 with padding. */
export function encodeBase64(text: string): string {
  return Buffer.from(bytesOfString(text)).toString('base64')
}

/**
 * The text of standard base64; line breaks are passed over.
 *
 * @throws GoError with Go's text and byte position
 * Source: Go 1.26 encoding/base64
 */
export function decodeBase64(text: string): string {
  if (text.length % 4 === 0 && WHOLE.test(text)) return stringFromBytes(Buffer.from(text, 'base64'))
  return stringFromBytes(Buffer.from(checkedBase64(Buffer.from(bytesOfString(text)).toString('latin1')), 'base64'))
}

const corrupt = (at: number): GoError => new GoError(`illegal base64 data at input byte ${at}`)

/** The digits of `bytes` without line breaks and padding. */
function checkedBase64(bytes: string): string {
  let digits = ''
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as string
    if (byte === '\n' || byte === '\r') continue
    if (byte === '=') {
      checkPadding(bytes, i, digits.length % 4)
      return digits
    }
    if (!/[A-Za-z0-9+/]/.test(byte)) throw corrupt(i)
    digits += byte
  }
  const held = digits.length % 4
  if (held > 0) throw corrupt(bytes.length - held)
  return digits
}

/** `at` is where the first `=` stands, `held` how many digits of its group came before. */
function checkPadding(bytes: string, at: number, held: number): void {
  const skip = (from: number): number => {
    let i = from
    while (bytes[i] === '\n' || bytes[i] === '\r') i++
    return i
  }
  if (held < 2) throw corrupt(at)
  let next = at + 1
  if (held === 2) {
    next = skip(next)
    if (next === bytes.length) throw corrupt(bytes.length)
    if (bytes[next] !== '=') throw corrupt(next - 1)
    next++
  }
  next = skip(next)
  if (next < bytes.length) throw corrupt(next)
}
