import { CR, hexValue, isBlank, isBlankOrEnd, isBreak, isBreakOrEnd, isDigit, isWord, LF, LINE_SEPARATOR, PARAGRAPH_SEPARATOR, SPACE, TAB } from './characters.ts'
import type { Dialect } from './dialect.ts'
import type { Input } from './input.ts'
import { readInput } from './input.ts'
import { syntaxError } from './syntax-error.ts'
import * as T from './token.ts'
import type { ScalarStyle, SimpleKey, Token } from './token.ts'
import type { Source } from '../base/source.ts'

const HASH = 0x23
const PERCENT = 0x25
const QUOTE = 0x27
const COLON = 0x3a
const DASH = 0x2d
const DOT = 0x2e
const QUESTION = 0x3f
const BANG = 0x21
const BACKSLASH = 0x5c

/** A simple key ends on its line and within this many characters. */
const MAX_SIMPLE_KEY = 1024
/** go-yaml's own limit of open flow collections and of indentation levels. */
const MAX_DEPTH = 10_000
/** How far go-yaml v3 looks past blanks for a comment. */
const COMMENT_REACH = 512

const ASTRAL = /[\u{10000}-\u{10ffff}]/u

/**
 * Turns a text into YAML tokens, one on demand.
 *
 * A class because the queue, the simple keys and the position live through one pass. Nothing is scanned before it is asked
 * for, but for what go-yaml itself reads ahead: so an error behind the first document stays unseen where Go does not see it.
 *
 * Source: the behaviour of go.yaml.in/yaml v2.4.4 and v3.0.5, scannerc.go
 */
export class Scanner {
  readonly source: Source
  readonly dialect: Dialect
  readonly #text: string
  readonly #input: Input
  readonly #hasAstral: boolean
  #pos: number
  #lineStart: number
  #line = 0
  #atEnd = false

  readonly #queue: Token[] = []
  #head = 0
  #taken = 0
  #available = false
  #started = false

  #indent = -1
  readonly #indents: number[] = []
  #flowLevel = 0
  /** The number of the token that opened each level. */
  readonly #flowStarts: number[] = []
  #simpleKeyAllowed = true
  readonly #simpleKeys: (SimpleKey | undefined)[] = [undefined]
  #newKey: SimpleKey | undefined
  #endsWithBreak = false

  constructor(source: Source, dialect: Dialect) {
    this.#input = readInput(source)
    this.source = this.#input.source
    this.dialect = dialect
    this.#text = this.#input.text
    this.#hasAstral = ASTRAL.test(this.#text)
    this.#pos = this.#input.start
    this.#lineStart = this.#input.start
  }

