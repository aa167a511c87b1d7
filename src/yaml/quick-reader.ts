import type { GoMap, GoValue } from '../go/values.ts'
import { plainWord } from './quick-scalar.ts'
import { resolvePlain } from './resolve.ts'

const LF = 0x0a
const SPACE = 0x20
const QUOTE = 0x22
const HASH = 0x23
const APOSTROPHE = 0x27
const COMMA = 0x2c
const DASH = 0x2d
const COLON = 0x3a
const OPEN_LIST = 0x5b
const CLOSE_LIST = 0x5d
const OPEN_MAP = 0x7b
const CLOSE_MAP = 0x7d
const BAR = 0x7c

/** A key and its colon: a word, or anything in quotes without escapes. */
const KEY = /(?:([A-Za-z0-9_.][A-Za-z0-9_./-]*)|"([^"\\\n]*)"|'([^'\n]*)'):(?=[ \n]|$)/y
/** go-yaml's limit for keys, which may count in bytes of what stands before the colon. */
const MAX_KEY = 250
const QUOTED = /"([^"\\]*(?:\\[\\"nt][^"\\]*)*)"|'([^']*(?:''[^']*)*)'/y
/** A line that begins in the first column could be a mark between documents. */
const OUTDENTED = /\n[^ \n]/

/** What a plain scalar may begin with; the others have a meaning, or might have. */
const PLAIN_START = /[A-Za-z0-9_./$(+<=~^;\\\xa0-\uffff]|[-:](?![ \n]|$)/y
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t' }
const FLOW_WORD = /[A-Za-z0-9_./][A-Za-z0-9_./-]*(?=[ ,\]}])/y
const FLOW_KEY = /(?:([A-Za-z_][A-Za-z0-9_./-]*)|"([^"\\\n]*)"|'([^'\n]*)'): /y
const LITERAL = /\|([1-9]?)([-+]?) *\n/y
const MAX_FLOW_DEPTH = 8

/**
 * A place in a YAML text of the simple style, read line by line. Whatever it cannot tell for sure it answers with undefined.
 *
 * A class because the place lives through one pass.
 */
export class QuickReader {
  readonly #text: string
  #at = 0
  /** Column of the first character of the current line with content; -1 behind the last one. */
  indent = -1

  constructor(text: string) {
    this.#text = text
  }

  get atEnd(): boolean {
    return this.indent < 0
  }

  /** Goes to the next line that holds more than blanks and comments; its indentation, or -1 where there is none. */
  nextLine(): number {
    const text = this.#text
    let at = this.#at
    for (;;) {
      const start = at
      while (text.charCodeAt(at) === SPACE) at++
      const code = text.charCodeAt(at)
      if (code === LF) at++
      else if (code === HASH) {
        const end = text.indexOf('\n', at)
        at = end < 0 ? text.length : end + 1
      } else {
        this.#at = at
        this.indent = at >= text.length ? -1 : at - start
        return this.indent
      }
    }
  }

  /** Steps over blanks, a comment and the line break; false where something else stands there. */
  endsLine(): boolean {
    const text = this.#text
    const start = this.#at
    let at = start
    while (text.charCodeAt(at) === SPACE) at++
    const code = text.charCodeAt(at)
    if (code === HASH && at > start) {
      const end = text.indexOf('\n', at)
      at = end < 0 ? text.length : end
    } else if (code !== LF && at < text.length) {
      this.#at = at
      return false
    }
    this.#at = at + 1
    return true
  }

