/** Gives a text back with every known secret in it replaced. */
export type Conceal = (text: string) => string

/** Shorter values would match by chance all over a text. */
const SHORTEST = 4
/** Shorter lines of a secret of several lines say nothing by themselves. */
const SHORTEST_LINE = 8
/** What may be base64 of a text that holds a secret; six characters are four bytes. */
const BASE64_RUN = /[A-Za-z0-9+/_-]{6,}={0,2}/g

/**
 * A function that puts `standIn` of what it found in the place of each of `values` in a text: as it is, line by line, as base64,
 * inside of what is base64, and escaped as JSON, Go and URLs do. Values of less than four characters are left alone.
 *
 * Built once, used for many texts; O(length of the text) for a bounded number of values.
 */
export function concealer(values: Iterable<string>, standIn: (found: string) => string): Conceal {
  const known = [...new Set(values)].filter((value) => value.trim().length >= SHORTEST)
  if (known.length === 0) return (text) => text
  const plain = alternatives(known)
  const forms = alternatives(known.flatMap(formsOf))
  const inRun = (run: string): string => (Buffer.from(run, 'base64').toString('utf8').search(plain) < 0 ? run : standIn(run))
  return (text) => text.replace(forms, standIn).replace(BASE64_RUN, inRun)
}

function formsOf(value: string): string[] {
  const lines = value.includes('\n') ? value.split('\n').map((line) => line.trim()) : []
  const json = JSON.stringify(value).slice(1, -1)
  const url = encodeURIComponent(Buffer.from(value, 'utf8').toString())
  return [
    value,
    value.trim(),
    ...lines.filter((line) => line.length >= SHORTEST_LINE),
    Buffer.from(value, 'utf8').toString('base64'),
    json,
    json.replace(/[<>&]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`),
    url,
    url.replaceAll('%20', '+'),
  ]
}

/** Longest first, so that a secret that contains another is replaced as a whole. */
function alternatives(texts: readonly string[]): RegExp {
  const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
  const longestFirst = [...new Set(texts)].sort((a, b) => b.length - a.length)
  return new RegExp(longestFirst.map(literal).join('|'), 'g')
}
