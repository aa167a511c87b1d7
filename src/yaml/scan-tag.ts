import { hexValue, isBlank, isBlankOrEnd, isDigit, isWord } from './characters.ts'
import type { Cursor } from './cursor.ts'

const BANG = 0x21
const PERCENT = 0x25
const DOT = 0x2e

/** What a tag or a directive says: a handle and what follows it; a version as `1.1`. */
export interface TagText {
  readonly handle: string
  readonly suffix: string
}

/**
 * Takes a `%YAML` or `%TAG` line. `kind` is its name; the version stands in `handle`.
 *
 * @throws YamlError `yaml/syntax`
 */
export function scanDirective(cursor: Cursor): TagText & { readonly kind: 'YAML' | 'TAG'; readonly end: number } {
  const start = cursor.pos++
  const kind = cursor.word()
  if (kind === '') cursor.fail('could not find expected directive name', start)
  if (!isBlankOrEnd(cursor.code())) cursor.fail('found unexpected non-alphabetical character', start)
  if (kind !== 'YAML' && kind !== 'TAG') cursor.fail('found unknown directive name', start)
  const text = kind === 'YAML' ? scanVersion(cursor, start) : scanTagDirective(cursor, start)
  const end = cursor.pos
  cursor.endLine(start)
  return { kind, end, ...text }
}

function scanVersion(cursor: Cursor, start: number): TagText {
  cursor.skipBlanks()
  const major = versionNumber(cursor, start)
  if (cursor.code() !== DOT) cursor.fail("did not find expected digit or '.' character", start)
  cursor.pos++
  const minor = versionNumber(cursor, start)
  return { handle: `${major}.${minor}`, suffix: '' }
}

function versionNumber(cursor: Cursor, start: number): number {
  const from = cursor.pos
  while (isDigit(cursor.code())) {
    if (cursor.pos - from === 2) cursor.fail('found extremely long version number', start)
    cursor.pos++
  }
  if (cursor.pos === from) cursor.fail('did not find expected version number', start)
  return Number(cursor.text.slice(from, cursor.pos))
}

function scanTagDirective(cursor: Cursor, start: number): TagText {
  cursor.skipBlanks()
  const handle = tagHandle(cursor, start, true)
  if (!isBlank(cursor.code())) cursor.fail('did not find expected whitespace', start)
  cursor.skipBlanks()
  const prefix = tagUri(cursor, start, '')
  if (!isBlankOrEnd(cursor.code())) cursor.fail('did not find expected whitespace or line break', start)
  return { handle, suffix: prefix }
}

/** Takes a tag: `!!str`, `!<uri>`, `!local`, the lone `!`. @throws YamlError `yaml/syntax` */
export function scanTag(cursor: Cursor): TagText {
  const start = cursor.pos
  let handle = ''
  let suffix: string
  if (cursor.text.charCodeAt(start + 1) === 0x3c) {
    cursor.pos += 2
    suffix = tagUri(cursor, start, '')
    if (cursor.code() !== 0x3e) cursor.fail("did not find the expected '>'", start)
    cursor.pos++
  } else {
    handle = tagHandle(cursor, start, false)
    if (handle.length > 1 && handle.endsWith('!')) suffix = tagUri(cursor, start, '')
    else {
      suffix = tagUri(cursor, start, handle)
      handle = '!'
      // The lone `!` is a suffix without a handle.
      if (suffix === '') [handle, suffix] = [suffix, handle]
    }
  }
  if (!isBlankOrEnd(cursor.code())) cursor.fail('did not find expected whitespace or line break', start)
  return { handle, suffix }
}

function tagHandle(cursor: Cursor, start: number, directive: boolean): string {
  const from = cursor.pos
  if (cursor.text.charCodeAt(from) !== BANG) cursor.fail("did not find expected '!'", start)
  cursor.pos++
  cursor.word()
  if (cursor.code() === BANG) cursor.pos++
  else if (directive && cursor.pos > from + 1) cursor.fail("did not find expected '!'", start)
  return cursor.text.slice(from, cursor.pos)
}

function tagUri(cursor: Cursor, start: number, head: string): string {
  const octets: number[] = []
  const from = cursor.pos
  for (;;) {
    const code = cursor.code()
    if (code === PERCENT) uriEscape(cursor, start, octets)
    else if (isWord(code) || (code !== 0 && ";/?:@&=+$,.!~*'()[]".includes(String.fromCharCode(code)))) {
      octets.push(code)
      cursor.pos++
    } else break
  }
  if (head === '' && cursor.pos === from) cursor.fail('did not find expected tag URI', start)
  return head.slice(1) + Buffer.from(octets).toString('utf8')
}

function uriEscape(cursor: Cursor, start: number, octets: number[]): void {
  for (let left = 1, first = true; left > 0; left--, first = false) {
    const high = hexValue(cursor.code(1))
    const low = hexValue(cursor.code(2))
    if (cursor.code() !== PERCENT || high < 0 || low < 0) cursor.fail('did not find URI escaped octet', start)
    const octet = high * 16 + low
    if (first) {
      left = octet < 0x80 ? 1 : octet < 0xc0 || octet >= 0xf8 ? 0 : octet < 0xe0 ? 2 : octet < 0xf0 ? 3 : 4
      if (left === 0) cursor.fail('found an incorrect leading UTF-8 octet', start)
    } else if ((octet & 0xc0) !== 0x80) cursor.fail('found an incorrect trailing UTF-8 octet', start)
    octets.push(octet)
    cursor.pos += 3
  }
}