  /** Whether a list's dash stands here, with a blank or the line's end behind it. */
  isAtDash(): boolean {
    if (this.#text.charCodeAt(this.#at) !== DASH) return false
    const next = this.#text.charCodeAt(this.#at + 1)
    return next === SPACE || next === LF || this.#at + 1 >= this.#text.length
  }

  /** Steps over the dash in column `indent` and the blanks behind it; the column of what follows. */
  skipDash(indent: number): number {
    const start = this.#at
    let at = start + 1
    while (this.#text.charCodeAt(at) === SPACE) at++
    // A comment needs its blank.
    this.#at = this.#text.charCodeAt(at) === HASH ? at - 1 : at
    return indent + at - start
  }

  /** Takes a key and its colon. */
  key(): string | undefined {
    KEY.lastIndex = this.#at
    return this.#takeKey(KEY.exec(this.#text))
  }

  #takeKey(match: RegExpExecArray | null): string | undefined {
    if (!match || match[0].length > MAX_KEY) return undefined
    this.#at += match[0].length
    const [, word, double, single] = match
    return word === undefined ? (double ?? single) : resolvePlain(word, 'helm') === word ? word : undefined
  }

  /** Takes a scalar in quotes; undefined where none begins, or one with rare escapes. */
  quoted(): string | undefined {
    const code = this.#text.charCodeAt(this.#at)
    if (code !== QUOTE && code !== APOSTROPHE) return undefined
    QUOTED.lastIndex = this.#at
    const match = QUOTED.exec(this.#text)
    if (!match) return undefined
    const [whole, double, single] = match
    const isLong = whole.includes('\n')
    if (isLong && OUTDENTED.test(whole)) return undefined
    this.#at += whole.length
    return isLong ? unescaped(double && folded(double), single && folded(single)) : unescaped(double, single)
  }

  /** Takes a plain scalar, the blanks and comment behind it left; lines deeper than `parent` go on with it. */
  plain(parent: number): string | undefined {
    PLAIN_START.lastIndex = this.#at
    if (!PLAIN_START.test(this.#text)) return undefined
    let value = this.#plainLine()
    while (value !== undefined) {
      const breaks = this.#breaksBeforeMore(parent)
      if (breaks === 0) return value
      const more = this.#plainLine()
      value = more === undefined ? undefined : value + (breaks === 1 ? ' ' : '\n'.repeat(breaks - 1)) + more
    }
    return undefined
  }

  /** Steps to the next line of a plain scalar; how many lines end on the way, 0 (and no step) where it does not go on. */
  #breaksBeforeMore(parent: number): number {
    const text = this.#text
    let breaks = 0
    let start = this.#at
    let at = start
    for (;;) {
      while (text.charCodeAt(at) === SPACE) at++
      const code = text.charCodeAt(at)
      if (code !== LF) {
        if (breaks === 0 || code === HASH || at >= text.length || at - start <= parent) return 0
        this.#at = at
        return breaks
      }
      breaks++
      start = ++at
    }
  }

  /** The rest of the line without comment and the blanks at its end. */
  #plainLine(): string | undefined {
    const text = this.#text
    const start = this.#at
    let end = start
    let at = start
    for (let code = text.charCodeAt(at); code !== LF && at < text.length; code = text.charCodeAt(at)) {
      if (code === COLON) {
        const next = text.charCodeAt(at + 1)
        if (next === SPACE || next === LF || at + 1 >= text.length) return undefined
      } else if (code === HASH && text.charCodeAt(at - 1) === SPACE) break
      at++
      if (code !== SPACE) end = at
    }
    this.#at = end
    return text.slice(start, end)
  }

  isAtLiteral(): boolean {
    return this.#text.charCodeAt(this.#at) === BAR
  }

  /** Takes a literal block that lies deeper than `parent`, and goes to the next line with content. */
  literal(parent: number): string | undefined {
    const text = this.#text
    LITERAL.lastIndex = this.#at
    const header = LITERAL.exec(text)
    if (!header) return undefined
    const [whole, digit, sign] = header as unknown as readonly [string, string, string]
    this.#at += whole.length
    const margin = digit === '' ? this.#marginOfLines() : parent + Number(digit)
    if (margin === undefined) return undefined
    const value = chomped(margin > parent ? this.#linesFrom(margin) : [], sign)
    return this.nextLine() > parent ? undefined : value
  }

  /** Column of the first line here that is not blank, which no blank one before it may reach beyond. */
  #marginOfLines(): number | undefined {
    const text = this.#text
    let blanks = 0
    let start = this.#at
    for (;;) {
      let at = start
      while (text.charCodeAt(at) === SPACE) at++
      const width = at - start
      if (text.charCodeAt(at) !== LF) return blanks > width ? undefined : width
      blanks = Math.max(blanks, width)
      start = at + 1
    }
  }

  /** Takes lines up to one that is not as deep as `margin`; what is behind the last line break comes last, where there is any. */
  #linesFrom(margin: number): readonly string[] {
    const text = this.#text
    const lines: string[] = []
    let at = this.#at
    for (;;) {
      const found = text.indexOf('\n', at)
      const end = found < 0 ? text.length : found
      let from = at
      while (from < at + margin && text.charCodeAt(from) === SPACE) from++
      const isOut = from < at + margin && from < end
      lines.push(isOut ? '' : text.slice(from, end))
      this.#at = isOut ? at : end
      if (isOut || found < 0) return lines
      at = end + 1
    }
  }

  isAtFlow(): boolean {
    const code = this.#text.charCodeAt(this.#at)
    return code === OPEN_LIST || code === OPEN_MAP
  }

  /** Takes a flow collection of simple scalars on one line. */
  flow(depth: number): GoValue | undefined {
    if (depth > MAX_FLOW_DEPTH) return undefined
    return this.#text.charCodeAt(this.#at) === OPEN_LIST ? this.#flowList(depth) : this.#flowMap(depth)
  }

  #flowList(depth: number): GoValue | undefined {
    const list: GoValue[] = []
    this.#skipFlowBlanks(1)
    if (this.#closes(CLOSE_LIST)) return list
    for (;;) {
      const value = this.#flowValue(depth)
      if (value === undefined) return undefined
      list.push(value)
      this.#skipFlowBlanks(0)
      if (this.#closes(CLOSE_LIST)) return list
      if (this.#text.charCodeAt(this.#at) !== COMMA) return undefined
      this.#skipFlowBlanks(1)
    }
  }

  #flowMap(depth: number): GoValue | undefined {
    const map: GoMap = new Map()
    this.#skipFlowBlanks(1)
    if (this.#closes(CLOSE_MAP)) return map
    for (;;) {
      FLOW_KEY.lastIndex = this.#at
      const key = this.#takeKey(FLOW_KEY.exec(this.#text))
      if (key === undefined) return undefined
      this.#skipFlowBlanks(0)
      const value = this.#flowValue(depth)
      if (value === undefined) return undefined
      map.set(key, value)
      this.#skipFlowBlanks(0)
      if (this.#closes(CLOSE_MAP)) return map
      if (this.#text.charCodeAt(this.#at) !== COMMA) return undefined
      this.#skipFlowBlanks(1)
    }
  }

  #flowValue(depth: number): GoValue | undefined {
    if (this.isAtFlow()) return this.flow(depth + 1)
    const quoted = this.quoted()
    if (quoted !== undefined) return this.#text.charCodeAt(this.#at) === COLON ? undefined : quoted
    FLOW_WORD.lastIndex = this.#at
    const word = FLOW_WORD.exec(this.#text)?.[0]
    if (word === undefined) return undefined
    this.#at += word.length
    return plainWord(word)
  }

  #closes(code: number): boolean {
    if (this.#text.charCodeAt(this.#at) !== code) return false
    this.#at++
    return true
  }

  #skipFlowBlanks(more: number): void {
    this.#at += more
    while (this.#text.charCodeAt(this.#at) === SPACE) this.#at++
  }
}

function unescaped(double: string | undefined, single: string | undefined): string | undefined {
  if (double === undefined) return single?.replaceAll("''", "'")
  return double.includes('\\') ? double.replace(/\\(.)/g, (_escape, letter: string) => ESCAPES[letter] ?? letter) : double
}

/** Lines of a scalar in quotes as one: a break becomes a space, several lose the first. */
function folded(text: string): string {
  const lines = text.split('\n')
  let out = withoutBlanksBehind(lines[0] as string)
  let breaks = 0
  for (let i = 1; i < lines.length; i++) {
    breaks++
    const line = withoutBlanksBefore(lines[i] as string)
    if (line === '' && i < lines.length - 1) continue
    out += (breaks === 1 ? ' ' : '\n'.repeat(breaks - 1)) + (i < lines.length - 1 ? withoutBlanksBehind(line) : line)
    breaks = 0
  }
  return out
}

function withoutBlanksBefore(line: string): string {
  let start = 0
  while (line.charCodeAt(start) === SPACE) start++
  return line.slice(start)
}

function withoutBlanksBehind(line: string): string {
  let end = line.length
  while (line.charCodeAt(end - 1) === SPACE) end--
  return line.slice(0, end)
}

/** The lines of a literal block as one text, the breaks at its end treated as the header's sign says; the last line has no break. */
function chomped(lines: readonly string[], sign: string): string | undefined {
  let end = lines.length
  while (lines[end - 1] === '') end--
  if (end === 0) return sign === '+' ? undefined : ''
  const text = lines.slice(0, end).join('\n')
  if (sign === '-' || end === lines.length) return text
  return sign === '+' ? text + '\n'.repeat(lines.length - end) : `${text}\n`
}
