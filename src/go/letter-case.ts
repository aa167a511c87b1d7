/**
 * Case and classes of single characters as Go's `unicode` package has them: simple mappings, one character to one character,
 * where JavaScript's `toUpperCase` follows the full mappings ('ß' to 'SS').
 *
 * Source: Go 1.26 unicode/letter.go (tables of Unicode 15); characters assigned later follow the running JavaScript engine.
 */

const UPPER = /^\p{Lu}$/u
const LOWER = /^\p{Ll}$/u
const TITLE = /^\p{Lt}$/u
const LETTER = /^\p{L}$/u
const DIGIT = /^\p{Nd}$/u
const NUMBER = /^\p{N}$/u
const PUNCT = /^\p{P}$/u

/** Replaces what stands for a byte outside valid UTF-8, as Go's conversion to runes does. */
export const REPLACEMENT = '\uFFFD'

/** The characters of a Go string; each byte outside valid UTF-8 becomes U+FFFD, as in `[]rune(s)`. */
export function runesOf(text: string): string[] {
  const runes = Array.from(text)
  for (let i = 0; i < runes.length; i++) if (isLoneSurrogate(runes[i] as string)) runes[i] = REPLACEMENT
  return runes
}

/** Whether a character stands for a byte outside valid UTF-8. */
export function isLoneSurrogate(rune: string): boolean {
  const unit = rune.charCodeAt(0)
  return rune.length === 1 && unit >= 0xd800 && unit <= 0xdfff
}

export function isUpper(rune: string): boolean {
  return isAscii(rune) ? rune >= 'A' && rune <= 'Z' : UPPER.test(rune)
}

export function isLower(rune: string): boolean {
  return isAscii(rune) ? rune >= 'a' && rune <= 'z' : LOWER.test(rune)
}

export function isTitle(rune: string): boolean {
  return !isAscii(rune) && TITLE.test(rune)
}

export function isLetter(rune: string): boolean {
  return LETTER.test(rune)
}

export function isDigit(rune: string): boolean {
  return DIGIT.test(rune)
}

export function isNumber(rune: string): boolean {
  return NUMBER.test(rune)
}

export function isPunct(rune: string): boolean {
  return PUNCT.test(rune)
}

/** `unicode.IsSpace`: the Unicode property White_Space. */
export function isSpace(rune: string): boolean {
  return SPACES.has(rune)
}

const SPACES: ReadonlySet<string> = new Set(
  '\t\n\v\f\r \u0085\u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u2028\u2029\u202F\u205F\u3000',
)

/** `unicode.ToUpper` of one character. */
export function upperRune(rune: string): string {
  return single(rune.toUpperCase(), rune) ?? greekIota(rune)
}

/** `unicode.ToLower` of one character. */
export function lowerRune(rune: string): string {
  if (rune === '\u0130') return 'i'
  return single(rune.toLowerCase(), rune) ?? rune
}

/** `unicode.ToTitle` of one character. */
export function titleRune(rune: string): string {
  const digraph = TITLE_DIGRAPHS.get(rune)
  if (digraph !== undefined) return digraph
  return GEORGIAN.test(rune) ? rune : upperRune(rune)
}

const GEORGIAN = /^[\u10D0-\u10FA\u10FD-\u10FF]$/

const TITLE_DIGRAPHS: ReadonlyMap<string, string> = new Map([
  ...['\u01C4', '\u01C5', '\u01C6'].map((rune) => [rune, '\u01C5'] as const),
  ...['\u01C7', '\u01C8', '\u01C9'].map((rune) => [rune, '\u01C8'] as const),
  ...['\u01CA', '\u01CB', '\u01CC'].map((rune) => [rune, '\u01CB'] as const),
  ...['\u01F1', '\u01F2', '\u01F3'].map((rune) => [rune, '\u01F2'] as const),
])

/** `strings.ToUpper`: bytes outside valid UTF-8 become U+FFFD once the text is not plain ASCII. */
export function toUpper(text: string): string {
  return ONLY_ASCII.test(text) ? text.toUpperCase() : runesOf(text).map(upperRune).join('')
}

/** `strings.ToLower`; as `toUpper`. */
export function toLower(text: string): string {
  return ONLY_ASCII.test(text) ? text.toLowerCase() : runesOf(text).map(lowerRune).join('')
}

/** `strings.TrimSpace`. */
export function trimSpace(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && SPACES.has(text[start] as string)) start++
  while (end > start && SPACES.has(text[end - 1] as string)) end--
  return text.slice(start, end)
}

const ONLY_ASCII = /^[\x00-\x7F]*$/

function isAscii(rune: string): boolean {
  return rune.length === 1 && rune.charCodeAt(0) < 0x80
}

/** The mapped character when the full mapping is one character, which then is the simple mapping too. */
function single(mapped: string, rune: string): string | undefined {
  if (mapped.length === 1 || mapped === rune) return mapped
  return mapped.length === 2 && (mapped.codePointAt(0) as number) > 0xffff ? mapped : undefined
}

/** Greek letters with iota subscript: their full upper case is two characters, their simple one is the title-case letter. */
function greekIota(rune: string): string {
  const code = rune.charCodeAt(0)
  if (rune.length !== 1) return rune
  if (code >= 0x1f80 && code <= 0x1faf) return String.fromCharCode(code | 8)
  if (code === 0x1fb3 || code === 0x1fc3 || code === 0x1ff3) return String.fromCharCode(code + 9)
  return rune
}
