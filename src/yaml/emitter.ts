import { byteLength } from '../go/bytes.ts'
import { analyzeScalar, isPrintable, isWord, type ScalarAnalysis } from './analyze-scalar.ts'
import { isBreak, SPACE } from './characters.ts'

export type WriteStyle = 'plain' | 'single' | 'double' | 'literal'

interface ScalarNode {
  readonly type: 'scalar'
  readonly text: string
  readonly style: WriteStyle
  readonly binary: boolean
}

/** What the emitter writes: scalars with the style they wish for, lists, and maps whose keys are already in order. */
export type EmitNode =
  | ScalarNode
  | { readonly type: 'list'; readonly items: readonly EmitNode[] }
  | { readonly type: 'map'; readonly entries: readonly (readonly [EmitNode, EmitNode])[] }

export type EmitterVersion = 'v2' | 'v3'

type Place = 'root' | 'item' | 'value'

const INDENT = 2
const MAX_SIMPLE_KEY = 128
/** v2 folds lines behind this column; v3 does not fold. */
const V2_WIDTH = 80
const BYTE_ORDER_MARK = '\ufeff'

/**
 * Writes one document in block style, with an indentation of 2.
 *
 * A class because output, column and indentation live through one pass.
 * Source: the behaviour of go.yaml.in/yaml v2.4.4 and v3.0.5, emitterc.go
 */
export class Emitter {
  readonly #version: EmitterVersion
  readonly #width: number
  #out = ''
  #column = 0
  #indent = -1
  #whitespace = true
  #indention = true

  constructor(version: EmitterVersion) {
    this.#version = version
    this.#width = version === 'v2' ? V2_WIDTH : Number.POSITIVE_INFINITY
  }

  document(root: EmitNode): string {
    this.#node(root, 'root')
    this.#writeIndent()
    return this.#out
  }

