import { bytesOfString } from './bytes.ts'
import { formatFloat } from './float.ts'
import { canBackquote, quote, quoteRune, quoteToAscii } from './quote.ts'
import { isPrint, MAX_RUNE, RUNE_ERROR, runeCount, runeText } from './runes.ts'

/** The flags, width and precision of one verb, and what has been written so far. */
export interface FormatState {
  out: string
  /** How many values inside others were printed. */
  printed: number
  width: number | undefined
  precision: number | undefined
  minus: boolean
  plus: boolean
  sharp: boolean
  space: boolean
  zero: boolean
  /** `%+v` */
  plusV: boolean
  /** `%#v` */
  sharpV: boolean
}

/** A state with nothing written and no flag set. */
export function newFormatState(): FormatState {
  const none = { minus: false, plus: false, sharp: false, space: false, zero: false, plusV: false, sharpV: false }
  return { out: '', printed: 0, width: undefined, precision: undefined, ...none }
}

/** Forgets the flags of the last verb; what was written stays. */
export function clearFlags(f: FormatState): void {
  f.width = undefined
  f.precision = undefined
  f.minus = f.plus = f.sharp = f.space = f.zero = f.plusV = f.sharpV = false
}

/** Writes `text`, filled up to the width in runes. */
export function writePadded(f: FormatState, text: string, allowZero = true): void {
  if (f.width === undefined || f.width === 0) {
    f.out += text
    return
  }
  const missing = f.width - runeCount(text)
  if (missing <= 0) f.out += text
  else if (f.minus) f.out += text + ' '.repeat(missing)
  else f.out += (f.zero && allowZero ? '0' : ' ').repeat(missing) + text
}

function writePadding(f: FormatState, count: number, allowZero: boolean): void {
  if (count > 0) f.out += (f.zero && allowZero && !f.minus ? '0' : ' ').repeat(count)
}

/** The first `precision` runes. */
function truncated(f: FormatState, text: string): string {
  if (f.precision === undefined || text.length <= f.precision) return text
  let end = 0
  for (let n = 0; n < f.precision && end < text.length; n++) end += (text.codePointAt(end) as number) > 0xffff ? 2 : 1
  return text.slice(0, end)
}

/** `%s` of a string. */
export function writeString(f: FormatState, text: string): void {
  writePadded(f, truncated(f, text))
}

/** `%q` of a string. */
export function writeQuoted(f: FormatState, text: string): void {
  const cut = truncated(f, text)
  if (f.sharp && canBackquote(cut)) writePadded(f, `\`${cut}\``)
  else writePadded(f, f.plus ? quoteToAscii(cut) : quote(cut))
}

/** `%x` and `%X` of a string or bytes. */
export function writeHexBytes(f: FormatState, bytes: Uint8Array, upper: boolean): void {
  const length = f.precision !== undefined && f.precision < bytes.length ? f.precision : bytes.length
  if (length <= 0) {
    writePadding(f, f.width ?? 0, true)
    return
  }
  const prefix = f.sharp ? (upper ? '0X' : '0x') : ''
  const digits = Buffer.from(bytes.subarray(0, length)).toString('hex')
  const cased = upper ? digits.toUpperCase() : digits
  const text = f.space ? cased.replace(/../g, ` ${prefix}$&`).slice(1) : prefix + cased
  const missing = (f.width ?? 0) - text.length
  if (!f.minus) writePadding(f, missing, true)
  f.out += text
  if (f.minus) writePadding(f, missing, true)
}

/** `%x` and `%X` of a string. */
export function writeHexString(f: FormatState, text: string, upper: boolean): void {
  writeHexBytes(f, bytesOfString(text), upper)
}

/** Base, spelling and prefix of each integer verb. */
const BASES: Readonly<Record<string, number>> = { v: 10, d: 10, b: 2, o: 8, O: 8, x: 16, X: 16 }

/** An integer under `verb` (one of `v d b o O x X`). */
export function writeInteger(f: FormatState, value: bigint, verb: string): void {
  if (f.precision === 0 && value === 0n) {
    writePadding(f, f.width ?? 0, false)
    return
  }
  const base = BASES[verb] as number
  const size = (value < 0n ? -value : value).toString(base).padStart(integerDigits(f, value), '0')
  const digits = verb === 'X' ? size.toUpperCase() : size
  const sign = value < 0n ? '-' : f.plus ? '+' : f.space ? ' ' : ''
  writePadded(f, sign + integerPrefix(f, base, verb, digits) + digits, false)
}

