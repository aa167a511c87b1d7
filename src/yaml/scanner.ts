import type { Source } from '../base/source.ts'
import { isBlank, isBlankOrEnd, isBreak, SPACE, TAB } from './characters.ts'
import { Cursor } from './cursor.ts'
import type { Dialect } from './dialect.ts'
import { scanBlockScalar } from './scan-block-scalar.ts'
import { scanPlain } from './scan-plain.ts'
import { scanQuoted } from './scan-quoted.ts'
import { scanDirective, scanTag } from './scan-tag.ts'
import type { ScalarStyle, SimpleKey, Token } from './token.ts'
import * as T from './token.ts'

const HASH = 0x23
const PERCENT = 0x25
const QUOTE = 0x27
const COLON = 0x3a
const DASH = 0x2d
const QUESTION = 0x3f
const BANG = 0x21
/** `|` and `>` are left over inside brackets only. */
const STARTS_NOTHING: ReadonlySet<number> = new Set([TAB, HASH, PERCENT, 0x40, 0x60, 0x7c, 0x3e])

/** A simple key ends on its line and within this many characters. */
const MAX_SIMPLE_KEY = 1024
/** go-yaml's own limit of open flow collections and of indentation levels. */
const MAX_DEPTH = 10_000
/** Taken tokens that stay in the queue at most. */
const MAX_TAKEN = 256
/** How far go-yaml v3 looks past blanks for a comment. */
const COMMENT_REACH = 512

/**
 * Turns a text into YAML tokens, one on demand.
 *
 * A class because the queue, the simple keys and the position live through one pass. Nothing is scanned before it is asked
 * for, but for what go-yaml itself reads ahead: so an error behind the first document stays unseen where Go does not see it.
 *
 * Source: the behaviour of go.yaml.in/yaml v2.4.4 and v3.0.5, scannerc.go
 */
export class Scanner {
  /** The source that offsets refer to: decoded when the one given was UTF-16. */
  readonly source: Source
  readonly #cursor: Cursor
  readonly #isVersion3: boolean

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

  constructor(source: Source, dialect: Dialect) {
    this.#cursor = new Cursor(source, dialect)
    this.source = this.#cursor.source
    this.#isVersion3 = dialect === 'helmfile'
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
    // Emptied now and then only: an emptied array gives up its memory and takes it again with the next token.
    if (this.#head >= MAX_TAKEN && this.#head === this.#queue.length) {
      this.#queue.length = 0
      this.#head = 0
    }
  }

  // ---- the queue

