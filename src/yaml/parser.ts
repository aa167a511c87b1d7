import type { Source, Span } from '../base/source.ts'
import type { Dialect } from './dialect.ts'
import { DEPTH_LIMIT } from './limits.ts'
import type { AliasNode, MappingEntry, MappingNode, ScalarNode, SequenceNode, YamlDocument, YamlNode } from './node.ts'
import { Scanner } from './scanner.ts'
import { syntaxError } from './syntax-error.ts'
import type { Token } from './token.ts'
import * as T from './token.ts'
import { YamlError } from './yaml-error.ts'

const LONG_TAG = 'tag:yaml.org,2002:'

interface Properties {
  readonly start: number
  readonly end: number
  readonly anchor: string | undefined
  readonly tag: string | undefined
}

type Writable<T> = { -readonly [K in keyof T]: T[K] }

/**
 * Builds node trees out of tokens, one document on demand, by recursive descent.
 *
 * Source: the behaviour of go.yaml.in/yaml v2.4.4 and v3.0.5, parserc.go and the node builder in decode.go
 */
export class Parser {
  readonly #scanner: Scanner
  readonly #source: Source
  readonly #dialect: Dialect
  #tagDirectives = new Map<string, string>()
  #anchors = new Map<string, YamlNode>()
  #depth = 0
  #state: 'stream' | 'first' | 'later' | 'end' = 'stream'

  constructor(source: Source, dialect: Dialect) {
    this.#scanner = new Scanner(source, dialect)
    this.#source = this.#scanner.source
    this.#dialect = dialect
  }

  /** The next document, or undefined behind the last. @throws YamlError `yaml/syntax`, `yaml/unknown-anchor`, `yaml/too-deep` */
  nextDocument(): YamlDocument | undefined {
    if (this.#state === 'stream') {
      this.#scanner.peek()
      this.#scanner.skip()
      this.#state = 'first'
    }
    if (this.#state === 'end') return undefined
    const start = this.#documentStart()
    if (start === undefined) {
      this.#state = 'end'
      return undefined
    }
    // v3 keeps the anchors of earlier documents of a stream.
    if (this.#dialect === 'helm') this.#anchors = new Map()
    const root = start.explicit ? this.#documentContent() : this.#node(true, false)
    return { root, span: this.#span(start.offset, this.#documentEnd()) }
  }

  #fail(problem: string, at: number, context?: number): never {
    throw syntaxError({ source: this.#source, dialect: this.#dialect }, problem, {
      at,
      kind: 'parser',
      ...(context === undefined ? {} : { context }),
    })
  }

  #span(start: number, end: number): Span {
    const { length } = this.#source.text
    return { source: this.#source, start: Math.min(start, length), end: Math.min(end, length) }
  }

  // ---- documents

  #documentStart(): { offset: number; explicit: boolean } | undefined {
    const scanner = this.#scanner
    let token = scanner.peek()
    const first = this.#state === 'first'
    this.#state = 'later'
    while (!first && token.type === T.DOCUMENT_END) {
      scanner.skip()
      token = scanner.peek()
    }
    if (token.type === T.STREAM_END) return undefined
    const offset = token.start
    const explicit = !first || token.type === T.VERSION_DIRECTIVE || token.type === T.TAG_DIRECTIVE || token.type === T.DOCUMENT_START
    this.#directives()
    if (!explicit) return { offset, explicit }
    token = scanner.peek()
    if (token.type !== T.DOCUMENT_START) this.#fail('did not find expected <document start>', token.start)
    scanner.skip()
    return { offset, explicit }
  }

  #directives(): void {
    let hasVersion = false
    for (let token = this.#scanner.peek(); token.type === T.VERSION_DIRECTIVE || token.type === T.TAG_DIRECTIVE; token = this.#scanner.peek()) {
      if (token.type === T.VERSION_DIRECTIVE) {
        if (hasVersion) this.#fail('found duplicate %YAML directive', token.start)
        if (token.text !== '1.1') this.#fail('found incompatible YAML document', token.start)
        hasVersion = true
      } else {
        if (this.#tagDirectives.has(token.text)) this.#fail('found duplicate %TAG directive', token.start)
        this.#tagDirectives.set(token.text, token.suffix)
      }
      this.#scanner.skip()
    }
    if (!this.#tagDirectives.has('!')) this.#tagDirectives.set('!', '!')
    if (!this.#tagDirectives.has('!!')) this.#tagDirectives.set('!!', LONG_TAG)
  }

  #documentContent(): YamlNode | null {
    switch (this.#scanner.peek().type) {
      case T.VERSION_DIRECTIVE:
      case T.TAG_DIRECTIVE:
      case T.DOCUMENT_START:
      case T.DOCUMENT_END:
      case T.STREAM_END:
        return null
    }
    return this.#node(true, false)
  }

  #documentEnd(): number {
    const token = this.#scanner.peek()
    if (token.type === T.DOCUMENT_END) this.#scanner.skip()
    this.#tagDirectives.clear()
    return token.start
  }

  // ---- nodes

  #node(block: boolean, indentless: boolean): YamlNode {
    let token = this.#scanner.peek()
    if (token.type === T.SCALAR) return this.#scalar(token, undefined)
    if (token.type === T.ALIAS) return this.#alias(token)
    let properties: Properties | undefined
    if (token.type === T.ANCHOR || token.type === T.TAG) {
      properties = this.#properties()
      token = this.#scanner.peek()
    }
    switch (token.type) {
      case T.BLOCK_ENTRY:
        if (indentless) return this.#indentlessSequence(token, properties)
        break
      case T.SCALAR:
        return this.#scalar(token, properties)
      case T.FLOW_SEQUENCE_START:
        return this.#flowSequence(token, properties)
      case T.FLOW_MAPPING_START:
        return this.#flowMapping(token, properties)
      case T.BLOCK_SEQUENCE_START:
        if (block) return this.#blockSequence(token, properties)
        break
      case T.BLOCK_MAPPING_START:
        if (block) return this.#blockMapping(token, properties)
        break
    }
    if (properties && (properties.anchor !== undefined || properties.tag !== undefined)) {
      return this.#finish({ type: 'scalar', span: this.#span(properties.start, properties.end), text: '', style: 'plain' }, properties)
    }
    this.#fail('did not find expected node content', token.start, properties?.start ?? token.start)
  }

