/** ASN.1 DER: as much as certificates and keys need. Source: ITU-T X.690 */

const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utf8: 0x0c,
  printable: 0x13,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
}

function lengthBytes(length: number): Buffer {
  if (length < 0x80) return Buffer.of(length)
  const hex = length.toString(16)
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')
  return Buffer.concat([Buffer.of(0x80 | bytes.length), bytes])
}

/** A value under any tag. */
export function tagged(tag: number, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content)
  return Buffer.concat([Buffer.of(tag), lengthBytes(body.length), body])
}

export const sequence = (...items: readonly Uint8Array[]): Buffer => tagged(TAG.sequence, ...items)
export const set = (...items: readonly Uint8Array[]): Buffer => tagged(TAG.set, ...items)
export const octetString = (content: Uint8Array): Buffer => tagged(TAG.octetString, content)
export const boolean = (value: boolean): Buffer => tagged(TAG.boolean, Buffer.of(value ? 0xff : 0))

/** Bits, the last `unused` of them padding. */
export const bitString = (content: Uint8Array, unused = 0): Buffer => tagged(TAG.bitString, Buffer.of(unused), content)

/** A whole number that is not negative. */
export function integer(value: bigint): Buffer {
  const hex = value.toString(16)
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')
  return tagged(TAG.integer, (bytes[0] as number) >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes)
}

/** An object identifier written with dots. */
export function oid(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number)
  const bytes = [first * 40 + second, ...rest].flatMap((arc) => {
    const groups = [arc & 0x7f]
    for (let left = arc >>> 7; left > 0; left >>>= 7) groups.unshift((left & 0x7f) | 0x80)
    return groups
  })
  return tagged(TAG.oid, Buffer.from(bytes))
}

/** A text as Go's encoding/asn1 chooses: PrintableString where its alphabet is enough, else UTF8String. */
export function text(value: string): Buffer {
  return tagged(/^[A-Za-z0-9 '()+,\-./:=?]*$/.test(value) ? TAG.printable : TAG.utf8, Buffer.from(value, 'utf8'))
}

/** A moment in UTC, to the second: UTCTime from 1950 to 2049, GeneralizedTime elsewhere. */
export function time(date: Date): Buffer {
  const digits = date.toISOString().replace(/[-:T]|\.\d+/g, '')
  const year = date.getUTCFullYear()
  return year >= 1950 && year < 2050 ? tagged(TAG.utcTime, Buffer.from(digits.slice(2))) : tagged(TAG.generalizedTime, Buffer.from(digits))
}

/** One element of a DER text. */
export interface DerElement {
  readonly tag: number
  readonly content: Uint8Array
  /** Tag, length and content. */
  readonly whole: Uint8Array
}

/** The elements that stand one after another in `bytes`. @throws RangeError where they run over the end */
export function elementsOf(bytes: Uint8Array): readonly DerElement[] {
  const elements: DerElement[] = []
  for (let at = 0; at < bytes.length; ) {
    const { start, length } = headerAt(bytes, at)
    const end = start + length
    if (end > bytes.length) throw new RangeError('DER element runs over the end')
    elements.push({ tag: bytes[at] as number, content: bytes.subarray(start, end), whole: bytes.subarray(at, end) })
    at = end
  }
  return elements
}

function headerAt(bytes: Uint8Array, at: number): { readonly start: number; readonly length: number } {
  const first = bytes[at + 1]
  if (first === undefined) throw new RangeError('DER element without a length')
  if (first < 0x80) return { start: at + 2, length: first }
  const count = first & 0x7f
  let length = 0
  for (let i = 0; i < count; i++) length = length * 256 + (bytes[at + 2 + i] ?? Number.NaN)
  if (!Number.isSafeInteger(length)) throw new RangeError('DER element with a bad length')
  return { start: at + 2 + count, length }
}

/** The number in the content of an INTEGER, which must not be negative. */
export function integerIn(content: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(content).toString('hex') || '0'}`)
}
