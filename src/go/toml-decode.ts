import { quote } from './quote.ts'
import { tomlKey } from './toml-encode.ts'
import { isBlank, type Token, TomlFault, TomlReader } from './toml-reader.ts'
import { tomlScalar, tomlText } from './toml-scalar.ts'
import { GO_TYPE, GoError, type GoList, type GoMap, type GoValue, withGoType } from './values.ts'

/** How deep arrays and inline tables may nest. */
const MAX_DEPTH = 500
const TABLE_LIST = '[]map[string]interface {}'

/**
 * Reads a TOML 1.1 document: tables as maps, arrays of tables typed `[]map[string]interface {}`, integers int64.
 *
 * @throws GoError with the original's text: `toml: line 2 (last key "a.b"): …`
 * Source: BurntSushi/toml 1.6.0 parse.go
 */
export function decodeToml(text: string): GoMap {
  const start = text.replace(/^(\uDCFF\uDCFE|\uDCFE\uDCFF|\uFEFF)/, '')
  if (start.slice(0, 6).includes('\0')) {
    throw new GoError('toml: line 1: files cannot contain NULL bytes; probably using UTF-16; TOML files must be UTF-8')
  }
  return new Parser(start).parse()
}

type Key = readonly string[]

const keyText = (key: Key): string => key.map(tomlKey).join('.')
const isTableList = (value: GoValue): value is GoList => Array.isArray(value) && value[GO_TYPE]?.type === TABLE_LIST

class Parser {
  private readonly reader: TomlReader
  private readonly root: GoMap = new Map()
  private context: Key = []
  private currentKey = ''
  /** Line of the key being defined. */
  private line = 1
  /** Tables that exist only because a longer key names them. */
  private readonly implicits = new Set<string>()
  /** Whether what stands at a key is an array. */
  private readonly arrays = new Map<string, boolean>()
  private depth = 0

  constructor(text: string) {
    this.reader = new TomlReader(text)
  }

  parse(): GoMap {
    try {
      while (this.item());
      return this.root
    } catch (error) {
      if (!(error instanceof TomlFault)) throw error
      const last = this.currentKey === '' ? keyText(this.context) : [...this.context.map(tomlKey), this.currentKey].join('.')
      throw new GoError(`toml: line ${error.line}${last && ` (last key ${quote(last)})`}: ${error.message}`)
    }
  }

  private refuse(message: string): TomlFault {
    return new TomlFault(message, this.line)
  }

  /** One table header or key with its value, with the space before it; false at the end. */
  private item(): boolean {
    const c = this.reader.nextPart()
    if (c === '') return false
    if (c === '[') this.header()
    else {
      this.reader.back(c)
      this.pair()
      this.currentKey = ''
    }
    return this.endOfItem()
  }

  private endOfItem(): boolean {
    this.reader.takeWhile(isBlank)
    const c = this.reader.next()
    if (c === '#') this.reader.comment()
    else if (c !== '' && c !== '\n' && c !== '\r') {
      throw this.reader.fault(`expected a top-level item to end with a newline, comment, or EOF, but got ${this.reader.shown(c)} instead`)
    }
    return c !== ''
  }

  private header(): void {
    const isList = this.reader.accept('[')
    const key = this.headerKey()
    if (isList) {
      const c = this.reader.next()
      if (c !== ']') throw this.reader.fault(`expected end of table array name delimiter ']', but got ${this.reader.shown(c)} instead`)
    }
    this.enter(key, isList)
    this.arrays.set(keyText(this.context), false)
  }

  private headerKey(): string[] {
    const { reader } = this
    const key: string[] = []
    for (;;) {
      reader.skipBlanks()
      const c = reader.peek()
      if (c === ']' || c === '') throw reader.fault('unexpected end of table name (table names cannot be empty)')
      if (c === '.') throw reader.fault('unexpected table separator (table names cannot be empty)')
      key.push(this.name(c, key.length === 0))
      reader.skipBlanks()
      const end = reader.next()
      if (end === ']') return key
      if (end !== '.') throw reader.fault(`expected '.' or ']' to end table name, but got ${reader.shown(end)} instead`)
    }
  }

  /** One part of a key; `c` is its first character, not yet taken. */
  private name(c: string, isFirst: boolean): string {
    const token = c === '"' || c === "'" ? this.reader.quotedName() : undefined
    const text = token ? undefined : this.reader.bareName()
    if (isFirst) this.line = this.reader.line
    return token ? tomlText(token) : (text as string)
  }

  private pairKey(): string[] {
    const { reader } = this
    reader.skipBlanks()
    const first = reader.peek()
    if (first === '=' || first === '') throw reader.fault("unexpected '=': key name appears blank")
    if (first === '.') throw reader.fault("unexpected '.': keys cannot start with a '.'")
    const key: string[] = []
    for (;;) {
      reader.skipBlanks()
      const c = reader.peek()
      if (c === '=' || c === '') throw reader.fault("unexpected '='")
      if (c === '.') throw reader.fault("unexpected '.'")
      key.push(this.name(c, key.length === 0))
      if (this.endOfName()) return key
    }
  }