  #alias(token: Token): AliasNode {
    this.#scanner.skip()
    const span = this.#span(token.start, token.end)
    const target = this.#anchors.get(token.text)
    if (target) return { type: 'alias', span, name: token.text, target }
    const summary = `unknown anchor '${token.text}' referenced`
    throw new YamlError(`yaml: ${summary}`, {
      code: 'yaml/unknown-anchor',
      severity: 'error',
      summary,
      at: span,
      hint: `set the anchor before with &${token.text}; a text that begins with * must stand in quotes`,
    })
  }

  #scalar(token: Token, properties: Properties | undefined): ScalarNode {
    this.#scanner.skip()
    const span = this.#span(properties?.start ?? token.start, token.end)
    return this.#finish({ type: 'scalar', span, text: token.text, style: token.style }, properties)
  }

  #emptyScalar(at: number): ScalarNode {
    return { type: 'scalar', span: this.#span(at, at), text: '', style: 'plain' }
  }

  /** Adds what was written before a node, and makes it known under its anchor: before its children are read. */
  #finish<N extends ScalarNode | SequenceNode | MappingNode>(node: Writable<N>, properties: Properties | undefined): N {
    if (properties?.tag !== undefined) node.tag = properties.tag
    if (properties?.anchor !== undefined) {
      node.anchor = properties.anchor
      this.#anchors.set(properties.anchor, node as N)
    }
    return node as N
  }

  #properties(): Properties {
    const first = this.#scanner.peek()
    this.#scanner.skip()
    const other = this.#scanner.peek()
    const second = other.type !== first.type && (other.type === T.ANCHOR || other.type === T.TAG) ? other : undefined
    if (second) this.#scanner.skip()
    const anchor = first.type === T.ANCHOR ? first : second?.type === T.ANCHOR ? second : undefined
    const tag = first.type === T.TAG ? first : second?.type === T.TAG ? second : undefined
    // The token behind decides first whether the text can be scanned at all.
    this.#scanner.peek()
    return { start: first.start, end: (second ?? first).end, anchor: anchor?.text, tag: tag && this.#tag(tag, first.start) }
  }

  #tag(token: Token, context: number): string | undefined {
    const prefix = token.text === '' ? '' : this.#tagDirectives.get(token.text)
    if (prefix === undefined || (token.text !== '' && prefix + token.suffix === '')) this.#fail('found undefined tag handle', token.start, context)
    const tag = prefix + token.suffix
    if (tag === '') return undefined
    return tag.startsWith(LONG_TAG) ? `!!${tag.slice(LONG_TAG.length)}` : tag
  }

  #enter(at: number): void {
    if (++this.#depth <= DEPTH_LIMIT) return
    const summary = `exceeded max depth of ${DEPTH_LIMIT}`
    throw new YamlError(`yaml: ${summary}`, { code: 'yaml/too-deep', severity: 'error', summary, at: this.#span(at, at + 1) })
  }

  #sequence(token: Token, flow: boolean, properties: Properties | undefined): { node: SequenceNode; items: YamlNode[] } {
    this.#enter(token.start)
    const items: YamlNode[] = []
    const span = this.#span(properties?.start ?? token.start, token.end)
    return { node: this.#finish<SequenceNode>({ type: 'sequence', span, flow, items }, properties), items }
  }

  #mapping(token: Token, flow: boolean, properties: Properties | undefined): { node: MappingNode; entries: MappingEntry[] } {
    this.#enter(token.start)
    const entries: MappingEntry[] = []
    const span = this.#span(properties?.start ?? token.start, token.end)
    return { node: this.#finish<MappingNode>({ type: 'mapping', span, flow, entries }, properties), entries }
  }

  #leave(node: SequenceNode | MappingNode, end: number): void {
    this.#depth--
    ;(node.span as Writable<Span>).end = Math.min(end, this.#source.text.length)
  }

  // ---- block collections

  #blockSequence(start: Token, properties: Properties | undefined): SequenceNode {
    const scanner = this.#scanner
    const { node, items } = this.#sequence(start, false, properties)
    let end = start.end
    scanner.skip()
    for (;;) {
      const token = scanner.peek()
      if (token.type === T.BLOCK_END) break
      if (token.type !== T.BLOCK_ENTRY) this.#fail("did not find expected '-' indicator", token.start, start.start)
      scanner.skip()
      const next = scanner.peek()
      const item = next.type === T.BLOCK_ENTRY || next.type === T.BLOCK_END ? this.#emptyScalar(token.end) : this.#node(true, false)
      items.push(item)
      end = item.span.end
    }
    scanner.skip()
    this.#leave(node, end)
    return node
  }

  #indentlessSequence(start: Token, properties: Properties | undefined): SequenceNode {
    const scanner = this.#scanner
    const { node, items } = this.#sequence(start, false, properties)
    let end = start.end
    for (let token = scanner.peek(); token.type === T.BLOCK_ENTRY; token = scanner.peek()) {
      scanner.skip()
      const { type } = scanner.peek()
      const isEmpty = type === T.BLOCK_ENTRY || type === T.KEY || type === T.VALUE || type === T.BLOCK_END
      const item = isEmpty ? this.#emptyScalar(token.end) : this.#node(true, false)
      items.push(item)
      end = item.span.end
    }
    this.#leave(node, end)
    return node
  }

  #blockMapping(start: Token, properties: Properties | undefined): MappingNode {
    const scanner = this.#scanner
    const { node, entries } = this.#mapping(start, false, properties)
    let end = start.end
    scanner.skip()
    for (;;) {
      const token = scanner.peek()
      if (token.type === T.BLOCK_END) break
      if (token.type !== T.KEY) this.#fail('did not find expected key', token.start, start.start)
      scanner.skip()
      const key = this.#blockPart(token.end)
      const separator = scanner.peek()
      let value: YamlNode
      if (separator.type === T.VALUE) {
        scanner.skip()
        value = this.#blockPart(separator.end)
      } else value = this.#emptyScalar(separator.start)
      entries.push({ key, value })
      end = value.span.end
    }
    scanner.skip()
    this.#leave(node, end)
    return node
  }

  /** A key or a value of a block mapping, empty where the next token begins something else. */
  #blockPart(at: number): YamlNode {
    const { type } = this.#scanner.peek()
    if (type === T.KEY || type === T.VALUE || type === T.BLOCK_END) return this.#emptyScalar(at)
    return this.#node(true, true)
  }

  // ---- flow collections

  #flowSequence(start: Token, properties: Properties | undefined): SequenceNode {
    const scanner = this.#scanner
    const { node, items } = this.#sequence(start, true, properties)
    scanner.skip()
    for (let token = scanner.peek(); token.type !== T.FLOW_SEQUENCE_END; token = scanner.peek()) {
      if (items.length > 0) {
        if (token.type !== T.FLOW_ENTRY) this.#fail("did not find expected ',' or ']'", token.start, start.start)
        scanner.skip()
        token = scanner.peek()
        if (token.type === T.FLOW_SEQUENCE_END) break
      }
      items.push(token.type === T.KEY ? this.#flowPair(token) : this.#node(false, false))
    }
    this.#leave(node, scanner.peek().end)
    scanner.skip()
    return node
  }

  /** `[a: b]`: a mapping of one entry without braces. */
  #flowPair(start: Token): MappingNode {
    const scanner = this.#scanner
    const { node, entries } = this.#mapping(start, true, undefined)
    scanner.skip()
    const next = scanner.peek()
    let key: YamlNode
    if (next.type === T.VALUE || next.type === T.FLOW_ENTRY || next.type === T.FLOW_SEQUENCE_END) {
      // As in libyaml, the token is taken even when it closes the list: `[? ]` is an error.
      scanner.skip()
      key = this.#emptyScalar(next.end)
    } else key = this.#node(false, false)
    const value = this.#flowValue(T.FLOW_SEQUENCE_END)
    entries.push({ key, value })
    this.#leave(node, value.span.end)
    return node
  }

  #flowValue(end: number): YamlNode {
    const scanner = this.#scanner
    const separator = scanner.peek()
    if (separator.type !== T.VALUE) return this.#emptyScalar(separator.start)
    scanner.skip()
    const { type, start } = scanner.peek()
    return type === T.FLOW_ENTRY || type === end ? this.#emptyScalar(start) : this.#node(false, false)
  }

  #flowMapping(start: Token, properties: Properties | undefined): MappingNode {
    const scanner = this.#scanner
    const { node, entries } = this.#mapping(start, true, properties)
    scanner.skip()
    for (let token = scanner.peek(); token.type !== T.FLOW_MAPPING_END; token = scanner.peek()) {
      if (entries.length > 0) {
        if (token.type !== T.FLOW_ENTRY) this.#fail("did not find expected ',' or '}'", token.start, start.start)
        scanner.skip()
        token = scanner.peek()
        if (token.type === T.FLOW_MAPPING_END) break
      }
      entries.push(this.#flowEntry(token))
    }
    this.#leave(node, scanner.peek().end)
    scanner.skip()
    return node
  }

  #flowEntry(token: Token): MappingEntry {
    const scanner = this.#scanner
    if (token.type !== T.KEY) {
      const key = this.#node(false, false)
      return { key, value: this.#emptyScalar(scanner.peek().start) }
    }
    scanner.skip()
    const { type, start } = scanner.peek()
    const isEmpty = type === T.VALUE || type === T.FLOW_ENTRY || type === T.FLOW_MAPPING_END
    const key = isEmpty ? this.#emptyScalar(start) : this.#node(false, false)
    return { key, value: this.#flowValue(T.FLOW_MAPPING_END) }
  }
}
