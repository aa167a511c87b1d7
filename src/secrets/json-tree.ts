import { failure } from '../base/diagnostic.ts'
import type { Source } from '../base/source.ts'
import { goInt } from '../go/values.ts'
import { isBranch, type SopsBranch, type SopsEntry, type SopsValue } from './sops-tree.ts'

const SPACE = /[ \t\r\n]*/y
const STRING = /"(?:[^"\\\u0000-\u001f]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*"/y
const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/y
const WORD = /true|false|null/y

const MAX_DEPTH = 1000
const MAX_INT = (1n << 63n) - 1n
const MIN_INT = -(1n << 63n)

/**
 * A JSON file as sops reads it: keys in their order (which `JSON.parse` does not keep), integers apart from floats.
 *
 * @throws DiagnosticError `secrets/bad-file` when it is no JSON, or no object
 * Source: sops 3.13 stores/json/store.go
 */
export function jsonBranch(source: Source): SopsBranch {
  const value = new JsonReader(source).file()
  if (isBranch(value)) return value
  throw failure('secrets/bad-file', 'the encrypted JSON file is no object', { at: { source, start: 0, end: 1 } })
}

class JsonReader {
  readonly #source: Source
  readonly #text: string
  #pos = 0

  constructor(source: Source) {
    this.#source = source
    this.#text = source.text
  }

  file(): SopsValue {
    const value = this.#value(0)
    this.#take(SPACE)
    if (this.#pos < this.#text.length) this.#fail('unexpected text behind the JSON value')
    return value
  }

  #fail(summary: string): never {
    throw failure('secrets/bad-file', summary, { at: { source: this.#source, start: this.#pos, end: this.#pos + 1 } })
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#pos
    const match = pattern.exec(this.#text)
    if (match) this.#pos = pattern.lastIndex
    return match
  }

  #next(): string {
    this.#take(SPACE)
    return this.#text.charAt(this.#pos)
  }

  #value(depth: number): SopsValue {
    if (depth > MAX_DEPTH) this.#fail('the JSON nests too deep')
    const first = this.#next()
    if (first === '{') return this.#object(depth)
    if (first === '[') return { type: 'list', items: this.#members(']', () => this.#value(depth + 1)) }
    if (first === '"') return this.#string()
    const word = this.#take(WORD)
    if (word) return word[0] === 'null' ? null : word[0] === 'true'
    return this.#number()
  }

  #object(depth: number): SopsBranch {
    const entries = this.#members('}', (): SopsEntry => {
      if (this.#next() !== '"') this.#fail('expected a key in double quotes')
      const key = this.#string()
      if (this.#next() !== ':') this.#fail('expected ":" behind a key')
      this.#pos++
      const start = this.#pos
      const value = this.#value(depth + 1)
      return { key, value, at: { source: this.#source, start, end: this.#pos } }
    })
    return { type: 'branch', entries }
  }

  #members<T>(close: string, read: () => T): T[] {
    this.#pos++
    const members: T[] = []
    if (this.#next() === close) {
      this.#pos++
      return members
    }
    for (;;) {
      members.push(read())
      const separator = this.#next()
      this.#pos++
      if (separator === close) return members
      if (separator !== ',') this.#fail(`expected "," or "${close}"`)
    }
  }

  #string(): string {
    const match = this.#take(STRING)
    if (!match) this.#fail('a text is not closed, or holds a bad escape')
    return JSON.parse(match[0]) as string
  }

  #number(): SopsValue {
    const match = this.#take(NUMBER)
    if (!match || match[0] === '') this.#fail('expected a JSON value')
    const [text, fraction, exponent] = match
    if (fraction === undefined && exponent === undefined && text.length <= 20) {
      const whole = BigInt(text)
      if (whole <= MAX_INT && whole >= MIN_INT) return goInt(whole)
    }
    return Number(text)
  }
}
