import type { GoMap, GoValue } from '../go/values.ts'
import { QuickReader } from './quick-reader.ts'
import { plainWord } from './quick-scalar.ts'

/*
 * YAML as nearly all of it is written: block mappings and lists, scalars on one line, literal blocks, small flow collections of
 * such scalars. Whatever looks different in the least is left to the parser, so that there is one place only that knows YAML's
 * corners and its errors; what is read here, it reads alike.
 */

/** Characters that mean to the parser what they mean here: no tabs, no line breaks but LF, no byte order mark. */
const USUAL = /^[\n -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]*$/

/** A document may say that it starts. */
const START = '---\n'

/** Deeper nesting is left to the parser, which has the limits. */
const MAX_DEPTH = 64

/**
 * The value of a text in the simple style, as `decodeHelm` gives it for the first document; undefined for every other text, an
 * empty one too.
 */
export function quickDecode(text: string): GoValue | undefined {
  if (!USUAL.test(text)) return undefined
  const reader = new QuickReader(text.startsWith(START) ? text.slice(START.length) : text)
  const indent = reader.nextLine()
  if (indent < 0) return undefined
  const value = whole(reader, indent)
  return value === undefined || !reader.atEnd ? undefined : value
}

function whole(reader: QuickReader, indent: number): GoValue | undefined {
  if (reader.isAtFlow()) return inline(reader, -1)
  return reader.isAtDash() ? sequence(reader, indent, false, 0) : mapping(reader, indent, reader.key(), 0)
}

/** The value that begins at the reader's place, in `column`, which is deeper than the `indent` of what holds it. */
function block(reader: QuickReader, column: number, indent: number, depth: number): GoValue | undefined {
  if (depth > MAX_DEPTH) return undefined
  if (reader.isAtDash()) return sequence(reader, column, false, depth)
  const key = reader.key()
  return key === undefined ? inline(reader, indent) : mapping(reader, column, key, depth)
}

/** `first`: the first key, which has been taken. */
function mapping(reader: QuickReader, indent: number, first: string | undefined, depth: number): GoMap | undefined {
  const map: GoMap = new Map()
  for (let key = first; key !== undefined; key = reader.key()) {
    const value = entryValue(reader, indent, depth)
    if (value === undefined) return undefined
    map.set(key, value)
    if (reader.indent < indent) return map
    if (reader.indent > indent) return undefined
  }
  return undefined
}

/** What stands behind a key and its colon; afterwards the reader is at the next line with content. */
function entryValue(reader: QuickReader, indent: number, depth: number): GoValue | undefined {
  if (!reader.endsLine()) return inline(reader, indent)
  const next = reader.nextLine()
  if (next > indent) return block(reader, next, indent, depth + 1)
  return next === indent && reader.isAtDash() ? sequence(reader, indent, true, depth + 1) : null
}

/** `sharesIndent`: the list stands in the column of the mapping it is a value of, which may go on behind it. */
function sequence(reader: QuickReader, indent: number, sharesIndent: boolean, depth: number): GoValue | undefined {
  const list: GoValue[] = []
  for (;;) {
    const item = listItem(reader, indent, depth)
    if (item === undefined) return undefined
    list.push(item)
    if (reader.indent < indent) return list
    if (reader.indent > indent) return undefined
    if (!reader.isAtDash()) return sharesIndent ? list : undefined
  }
}

function listItem(reader: QuickReader, indent: number, depth: number): GoValue | undefined {
  const column = reader.skipDash(indent)
  if (!reader.endsLine()) return block(reader, column, indent, depth + 1)
  const next = reader.nextLine()
  return next > indent ? block(reader, next, indent, depth + 1) : null
}

/** A scalar or a flow collection; afterwards the reader is at the next line with content, which must not be deeper than `indent`. */
function inline(reader: QuickReader, indent: number): GoValue | undefined {
  if (reader.isAtLiteral()) return reader.literal(indent)
  const value = reader.isAtFlow() ? reader.flow(0) : (reader.quoted() ?? plainWord(reader.plain(indent)))
  if (value === undefined || !reader.endsLine()) return undefined
  return reader.nextLine() > indent ? undefined : value
}