  /** The next token, without taking it. @throws YamlError `yaml/syntax` */
  peek(): Token {
    if (!this.#available) this.#fetchMore()
    return this.#queue[this.#head] as Token
  }

  /** Takes the token that `peek` showed. */
  skip(): void {
    this.#available = false
    this.#taken++
    this.#head++
    if (this.#head === this.#queue.length) {
      this.#queue.length = 0
      this.#head = 0
    }
  }

  // ---- the queue

  #fetchMore(): void {
    // v3 keeps two tokens behind the head, so that it can attach comments.
    const ahead = this.dialect === 'helmfile' ? 2 : 0
    for (;;) {
      if (this.#queue.length - this.#head > ahead) {
        const key = (this.#queue[this.#head] as Token).key
        if (key === undefined || !this.#isValid(key)) break
      }
      this.#fetchNext()
      if (this.#pos >= this.#input.faultFrom) this.#fail('', this.#pos)
    }
    this.#available = true
  }

  #append(type: number, start: number, end: number, text = '', suffix = '', style: ScalarStyle = 'plain'): void {
    this.#queue.push({ type, start, end, text, suffix, style, key: this.#newKey })
    this.#newKey = undefined
  }

  #insert(tokenNumber: number, type: number, at: number): void {
    const index = this.#head + tokenNumber - this.#taken
    const token: Token = { type, start: at, end: at, text: '', suffix: '', style: 'plain', key: undefined }
    // A key whose token has been taken already comes too late; it ends up behind, and the parser refuses it.
    if (index < this.#head) this.#queue.push(token)
    else this.#queue.splice(index, 0, token)
  }

  #fail(problem: string, context: number): never {
    const { fault, faultFrom } = this.#input
    if (fault && this.#pos + 4 > faultFrom) throw syntaxError(this, fault.problem, { at: fault.offset, kind: 'reader' })
    throw syntaxError(this, problem, { at: this.#mark(), context, kind: 'scanner' })
  }

  /** Where the scanner is; one past the end once go-yaml has begun the imaginary line behind the last. */
  #mark(): number {
    return this.#atEnd ? this.#text.length : this.#pos
  }

  #column(): number {
    if (this.#atEnd) return 0
    return this.#hasAstral ? this.#characters(this.#lineStart, this.#pos) : this.#pos - this.#lineStart
  }

  #characters(from: number, to: number): number {
    let count = to - from
    for (let i = from; i < to; i++) if ((this.#text.charCodeAt(i) & 0xfc00) === 0xdc00) count--
    return count
  }

  // ---- simple keys

  #isValid(key: SimpleKey): boolean {
    if (!key.possible) return false
    if (key.line === this.#line && !this.#isFarBehind(key)) return true
    if (key.required) this.#fail("could not find expected ':'", key.offset)
    key.possible = false
    return false
  }

  #isFarBehind(key: SimpleKey): boolean {
    if (this.#pos - key.offset <= MAX_SIMPLE_KEY) return false
    return !this.#hasAstral || this.#characters(key.offset, this.#pos) > MAX_SIMPLE_KEY
  }

  #saveSimpleKey(): void {
    if (!this.#simpleKeyAllowed) return
    const column = this.#column()
    this.#removeSimpleKey()
    const key: SimpleKey = {
      possible: true,
      required: this.#flowLevel === 0 && this.#indent === column,
      tokenNumber: this.#taken + this.#queue.length - this.#head,
      offset: this.#pos,
      line: this.#line,
      column,
    }
    this.#simpleKeys[this.#simpleKeys.length - 1] = key
    this.#newKey = key
  }

  #removeSimpleKey(): void {
    const key = this.#simpleKeys[this.#simpleKeys.length - 1]
    if (!key?.possible) return
    if (key.required) this.#fail("could not find expected ':'", key.offset)
    key.possible = false
  }

  // ---- indentation

  #rollIndent(column: number, type: number, at: number, tokenNumber: number): void {
    if (this.#flowLevel > 0 || this.#indent >= column) return
    this.#indents.push(this.#indent)
    this.#indent = column
    if (this.#indents.length > MAX_DEPTH) this.#fail(`exceeded max depth of ${MAX_DEPTH}`, at)
    if (tokenNumber < 0) this.#append(type, at, at)
    else this.#insert(tokenNumber, type, at)
  }

  #unrollIndent(column: number): void {
    if (this.#flowLevel > 0) return
    while (this.#indent > column) {
      const at = this.#mark()
      this.#append(T.BLOCK_END, at, at)
      this.#indent = this.#indents.pop() as number
    }
  }

  // ---- one token

  #fetchNext(): void {
    if (!this.#started) {
      this.#started = true
      this.#append(T.STREAM_START, this.#pos, this.#pos)
      return
    }
    this.#scanToNextToken()
    const column = this.#column()
    this.#unrollIndent(column)
    const text = this.#text
    const pos = this.#pos
    const code = text.charCodeAt(pos)
    if (code === 0) return this.#fetchStreamEnd()
    if (column === 0 && code === PERCENT) return this.#fetchDirective()
    if (column === 0 && this.#isDocumentIndicator(pos)) {
      return this.#fetchDocumentIndicator(code === DASH ? T.DOCUMENT_START : T.DOCUMENT_END)
    }
    this.#endsWithBreak = false
    this.#fetchContent(code, text.charCodeAt(pos + 1))
    if (this.dialect === 'helmfile' && !this.#endsWithBreak && (this.#queue[this.#queue.length - 1] as Token).type !== T.BLOCK_ENTRY) this.#skipLineComment()
  }

  #fetchContent(code: number, next: number): void {
    switch (code) {
      case 0x5b:
        return this.#fetchFlowStart(T.FLOW_SEQUENCE_START)
      case 0x7b:
        return this.#fetchFlowStart(T.FLOW_MAPPING_START)
      case 0x5d:
        return this.#fetchFlowEnd(T.FLOW_SEQUENCE_END)
      case 0x7d:
        return this.#fetchFlowEnd(T.FLOW_MAPPING_END)
      case 0x2c:
        return this.#fetchFlowEntry()
      case DASH:
        if (isBlankOrEnd(next)) return this.#fetchBlockEntry()
        break
      case QUESTION:
        if (this.#flowLevel > 0 || isBlankOrEnd(next)) return this.#fetchKey()
        break
      case COLON:
        if (this.#flowLevel > 0 || isBlankOrEnd(next)) return this.#fetchValue()
        break
      case 0x2a:
        return this.#fetchAnchor(T.ALIAS)
      case 0x26:
        return this.#fetchAnchor(T.ANCHOR)
      case BANG:
        return this.#fetchTag()
      case 0x7c:
      case 0x3e:
        if (this.#flowLevel === 0) return this.#fetchBlockScalar(code === 0x7c)
        return this.#failStart()
      case QUOTE:
        return this.#fetchQuoted(true)
      case 0x22:
        return this.#fetchQuoted(false)
      case TAB:
      case HASH:
      case PERCENT:
      case 0x40:
      case 0x60:
        return this.#failStart()
    }
    this.#fetchPlain()
  }

  #failStart(): never {
    this.#fail('found character that cannot start any token', this.#mark())
  }

  #isDocumentIndicator(pos: number): boolean {
    const text = this.#text
    const code = text.charCodeAt(pos)
    if (code !== DASH && code !== DOT) return false
    return text.charCodeAt(pos + 1) === code && text.charCodeAt(pos + 2) === code && isBlankOrEnd(text.charCodeAt(pos + 3))
  }

  #fetchStreamEnd(): void {
    if (!this.#atEnd && this.#pos !== this.#lineStart) this.#line++
    this.#atEnd = true
    this.#unrollIndent(-1)
    this.#removeSimpleKey()
    this.#simpleKeyAllowed = false
    this.#append(T.STREAM_END, this.#mark(), this.#mark())
  }

  #endBlocks(): void {
    this.#unrollIndent(-1)
    this.#removeSimpleKey()
    this.#simpleKeyAllowed = false
  }

  #fetchDocumentIndicator(type: number): void {
    this.#endBlocks()
    this.#pos += 3
    this.#append(type, this.#pos - 3, this.#pos)
  }

  #fetchFlowStart(type: number): void {
    this.#saveSimpleKey()
    this.#simpleKeys.push(undefined)
    this.#flowStarts.push(this.#taken + this.#queue.length - this.#head)
    this.#flowLevel++
    if (this.#flowLevel > MAX_DEPTH) this.#fail(`exceeded max depth of ${MAX_DEPTH}`, this.#pos)
    this.#simpleKeyAllowed = true
    this.#single(type)
  }

  #fetchFlowEnd(type: number): void {
    this.#removeSimpleKey()
    if (this.#flowLevel > 0) {
      this.#flowLevel--
      const start = this.#flowStarts.pop() as number
      if (this.#simpleKeys.pop() === undefined) this.#forgetKeyAt(start)
    }
    this.#simpleKeyAllowed = false
    this.#single(type)
  }

  /**
   * After an empty `[]` or `{}` go-yaml no longer waits whether the collection is a key: its entry in the table of waiting
   * keys has the same number as the one of the level that ends. So v2, which reads less ahead, refuses `[]: x`.
   */
  #forgetKeyAt(tokenNumber: number): void {
    const token = this.#queue[this.#head + tokenNumber - this.#taken]
    if (tokenNumber >= this.#taken && token) token.key = undefined
  }

  #fetchFlowEntry(): void {
    this.#removeSimpleKey()
    this.#simpleKeyAllowed = true
    this.#single(T.FLOW_ENTRY)
  }

  #single(type: number): void {
    this.#pos++
    this.#append(type, this.#pos - 1, this.#pos)
  }

