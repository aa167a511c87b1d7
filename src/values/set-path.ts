import { failure } from '../base/diagnostic.ts'
import { typeOf } from '../go/kind.ts'
import { isSpace } from '../go/letter-case.ts'
import { parseAtoi, parseInteger } from '../go/parse-number.ts'
import { quote, quoteRune } from '../go/quote.ts'
import { GoError, type GoList, type GoMap, type GoValue, goInt64 } from '../go/values.ts'
import { overrideMaps } from './merge-maps.ts'
import { SetCursor } from './set-cursor.ts'
import { leadingJson, parseJson } from './set-json-value.ts'

const MAX_INDEX = 65536
const MAX_NESTING = 30

/**
 * Applies a `--set` argument, `a.b=1,c[0]={x,y}`, to `into` and returns that map. Values are int64, booleans, null or texts.
 * Maps and lists below the top are copied before they change, so layers that share them stay as they are.
 *
 * @throws DiagnosticError `values/bad-set` with Helm's sentence
 * Source: Helm 4.3.1 pkg/strvals/parser.go
 */
export function parseSet(text: string, into: GoMap = new Map()): GoMap {
  return apply('--set', text, into, { cursor: new SetCursor(text, true), read: typedValue, lists: true })
}

/** As `parseSet`, every value a text (`--set-string`). @throws DiagnosticError `values/bad-set` */
export function setString(text: string, into: GoMap = new Map()): GoMap {
  return apply('--set-string', text, into, { cursor: new SetCursor(text, true), read: (value) => value, lists: true })
}

/** As `parseSet`, every value replaced by what `read` gives for it, the content of that file (`--set-file`). @throws DiagnosticError `values/bad-set` */
export function setFile(text: string, into: GoMap, read: (path: string) => GoValue): GoMap {
  return apply('--set-file', text, into, { cursor: new SetCursor(text, true), read, lists: true })
}

/** Applies `path=value`, the value taken as it stands, commas and backslashes included (`--set-literal`). @throws DiagnosticError `values/bad-set` */
export function setLiteral(text: string, into: GoMap = new Map()): GoMap {
  return apply('--set-literal', text, into, { cursor: new SetCursor(text, false), read: (value) => value, lists: false })
}

/**
 * Applies `path=JSON,path=JSON`, or a whole JSON object that is merged in (`--set-json`). Numbers are float64.
 *
 * @throws DiagnosticError `values/bad-set`
 */
export function setJson(text: string, into: GoMap = new Map()): GoMap {
  if (text.trimStart().startsWith('{')) return mergeObject(text, into)
  return apply('--set-json', text, into, { cursor: new SetCursor(text, true), read: undefined, lists: true })
}

function mergeObject(text: string, into: GoMap): GoMap {
  let value: GoValue
  try {
    value = parseJson(text)
  } catch (error) {
    if (!(error instanceof GoError)) throw error
    const hint = 'the whole must be JSON, keys and texts in double quotes; or write KEY=JSON'
    throw failure('values/bad-set', `failed parsing --set-json data JSON: ${text}`, { hint, cause: error })
  }
  for (const [key, item] of overrideMaps(into, value as GoMap)) into.set(key, item)
  return into
}

/** One argument being parsed. `read` turns a value's text into a value; without it values are JSON. */
interface Parse {
  readonly cursor: SetCursor
  readonly read: ((text: string) => GoValue) | undefined
  /** Whether `,` separates pairs and `{a,b}` is a list. */
  readonly lists: boolean
}

/** Whether there is more to read: Helm's parser passes its EOF error up, which ends everything without being a failure. */
type Progress = 'more' | 'end'

