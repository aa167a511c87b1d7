const LINE_BREAK = 0x0a
const SPACE = 0x20
const HASH = 0x23
const HYPHEN = 0x2d
const COLON = 0x3a

/** The text of one chart's versions in an index, `none` when it has no such chart, `unclear` when only a parser can tell. */
export type IndexBlock = { readonly kind: 'found'; readonly text: string } | { readonly kind: 'none' | 'unclear' }

const UNCLEAR: IndexBlock = { kind: 'unclear' }

/**
 * Finds the entry of `chart` in the text of an index.yaml without parsing the rest. In block style a line that is indented like
 * the first key of `entries` and is no list item begins another key, whatever stands around it.
 *
 * O(bytes) of a byte search; nothing but the found text is copied.
 */
export function findIndexBlock(index: Buffer, chart: string): IndexBlock {
  const entries = findTopKey(index, 'entries:')
  if (entries === undefined) return UNCLEAR
  const first = firstKeyLine(index, entries)
  if (first === undefined) return UNCLEAR
  const indent = indentAt(index, first)
  const end = endOfSection(index, first)
  if (indent === 0 || index[first + indent] === HYPHEN) return UNCLEAR
  const prefix = ' '.repeat(indent)
  const starts = [chart, `"${chart}"`, `'${chart}'`].flatMap((key) => keyLines(index, `${prefix}${key}:`, first, end))
  if (starts.length === 0) return isWholeInBlockStyle(index, first) ? { kind: 'none' } : UNCLEAR
  if (starts.length > 1) return UNCLEAR
  const start = starts[0] as number
  return { kind: 'found', text: index.toString('utf8', start, endOfBlock(index, start, end, indent)) }
}

/** The offset behind the line that begins with `key` in the first column. */
function findTopKey(index: Buffer, key: string): number | undefined {
  const at = index.subarray(0, key.length).toString('latin1') === key ? 0 : index.indexOf(`\n${key}`, 0, 'latin1') + 1
  if (at === 0 && index.subarray(0, key.length).toString('latin1') !== key) return undefined
  const lineEnd = endOfLine(index, at)
  // Something behind the colon is a flow mapping, an alias or a tag.
  return index.toString('latin1', at + key.length, lineEnd).trim() === '' ? lineEnd + 1 : undefined
}

function endOfLine(index: Buffer, from: number): number {
  const at = index.indexOf(LINE_BREAK, from)
  return at < 0 ? index.length : at
}

function firstKeyLine(index: Buffer, from: number): number | undefined {
  for (let at = from; at < index.length; at = endOfLine(index, at) + 1) {
    const code = index[at + indentAt(index, at)]
    if (code !== LINE_BREAK && code !== HASH && code !== 0x0d && code !== undefined) return at
  }
  return undefined
}

function indentAt(index: Buffer, at: number): number {
  let indent = 0
  while (index[at + indent] === SPACE) indent++
  return indent
}

/** Where the next key in the first column begins, or the document ends. */
function endOfSection(index: Buffer, from: number): number {
  for (let at = from; ; ) {
    const next = index.indexOf(LINE_BREAK, at)
    if (next < 0 || next + 1 >= index.length) return index.length
    const code = index[next + 1]
    if (code !== SPACE && code !== LINE_BREAK && code !== HASH && code !== 0x0d) return next + 1
    at = next + 1
  }
}

/** Offsets of the lines between `from` and `end` that begin with `text` and then a blank or the end of the line. */
function keyLines(index: Buffer, text: string, from: number, end: number): number[] {
  const found: number[] = []
  const needle = Buffer.from(text)
  for (let at = index.indexOf(needle, from); at >= 0 && at < end; at = index.indexOf(needle, at + 1)) {
    const isLineStart = at === 0 || index[at - 1] === LINE_BREAK
    const behind = index[at + needle.length]
    if (isLineStart && (behind === undefined || behind === LINE_BREAK || behind === SPACE || behind === 0x0d)) found.push(at)
  }
  return found
}

function endOfBlock(index: Buffer, start: number, end: number, indent: number): number {
  for (let at = endOfLine(index, start) + 1; at < end; at = endOfLine(index, at) + 1) {
    const column = indentAt(index, at)
    const code = index[at + column]
    const isEmpty = code === LINE_BREAK || code === HASH || code === 0x0d
    if (!isEmpty && (column < indent || (column === indent && code !== HYPHEN))) return at
  }
  return end
}

/** Whether the first key looks like one of a block mapping, so that a missing name really is missing. */
function isWholeInBlockStyle(index: Buffer, first: number): boolean {
  const line = index.subarray(first, endOfLine(index, first)).toString('utf8').trim()
  return /^(?:[A-Za-z0-9._-]+|"[^"]+"|'[^']+'):(?:\s|$)/.test(line) && line.charCodeAt(line.indexOf(':')) === COLON
}
