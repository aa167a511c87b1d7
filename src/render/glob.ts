/** What a pattern is made of. `until` of a class is its last character for a range. */
type Part =
  | { readonly kind: 'text'; readonly text: readonly string[] }
  | { readonly kind: 'one' | 'any' | 'super' }
  | { readonly kind: 'class'; readonly negated: boolean; readonly has: (character: string) => boolean }
  | { readonly kind: 'choice'; readonly options: readonly (readonly Part[])[] }

/** Thrown inside only: the pattern is malformed. */
class BadGlob extends Error {}

interface Cursor {
  readonly text: readonly string[]
  at: number
}

function readText(cursor: Cursor, stops: string): readonly string[] {
  const text: string[] = []
  while (cursor.at < cursor.text.length) {
    let character = cursor.text[cursor.at] as string
    if (stops.includes(character)) break
    if (character === '\\') {
      cursor.at++
      const quoted = cursor.text[cursor.at]
      if (quoted === undefined) break
      character = quoted
    }
    text.push(character)
    cursor.at++
  }
  return text
}

/** The inside of a class: one range, or a list of characters. */
function readClass(cursor: Cursor): Part {
  const negated = cursor.text[cursor.at] === '!'
  if (negated) cursor.at++
  const low = cursor.text[cursor.at]
  let has: (character: string) => boolean
  if (low !== undefined && cursor.text[cursor.at + 1] === '-') {
    const high = cursor.text[cursor.at + 2]
    if (high === undefined || code(high) < code(low)) throw new BadGlob()
    has = (character) => code(low) <= code(character) && code(character) <= code(high)
    cursor.at += 3
  } else {
    const list = readText(cursor, ']')
    if (list.length === 0) throw new BadGlob()
    has = (character) => list.includes(character)
  }
  if (cursor.text[cursor.at] !== ']') throw new BadGlob()
  cursor.at++
  return { kind: 'class', negated, has }
}

const code = (character: string): number => character.codePointAt(0) as number

function readChoice(cursor: Cursor): Part {
  const options: (readonly Part[])[] = []
  for (;;) {
    options.push(readParts(cursor, true))
    const end = cursor.text[cursor.at]
    cursor.at++
    // A choice that is never closed is closed by the end of the pattern.
    if (end !== ',') return { kind: 'choice', options }
  }
}

function readParts(cursor: Cursor, inChoice: boolean): readonly Part[] {
  const parts: Part[] = []
  while (cursor.at < cursor.text.length) {
    const character = cursor.text[cursor.at] as string
    if (inChoice && (character === ',' || character === '}')) break
    if ('?*[{'.includes(character)) parts.push(readOperator(cursor, character))
    else parts.push({ kind: 'text', text: readText(cursor, inChoice ? '?*[{},' : '?*[{') })
  }
  return parts
}

function readOperator(cursor: Cursor, operator: string): Part {
  cursor.at++
  if (operator === '?') return { kind: 'one' }
  if (operator === '[') return readClass(cursor)
  if (operator === '{') return readChoice(cursor)
  if (cursor.text[cursor.at] !== '*') return { kind: 'any' }
  cursor.at++
  return { kind: 'super' }
}

/** From each of `starts`, where `part` can end in `name`. */
function step(part: Part, name: readonly string[], starts: ReadonlySet<number>): Set<number> {
  const ends = new Set<number>()
  for (const start of starts) {
    const character = name[start]
    switch (part.kind) {
      case 'text':
        if (part.text.every((c, i) => name[start + i] === c)) ends.add(start + part.text.length)
        break
      case 'one':
        if (character !== undefined && character !== '/') ends.add(start + 1)
        break
      case 'class':
        if (character !== undefined && part.has(character) !== part.negated) ends.add(start + 1)
        break
      case 'choice':
        for (const option of part.options) for (const end of walk(option, name, new Set([start]))) ends.add(end)
        break
      default:
        for (let end = start; end <= name.length; end++) {
          ends.add(end)
          if (part.kind === 'any' && name[end] === '/') break
        }
    }
  }
  return ends
}

function walk(parts: readonly Part[], name: readonly string[], starts: Set<number>): Set<number> {
  return parts.reduce((at, part) => step(part, name, at), starts)
}

/**
 * A test for names against a pattern of `*` and `?` (neither crosses a slash), `**`, `[a-c]`, `[!abc]`, `{a,b}` and `\` quoting;
 * undefined when the pattern is malformed. Steps grow with pattern × name², whatever the pattern.
 * Source: gobwas/glob 0.2.3 with separator `/` (syntax/lexer, syntax/ast), as Helm 4.3.1 uses it
 */
export function compileGlob(pattern: string): ((name: string) => boolean) | undefined {
  try {
    const parts = readParts({ text: [...pattern], at: 0 }, false)
    return (name) => {
      const characters = [...name]
      return walk(parts, characters, new Set([0])).has(characters.length)
    }
  } catch (error) {
    if (error instanceof BadGlob) return undefined
    throw error
  }
}
