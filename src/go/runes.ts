/** What Go puts in place of bytes that are no valid UTF-8. */
export const RUNE_ERROR = 0xfffd
/** The largest code point. */
export const MAX_RUNE = 0x10ffff

const LETTER = /^\p{L}$/u
const DIGIT = /^\p{Nd}$/u
const PRINTABLE = /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u

/** Go's `unicode.IsLetter`. */
export function isLetter(rune: number): boolean {
  if (rune < 0x80) return (rune >= 0x61 && rune <= 0x7a) || (rune >= 0x41 && rune <= 0x5a)
  return LETTER.test(String.fromCodePoint(rune))
}

/** Go's `unicode.IsDigit`. */
export function isDigit(rune: number): boolean {
  if (rune < 0x80) return rune >= 0x30 && rune <= 0x39
  return DIGIT.test(String.fromCodePoint(rune))
}

/** Go's `unicode.IsPrint` and `strconv.IsPrint`: letters, marks, numbers, punctuation, symbols and the ASCII space. */
export function isPrint(rune: number): boolean {
  if (rune < 0x7f) return rune >= 0x20
  if (rune < 0 || rune > MAX_RUNE || isSurrogate(rune)) return false
  return PRINTABLE.test(String.fromCodePoint(rune))
}

/** Whether a code point is a UTF-16 surrogate; in Go strings held here it stands for one invalid byte. */
export function isSurrogate(rune: number): boolean {
  return rune >= 0xd800 && rune <= 0xdfff
}

/** The rune Go decodes at `index` of a string: U+FFFD for an invalid byte, -1 past the end. */
export function runeAt(text: string, index: number): number {
  const point = text.codePointAt(index)
  if (point === undefined) return -1
  return isSurrogate(point) ? RUNE_ERROR : point
}

/** Number of runes, as Go's `utf8.RuneCountInString`. */
export function runeCount(text: string): number {
  let count = text.length
  for (let i = 0; i < text.length - 1; i++) {
    if ((text.codePointAt(i) as number) > 0xffff) {
      count--
      i++
    }
  }
  return count
}

/** The text of one rune; what is no valid code point becomes U+FFFD, as `utf8.AppendRune` does. */
export function runeText(rune: number): string {
  return String.fromCodePoint(rune < 0 || rune > MAX_RUNE || isSurrogate(rune) ? RUNE_ERROR : rune)
}
