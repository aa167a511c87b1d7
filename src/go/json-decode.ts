import { bytesOfString } from './bytes.ts'
import { isLoneSurrogate, REPLACEMENT } from './letter-case.ts'
import { quote } from './quote.ts'
import { GoError, type GoList, type GoMap, type GoValue } from './values.ts'

/** Nesting that Go's decoder bears. */
const MAX_DEPTH = 10_000

/** JSON that cannot be read. */
export class JsonSyntaxError extends GoError {
  /** How many bytes Go had read, the one it stumbled over included. */
  readonly offset: number

  constructor(message: string, offset: number) {
    super(message)
    this.offset = offset
  }
}

/** What was read. `error` is what Go goes on after: a number out of range, whose place holds nil. */
export interface DecodedJson {
  readonly value: GoValue
  readonly error?: GoError
}

/**
 * Reads one JSON document as Go's `encoding/json` does into an `interface {}`: every number a float64, later keys win.
 *
 * @throws GoError with Go's text where the syntax is wrong; a JsonSyntaxError but at the end of the text
 * Source: Go 1.26 encoding/json scanner.go, decode.go
 */
export function decodeJson(text: string): DecodedJson {
  const reader = new Reader(text)
  const value = reader.document()
  return reader.saved ? { value, error: reader.saved } : { value }
}

/** A list or map whose closing bracket is still to come; a map with the key its next value gets. */
interface Open {
  readonly list?: GoList
  readonly map?: GoMap
  key: string
}

