import type { Host } from '../../base/host.ts'
import { runesOf } from '../../go/letter-case.ts'
import { type GoFunction, GoPanic, goInt } from '../../go/values.ts'
import { fixed } from './signature.ts'

const DIGITS = '0123456789'
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const PRINTABLE = Array.from({ length: 127 - 32 }, (_, i) => String.fromCharCode(32 + i)).join('')

/** Longest random text one call may ask for. */
const MAX_LENGTH = 1 << 24

type Randomness = Pick<Host, 'randomBytes'>

/** A whole number below `limit`, every one equally likely: draws that would favour the small ones are thrown away. */
function below(host: Randomness, limit: bigint): bigint {
  const bytes = Math.ceil(limit.toString(2).length / 8)
  const range = 1n << BigInt(8 * bytes)
  for (;;) {
    const drawn = BigInt(`0x${Buffer.from(host.randomBytes(bytes)).toString('hex')}`)
    if (drawn < range - (range % limit)) return drawn % limit
  }
}

function randomText(host: Randomness, alphabet: string, count: bigint): string {
  if (count <= 0n) return ''
  if (count > MAX_LENGTH) throw new GoPanic('runtime error: makeslice: len out of range')
  const limit = 256 - (256 % alphabet.length)
  const out: string[] = []
  while (out.length < Number(count)) {
    for (const byte of host.randomBytes(Number(count) - out.length)) if (byte < limit) out.push(alphabet[byte % alphabet.length] as string)
  }
  return out.join('')
}

function randomInt(host: Randomness, min: bigint, max: bigint): bigint {
  if (max - min <= 0n) throw new GoPanic('invalid argument to Intn')
  return min + below(host, max - min)
}

function randomBase64(host: Randomness, count: bigint): string {
  if (count < 0n || count > MAX_LENGTH) throw new GoPanic('runtime error: makeslice: len out of range')
  return Buffer.from(host.randomBytes(Number(count))).toString('base64')
}

function shuffled(host: Randomness, text: string): string {
  const runes = runesOf(text)
  for (let i = runes.length - 1; i > 0; i--) {
    const j = Number(below(host, BigInt(i + 1)))
    const held = runes[i] as string
    runes[i] = runes[j] as string
    runes[j] = held
  }
  return runes.join('')
}

/** A random UUID (RFC 9562, version 4). */
function uuid(host: Randomness): string {
  const bytes = Buffer.from(host.randomBytes(16))
  bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80
  const hex = bytes.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

/**
 * Random texts, numbers and UUIDs out of the host's secure randomness.
 *
 * Source: sprig 3.3.0 strings.go, crypto.go, functions.go; goutils 1.1.1 cryptorandomstringutils.go
 */
export function randomFunctions(host: Randomness): ReadonlyMap<string, GoFunction> {
  const text = (alphabet: string): GoFunction => fixed(['int'], (count: bigint) => randomText(host, alphabet, count))
  return new Map<string, GoFunction>([
    ['randAlphaNum', text(DIGITS + LETTERS)],
    ['randAlpha', text(LETTERS)],
    ['randNumeric', text(DIGITS)],
    ['randAscii', text(PRINTABLE)],
    ['randBytes', fixed(['int'], (count: bigint) => randomBase64(host, count))],
    ['randInt', fixed(['int', 'int'], (min: bigint, max: bigint) => goInt(randomInt(host, min, max)))],
    ['shuffle', fixed(['string'], (value: string) => shuffled(host, value))],
    ['uuidv4', fixed([], () => uuid(host))],
  ])
}
