import { bytesOfString } from '../go/bytes.ts'
import { sprint } from '../go/printf.ts'
import { isPrint, isSurrogate, RUNE_ERROR } from '../go/runes.ts'
import type { GoValue } from '../go/values.ts'
import { pointedTo } from './pointed-to.ts'

/** The arguments of an escaper as one text, printed as an action prints them. */
export function printedArguments(args: readonly GoValue[]): string {
  return sprint(args.map((value) => (value === null ? '<no value>' : pointedTo(value))))
}

const HTML: Readonly<Record<string, string>> = { '\0': '\uFFFD', '"': '&#34;', "'": '&#39;', '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/** Go's `template.HTMLEscapeString`. */
export function escapeHtml(text: string): string {
  return text.replace(/[\0"'&<>]/g, (c) => HTML[c] as string)
}

const SCRIPT: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
  '<': '\\u003C',
  '>': '\\u003E',
  '&': '\\u0026',
  '=': '\\u003D',
}

/** Go's `template.JSEscapeString`. */
export function escapeScript(text: string): string {
  let out = ''
  for (const c of text) out += SCRIPT[c] ?? scriptCharacter(c)
  return out
}

function scriptCharacter(c: string): string {
  const point = c.codePointAt(0) as number
  if (point >= 0x20 && point < 0x80) return c
  const rune = isSurrogate(point) ? RUNE_ERROR : point
  if (point >= 0x80 && isPrint(rune)) return c
  return `\\u${rune.toString(16).toUpperCase().padStart(4, '0')}`
}

/** Go's `url.QueryEscape`. */
export function escapeQuery(text: string): string {
  let out = ''
  for (const byte of bytesOfString(text)) {
    const c = String.fromCharCode(byte)
    if (/[A-Za-z0-9\-_.~]/.test(c)) out += c
    else out += c === ' ' ? '+' : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }
  return out
}