function apply(flag: string, text: string, into: GoMap, parse: Parse): GoMap {
  try {
    while (parseKey(parse, into, 0) === 'more');
    return into
  } catch (error) {
    if (!(error instanceof GoError)) throw error
    const message = parse.read ? `failed parsing ${flag} data: ${error.message}` : `failed parsing ${flag} data ${text}`
    const hint = parse.read ? setHint(error.message, text) : 'write KEY=JSON: texts stand in double quotes'
    const subject = text.includes('=') ? { subject: argumentName(flag, text) } : {}
    throw failure('values/bad-set', message, { ...subject, ...(hint === undefined ? {} : { hint }), cause: error })
  }
}

/** An argument without its value, which may be secret. */
export function argumentName(flag: string, text: string): string {
  const equals = text.indexOf('=')
  return equals < 0 ? flag : `${flag} ${text.slice(0, equals)}`
}

const HINTS: readonly (readonly [message: RegExp, hint: string])[] = [
  [/^key map .* has no value/, 'a key is missing beside a dot: write KEY.KEY=VALUE'],
  [/^list must terminate/, '{ begins a list, as in {a,b}: close it with }, or take --set-literal for a text'],
  [/^(?:negative .* index|error parsing index)/, 'an entry of a list is written KEY[NUMBER], counted from 0'],
  [/^unexpected data at end of array index/, 'behind KEY[NUMBER] comes =, a dot or another ['],
]

/** Advice on what the parser of `--set` says of `text`. */
function setHint(message: string, text: string): string | undefined {
  if (/^key ".*" has no value/.test(message)) {
    return text.includes('=') ? 'commas divide pairs; one within a value is written \\,' : 'write KEY=VALUE'
  }
  return HINTS.find(([pattern]) => pattern.test(message))?.[1]
}

function parseKey(parse: Parse, map: GoMap, nesting: number): Progress {
  const { cursor } = parse
  const { text: key, stop } = cursor.until(parse.lists ? '=[,.' : '=[.')
  switch (stop) {
    case undefined:
      if (key === '') return 'end'
      throw new GoError(`key ${quote(key)} has no value`)
    case ',':
      throw new GoError(`key ${quote(key)} has no value (cannot end with ,)`)
    case '[': {
      const index = parseIndex(cursor)
      if (index === undefined) return 'end'
      const { list, progress } = parseItem(parse, existingList(map.get(key), map.has(key)), index, nesting)
      setKey(map, key, list)
      return progress
    }
    case '.':
      return parseInner(parse, map, key, nesting + 1)
    default:
      return parseValue(parse, (value) => setKey(map, key, value))
  }
}

function parseInner(parse: Parse, map: GoMap, key: string, nesting: number): Progress {
  if (nesting > MAX_NESTING) throw new GoError(`value name nested level is greater than maximum supported nested level of ${MAX_NESTING}`)
  const inner = existingMap(map.get(key), map.has(key))
  const progress = parseKey(parse, inner, nesting)
  if (progress === 'more' && inner.size === 0) throw new GoError(`key map ${quote(key)} has no value`)
  if (inner.size > 0) setKey(map, key, inner)
  return progress
}

/** A pair without a name has no effect. */
function setKey(map: GoMap, key: string, value: GoValue): void {
  if (key !== '') map.set(key, value)
}

function existingMap(value: GoValue | undefined, exists: boolean): GoMap {
  if (!exists) return new Map()
  if (value instanceof Map) return new Map(value)
  throw conversionError(value, 'map[string]interface {}')
}

function existingList(value: GoValue | undefined, exists: boolean): GoList {
  if (!exists) return []
  if (Array.isArray(value)) return [...value]
  throw conversionError(value, '[]interface {}')
}

function conversionError(value: GoValue | undefined, type: string): GoError {
  const actual = value === null || value === undefined ? 'nil' : typeOf(value)
  return new GoError(`unable to parse key: interface conversion: interface {} is ${actual}, not ${type}`)
}

/** The index before a `]`; undefined when the text ends before it, which Helm lets pass. */
function parseIndex(cursor: SetCursor): number | undefined {
  const { text, stop } = cursor.until(']')
  if (stop === undefined) return undefined
  const { value, error } = parseAtoi(text)
  if (error) throw new GoError(`error parsing index: ${error.message}`)
  return Number(value)
}