  /** Whether the key ends here. */
  private endOfName(): boolean {
    const { reader } = this
    reader.skipBlanks()
    const c = reader.next()
    if (c === '.' || c === '=') return c === '='
    if (c === '') throw reader.fault("unexpected EOF; expected key separator '='")
    const message = `expected '.' or '=', but got ${reader.shown(c)} instead`
    throw c === '\n' ? reader.faultBefore(message) : reader.fault(message)
  }

  /** `key = value`; the dotted key's tables come into being. Leaves `currentKey` at its last part. */
  private pair(into?: GoMap): void {
    const outer = this.context
    const key = this.pairKey()
    const parents = key.slice(0, -1)
    this.currentKey = key.at(-1) as string
    for (const part of parents) {
      const path = [...this.context, part]
      this.implicits.add(keyText(path))
      this.enter(path, false)
    }
    const token = this.reader.value()
    const value = this.value(token, false)
    this.define(this.currentKey, value)
    this.arrays.set(keyText([...this.context, this.currentKey]), token.kind === 'array')
    if (into) this.insert(into, parents, value)
    this.context = outer
  }

  /** Puts a pair of an inline table into the table's own map. */
  private insert(into: GoMap, parents: Key, value: GoValue): void {
    let map = into
    for (const part of parents) {
      if (!map.has(part)) map.set(part, new Map())
      const next = map.get(part) as GoValue
      if (!(next instanceof Map)) throw this.refuse(`${quote(keyText(this.context))} is not a table`)
      map = next
    }
    map.set(this.currentKey, value)
  }

  private value(token: Token, isInArray: boolean): GoValue {
    if (token.kind !== 'array' && token.kind !== 'table') return tomlScalar(token)
    if (++this.depth > MAX_DEPTH) throw new TomlFault(`arrays and inline tables nest deeper than ${MAX_DEPTH}`, token.line)
    const value = token.kind === 'array' ? this.array() : this.inlineTable(isInArray)
    this.depth--
    return value
  }

  private array(): GoList {
    const { reader } = this
    this.arrays.set(keyText(this.currentKey === '' ? this.context : [...this.context, this.currentKey]), true)
    const items: GoList = []
    for (;;) {
      const c = reader.nextPart()
      if (c === ',') throw reader.fault('unexpected comma')
      if (c === ']') return items
      reader.back(c)
      items.push(this.value(reader.value(), true))
      const end = reader.nextPart()
      if (end === ']') return items
      if (end !== ',') throw reader.fault(`expected a comma (',') or array terminator (']'), but got ${end === '' ? 'end of file' : `'${end}'`}`)
    }
  }

  private inlineTable(isInArray: boolean): GoMap {
    const { reader } = this
    const outer = { context: this.context, key: this.currentKey }
    this.context = [...this.context, this.currentKey]
    this.currentKey = ''
    this.implicits.add(keyText(this.context))
    this.enter(this.context, isInArray)
    const table: GoMap = new Map()
    for (let c = reader.nextPart(); c !== '}'; c = reader.nextPart()) {
      if (c === ',') throw reader.fault('unexpected comma')
      reader.back(c)
      this.pair(table)
      if (this.endsInlineTable()) break
    }
    this.context = outer.context
    this.currentKey = outer.key
    return table
  }

  private endsInlineTable(): boolean {
    const c = this.reader.nextPart()
    if (c === ',' || c === '}') return c === '}'
    const found = c === '' ? 'end of file' : `'${c}'`
    throw this.reader.fault(`expected a comma or an inline table terminator '}', but got ${found} instead`)
  }

  /** The map that a table or the last of an array of tables is; undefined for anything else. */
  private mapAt(value: GoValue): GoMap | undefined {
    if (value instanceof Map) return value
    return isTableList(value) ? (value.at(-1) as GoMap) : undefined
  }

  /** Makes `key` the table that following pairs go into. */
  private enter(key: Key, isList: boolean): void {
    const parents = key.slice(0, -1)
    const last = key.at(-1) as string
    let map = this.root
    for (const [i, part] of parents.entries()) {
      const path = parents.slice(0, i + 1)
      if (!map.has(part)) {
        this.implicits.add(keyText(path))
        map.set(part, new Map())
      }
      const next = this.mapAt(map.get(part) as GoValue)
      if (!next) throw this.refuse(`Key '${keyText(path)}' was already created as a hash.`)
      map = next
    }
    this.context = parents
    if (isList) this.appendTable(map, key)
    else this.define(last, new Map())
    this.context = key
  }

  private appendTable(map: GoMap, key: Key): void {
    const last = key.at(-1) as string
    if (!map.has(last)) map.set(last, withGoType<GoList>([], TABLE_LIST))
    const list = map.get(last) as GoValue
    if (!isTableList(list)) throw this.refuse(`Key '${keyText(key)}' was already created and cannot be used as an array.`)
    list.push(new Map())
  }

  private define(key: string, value: GoValue): void {
    let map = this.root
    for (const [i, part] of this.context.entries()) {
      const next = this.mapAt(map.get(part) as GoValue)
      if (!next) throw this.refuse(`Key '${keyText(this.context.slice(0, i + 1))}' has already been defined.`)
      map = next
    }
    const path = keyText([...this.context, key])
    if (!map.has(key)) map.set(key, value)
    else if (!this.implicits.delete(path)) throw this.refuse(`Key '${path}' has already been defined.`)
    else if (this.arrays.get(path)) map.set(key, value)
  }
}
