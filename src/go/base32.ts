import { bytesOfString, stringFromBytes } from './bytes.ts'
import { GoError } from './values.ts'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const GROUP = 8

/** Standard base32 with padding (RFC 4648). */
export function encodeBase32(text: string): string {
  const out: string[] = []
  let bits = 0
  let held = 0
  for (const byte of bytesOfString(text)) {
    held = (held << 8) | byte
    for (bits += 8; bits >= 5; bits -= 5) out.push(ALPHABET[(held >> (bits - 5)) & 31] as string)
    held &= (1 << bits) - 1
  }
  if (bits > 0) out.push(ALPHABET[(held << (5 - bits)) & 31] as string)
  return out.join('').padEnd(Math.ceil(out.length / GROUP) * GROUP, '=')
}

/**
 * The text of standard base32; line breaks are passed over.
 *
 * @throws GoError with Go's text; positions count bytes without line breaks
 * Source: Go 1.26 encoding/base32
 */
export function decodeBase32(text: string): string {
  const bytes = Buffer.from(bytesOfString(text))
    .toString('latin1')
    .replace(/[\r\n]/g, '')
  const out: number[] = []
  let bits = 0
  let held = 0
  for (const digit of digitsOf(bytes)) {
    held = (held << 5) | ALPHABET.indexOf(digit)
    bits += 5
    if (bits < 8) continue
    bits -= 8
    out.push(held >> bits)
    held &= (1 << bits) - 1
  }
  return stringFromBytes(Uint8Array.from(out))
}

const corrupt = (at: number): GoError => new GoError(`illegal base32 data at input byte ${at}`)

/** The digits before the padding. */
function digitsOf(bytes: string): string {
  for (let i = 0; i < bytes.length; i++) {
    const held = i % GROUP
    const rest = bytes.length - i - 1
    if (bytes[i] === '=' && held >= 2 && rest < GROUP) {
      checkPadding(bytes, i, held)
      return bytes.slice(0, i)
    }
    if (!ALPHABET.includes(bytes[i] as string)) throw corrupt(i)
  }
  const held = bytes.length % GROUP
  if (held > 0) throw corrupt(bytes.length - held)
  return bytes
}

/** `at` is where the first `=` stands, `held` how many digits of its group came before. */
function checkPadding(bytes: string, at: number, held: number): void {
  const rest = bytes.length - at - 1
  if (rest + held < GROUP - 1) throw corrupt(bytes.length)
  for (let k = 0; k < GROUP - 1 - held; k++) {
    if (rest > k && bytes[at + 1 + k] !== '=') throw corrupt(at + k)
  }
  if (held === 3 || held === 6) throw corrupt(at)
}
