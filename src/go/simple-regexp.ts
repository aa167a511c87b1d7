/**
 * Regular expressions that JavaScript's engine runs with Go's meaning and in bounded time, so that the RE2 engine need not be
 * loaded for them: a sequence of characters and classes without groups, alternatives, assertions other than `^` first and `$` last,
 * and with at most one `*` or `+`. One open repetition makes a search quadratic at worst, which the caller bounds by length; each
 * `?` may double the work, so they are few.
 */

/** Most `?` in one expression. */
const MAX_OPTIONAL = 3
/** Characters of an expression: JavaScript's engine refuses very long ones. */
const MAX_LENGTH = 1000

const PUNCTUATION = ' _/:,;=@#%&<>!~\'"`-'
const SYNTAX = '^$\\.*+?()[]{}|/'
/** Go's `\s` lacks the vertical tab and everything beyond ASCII. */
const SHORTHANDS: ReadonlyMap<string, string> = new Map([
  ['d', '0-9'],
  ['w', '0-9A-Za-z_'],
  ['s', '\\t\\n\\f\\r '],
])

const ATOM = /\\(.)|\[(\^?)((?:\\.|[^\]\\[])+)\]|(\.)|([^\\[\](){}|*+?^$.])/suy
const CLASS_PART = /\\(.)|([0-9A-Za-z])-([0-9A-Za-z])|(-)$|([^\\-])/suy

/** What a simple expression compiles to, and whether a search over it takes more than linear time. */
export interface SimpleRegexp {
  readonly pattern: string
  readonly isOpen: boolean
}

/** The JavaScript pattern (for the flag `u`) of a simple expression, or undefined for any other. */
export function simpleRegexp(source: string): SimpleRegexp | undefined {
  if (source.length > MAX_LENGTH) return undefined
  const start = source.startsWith('^') ? 1 : 0
  const end = /(?<!\\)\$$/.test(source) ? source.length - 1 : source.length
  let pattern = start === 1 ? '^' : ''
  let open = 0
  let optional = 0
  for (let at = start; at < end; ) {
    ATOM.lastIndex = at
    const match = ATOM.exec(source)
    const atom = match && translated(match)
    if (!match || atom === undefined) return undefined
    at += match[0].length
    const quantifier = '*+?'.includes(source[at] ?? ' ') ? (source[at++] as string) : ''
    if (quantifier === '*' || quantifier === '+') open++
    if (quantifier === '?') optional++
    pattern += atom + quantifier
  }
  if (open > 1 || optional > MAX_OPTIONAL) return undefined
  return { pattern: end < source.length ? `${pattern}$` : pattern, isOpen: open === 1 }
}

function translated([, escaped, negation, content, dot, plain]: RegExpExecArray): string | undefined {
  if (dot !== undefined) return '[^\\n]'
  if (plain !== undefined) return isPlain(plain) ? literal(plain) : undefined
  if (content !== undefined) return classOf(negation ?? '', content)
  const shorthand = SHORTHANDS.get(escaped as string)
  if (shorthand !== undefined) return `[${shorthand}]`
  return isPunctuation(escaped as string) ? literal(escaped as string) : undefined
}

function isPunctuation(c: string): boolean {
  return c !== ' ' && (PUNCTUATION.includes(c) || SYNTAX.includes(c))
}

function isPlain(c: string): boolean {
  return /^[0-9A-Za-z\n\t]$/.test(c) || PUNCTUATION.includes(c)
}

function literal(c: string): string {
  return SYNTAX.includes(c) ? `\\${c}` : c
}

function classOf(negation: string, content: string): string | undefined {
  let out = `[${negation}`
  for (let at = 0; at < content.length; ) {
    CLASS_PART.lastIndex = at
    const match = CLASS_PART.exec(content)
    const part = match && classPart(match)
    if (!match || part === undefined) return undefined
    out += part
    at += match[0].length
  }
  return `${out}]`
}

function classPart([, escaped, from, to, hyphen, plain]: RegExpExecArray): string | undefined {
  if (hyphen !== undefined) return '\\-'
  if (from !== undefined) return isRange(from, to as string) ? `${from}-${to}` : undefined
  if (plain !== undefined) return inClass(plain)
  const shorthand = SHORTHANDS.get(escaped as string)
  return shorthand ?? (isPunctuation(escaped as string) ? inClass(escaped as string) : undefined)
}

function isRange(from: string, to: string): boolean {
  return from <= to && [/^[0-9]{2}$/, /^[a-z]{2}$/, /^[A-Z]{2}$/].some((kind) => kind.test(from + to))
}

function inClass(c: string): string | undefined {
  if (SYNTAX.includes(c) || c === '-') return `\\${c}`
  return isPlain(c) ? c : undefined
}