interface ListProgress {
  readonly list: GoList
  readonly progress: Progress
}

function parseItem(parse: Parse, list: GoList, index: number, nesting: number): ListProgress {
  if (index < 0) throw new GoError(`negative ${index} index not allowed`)
  const { text, stop } = parse.cursor.until('[.=')
  if (text !== '')
    throw new GoError(`unexpected data at end of array index: [${[...text].map((c) => quoteRune(c.codePointAt(0) as number)).join(' ')}]`)
  switch (stop) {
    case undefined:
      return { list, progress: 'end' }
    case '[':
      return parseNestedList(parse, list, index, nesting)
    case '.': {
      const old = list[index]
      const inner: GoMap = old instanceof Map ? new Map(old) : new Map()
      const progress = parseKey(parse, inner, nesting)
      // When the text ends right behind a `=`, Helm keeps the change in an item that was there, and drops a new item.
      if (progress === 'end' && index >= list.length) return { list, progress }
      return { list: setIndex(list, index, inner), progress }
    }
    default: {
      let result = list
      parseValue(parse, (value) => {
        result = setIndex(list, index, value)
      })
      return { list: result, progress: 'more' }
    }
  }
}

function parseNestedList(parse: Parse, list: GoList, index: number, nesting: number): ListProgress {
  const next = parseIndex(parse.cursor)
  if (next === undefined) return { list, progress: 'end' }
  const old = list[index]
  const inner = parseItem(parse, existingList(old, old !== null && old !== undefined), next, nesting)
  if (inner.progress === 'end' && !Array.isArray(old)) return { list, progress: 'end' }
  return { list: setIndex(list, index, inner.list), progress: inner.progress }
}

function setIndex(list: GoList, index: number, value: GoValue): GoList {
  if (index > MAX_INDEX) throw new GoError(`index of ${index} is greater than maximum supported index of ${MAX_INDEX}`)
  while (list.length <= index) list.push(null)
  list[index] = value
  return list
}

function parseValue(parse: Parse, set: (value: GoValue) => void): Progress {
  const { cursor, read } = parse
  if (!read) return parseJsonValue(cursor, set)
  if (!parse.lists) {
    set(read(cursor.until('').text))
    return 'more'
  }
  if (cursor.peek() === undefined) {
    set('')
    return 'end'
  }
  if (cursor.peek() === '{') set(parseList(cursor, read))
  else set(read(cursor.until(',').text))
  return 'more'
}

function parseList(cursor: SetCursor, read: (text: string) => GoValue): GoList {
  cursor.next()
  const list: GoList = []
  for (;;) {
    const { text, stop } = cursor.until(',}')
    if (stop === undefined) throw new GoError("list must terminate with '}'")
    list.push(read(text))
    if (stop === ',') continue
    if (cursor.peek() === ',') cursor.next()
    return list
  }
}

function parseJsonValue(cursor: SetCursor, set: (value: GoValue) => void): Progress {
  if (skipToValue(cursor)) {
    set(null)
    return 'more'
  }
  const { value, source } = leadingJson(cursor.rest())
  set(value)
  cursor.skip(source)
  skipToValue(cursor)
  return 'more'
}

/** Steps over blanks; true when a comma or the end follows, the comma taken. */
function skipToValue(cursor: SetCursor): boolean {
  for (;;) {
    const character = cursor.peek()
    if (character === undefined) return true
    if (character === ',') {
      cursor.next()
      return true
    }
    if (!isSpace(character)) return false
    cursor.next()
  }
}

function typedValue(text: string): GoValue {
  switch (text.toLowerCase()) {
    case 'true':
      return true
    case 'false':
      return false
    case 'null':
      return null
    case '0':
      return goInt64(0)
  }
  if (text === '' || text.startsWith('0')) return text
  const { value, error } = parseInteger(text, 10, 64)
  return error ? text : goInt64(value)
}
