import { createRequire } from 'node:module'
import type { RE2JS } from 're2js'
import { MAX_TEXT } from './count-nodes.ts'
import { isDigit, isLetter } from './letter-case.ts'
import { quote } from './quote.ts'
import { type SimpleRegexp, simpleRegexp } from './simple-regexp.ts'
import { GoError } from './values.ts'

/** A compiled regular expression of Go's syntax. */
export interface Regexp {
  readonly source: string
  readonly program: Program
  /** The group names by group number; empty for groups without one. The whole match is number 0. */
  readonly names: readonly string[]
}

/** An engine at work on one expression. */
interface Program {
  /** Steps a search takes for each character at most. */
  readonly size: number
  test(text: string): boolean
  matcher(text: string): Matcher
}

/** A search through one text; groups are numbered, the whole match is 0. */
interface Matcher {
  find(from: number): boolean
  groupCount(): number
  start(group: number): number
  end(group: number): number
}

/** Where a match and its groups lie, as pairs of UTF-16 offsets: match, group 1, group 2 …; -1 for a group that took no part. */
export type Match = readonly number[]

const CACHE_SIZE = 500
const compiled = new Map<string, Regexp | GoError>()

let engine: typeof RE2JS | undefined

/** The RE2 engine takes 12 ms to load, and most charts use no regular expression. */
function re2(): typeof RE2JS {
  engine ??= (createRequire(import.meta.url)('re2js') as { RE2JS: typeof RE2JS }).RE2JS
  return engine
}

/**
 * Compiles a regular expression with the syntax and meaning of Go's `regexp` package (RE2, linear time).
 *
 * @throws GoError with Go's text
 */
export function compileRegexp(source: string): Regexp {
  const known = compiled.get(source) ?? compileOrError(source)
  if (compiled.size >= CACHE_SIZE) compiled.clear()
  compiled.set(source, known)
  if (known instanceof GoError) throw known
  return known
}

const DUPLICATE = 'duplicate capture group name'

/** Texts up to this length are searched by JavaScript's engine, where the expression allows it. */
const SIMPLE_LENGTH = 4_096

function simpleProgram({ pattern, isOpen }: SimpleRegexp, source: string): Program {
  const native = new RegExp(pattern, 'gu')
  let exact: RE2JS | undefined
  const linear = (): RE2JS => {
    exact ??= re2().compile(source)
    return exact
  }
  const isShort = (text: string): boolean => !isOpen || text.length <= SIMPLE_LENGTH
  return {
    size: 1,
    test: (text) => (isShort(text) ? text.search(native) >= 0 : linear().test(text)),
    matcher: (text) => (isShort(text) ? nativeMatcher(native, text) : linear().matcher(text)),
  }
}

function nativeMatcher(native: RegExp, text: string): Matcher {
  let match: RegExpExecArray | null = null
  return {
    find(from) {
      native.lastIndex = from
      match = native.exec(text)
      return match !== null
    },
    groupCount: () => 0,
    start: () => match?.index ?? -1,
    end: () => (match ? match.index + match[0].length : -1),
  }
}

function compileOrError(source: string): Regexp | GoError {
  const simple = simpleRegexp(source)
  if (simple) return { source, program: simpleProgram(simple, source), names: [''] }
  if (/\p{Cs}/u.test(source)) return new GoError(`error parsing regexp: invalid UTF-8: \`${source}\``)
  const direct = compileProgram(source)
  if (typeof direct !== 'string') return { source, program: exactProgram(direct), names: namesOf(direct, []) }
  if (!direct.includes(DUPLICATE)) return new GoError(goText(direct))
  // Go lets groups share a name.
  const { text, names } = withUniqueNames(source)
  const renamed = compileProgram(text)
  return typeof renamed === 'string'
    ? new GoError(goText(renamed).replaceAll(text, source))
    : { source, program: exactProgram(renamed), names: namesOf(renamed, names) }
}

function exactProgram(program: RE2JS): Program {
  return { size: program.programSize(), test: (text) => program.test(text), matcher: (text) => program.matcher(text) }
}

/** The program, or the text of the error. */
function compileProgram(source: string): RE2JS | string {
  try {
    return re2().compile(source)
  } catch (error) {
    return (error as Error).message
  }
}

