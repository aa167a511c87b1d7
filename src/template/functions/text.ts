import { sliceBytes } from '../../go/byte-slice.ts'
import { byteLength } from '../../go/bytes.ts'
import { toLower, toUpper, trimSpace } from '../../go/letter-case.ts'
import { quote } from '../../go/quote.ts'
import { GoError, type GoFunction, type GoMap, type GoValue, withGoType } from '../../go/values.ts'
import { ANY, fixed, variadic } from './signature.ts'
import { shown, stringOf, stringsOf } from './strval.ts'
import { joinText, repeatText } from './text-limit.ts'

function indent(spaces: bigint, text: string): string {
  const pad = repeatText(' ', spaces)
  return pad + joinText(text.split('\n'), `\n${pad}`)
}

/** `strings.Replace` of all occurrences; an empty `old` matches before every character and at the end. */
function replaceText(old: string, replacement: string, text: string): string {
  return joinText(old === '' ? ['', ...text, ''] : text.split(old), replacement)
}

/** `strings.Trim`: takes the characters of `cutset` off both ends. */
function trimSet(cutset: string, text: string): string {
  const cut = new Set(cutset)
  const runes = Array.from(text)
  let start = 0
  let end = runes.length
  while (start < end && cut.has(runes[start] as string)) start++
  while (end > start && cut.has(runes[end - 1] as string)) end--
  return runes.slice(start, end).join('')
}

/** `strings.SplitN`; null stands for the nil slice that a limit of 0 gives. An empty separator splits into characters. */
function splitText(text: string, separator: string, limit: bigint): string[] | null {
  if (limit === 0n) return null
  const parts = separator === '' ? Array.from(text) : text.split(separator)
  if (limit < 0n || BigInt(parts.length) <= limit) return parts
  const head = parts.slice(0, Number(limit) - 1)
  return [...head, parts.slice(head.length).join(separator)]
}

/** Parts that may stand in a map. */
const MAX_PARTS = 1_000_000

/** sprig's `split` result: parts under the keys `_0`, `_1` and on. */
function numbered(parts: readonly string[] | null): GoMap {
  if (parts !== null && parts.length > MAX_PARTS) throw new GoError(`the text has more than ${MAX_PARTS} parts`)
  return withGoType(new Map((parts ?? []).map((part, i) => [`_${i}`, part])), 'map[string]string')
}

function substr(startArg: bigint, endArg: bigint, text: string): string {
  const start = Number(startArg)
  const end = Number(endArg)
  if (start < 0) return sliceBytes(text, 0, end)
  if (end < 0 || end > byteLength(text)) return sliceBytes(text, start)
  return sliceBytes(text, start, end)
}

function trunc(countArg: bigint, text: string): string {
  const count = Number(countArg)
  const length = byteLength(text)
  if (count < 0 && length + count > 0) return sliceBytes(text, length + count)
  return count >= 0 && length > count ? sliceBytes(text, 0, count) : text
}

function cat(...values: GoValue[]): string {
  // sprig builds the format "%v %v … %v" and trims the format, not the text: only no values at all gives an empty text.
  return values
    .filter((value) => value !== null)
    .map(shown)
    .join(' ')
}

const strings = (parts: string[]): GoValue => withGoType(parts, '[]string')

/**
 * Text: trimming, cutting, joining, splitting, quoting. Lengths and positions count bytes, as in Go.
 *
 * Source: sprig 3.3.0 strings.go, functions.go
 */
export const textFunctions: ReadonlyMap<string, GoFunction> = new Map<string, GoFunction>([
  ['hello', fixed([], () => 'Hello!')],
  ['trim', fixed(['string'], trimSpace)],
  ['upper', fixed(['string'], toUpper)],
  ['lower', fixed(['string'], toLower)],
  ['substr', fixed(['int', 'int', 'string'], substr)],
  ['trunc', fixed(['int', 'string'], trunc)],
  ['repeat', fixed(['int', 'string'], (count: bigint, text: string) => repeatText(text, count))],
  ['trimall', fixed(['string', 'string'], trimSet)],
  ['trimAll', fixed(['string', 'string'], trimSet)],
  ['trimSuffix', fixed(['string', 'string'], (end: string, text: string) => (text.endsWith(end) ? text.slice(0, text.length - end.length) : text))],
  ['trimPrefix', fixed(['string', 'string'], (start: string, text: string) => (text.startsWith(start) ? text.slice(start.length) : text))],
  ['contains', fixed(['string', 'string'], (part: string, text: string) => text.includes(part))],
  ['hasPrefix', fixed(['string', 'string'], (start: string, text: string) => text.startsWith(start))],
  ['hasSuffix', fixed(['string', 'string'], (end: string, text: string) => text.endsWith(end))],
  [
    'quote',
    variadic([], ANY, (...values: GoValue[]) =>
      values
        .filter((v) => v !== null)
        .map((v) => quote(stringOf(v)))
        .join(' '),
    ),
  ],
  [
    'squote',
    variadic([], ANY, (...values: GoValue[]) =>
      values
        .filter((v) => v !== null)
        .map((v) => `'${shown(v)}'`)
        .join(' '),
    ),
  ],
  ['cat', variadic([], ANY, cat)],
  ['indent', fixed(['int', 'string'], indent)],
  ['nindent', fixed(['int', 'string'], (spaces: bigint, text: string) => `\n${indent(spaces, text)}`)],
  ['replace', fixed(['string', 'string', 'string'], replaceText)],
  ['plural', fixed(['string', 'string', 'int'], (one: string, many: string, count: bigint) => (count === 1n ? one : many))],
  ['toString', fixed([ANY], stringOf)],
  ['toStrings', fixed([ANY], stringsOf)],
  ['join', fixed(['string', ANY], (separator: string, list: GoValue) => joinText(stringsOf(list) as string[], separator))],
  ['split', fixed(['string', 'string'], (separator: string, text: string) => numbered(splitText(text, separator, -1n)))],
  ['splitn', fixed(['string', 'int', 'string'], (separator: string, limit: bigint, text: string) => numbered(splitText(text, separator, limit)))],
  ['splitList', fixed(['string', 'string'], (separator: string, text: string) => strings(splitText(text, separator, -1n) ?? []))],
])