  #fetchMore(): void {
    // v3 keeps two tokens behind the head, so that it can attach comments.
    const ahead = this.#isVersion3 ? 2 : 0
    for (;;) {
      if (this.#queue.length - this.#head > ahead) {
        const key = (this.#queue[this.#head] as Token).key
        if (key === undefined || !this.#isValid(key)) break
      }
      this.#fetchNext()
      this.#cursor.checkFault()
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

  // ---- simple keys

  #isValid(key: SimpleKey): boolean {
    if (!key.possible) return false
    if (key.line === this.#cursor.line && !this.#cursor.isFarBehind(key.offset, MAX_SIMPLE_KEY)) return true
    if (key.required) this.#cursor.fail("could not find expected ':'", key.offset)
    key.possible = false
    return false
  }

  #saveSimpleKey(): void {
    if (!this.#simpleKeyAllowed) return
    const column = this.#cursor.column()
    this.#removeSimpleKey()
    const key: SimpleKey = {
      possible: true,
      required: this.#flowLevel === 0 && this.#indent === column,
      tokenNumber: this.#taken + this.#queue.length - this.#head,
      offset: this.#cursor.pos,
      line: this.#cursor.line,
      column,
    }
    this.#simpleKeys[this.#simpleKeys.length - 1] = key
    this.#newKey = key
  }

  #removeSimpleKey(): void {
    const key = this.#simpleKeys[this.#simpleKeys.length - 1]
    if (!key?.possible) return
    if (key.required) this.#cursor.fail("could not find expected ':'", key.offset)
    key.possible = false
  }

  // ---- indentation

  #rollIndent(column: number, type: number, at: number, tokenNumber: number): void {
    if (this.#flowLevel > 0 || this.#indent >= column) return
    this.#indents.push(this.#indent)
    this.#indent = column
    if (this.#indents.length > MAX_DEPTH) this.#cursor.fail(`exceeded max depth of ${MAX_DEPTH}`, at)
    if (tokenNumber < 0) this.#append(type, at, at)
    else this.#insert(tokenNumber, type, at)
  }

  #unrollIndent(column: number): void {
    if (this.#flowLevel > 0) return
    while (this.#indent > column) {
      const at = this.#cursor.mark()
      this.#append(T.BLOCK_END, at, at)
      this.#indent = this.#indents.pop() as number
    }
  }

  // ---- one token

  #fetchNext(): void {
    if (!this.#started) {
      this.#started = true
      this.#append(T.STREAM_START, this.#cursor.pos, this.#cursor.pos)
      return
    }
    this.#scanToNextToken()
    const cursor = this.#cursor
    const column = cursor.column()
    this.#unrollIndent(column)
    const code = cursor.code()
    if (code === 0) this.#fetchStreamEnd()
    else if (column === 0 && code === PERCENT) this.#fetchDirective()
    else if (cursor.isAtDocumentIndicator()) this.#fetchDocumentIndicator(code === DASH ? T.DOCUMENT_START : T.DOCUMENT_END)
    else {
      cursor.endsWithBreak = false
      this.#fetchContent(code, isBlankOrEnd(cursor.code(1)))
      if (this.#isVersion3 && !cursor.endsWithBreak && this.#queue.at(-1)?.type !== T.BLOCK_ENTRY) this.#skipLineComment()
    }
  }

  /** The token that begins with `code`; `alone`: a blank or the end stands behind that. */
  #fetchContent(code: number, alone: boolean): void {
    const flow = this.#flowLevel > 0
    if (code === 0x5b) this.#fetchFlowStart(T.FLOW_SEQUENCE_START)
    else if (code === 0x7b) this.#fetchFlowStart(T.FLOW_MAPPING_START)
    else if (code === 0x5d) this.#fetchFlowEnd(T.FLOW_SEQUENCE_END)
    else if (code === 0x7d) this.#fetchFlowEnd(T.FLOW_MAPPING_END)
    else if (code === 0x2c) this.#fetchFlowEntry()
    else if (code === DASH && alone) this.#fetchBlockEntry()
    else if (code === QUESTION && (flow || alone)) this.#fetchKey()
    else if (code === COLON && (flow || alone)) this.#fetchValue()
    else if (code === 0x2a) this.#fetchAnchor(T.ALIAS)
    else if (code === 0x26) this.#fetchAnchor(T.ANCHOR)
    else if (code === BANG) this.#fetchTag()
    else if ((code === 0x7c || code === 0x3e) && !flow) this.#fetchBlockScalar(code === 0x7c)
    else if (code === QUOTE || code === 0x22) this.#fetchQuoted(code === QUOTE)
    else if (STARTS_NOTHING.has(code)) this.#cursor.fail('found character that cannot start any token', this.#cursor.pos)
    else this.#fetchPlain()
  }

  #fetchStreamEnd(): void {
    const cursor = this.#cursor
    if (!cursor.atEnd && cursor.pos !== cursor.lineStart) cursor.line++
    cursor.atEnd = true
    this.#unrollIndent(-1)
    this.#removeSimpleKey()
    this.#simpleKeyAllowed = false
    this.#append(T.STREAM_END, cursor.mark(), cursor.mark())
  }

  #endBlocks(): void {
    this.#unrollIndent(-1)
    this.#removeSimpleKey()
    this.#simpleKeyAllowed = false
  }