  #fetchBlockEntry(): void {
    if (this.#flowLevel === 0) {
      if (!this.#simpleKeyAllowed) this.#fail('block sequence entries are not allowed in this context', this.#pos)
      this.#rollIndent(this.#column(), T.BLOCK_SEQUENCE_START, this.#pos, -1)
    }
    this.#removeSimpleKey()
    this.#simpleKeyAllowed = true
    this.#single(T.BLOCK_ENTRY)
  }

  #fetchKey(): void {
    if (this.#flowLevel === 0) {
      if (!this.#simpleKeyAllowed) this.#fail('mapping keys are not allowed in this context', this.#pos)
      this.#rollIndent(this.#column(), T.BLOCK_MAPPING_START, this.#pos, -1)
    }
    this.#removeSimpleKey()
    this.#simpleKeyAllowed = this.#flowLevel === 0
    this.#single(T.KEY)
  }

  #fetchValue(): void {
    const key = this.#simpleKeys[this.#simpleKeys.length - 1]
    if (key && this.#isValid(key)) {
      this.#insert(key.tokenNumber, T.KEY, key.offset)
      this.#rollIndent(key.column, T.BLOCK_MAPPING_START, key.offset, key.tokenNumber)
      key.possible = false
      this.#simpleKeyAllowed = false
    } else {
      if (this.#flowLevel === 0) {
        if (!this.#simpleKeyAllowed) this.#fail('mapping values are not allowed in this context', this.#pos)
        this.#rollIndent(this.#column(), T.BLOCK_MAPPING_START, this.#pos, -1)
      }
      this.#simpleKeyAllowed = this.#flowLevel === 0
    }
    this.#single(T.VALUE)
  }

