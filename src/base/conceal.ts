import { plainView, strippedText } from './plain-view.ts'

/** Gives a text back with every known secret in it replaced. */
export type Conceal = (text: string) => string

/** Shorter values would match by chance all over a text; who sees one can guess it anyway. */
const SHORTEST = 4
/** Shorter values of letters and digits alone are found as words only: `prod` is no part of `production`. */
const SHORTEST_PART = 6
/** Shorter lines of a secret of several lines say nothing by themselves. */
const SHORTEST_LINE = 8
/** Shorter pieces of a secret that was cut off at the end of a line say little. */
const SHORTEST_PIECE = 8
/** Lines are cut at some hundred characters. */
const CUT_LINE = 100

/**
 * Values that are kept in secret files for convenience and stand in every manifest: hiding them would hide everything, and tells
 * nobody anything. Objects of kind Secret hide them all the same.
 */
const COMMON: ReadonlySet<string> = new Set(
  (
    'true false null none nil yes no on off enabled disabled default auto always never latest admin administrator root user username ' +
    'password secret guest anonymous localhost http https tcp udp postgres postgresql mysql mariadb mongodb redis rabbitmq info debug warn ' +
    'warning error production prod staging stage development test testing main master public opaque 3000 3306 5000 5432 5672 6379 8000 8080 ' +
    '8081 8443 9000 9090 9200 27017'
  ).split(' '),
)

/** True for a value that is worth hiding inside of texts: neither too short nor so common that it stands everywhere. */
function isTelling(value: string): boolean {
  const text = value.trim()
  return text.length >= SHORTEST && !COMMON.has(text.toLowerCase())
}

/**
 * A function that puts `standIn` of what it found in the place of each of `values` in a text: as it is, line by line, as base64,
 * inside of what is base64, escaped as JSON, YAML, Go, HTML and URLs do, indented or folded, and cut off at the end of a long
 * line. Values that are not `isTelling` are left alone.
 *
 * Built once, used for many texts; O(length of the text) for a bounded number of values.
 */
export function concealer(values: Iterable<string>, standIn: (found: string) => string): Conceal {
  const known = [...new Set(values)].filter(isTelling)
  if (known.length === 0) return (text) => text
  const pieces = [...new Set(known.flatMap((value) => [value.trim(), ...linesOf(value)]))]
  const shortest = Math.min(...pieces.map((piece) => piece.length))
  const direct = alternatives([...known, ...pieces, ...known.map(base64)])
  const plain = plainAlternatives(pieces)
  const holds = (text: string): boolean => text.search(direct) >= 0 || (plain !== undefined && plainView(text).text.search(plain) >= 0)
  return (text) => {
    if (text.length < shortest) return text
    const unquoted = plain === undefined ? text : replaceRanges(text, plainRanges(text, plain), standIn)
    const found = unquoted.replace(direct, standIn)
    return concealCut(replaceRanges(found, base64Ranges(found, shortest, holds), standIn), pieces, standIn)
  }
}

function base64(value: string): string {
  return Buffer.from(value, 'utf8').toString('base64')
}

function linesOf(value: string): readonly string[] {
  if (!value.includes('\n')) return []
  return value
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.length >= SHORTEST_LINE && isTelling(line))
}

/** Longest first, so that a secret that contains another is replaced as a whole. */
function alternatives(texts: readonly string[]): RegExp {
  const longestFirst = [...new Set(texts)].sort((a, b) => b.length - a.length)
  return new RegExp(longestFirst.map((text) => asWord(text, literal(text))).join('|'), 'g')
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
}

function asWord(text: string, pattern: string): string {
  return text.length < SHORTEST_PART && /^[A-Za-z0-9]+$/.test(text) ? `(?<![A-Za-z0-9])${pattern}(?![A-Za-z0-9])` : pattern
}

