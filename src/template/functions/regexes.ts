import type { Host } from '../../base/host.ts'
import { canBackquote, quote } from '../../go/quote.ts'
import { compileRegexp, findAll, matches, parseExpansion, quoteMeta, type Regexp, replaceAll, splitBy } from '../../go/regexp.ts'
import { GoError, type GoFunction, GoPanic, type GoValue, withGoType } from '../../go/values.ts'
import { fixed } from './signature.ts'

/** `regexp.MustCompile`. @throws GoPanic with Go's text */
function mustCompile(source: string): Regexp {
  try {
    return compileRegexp(source)
  } catch (error) {
    if (!(error instanceof GoError)) throw error
    throw new GoPanic(`regexp: Compile(${canBackquote(source) ? `\`${source}\`` : quote(source)}): ${error.message}`)
  }
}

/** The expression, or undefined when it is none. */
function compileOrNothing(source: string): Regexp | undefined {
  try {
    return compileRegexp(source)
  } catch (error) {
    if (error instanceof GoError) return undefined
    throw error
  }
}

function regexMatch(source: string, text: string): boolean {
  const regexp = compileOrNothing(source)
  return regexp !== undefined && matches(regexp, text)
}

/** How long one call may search, in milliseconds. */
const MAX_SEARCH = 10_000

/** Something to call while searching, that fails when it has taken too long. */
function deadline(host: Pick<Host, 'now'>): () => void {
  let start: number | undefined
  return () => {
    const now = host.now()
    start ??= now
    if (now - start > MAX_SEARCH) throw new GoError(`the search takes longer than ${MAX_SEARCH / 1000} seconds`)
  }
}

function find(regexp: Regexp, text: string): string {
  const [match] = findAll(regexp, text, 1)
  return match ? text.slice(match[0], match[1]) : ''
}

function findAllTexts(regexp: Regexp, text: string, limit: bigint, look: () => void): GoValue {
  const found = findAll(regexp, text, Number(limit), look).map((match) => text.slice(match[0], match[1]))
  return withGoType(found, '[]string', found.length === 0)
}

function replace(regexp: Regexp, text: string, template: string, look: () => void): string {
  const expand = parseExpansion(regexp, template)
  return replaceAll(regexp, text, (match) => expand(text, match), look)
}

function split(regexp: Regexp, text: string, limit: bigint, look: () => void): GoValue {
  const parts = splitBy(regexp, text, Number(limit), look)
  return withGoType(parts ?? [], '[]string', parts === null)
}

type Compile = (source: string) => Regexp

/** A function that panics over a bad expression, and its `must` form that returns the error. */
function both(name: string, params: readonly string[], using: (compile: Compile) => GoFunction['call']): [string, GoFunction][] {
  return [
    [`regex${name}`, fixed(params, using(mustCompile))],
    [`mustRegex${name}`, fixed(params, using(compileRegexp))],
  ]
}

const TWO = ['string', 'string']
const THREE = ['string', 'string', 'string']
const WITH_LIMIT = ['string', 'string', 'int']

/**
 * Regular expressions with Go's syntax (RE2): leftmost-first, linear time. `regexMatch` takes a bad expression for no match. What
 * would take long fails: one search by its size beforehand, many of them by the host's clock.
 *
 * Source: sprig 3.3.0 regex.go
 */
export function regexFunctions(host: Pick<Host, 'now'>): ReadonlyMap<string, GoFunction> {
  return new Map<string, GoFunction>([
    ['regexMatch', fixed(TWO, regexMatch)],
    ['mustRegexMatch', fixed(TWO, (source: string, text: string) => matches(compileRegexp(source), text))],
    ...both('Find', TWO, (compile) => (source: string, text: string) => find(compile(source), text)),
    ...both(
      'FindAll',
      WITH_LIMIT,
      (compile) => (source: string, text: string, limit: bigint) => findAllTexts(compile(source), text, limit, deadline(host)),
    ),
    ...both(
      'ReplaceAll',
      THREE,
      (compile) => (source: string, text: string, template: string) => replace(compile(source), text, template, deadline(host)),
    ),
    ...both(
      'ReplaceAllLiteral',
      THREE,
      (compile) => (source: string, text: string, literal: string) => replaceAll(compile(source), text, () => literal, deadline(host)),
    ),
    ...both('Split', WITH_LIMIT, (compile) => (source: string, text: string, limit: bigint) => split(compile(source), text, limit, deadline(host))),
    ['regexQuoteMeta', fixed(['string'], quoteMeta)],
  ])
}