function integerDigits(f: FormatState, value: bigint): number {
  if (f.precision !== undefined) return f.precision
  if (!f.zero || f.minus || f.width === undefined) return 0
  return value < 0n || f.plus || f.space ? f.width - 1 : f.width
}

function integerPrefix(f: FormatState, base: number, verb: string, digits: string): string {
  if (verb === 'O') return f.sharp && !digits.startsWith('0') ? '0o0' : '0o'
  if (!f.sharp) return ''
  if (base === 2) return '0b'
  if (base === 8) return digits.startsWith('0') ? '' : '0'
  if (base === 16) return verb === 'X' ? '0X' : '0x'
  return ''
}

/** `%#x` of an unsigned number whatever the flags say, as `%#v` and pointers print. */
export function writeHexNumber(f: FormatState, value: bigint, prefixed: boolean): void {
  const sharp = f.sharp
  f.sharp = prefixed
  writeInteger(f, value, 'x')
  f.sharp = sharp
}

/** The rune an integer stands for; what is no code point becomes U+FFFD. */
function runeOf(value: bigint): number {
  const unsigned = BigInt.asUintN(64, value)
  return unsigned > BigInt(MAX_RUNE) ? RUNE_ERROR : Number(unsigned)
}

/** `%c` */
export function writeCharacter(f: FormatState, value: bigint): void {
  writePadded(f, runeText(runeOf(value)))
}

/** `%q` of an integer. */
export function writeQuotedCharacter(f: FormatState, value: bigint): void {
  writePadded(f, quoteRune(runeOf(value), f.plus))
}

/** `%U` */
export function writeUnicode(f: FormatState, value: bigint): void {
  const unsigned = BigInt.asUintN(64, value)
  const digits = unsigned
    .toString(16)
    .toUpperCase()
    .padStart(Math.max(4, f.precision ?? 0), '0')
  const shown = f.sharp && unsigned <= BigInt(MAX_RUNE) && isPrint(Number(unsigned)) ? ` '${runeText(Number(unsigned))}'` : ''
  writePadded(f, `U+${digits}${shown}`, false)
}

/** A float under the format letter `verb`; `precision` where the verb gives none. */
export function writeFloat(f: FormatState, value: number, verb: string, precision: number): void {
  const wanted = f.precision ?? precision
  const plain = formatFloat(value, verb, wanted)
  const signed = /^[-+]/.test(plain) ? plain : `+${plain}`
  const text = f.space && signed[0] === '+' && !f.plus ? ` ${signed.slice(1)}` : signed
  if (!Number.isFinite(value)) writePadded(f, infiniteText(f, value, text), false)
  else writeSignedFloat(f, f.sharp && verb !== 'b' ? withAllDigits(text, verb, wanted) : text)
}

/** Go drops the sign of NaN unless asked for one, but always shows that of infinity. */
function infiniteText(f: FormatState, value: number, text: string): string {
  return Number.isNaN(value) && !f.space && !f.plus ? 'NaN' : text
}

function writeSignedFloat(f: FormatState, text: string): void {
  if (!f.plus && text[0] === '+') {
    writePadded(f, text.slice(1))
    return
  }
  if (f.zero && !f.minus && f.width !== undefined && f.width > text.length) {
    f.out += text[0] + '0'.repeat(f.width - text.length) + text.slice(1)
    return
  }
  writePadded(f, text)
}

/** `%#g`: keeps the decimal point and trailing zeros. */
function withAllDigits(text: string, verb: string, precision: number): string {
  let digits = 'vgGx'.includes(verb) ? (precision === -1 ? 6 : precision) : 0
  const isHex = verb === 'x' || verb === 'X'
  const tailAt = text.search(isHex ? /[pP]/ : /[eE]/)
  const head = tailAt < 0 ? text : text.slice(0, tailAt)
  let sawNonzero = false
  for (const c of head.slice(1)) {
    if (c === '.') continue
    if (c !== '0') sawNonzero = true
    if (sawNonzero) digits--
  }
  const hasPoint = head.includes('.')
  if (!hasPoint && head.length === 2 && head[1] === '0') digits--
  return head + (hasPoint ? '' : '.') + '0'.repeat(Math.max(0, digits)) + (tailAt < 0 ? '' : text.slice(tailAt))
}