  #node(node: EmitNode, place: Place): void {
    if (node.type === 'scalar') this.#scalarNode(node, place)
    else if (node.type === 'list') this.#list(node.items, place)
    else this.#map(node.entries, place)
  }

  #scalarNode(node: ScalarNode, place: Place): void {
    if (isPlainWord(node)) this.#word(node.text)
    else this.#scalar(node.text, node.style, node.binary, place)
  }

  #list(items: readonly EmitNode[], place: Place): void {
    if (items.length === 0) this.#indicator('[]', true, false, false)
    const outer = this.#indent
    // v2 does not indent a list under its key.
    if (!(this.#version === 'v2' && place === 'value' && !this.#indention)) this.#increaseIndent(place, false)
    for (const item of items) {
      this.#writeIndent()
      this.#indicator('-', true, false, true)
      this.#node(item, 'item')
    }
    this.#indent = outer
  }

  #map(entries: readonly (readonly [EmitNode, EmitNode])[], place: Place): void {
    if (entries.length === 0) this.#indicator('{}', true, false, false)
    const outer = this.#indent
    this.#increaseIndent(place, false)
    for (const [key, value] of entries) {
      this.#writeIndent()
      this.#key(key)
      this.#node(value, 'value')
    }
    this.#indent = outer
  }

  #key(key: EmitNode): void {
    if (key.type !== 'scalar') throw new Error('internal error: a key that is no scalar; please report this')
    if (isPlainWord(key)) {
      this.#word(key.text)
      this.#indicator(':', false, false, false)
      return
    }
    const analysis = analyzeScalar(key.text, this.#version === 'v3')
    const length = byteLength(key.text) + (key.binary ? '!!binary'.length : 0)
    if (!analysis.multiline && length <= MAX_SIMPLE_KEY) {
      this.#scalar(key.text, key.style, key.binary, 'value', true)
      this.#indicator(':', false, false, false)
      return
    }
    this.#indicator('?', true, false, true)
    this.#scalar(key.text, key.style, key.binary, 'value')
    this.#writeIndent()
    this.#indicator(':', true, false, true)
  }

  #increaseIndent(place: Place, flow: boolean): void {
    if (this.#indent < 0) this.#indent = flow ? INDENT : 0
    else if (this.#version === 'v2' || place === 'item') this.#indent += INDENT
    else this.#indent = INDENT * Math.floor((this.#indent + INDENT) / INDENT)
  }

  // ---- scalars

  #scalar(text: string, wish: WriteStyle, binary: boolean, place: Place, simpleKey = false): void {
    const analysis = analyzeScalar(text, this.#version === 'v3')
    const style = this.#selectStyle(text, wish, analysis, simpleKey)
    if (binary) this.#tag('!!binary')
    const outer = this.#indent
    this.#increaseIndent(place, true)
    if (style === 'plain') this.#plain(text, !simpleKey)
    else if (style === 'single') this.#single(text, !simpleKey)
    else if (style === 'double') this.#double(text, !simpleKey)
    else this.#literal(text)
    this.#indent = outer
  }

  #selectStyle(text: string, wish: WriteStyle, analysis: ScalarAnalysis, simpleKey: boolean): WriteStyle {
    let style = wish
    if (simpleKey && analysis.multiline) style = 'double'
    if (style === 'plain' && (!analysis.plainAllowed || (text === '' && simpleKey))) style = 'single'
    if (style === 'single' && !analysis.singleAllowed) style = 'double'
    if (style === 'literal' && (!analysis.blockAllowed || simpleKey)) style = 'double'
    return style
  }

  #tag(tag: string): void {
    if (!this.#whitespace) this.#put(' ')
    this.#put(tag)
    this.#whitespace = false
    this.#indention = false
  }

  /** What `#plain` comes to for a word. */
  #word(text: string): void {
    if (!this.#whitespace) this.#put(' ')
    this.#put(text)
    this.#whitespace = false
    this.#indention = false
  }

  #plain(text: string, allowBreaks: boolean): void {
    if (!this.#whitespace && (text !== '' || this.#version === 'v2')) this.#put(' ')
    if (this.#fits(text)) this.#put(text)
    else this.#folded(text, allowBreaks, (i) => text.charCodeAt(i + 1) !== SPACE)
    this.#whitespace = false
    this.#indention = false
  }

  /** No folding can happen and no character needs care. */
  #fits(text: string): boolean {
    return this.#column + text.length <= this.#width && isAscii(text)
  }

  #single(text: string, allowBreaks: boolean): void {
    this.#indicator("'", true, false, false)
    const last = text.length - 1
    if (this.#fits(text)) this.#put(text.replaceAll("'", "''"))
    else this.#folded(text, allowBreaks, (i) => i > 0 && i < last && text.charCodeAt(i + 1) !== SPACE, "''")
    this.#indicator("'", false, false, false)
  }

  /** Writes a text that may hold LS and PS, beginning a new line at a space behind the width; `'` is written as `quote`. */
  #folded(text: string, allowBreaks: boolean, mayFold: (at: number) => boolean, quote = "'"): void {
    let spaces = false
    let breaks = false
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i)
      if (code === SPACE) {
        if (allowBreaks && !spaces && this.#column > this.#width && mayFold(i)) this.#writeIndent()
        else this.#put(' ')
        spaces = true
        continue
      }
      if (isBreak(code)) {
        this.#lineBreak(text.charAt(i))
        breaks = true
        continue
      }
      if (breaks) this.#writeIndent()
      this.#put(code === 0x27 ? quote : text.charAt(i))
      this.#indention = false
      spaces = false
      breaks = false
    }
  }

  #double(text: string, allowBreaks: boolean): void {
    this.#indicator('"', true, false, false)
    const escapeAll = text.startsWith(BYTE_ORDER_MARK)
    const last = text.length - 1
    let spaces = false
    for (let i = 0; i < text.length; i++) {
      const code = text.codePointAt(i) as number
      if (code > 0xffff) i++
      if (code === SPACE && !escapeAll) {
        if (allowBreaks && !spaces && this.#column > this.#width && i > 0 && i < last) {
          this.#writeIndent()
          if (text.charCodeAt(i + 1) === SPACE) this.#put('\\')
        } else this.#put(' ')
        spaces = true
        continue
      }
      if (escapeAll || !isPrintable(code) || isBreak(code) || code === 0x22 || code === 0x5c) this.#put(escapeCharacter(code))
      else this.#put(String.fromCharCode(code))
      spaces = false
    }
    this.#indicator('"', false, false, false)
  }

  #literal(text: string): void {
    this.#indicator('|', true, false, false)
    const hints = blockHints(text)
    if (hints !== '') this.#indicator(hints, false, false, false)
    this.#lineBreak('\n')
    this.#whitespace = true
    let from = 0
    for (let i = 0; i <= text.length; i++) {
      const atEnd = i === text.length
      if (!atEnd && !isBreak(text.charCodeAt(i))) continue
      if (i > from) {
        this.#writeIndent()
        this.#put(text.slice(from, i))
        this.#indention = false
      }
      if (!atEnd) this.#lineBreak(text.charAt(i))
      from = i + 1
    }
  }

  // ---- characters

  #put(text: string): void {
    this.#out += text
    this.#column += text.length
  }

  #lineBreak(character: string): void {
    this.#out += character
    this.#column = 0
    this.#indention = true
  }

  #writeIndent(): void {
    const indent = Math.max(this.#indent, 0)
    if (!this.#indention || this.#column > indent || (this.#column === indent && !this.#whitespace)) this.#lineBreak('\n')
    if (this.#column < indent) this.#put(' '.repeat(indent - this.#column))
    this.#whitespace = true
    this.#indention = true
  }

  #indicator(text: string, needsSpace: boolean, isWhitespace: boolean, isIndention: boolean): void {
    if (needsSpace && !this.#whitespace) this.#put(' ')
    this.#put(text)
    this.#whitespace = isWhitespace
    this.#indention = this.#indention && isIndention
  }
}

function isPlainWord({ text, style, binary }: ScalarNode): boolean {
  return style === 'plain' && !binary && isWord(text)
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) >= 0x80) return false
  return true
}

/** The indentation hint where the text begins with a blank, and the chomping hint where it does not end with one line break. */
function blockHints(text: string): string {
  const first = text.charCodeAt(0)
  const indentation = first === SPACE || isBreak(first) ? String(INDENT) : ''
  if (!isBreak(text.charCodeAt(text.length - 1))) return `${indentation}-`
  return text.length === 1 || isBreak(text.charCodeAt(text.length - 2)) ? `${indentation}+` : indentation
}

const ESCAPES: ReadonlyMap<number, string> = new Map([
  [0x00, '0'],
  [0x07, 'a'],
  [0x08, 'b'],
  [0x09, 't'],
  [0x0a, 'n'],
  [0x0b, 'v'],
  [0x0c, 'f'],
  [0x0d, 'r'],
  [0x1b, 'e'],
  [0x22, '"'],
  [0x5c, '\\'],
  [0x85, 'N'],
  [0xa0, '_'],
  [0x2028, 'L'],
  [0x2029, 'P'],
])

function escapeCharacter(code: number): string {
  const short = ESCAPES.get(code)
  if (short !== undefined) return `\\${short}`
  const hex = code.toString(16).toUpperCase()
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`
}
