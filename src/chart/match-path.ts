type Runes = readonly string[]

/** Thrown inside only; callers see undefined. */
class BadPattern extends Error {}

/** One character of a class, perhaps escaped; a class must go on after it. */
function classCharacter(chunk: Runes, at: number): { readonly rune: string; readonly next: number } {
  let i = at
  const first = chunk[i]
  if (first === undefined || first === '-' || first === ']') throw new BadPattern()
  if (first === '\\') i++
  const rune = chunk[i]
  if (rune === undefined || i + 1 >= chunk.length) throw new BadPattern()
  return { rune, next: i + 1 }
}

const codeOf = (rune: string): number => rune.codePointAt(0) as number

/** Whether `rune` (undefined: the name has ended) is in the class that opens at `chunk[at]`, and where the class ends. */
function matchClass(chunk: Runes, at: number, rune: string | undefined): { readonly matched: boolean; readonly next: number } {
  let i = at + 1
  const negated = chunk[i] === '^'
  if (negated) i++
  let found = false
  for (let ranges = 0; chunk[i] !== ']' || ranges === 0; ranges++) {
    const low = classCharacter(chunk, i)
    const high = chunk[low.next] === '-' ? classCharacter(chunk, low.next + 1) : low
    i = high.next
    if (rune !== undefined && codeOf(low.rune) <= codeOf(rune) && codeOf(rune) <= codeOf(high.rune)) found = true
  }
  return { matched: found !== negated, next: i + 1 }
}

/** Where the name goes on after `chunk` matched at `from`, or -1. The whole chunk is checked even when the match fails early. */
function matchChunk(chunk: Runes, name: Runes, from: number): number {
  let at = from
  let failed = false
  for (let i = 0; i < chunk.length; ) {
    const rune: string | undefined = failed ? undefined : name[at]
    failed ||= rune === undefined
    at++
    const operator = chunk[i] as string
    if (operator === '[') {
      const { matched, next } = matchClass(chunk, i, rune)
      failed ||= !matched
      i = next
      continue
    }
    if (operator === '?') failed ||= rune === '/'
    else {
      if (operator === '\\') i++
      if (chunk[i] === undefined) throw new BadPattern()
      failed ||= rune !== chunk[i]
    }
    i++
  }
  return failed ? -1 : at
}

/** The next stretch of `pattern` without a star, and whether stars stand before it. */
function scanChunk(pattern: Runes, from: number): { readonly star: boolean; readonly chunk: Runes; readonly next: number } {
  let start = from
  while (pattern[start] === '*') start++
  let inClass = false
  let i = start
  for (; i < pattern.length; i++) {
    const rune = pattern[i]
    if (rune === '\\') i++
    else if (rune === '[') inClass = true
    else if (rune === ']') inClass = false
    else if (rune === '*' && !inClass) break
  }
  const next = Math.min(i, pattern.length)
  return { star: start > from, chunk: pattern.slice(start, next), next }
}

function matchRunes(pattern: Runes, whole: Runes): boolean {
  let name = whole
  for (let p = 0; p < pattern.length; ) {
    const { star, chunk, next } = scanChunk(pattern, p)
    p = next
    if (star && chunk.length === 0) return !name.includes('/')
    const last = p >= pattern.length
    let end = matchChunk(chunk, name, 0)
    if (end >= 0 && last && end < name.length) end = -1
    for (let skip = 1; star && end < 0 && skip <= name.length && name[skip - 1] !== '/'; skip++) {
      const found = matchChunk(chunk, name, skip)
      if (found >= 0 && (!last || found === name.length)) end = found
    }
    if (end < 0) return false
    name = name.slice(end)
  }
  return name.length === 0
}

/**
 * Whether the shell pattern matches all of `name`; undefined for a malformed pattern.
 *
 * `*` and `?` stop at `/`; classes are `[a-z]` and `[^a]`; a backslash quotes. A malformed rest of a pattern goes unnoticed
 * where the match has failed before it, as in the original. O(pattern × name).
 * Source: Go 1.26 path/filepath/match.go (Match, not on Windows).
 */
export function matchPath(pattern: string, name: string): boolean | undefined {
  try {
    return matchRunes([...pattern], [...name])
  } catch (error) {
    if (error instanceof BadPattern) return undefined
    throw error
  }
}