  #fetchDocumentIndicator(type: number): void {
    this.#endBlocks()
    this.#cursor.pos += 3
    this.#append(type, this.#cursor.pos - 3, this.#cursor.pos)
  }

  #fetchFlowStart(type: number): void {
    this.#saveSimpleKey()
    this.#simpleKeys.push(undefined)
    this.#flowStarts.push(this.#taken + this.#queue.length - this.#head)
    this.#flowLevel++
    if (this.#flowLevel > MAX_DEPTH) this.#cursor.fail(`exceeded max depth of ${MAX_DEPTH}`, this.#cursor.pos)
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
    this.#cursor.pos++
    this.#append(type, this.#cursor.pos - 1, this.#cursor.pos)
  }

  #fetchBlockEntry(): void {
    if (this.#flowLevel === 0) {
      if (!this.#simpleKeyAllowed) this.#cursor.fail('block sequence entries are not allowed in this context', this.#cursor.pos)
      this.#rollIndent(this.#cursor.column(), T.BLOCK_SEQUENCE_START, this.#cursor.pos, -1)
    }
    this.#removeSimpleKey()
    this.#simpleKeyAllowed = true
    this.#single(T.BLOCK_ENTRY)
  }

  #fetchKey(): void {
    if (this.#flowLevel === 0) {
      if (!this.#simpleKeyAllowed) this.#cursor.fail('mapping keys are not allowed in this context', this.#cursor.pos)
      this.#rollIndent(this.#cursor.column(), T.BLOCK_MAPPING_START, this.#cursor.pos, -1)
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
        if (!this.#simpleKeyAllowed) this.#cursor.fail('mapping values are not allowed in this context', this.#cursor.pos)
        this.#rollIndent(this.#cursor.column(), T.BLOCK_MAPPING_START, this.#cursor.pos, -1)
      }
      this.#simpleKeyAllowed = this.#flowLevel === 0
    }
    this.#single(T.VALUE)
  }

  // ---- between tokens

  #scanToNextToken(): void {
    const cursor = this.#cursor
    for (;;) {
      const tabs = this.#flowLevel > 0 || !this.#simpleKeyAllowed
      while (cursor.code() === SPACE || (tabs && cursor.code() === TAB)) cursor.pos++
      if (cursor.code() === HASH) this.#skipComment()
      if (!isBreak(cursor.code())) return
      cursor.skipBreak()
      if (this.#flowLevel === 0) this.#simpleKeyAllowed = true
    }
  }

  #skipComment(): void {
    const cursor = this.#cursor
    cursor.skipToLineEnd()
    // v3 gathers a block of comment lines at once, and so does not mind tabs in front of the later ones.
    while (this.#isVersion3 && this.#isCommentBehind(isBlankOrBreak)) {
      while (cursor.code() !== HASH) {
        if (isBreak(cursor.code())) cursor.skipBreak()
        else cursor.pos++
      }
      cursor.skipToLineEnd()
    }
  }

  #skipLineComment(): void {
    if (this.#isCommentBehind(isBlank)) this.#cursor.skipToLineEnd()
  }

  #isCommentBehind(between: (code: number) => boolean): boolean {
    const cursor = this.#cursor
    let ahead = 0
    while (ahead < COMMENT_REACH && between(cursor.code(ahead))) ahead++
    return ahead < COMMENT_REACH && cursor.code(ahead) === HASH
  }

  // ---- tokens with a text

  #fetchDirective(): void {
    this.#endBlocks()
    const start = this.#cursor.pos
    const { kind, handle, suffix, end } = scanDirective(this.#cursor)
    this.#append(kind === 'YAML' ? T.VERSION_DIRECTIVE : T.TAG_DIRECTIVE, start, end, handle, suffix)
  }

  #fetchTag(): void {
    this.#startKey()
    const start = this.#cursor.pos
    const { handle, suffix } = scanTag(this.#cursor)
    this.#append(T.TAG, start, this.#cursor.pos, handle, suffix)
  }

  #fetchAnchor(type: number): void {
    this.#startKey()
    const start = this.#cursor.pos++
    const name = this.#cursor.word()
    const code = this.#cursor.code()
    if (name === '' || !(isBlankOrEnd(code) || '?:,]}%@`'.includes(String.fromCharCode(code)))) {
      this.#cursor.fail('did not find expected alphabetic or numeric character', start)
    }
    this.#append(type, start, this.#cursor.pos, name)
  }

  #fetchBlockScalar(literal: boolean): void {
    this.#removeSimpleKey()
    this.#simpleKeyAllowed = true
    const start = this.#cursor.pos
    this.#appendScalar(start, scanBlockScalar(this.#cursor, literal, this.#indent), literal ? 'literal' : 'folded')
  }

  #fetchQuoted(single: boolean): void {
    this.#startKey()
    const start = this.#cursor.pos
    this.#appendScalar(start, scanQuoted(this.#cursor, single), single ? 'single' : 'double')
  }

  #fetchPlain(): void {
    this.#startKey()
    const start = this.#cursor.pos
    const text = scanPlain(this.#cursor, this.#indent + 1, this.#flowLevel > 0)
    if (this.#cursor.endsWithBreak) this.#simpleKeyAllowed = true
    this.#appendScalar(start, text, 'plain')
  }

  #appendScalar(start: number, text: string, style: ScalarStyle): void {
    this.#append(T.SCALAR, start, this.#cursor.scalarEnd, text, '', style)
  }

  /** What begins here may turn out to be a key; another key cannot begin right behind it. */
  #startKey(): void {
    this.#saveSimpleKey()
    this.#simpleKeyAllowed = false
  }
}

function isBlankOrBreak(code: number): boolean {
  return isBlank(code) || isBreak(code)
}