function goText(message: string): string {
  return message.endsWith('trailing backslash at end of expression') ? `${message}: \`\`` : message
}

function namesOf(program: RE2JS, originals: readonly (readonly [string, string])[]): string[] {
  const original = new Map(originals)
  const names = new Array<string>(program.groupCount() + 1).fill('')
  for (const [name, index] of Object.entries(program.namedGroups())) names[index as number] = original.get(name) ?? name
  return names
}

const GROUP_NAME = /\\Q.*?(?:\\E|$)|\\.|\[\^?\]?(?:\[:[a-z^]*:\]|\\.|[^\]\\])*\]|\(\?P?<(\w+)>/gsu

/** The expression with another name for each group whose name was taken, and which name stands for which. */
function withUniqueNames(source: string): { text: string; names: (readonly [string, string])[] } {
  const names: (readonly [string, string])[] = []
  const text = source.replace(GROUP_NAME, (match: string, name: string | undefined) => {
    if (name === undefined) return match
    const unique = `${name}_${names.length}_`
    names.push([unique, name])
    return `(?P<${unique}>`
  })
  return { text, names }
}

/** Steps one search may take, at worst some seconds. An expression of 100 steps has 4 MB to search. */
const MAX_STEPS = 400_000_000

function refuseEndlessSearch({ program, source }: Regexp, text: string): void {
  if (program.size * text.length <= MAX_STEPS) return
  throw new GoError(
    `regular expression ${quote(shortened(source))} of ${program.size} steps over ${text.length} characters may take more than ${MAX_STEPS} steps`,
  )
}

/** Characters of an expression that an error shows. */
const MAX_SHOWN = 60

function shortened(source: string): string {
  return source.length > MAX_SHOWN ? `${source.slice(0, MAX_SHOWN)}…` : source
}

/**
 * Whether the expression matches anywhere in `text`.
 *
 * @throws GoError when the search might take too long
 */
export function matches(regexp: Regexp, text: string): boolean {
  refuseEndlessSearch(regexp, text)
  return regexp.program.test(readable(text))
}

/** What Go matches against: a byte outside valid UTF-8 counts as one U+FFFD. Offsets stay the same. */
function readable(text: string): string {
  return text.replace(/\p{Cs}/gu, '\uFFFD')
}

function matchFrom(matcher: Matcher, from: number): Match | undefined {
  if (!matcher.find(from)) return undefined
  const groups: number[] = []
  for (let i = 0; i <= matcher.groupCount(); i++) groups.push(matcher.start(i), matcher.end(i))
  return groups
}

/** Steps that searches for one match after another may take between two looks at the clock. */
const STEPS_PER_LOOK = 5_000_000

/** Searches for one match after another, each of which may look at all that is left: now and then `look` may put an end to it. */
function searcher(regexp: Regexp, text: string, look: (() => void) | undefined): (from: number) => Match | undefined {
  refuseEndlessSearch(regexp, text)
  const matcher = regexp.program.matcher(readable(text))
  let steps = 0
  return (from) => {
    steps += regexp.program.size * (text.length - from)
    if (steps > STEPS_PER_LOOK && look) {
      look()
      steps = 0
    }
    return matchFrom(matcher, from)
  }
}

/** Length of the character at `at` in UTF-16 units; 0 at the end. */
function widthAt(text: string, at: number): number {
  const code = text.codePointAt(at)
  return code === undefined ? 0 : code > 0xffff ? 2 : 1
}

/** Matches of one search. */
const MAX_MATCHES = 1_000_000

/**
 * Successive matches, at most `limit` (negative: all). An empty match right after another match does not count.
 *
 * @param look is called now and then and may throw, since many searches over a long text may take long
 * @throws GoError when one search might take too long, or there are too many matches
 */
export function findAll(regexp: Regexp, text: string, limit = -1, look?: () => void): Match[] {
  const search = searcher(regexp, text, look)
  const found: Match[] = []
  let previousEnd = -1
  let at = 0
  while (at <= text.length && (limit < 0 || found.length < limit)) {
    const match = search(at)
    if (!match) break
    const [start, end] = match as [number, number]
    const accepted = end !== at || start !== previousEnd
    at = end === at ? at + (widthAt(text, at) || 1) : end
    previousEnd = end
    if (!accepted) continue
    if (found.length >= MAX_MATCHES) throw new GoError(`regular expression ${quote(shortened(regexp.source))} matches more than ${MAX_MATCHES} times`)
    found.push(match)
  }
  return found
}

/** `text` with each match replaced by what `replacement` makes of it; `look` as for `findAll`. Source: Go 1.26 regexp.go replaceAll */
export function replaceAll(regexp: Regexp, text: string, replacement: (match: Match) => string, look?: () => void): string {
  const search = searcher(regexp, text, look)
  const out: string[] = []
  let length = 0
  let lastEnd = 0
  let at = 0
  while (at <= text.length) {
    const match = search(at)
    if (!match) break
    const [start, end] = match as [number, number]
    const between = text.slice(lastEnd, start)
    const replaced = end > lastEnd || start === 0 ? replacement(match) : ''
    out.push(between, replaced)
    length += between.length + replaced.length
    if (length > MAX_TEXT) throw new GoError('the result is too long')
    lastEnd = end
    at = Math.max(end, at + (widthAt(text, at) || 1))
  }
  out.push(text.slice(lastEnd))
  return out.join('')
}

/**
 * The parts of `text` between matches, at most `limit` (negative: all); null for a limit of 0; `look` as for `findAll`.
 * Source: Go 1.26 regexp.go Split
 */
export function splitBy(regexp: Regexp, text: string, limit: number, look?: () => void): string[] | null {
  if (limit === 0) return null
  if (regexp.source !== '' && text === '') return ['']
  const parts: string[] = []
  let begin = 0
  let end = 0
  for (const match of findAll(regexp, text, limit, look)) {
    if (limit > 0 && parts.length === limit - 1) break
    end = match[0] as number
    if (match[1] !== 0) parts.push(text.slice(begin, end))
    begin = match[1] as number
  }
  if (end !== text.length) parts.push(text.slice(begin))
  return parts
}

/** A replacement template ready for use: `$1`, `$name`, `${name}`, `$$`. */
export type Expansion = (text: string, match: Match) => string

/** Reads a replacement template once for all matches. Source: Go 1.26 regexp.go expand, extract */
export function parseExpansion(regexp: Regexp, template: string): Expansion {
  const parts: (string | readonly number[])[] = []
  let rest = template
  for (let dollar = rest.indexOf('$'); dollar >= 0; dollar = rest.indexOf('$')) {
    parts.push(rest.slice(0, dollar))
    rest = rest.slice(dollar + 1)
    const reference = rest.startsWith('$') ? undefined : extract(rest)
    if (reference) parts.push(groupsNamed(regexp, reference.name))
    else parts.push('$')
    rest = rest.slice(reference ? reference.length : rest.startsWith('$') ? 1 : 0)
  }
  parts.push(rest)
  return (text, match) => parts.map((part) => (typeof part === 'string' ? part : groupText(text, match, part))).join('')
}

/** The text of the first group among `groups` that took part. */
function groupText(text: string, match: Match, groups: readonly number[]): string {
  const group = groups.find((index) => (match[2 * index] ?? -1) >= 0)
  return group === undefined ? '' : text.slice(match[2 * group], match[2 * group + 1])
}

/** The reference at the start of a template after its dollar sign. */
function extract(template: string): { name: string; length: number } | undefined {
  const open = template.startsWith('{') ? 1 : 0
  let end = open
  for (const rune of template.slice(open)) {
    if (rune !== '_' && !isLetter(rune) && !isDigit(rune)) break
    end += rune.length
  }
  if (end === open || (open === 1 && template[end] !== '}')) return undefined
  return { name: template.slice(open, end), length: end + open }
}

function groupsNamed(regexp: Regexp, name: string): number[] {
  if (/^(0|[1-9][0-9]{0,8})$/.test(name)) return [Number(name)]
  return regexp.names.flatMap((groupName, index) => (groupName === name ? [index] : []))
}

/** `text` with a backslash before each character that has a meaning in expressions (`regexp.QuoteMeta`). */
export function quoteMeta(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&')
}