const LITERALS: ReadonlyMap<string, readonly [string, GoValue]> = new Map<string, readonly [string, GoValue]>([
  ['t', ['true', true]],
  ['f', ['false', false]],
  ['n', ['null', null]],
])
const ESCAPES: ReadonlyMap<string, string> = new Map(Object.entries({ b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\', '/': '/' }))

/** Containers nest on a stack of its own, so that deep documents cannot exhaust the engine's. */
class Reader {
  saved: GoError | undefined
  private readonly text: string
  private at = 0

  constructor(text: string) {
    this.text = text
  }

  document(): GoValue {
    const open: Open[] = []
    for (;;) {
      let value = this.begin(open)
      if (value === undefined) continue
      for (;;) {
        const holder = open.at(-1)
        if (!holder) return this.finish(value)
        if (holder.list) holder.list.push(value)
        else holder.map?.set(holder.key, value)
        if (!this.closes(holder)) break
        open.pop()
        value = (holder.list ?? holder.map) as GoValue
      }
    }
  }

  /** A scalar or empty container; undefined when one was opened whose first value comes next. */
  private begin(open: Open[]): GoValue | undefined {
    const c = this.next()
    if (c === '[' || c === '{') {
      if (open.length >= MAX_DEPTH) throw new GoError('exceeded max depth')
      return c === '[' ? this.openList(open) : this.openMap(open)
    }
    if (c === '"') return this.string()
    const literal = LITERALS.get(c)
    if (literal) return this.literal(...literal)
    if (c === '-' || (c >= '0' && c <= '9')) return this.number(c)
    throw this.unexpected('looking for beginning of value')
  }

  private openList(open: Open[]): GoValue | undefined {
    this.skipSpace()
    if (this.text[this.at] === ']') {
      this.at++
      return []
    }
    open.push({ list: [], key: '' })
    return undefined
  }

  private openMap(open: Open[]): GoValue | undefined {
    if (this.next() === '}') return new Map()
    this.at--
    open.push({ map: new Map(), key: this.key() })
    return undefined
  }

  private key(): string {
    if (this.next() !== '"') throw this.unexpected('looking for beginning of object key string')
    const key = this.string()
    if (this.next() !== ':') throw this.unexpected('after object key')
    return key
  }

  /** Whether the holder ends after the value just read; otherwise the next value may begin. */
  private closes(holder: Open): boolean {
    const c = this.next()
    if (c === (holder.list ? ']' : '}')) return true
    if (c !== ',') throw this.unexpected(holder.list ? 'after array element' : 'after object key:value pair')
    if (holder.map) holder.key = this.key()
    return false
  }

  private finish(value: GoValue): GoValue {
    this.skipSpace()
    if (this.at < this.text.length) {
      this.at++
      throw this.unexpected('after top-level value')
    }
    return value
  }

  private skipSpace(): void {
    while (' \t\r\n'.includes(this.text[this.at] ?? 'x')) this.at++
  }

  /** The next character that is no space. @throws GoError at the end */
  private next(): string {
    this.skipSpace()
    return this.take()
  }

  private take(): string {
    const c = this.text[this.at++]
    if (c === undefined) throw new GoError('unexpected end of JSON input')
    return c
  }

  /** The next character inside a number, literal or escape, where Go takes the end for a space. */
  private takeInside(): string {
    return this.text[this.at++] ?? ' '
  }

  /** Complains about the character just taken. Go names its first byte as if that were a character. */
  private unexpected(context: string): GoError {
    const text = this.text.slice(this.at - 1, this.at + 1) || ' '
    const byte = bytesOfString(String.fromCodePoint(text.codePointAt(0) as number))[0] as number
    const c = String.fromCharCode(byte)
    const shown = c === "'" ? `'\\''` : c === '"' ? `'"'` : `'${quote(c).slice(1, -1)}'`
    return new JsonSyntaxError(`invalid character ${shown} ${context}`, bytesOfString(this.text.slice(0, this.at)).length)
  }

  private literal(word: string, value: GoValue): GoValue {
    for (const expected of word.slice(1)) {
      if (this.takeInside() !== expected) throw this.unexpected(`in literal ${word} (expecting '${expected}')`)
    }
    return value
  }

  private digits(context: string): void {
    if (!isDigit(this.takeInside())) throw this.unexpected(context)
    while (isDigit(this.text[this.at])) this.at++
  }

  private number(first: string): GoValue {
    const start = this.at - 1
    const lead = first === '-' ? this.takeInside() : first
    if (!isDigit(lead)) throw this.unexpected('in numeric literal')
    if (lead !== '0') while (isDigit(this.text[this.at])) this.at++
    if (this.text[this.at] === '.') {
      this.at++
      this.digits('after decimal point in numeric literal')
    }
    if (this.text[this.at] === 'e' || this.text[this.at] === 'E') {
      this.at++
      if (this.text[this.at] === '+' || this.text[this.at] === '-') this.at++
      this.digits('in exponent of numeric literal')
    }
    return this.float(this.text.slice(start, this.at))
  }

  private float(literal: string): GoValue {
    const value = Number(literal)
    if (Number.isFinite(value)) return value
    this.saved ??= new GoError(`json: cannot unmarshal number ${literal} into Go value of type float64`)
    return null
  }

  private string(): string {
    const parts: string[] = []
    let from = this.at
    for (;;) {
      const c = this.take()
      if (c === '"') break
      if (c === '\\') {
        parts.push(this.text.slice(from, this.at - 1), this.escape())
        from = this.at
      } else if (c < ' ') throw this.unexpected('in string literal')
    }
    parts.push(this.text.slice(from, this.at - 1))
    return withoutLoneSurrogates(parts.join(''))
  }

  private escape(): string {
    const c = this.takeInside()
    if (c !== 'u') {
      const escaped = ESCAPES.get(c)
      if (escaped === undefined) throw this.unexpected('in string escape code')
      return escaped
    }
    for (let i = 0; i < 4; i++) {
      if (!/[0-9a-fA-F]/.test(this.takeInside())) throw this.unexpected('in \\u hexadecimal character escape')
    }
    return String.fromCharCode(Number.parseInt(this.text.slice(this.at - 4, this.at), 16))
  }
}

function isDigit(c: string | undefined): boolean {
  return c !== undefined && c >= '0' && c <= '9'
}

function withoutLoneSurrogates(text: string): string {
  if (!/[\uD800-\uDFFF]/.test(text)) return text
  return Array.from(text, (rune) => (isLoneSurrogate(rune) ? REPLACEMENT : rune)).join('')
}