  #fetchAnchor(type: number): void {
    this.#saveSimpleKey()
    this.#simpleKeyAllowed = false
    const start = this.#pos++
    const name = this.#word()
    const code = this.#text.charCodeAt(this.#pos)
    if (name === '' || !(isBlankOrEnd(code) || '?:,]}%@`'.includes(String.fromCharCode(code)))) {
      this.#fail('did not find expected alphabetic or numeric character', start)
    }
    this.#append(type, start, this.#pos, name)
  }

  #word(): string {
    const start = this.#pos
    while (isWord(this.#text.charCodeAt(this.#pos))) this.#pos++
    return this.#text.slice(start, this.#pos)
  }

  // ---- between tokens

  #scanToNextToken(): void {
    const text = this.#text
    for (;;) {
      let code = text.charCodeAt(this.#pos)
      const tabs = this.#flowLevel > 0 || !this.#simpleKeyAllowed
      while (code === SPACE || (tabs && code === TAB)) code = text.charCodeAt(++this.#pos)
      if (code === HASH) {
        this.#skipComment()
        code = text.charCodeAt(this.#pos)
      }
      if (!isBreak(code)) return
      this.#skipBreak()
      if (this.#flowLevel === 0) this.#simpleKeyAllowed = true
    }
  }

  #skipToLineEnd(): void {
    const text = this.#text
    let pos = this.#pos
    while (!isBreakOrEnd(text.charCodeAt(pos))) pos++
    this.#pos = pos
  }

  #skipComment(): void {
    this.#skipToLineEnd()
    // v3 gathers a block of comment lines at once, and so does not mind tabs in front of the later ones.
    while (this.dialect === 'helmfile' && this.#reaches(HASH, isBlankOrBreak)) {
      while (this.#text.charCodeAt(this.#pos) !== HASH) {
        if (isBreak(this.#text.charCodeAt(this.#pos))) this.#skipBreak()
        else this.#pos++
      }
      this.#skipToLineEnd()
    }
  }

  #skipLineComment(): void {
    if (this.#reaches(HASH, isBlank)) this.#skipToLineEnd()
  }

  #reaches(code: number, between: (code: number) => boolean): boolean {
    let at = this.#pos
    const limit = at + COMMENT_REACH
    while (at < limit && between(this.#text.charCodeAt(at))) at++
    return at < limit && this.#text.charCodeAt(at) === code
  }

  /** Steps over one line break; what it counts for in a scalar: LF, or LS and PS themselves. */
  #skipBreak(): string {
    const code = this.#text.charCodeAt(this.#pos)
    this.#pos += code === CR && this.#text.charCodeAt(this.#pos + 1) === LF ? 2 : 1
    this.#line++
    this.#lineStart = this.#pos
    return code === LINE_SEPARATOR ? '\u2028' : code === PARAGRAPH_SEPARATOR ? '\u2029' : '\n'
  }

  #skipBlanks(): void {
    while (isBlank(this.#text.charCodeAt(this.#pos))) this.#pos++
  }

  // ---- directives and tags

  #fetchDirective(): void {
    this.#endBlocks()
    const start = this.#pos++
    const name = this.#word()
    if (name === '') this.#fail('could not find expected directive name', start)
    if (!isBlankOrEnd(this.#text.charCodeAt(this.#pos))) this.#fail('found unexpected non-alphabetical character', start)
    if (name === 'YAML') this.#scanVersion(start)
    else if (name === 'TAG') this.#scanTagDirective(start)
    else this.#fail('found unknown directive name', start)
    this.#skipBlanks()
    if (this.#text.charCodeAt(this.#pos) === HASH) this.#skipToLineEnd()
    if (!isBreakOrEnd(this.#text.charCodeAt(this.#pos))) this.#fail('did not find expected comment or line break', start)
    if (isBreak(this.#text.charCodeAt(this.#pos))) this.#skipBreak()
  }

  #scanVersion(start: number): void {
    this.#skipBlanks()
    const major = this.#versionNumber(start)
    if (this.#text.charCodeAt(this.#pos) !== DOT) this.#fail("did not find expected digit or '.' character", start)
    this.#pos++
    const minor = this.#versionNumber(start)
    this.#append(T.VERSION_DIRECTIVE, start, this.#pos, `${major}.${minor}`)
  }

  #versionNumber(start: number): number {
    const from = this.#pos
    while (isDigit(this.#text.charCodeAt(this.#pos))) {
      if (this.#pos - from === 2) this.#fail('found extremely long version number', start)
      this.#pos++
    }
    if (this.#pos === from) this.#fail('did not find expected version number', start)
    return Number(this.#text.slice(from, this.#pos))
  }

  #scanTagDirective(start: number): void {
    this.#skipBlanks()
    const handle = this.#tagHandle(start, true)
    if (!isBlank(this.#text.charCodeAt(this.#pos))) this.#fail('did not find expected whitespace', start)
    this.#skipBlanks()
    const prefix = this.#tagUri(start, '')
    if (!isBlankOrEnd(this.#text.charCodeAt(this.#pos))) this.#fail('did not find expected whitespace or line break', start)
    this.#append(T.TAG_DIRECTIVE, start, this.#pos, handle, prefix)
  }

  #fetchTag(): void {
    this.#saveSimpleKey()
    this.#simpleKeyAllowed = false
    const start = this.#pos
    let handle = ''
    let suffix: string
    if (this.#text.charCodeAt(start + 1) === 0x3c) {
      this.#pos += 2
      suffix = this.#tagUri(start, '')
      if (this.#text.charCodeAt(this.#pos) !== 0x3e) this.#fail("did not find the expected '>'", start)
      this.#pos++
    } else {
      handle = this.#tagHandle(start, false)
      if (handle.length > 1 && handle.endsWith('!')) suffix = this.#tagUri(start, '')
      else {
        suffix = this.#tagUri(start, handle)
        handle = '!'
        // The lone `!` is a suffix without a handle.
        if (suffix === '') [handle, suffix] = [suffix, handle]
      }
    }
    if (!isBlankOrEnd(this.#text.charCodeAt(this.#pos))) this.#fail('did not find expected whitespace or line break', start)
    this.#append(T.TAG, start, this.#pos, handle, suffix)
  }

  #tagHandle(start: number, directive: boolean): string {
    const from = this.#pos
    if (this.#text.charCodeAt(from) !== BANG) this.#fail("did not find expected '!'", start)
    this.#pos++
    this.#word()
    if (this.#text.charCodeAt(this.#pos) === BANG) this.#pos++
    else if (directive && this.#pos > from + 1) this.#fail("did not find expected '!'", start)
    return this.#text.slice(from, this.#pos)
  }

  #tagUri(start: number, head: string): string {
    const octets: number[] = []
    const from = this.#pos
    for (;;) {
      const code = this.#text.charCodeAt(this.#pos)
      if (code === PERCENT) this.#uriEscape(start, octets)
      else if (isWord(code) || (code !== 0 && ";/?:@&=+$,.!~*'()[]".includes(String.fromCharCode(code)))) {
        octets.push(code)
        this.#pos++
      } else break
    }
    if (head === '' && this.#pos === from) this.#fail('did not find expected tag URI', start)
    return head.slice(1) + Buffer.from(octets).toString('utf8')
  }

  #uriEscape(start: number, octets: number[]): void {
    for (let left = 1, first = true; left > 0; left--, first = false) {
      const high = hexValue(this.#text.charCodeAt(this.#pos + 1))
      const low = hexValue(this.#text.charCodeAt(this.#pos + 2))
      if (this.#text.charCodeAt(this.#pos) !== PERCENT || high < 0 || low < 0) this.#fail('did not find URI escaped octet', start)
      const octet = high * 16 + low
      if (first) {
        left = octet < 0x80 ? 1 : octet < 0xc0 || octet >= 0xf8 ? 0 : octet < 0xe0 ? 2 : octet < 0xf0 ? 3 : 4
        if (left === 0) this.#fail('found an incorrect leading UTF-8 octet', start)
      } else if ((octet & 0xc0) !== 0x80) this.#fail('found an incorrect trailing UTF-8 octet', start)
      octets.push(octet)
      this.#pos += 3
    }
  }

  // ---- block scalars

  #fetchBlockScalar(literal: boolean): void {
    this.#removeSimpleKey()
    this.#simpleKeyAllowed = true
    this.#endsWithBreak = true
    const start = this.#pos++
    const { chomping, increment } = this.#blockHeader(start)
    const parent = this.#indent
    const breaks = { text: '', end: this.#pos }
    let indent = increment === 0 ? 0 : parent >= 0 ? parent + increment : increment
    indent = this.#blockBreaks(indent, breaks, start)
    const lines = this.#blockLines(indent, breaks, literal, start)
    let text = lines.text
    if (chomping >= 0) text += lines.lastBreak
    if (chomping > 0) text += breaks.text
    this.#append(T.SCALAR, start, breaks.end, text, '', literal ? 'literal' : 'folded')
  }

  #blockHeader(start: number): { chomping: number; increment: number } {
    let chomping = this.#chomping()
    let increment = 0
    const code = this.#text.charCodeAt(this.#pos)
    if (isDigit(code)) {
      if (code === 0x30) this.#fail('found an indentation indicator equal to 0', start)
      increment = code - 0x30
      this.#pos++
      if (chomping === 0) chomping = this.#chomping()
    }
    this.#skipBlanks()
    if (this.#text.charCodeAt(this.#pos) === HASH) this.#skipToLineEnd()
    if (!isBreakOrEnd(this.#text.charCodeAt(this.#pos))) this.#fail('did not find expected comment or line break', start)
    if (isBreak(this.#text.charCodeAt(this.#pos))) this.#skipBreak()
    return { chomping, increment }
  }

  #chomping(): number {
    const code = this.#text.charCodeAt(this.#pos)
    if (code !== 0x2b && code !== DASH) return 0
    this.#pos++
    return code === 0x2b ? 1 : -1
  }

  #blockLines(indent: number, breaks: { text: string; end: number }, literal: boolean, start: number): { text: string; lastBreak: string } {
    const text = this.#text
    const parts: string[] = []
    let lastBreak = ''
    let leadingBlank = false
    while (this.#pos - this.#lineStart === indent && text.charCodeAt(this.#pos) !== 0) {
      const blank = isBlank(text.charCodeAt(this.#pos))
      if (!literal && !leadingBlank && !blank && lastBreak === '\n') {
        if (breaks.text === '') parts.push(' ')
      } else parts.push(lastBreak)
      parts.push(breaks.text)
      breaks.text = ''
      leadingBlank = blank
      const from = this.#pos
      this.#skipToLineEnd()
      parts.push(text.slice(from, this.#pos))
      lastBreak = text.charCodeAt(this.#pos) === 0 ? '' : this.#skipBreak()
      this.#blockBreaks(indent, breaks, start)
    }
    return { text: parts.join(''), lastBreak }
  }

  /** Takes blank lines and indentation; the indentation of the scalar, found out here when `indent` is 0. */
  #blockBreaks(indent: number, breaks: { text: string; end: number }, start: number): number {
    const text = this.#text
    let deepest = 0
    breaks.end = this.#pos
    for (;;) {
      const limit = indent === 0 ? Number.POSITIVE_INFINITY : this.#lineStart + indent
      while (this.#pos < limit && text.charCodeAt(this.#pos) === SPACE) this.#pos++
      deepest = Math.max(deepest, this.#pos - this.#lineStart)
      const code = text.charCodeAt(this.#pos)
      if (this.#pos < limit && code === TAB) this.#fail('found a tab character where an indentation space is expected', start)
      if (!isBreak(code)) break
      breaks.text += this.#skipBreak()
      breaks.end = this.#pos
    }
    return indent === 0 ? Math.max(deepest, this.#indent + 1, 1) : indent
  }

  // ---- flow scalars

  #fetchQuoted(single: boolean): void {
    this.#saveSimpleKey()
    this.#simpleKeyAllowed = false
    const start = this.#pos++
    const text = this.#quotedOnOneLine(single ? QUOTE : 0x22) ?? this.#quotedInParts(single, start)
    this.#append(T.SCALAR, start, this.#pos, text, '', single ? 'single' : 'double')
  }

  /** The common case: no escape and no line break before the closing quote. */
  #quotedOnOneLine(quote: number): string | undefined {
    const text = this.#text
    const from = this.#pos
    for (let pos = from; ; pos++) {
      const code = text.charCodeAt(pos)
      if (code === quote) {
        if (quote === QUOTE && text.charCodeAt(pos + 1) === QUOTE) return undefined
        this.#pos = pos + 1
        return text.slice(from, pos)
      }
      if ((code === BACKSLASH && quote !== QUOTE) || isBreakOrEnd(code)) return undefined
    }
  }

  #quotedInParts(single: boolean, start: number): string {
    const parts: string[] = []
    for (;;) {
      if (this.#pos === this.#lineStart && this.#isDocumentIndicator(this.#pos)) this.#fail('found unexpected document indicator', start)
      if (this.#text.charCodeAt(this.#pos) === 0) this.#fail('found unexpected end of stream', start)
      const escapedBreak = single ? this.#singleQuotedRun(parts) : this.#doubleQuotedRun(parts, start)
      if (this.#text.charCodeAt(this.#pos) === (single ? QUOTE : 0x22)) break
      this.#quotedBlanks(parts, escapedBreak)
    }
    this.#pos++
    return parts.join('')
  }

  #singleQuotedRun(parts: string[]): boolean {
    const text = this.#text
    let from = this.#pos
    for (let code = text.charCodeAt(this.#pos); !isBlankOrEnd(code); code = text.charCodeAt(this.#pos)) {
      if (code === QUOTE) {
        if (text.charCodeAt(this.#pos + 1) !== QUOTE) break
        parts.push(text.slice(from, ++this.#pos))
        from = this.#pos + 1
      }
      this.#pos++
    }
    parts.push(text.slice(from, this.#pos))
    return false
  }

  /** True when the run ended with an escaped line break. */
  #doubleQuotedRun(parts: string[], start: number): boolean {
    const text = this.#text
    let from = this.#pos
    for (let code = text.charCodeAt(this.#pos); !isBlankOrEnd(code) && code !== 0x22; code = text.charCodeAt(this.#pos)) {
      if (code !== BACKSLASH) {
        this.#pos++
        continue
      }
      parts.push(text.slice(from, this.#pos))
      if (isBreak(text.charCodeAt(this.#pos + 1))) {
        this.#pos++
        this.#skipBreak()
        return true
      }
      parts.push(this.#escape(start))
      from = this.#pos
    }
    parts.push(text.slice(from, this.#pos))
    return false
  }

  #escape(start: number): string {
    const letter = this.#text.charAt(this.#pos + 1)
    const length = letter === 'x' ? 2 : letter === 'u' ? 4 : letter === 'U' ? 8 : 0
    if (length === 0) {
      const meaning = ESCAPES.get(letter)
      if (meaning === undefined) this.#fail('found unknown escape character', start)
      this.#pos += 2
      return meaning
    }
    this.#pos += 2
    let value = 0
    for (let i = 0; i < length; i++) {
      const digit = hexValue(this.#text.charCodeAt(this.#pos + i))
      if (digit < 0) this.#fail('did not find expected hexdecimal number', start)
      value = value * 16 + digit
    }
    if ((value >= 0xd800 && value <= 0xdfff) || value > 0x10ffff) this.#fail('found invalid Unicode character escape code', start)
    this.#pos += length
    return String.fromCodePoint(value)
  }

  #quotedBlanks(parts: string[], escapedBreak: boolean): void {
    const text = this.#text
    const from = this.#pos
    let folded = escapedBreak
    let first = ''
    let later = ''
    for (let code = text.charCodeAt(this.#pos); isBlank(code) || isBreak(code); code = text.charCodeAt(this.#pos)) {
      if (isBlank(code)) this.#pos++
      else if (folded) later += this.#skipBreak()
      else {
        first = this.#skipBreak()
        folded = true
      }
    }
    if (!folded) parts.push(text.slice(from, this.#pos))
    else if (first === '\n') parts.push(later === '' ? ' ' : later)
    else parts.push(first, later)
  }

  #fetchPlain(): void {
    this.#saveSimpleKey()
    this.#simpleKeyAllowed = false
    const start = this.#pos
    const indent = this.#indent + 1
    let value = ''
    let end = start
    let between = ''
    for (;;) {
      const from = this.#pos
      if (from === this.#lineStart && this.#isDocumentIndicator(from)) break
      if (this.#text.charCodeAt(from) === HASH) break
      this.#plainRun()
      if (this.#pos > from) {
        value += between + this.#text.slice(from, this.#pos)
        end = this.#pos
        this.#endsWithBreak = false
        between = ''
      }
      const code = this.#text.charCodeAt(this.#pos)
      if (!isBlank(code) && !isBreak(code)) break
      between = this.#plainBlanks(start, indent)
      if (this.#flowLevel === 0 && this.#column() < indent) break
    }
    if (this.#endsWithBreak) this.#simpleKeyAllowed = true
    this.#append(T.SCALAR, start, end, value)
  }

  #plainRun(): void {
    const text = this.#text
    const flow = this.#flowLevel > 0
    let pos = this.#pos
    for (;;) {
      const code = text.charCodeAt(pos)
      if (code === COLON) {
        if (isBlankOrEnd(text.charCodeAt(pos + 1))) break
      } else if (code <= SPACE || code >= 0x7f) {
        if (isBlankOrEnd(code)) break
      } else if (flow && (code === 0x2c || code === QUESTION || code === 0x5b || code === 0x5d || code === 0x7b || code === 0x7d)) break
      pos++
    }
    this.#pos = pos
  }

  /** Takes the blanks and line breaks behind a run; what they stand for if more of the scalar follows. */
  #plainBlanks(start: number, indent: number): string {
    const text = this.#text
    const from = this.#pos
    let first = ''
    let later = ''
    for (let code = text.charCodeAt(this.#pos); isBlank(code) || isBreak(code); code = text.charCodeAt(this.#pos)) {
      if (isBlank(code)) {
        if (this.#endsWithBreak && code === TAB && this.#pos - this.#lineStart < indent) this.#fail('found a tab character that violates indentation', start)
        this.#pos++
      } else if (this.#endsWithBreak) later += this.#skipBreak()
      else {
        first = this.#skipBreak()
        this.#endsWithBreak = true
      }
    }
    if (!this.#endsWithBreak) return text.slice(from, this.#pos)
    if (first !== '\n') return first + later
    return later === '' ? ' ' : later
  }
}

function isBlankOrBreak(code: number): boolean {
  return isBlank(code) || isBreak(code)
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['0', '\0'],
  ['a', '\x07'],
  ['b', '\b'],
  ['t', '\t'],
  ['\t', '\t'],
  ['n', '\n'],
  ['v', '\v'],
  ['f', '\f'],
  ['r', '\r'],
  ['e', '\x1b'],
  [' ', ' '],
  ['"', '"'],
  ["'", "'"],
  ['\\', '\\'],
  ['N', '\x85'],
  ['_', '\xa0'],
  ['L', '\u2028'],
  ['P', '\u2029'],
])
