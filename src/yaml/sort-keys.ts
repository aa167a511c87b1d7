const LETTER = /^\p{L}/u
const DIGIT = /^\p{Nd}/u
const ZERO = 0x30
/** More digits than this may not fit a float exactly; Go counts in wrapping int64. */
const SAFE_DIGITS = 15

/** Whether a digit run decides the order in front of letters: only v3 puts `1a` before `12`. */
export type SortStyle = 'v2' | 'v3'

/**
 * The keys of a mapping in the order go-yaml prints them: digit runs by their number, letters behind everything else.
 *
 * Source: go.yaml.in/yaml v2.4.4 and v3.0.5, sorter.go
 */
export function sortKeysNaturally(keys: Iterable<string>, style: SortStyle): string[] {
  return [...keys].sort((a, b) => (isLess(a, b, style) ? -1 : isLess(b, a, style) ? 1 : 0))
}

function isLetter(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  if (code < 0x80) return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a)
  return LETTER.test(text.slice(at, at + 2))
}

function isNumeral(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  if (code < 0x80) return code >= 0x30 && code <= 0x39
  return DIGIT.test(text.slice(at, at + 2))
}

function isLess(a: string, b: string, style: SortStyle): boolean {
  const length = Math.min(a.length, b.length)
  let i = 0
  while (i < length && a.charCodeAt(i) === b.charCodeAt(i)) i++
  if (i === length) return a.length < b.length
  // Two astral characters may differ in their second half only.
  if (i > 0 && isLow(a, i) && isLow(b, i)) i--
  const aLetter = isLetter(a, i)
  const bLetter = isLetter(b, i)
  if (aLetter && bLetter) return (a.codePointAt(i) as number) < (b.codePointAt(i) as number)
  if (aLetter || bLetter) return style === 'v3' && i > 0 && isNumeral(a, i - 1) ? aLetter : bLetter
  return isLessByNumber(a, b, i)
}

function isLow(text: string, at: number): boolean {
  return (text.charCodeAt(at) & 0xfc00) === 0xdc00
}

function isLessByNumber(a: string, b: string, at: number): boolean {
  const carry = (a.charCodeAt(at) === ZERO || b.charCodeAt(at) === ZERO) && followsNonZero(a, at)
  const aEnd = endOfDigits(a, at)
  const bEnd = endOfDigits(b, at)
  const order = compareNumbers(a.slice(at, aEnd), b.slice(at, bEnd), carry)
  if (order !== 0) return order < 0
  if (aEnd !== bEnd) return aEnd < bEnd
  return (a.codePointAt(at) as number) < (b.codePointAt(at) as number)
}

/** Whether the digits right before `at` hold one that is not 0: then a 0 here is no leading zero. */
function followsNonZero(text: string, at: number): boolean {
  for (let j = at - 1; j >= 0 && isNumeral(text, j); j--) if (text.charCodeAt(j) !== ZERO) return true
  return false
}

function endOfDigits(text: string, at: number): number {
  let end = at
  while (end < text.length && isNumeral(text, end)) end++
  return end
}

function compareNumbers(a: string, b: string, carry: boolean): number {
  if (a.length > SAFE_DIGITS || b.length > SAFE_DIGITS) {
    const x = wrappingNumber(a, carry)
    const y = wrappingNumber(b, carry)
    return x < y ? -1 : x > y ? 1 : 0
  }
  return shortNumber(a, carry) - shortNumber(b, carry)
}

function shortNumber(digits: string, carry: boolean): number {
  let value = carry ? 1 : 0
  for (const digit of digits) value = value * 10 + (digit.codePointAt(0) as number) - ZERO
  return value
}

function wrappingNumber(digits: string, carry: boolean): bigint {
  let value = carry ? 1n : 0n
  for (const digit of digits) value = BigInt.asIntN(64, value * 10n + BigInt((digit.codePointAt(0) as number) - ZERO))
  return value
}