/** What to look for in a plain view; numbers are left out, for columns of them would run together to others. */
function plainAlternatives(pieces: readonly string[]): RegExp | undefined {
  const forms = pieces
    .flatMap((piece) => [plainView(piece).text, strippedText(piece)])
    .filter((form) => form.length >= SHORTEST_PART && /\D/.test(form))
  return forms.length > 0 ? alternatives(forms) : undefined
}

/** From where to where something is to be replaced. */
type Range = readonly [start: number, end: number]

function plainRanges(text: string, plain: RegExp): readonly Range[] {
  const view = plainView(text)
  return [...view.text.matchAll(plain)].map((found) => [view.starts[found.index] as number, view.ends[found.index + found[0].length - 1] as number])
}

function replaceRanges(text: string, ranges: readonly Range[], standIn: (found: string) => string): string {
  let result = ''
  let done = 0
  for (const [start, end] of ranges) {
    if (start < done) continue
    result += text.slice(done, start) + standIn(text.slice(start, end))
    done = end
  }
  return result + text.slice(done)
}

const BASE64_RUN = /[A-Za-z0-9+/_-]+={0,2}/g
/** What stands between the lines of base64 that is written over several. */
const BREAK = /^(?:\s|\\n|\\r){1,80}$/
const SHORTEST_BROKEN = 16

/** Runs of base64 (also over several lines) that hold a secret, wherever in them their text begins. */
function base64Ranges(text: string, shortest: number, holds: (text: string) => boolean): readonly Range[] {
  const least = Math.ceil((shortest * 4) / 3)
  const isSecret = (run: string): boolean => run.length >= least && [0, 1, 2, 3].some((offset) => holds(decoded(run.slice(offset))))
  return runGroups(text).flatMap((group): readonly Range[] => {
    const single = group.filter(([start, end]) => isSecret(text.slice(start, end)))
    if (single.length > 0 || group.length === 1) return single
    const joined = group.map(([start, end]) => text.slice(start, end)).join('')
    return isSecret(joined) ? [[(group[0] as Range)[0], (group.at(-1) as Range)[1]]] : []
  })
}

function decoded(run: string): string {
  return Buffer.from(run, 'base64').toString('utf8')
}

function runGroups(text: string): readonly (readonly Range[])[] {
  const groups: Range[][] = []
  for (const found of text.matchAll(BASE64_RUN)) {
    const range: Range = [found.index, found.index + found[0].length]
    const before = groups.at(-1)?.at(-1)
    if (before && before[1] - before[0] >= SHORTEST_BROKEN && BREAK.test(text.slice(before[1], range[0]))) groups.at(-1)?.push(range)
    else groups.push([range])
  }
  return groups
}

/** Hides the beginning of a secret at the end of a long line, and the end of one at its beginning. */
function concealCut(text: string, pieces: readonly string[], standIn: (found: string) => string): string {
  if (text.length < CUT_LINE) return text
  const long = pieces.filter((piece) => piece.length > SHORTEST_PIECE)
  return text
    .split('\n')
    .map((line) => (line.length < CUT_LINE ? line : long.reduce((rest, piece) => cutAtEnds(rest, piece, standIn), line)))
    .join('\n')
}

/** What an excerpt of a file has before its line. */
const GUTTER = /^\s*\d*\s\| /

function cutAtEnds(line: string, piece: string, standIn: (found: string) => string): string {
  const head = line.lastIndexOf(piece.slice(0, SHORTEST_PIECE))
  const rest = head >= 0 && piece.startsWith(line.slice(head)) ? `${line.slice(0, head)}${standIn(line.slice(head))}` : line
  const from = GUTTER.exec(rest)?.[0].length ?? 0
  const tail = rest.indexOf(piece.slice(-SHORTEST_PIECE), from)
  const to = tail + SHORTEST_PIECE
  return tail >= 0 && piece.endsWith(rest.slice(from, to)) ? `${rest.slice(0, from)}${standIn(rest.slice(from, to))}${rest.slice(to)}` : rest
}
