import { failure } from './diagnostic.ts'
import type { FileSystem } from './host.ts'

const SPECIAL = /[*?[\\]/

/** True when `path` is a pattern for `glob`. */
function hasGlob(path: string): boolean {
  return SPECIAL.test(path)
}

/** A pattern that fits `text` and nothing else. */
export function literalGlob(text: string): string {
  return text.replace(/[*?[\\]/g, '\\$&')
}

/**
 * The paths that match `pattern`, sorted. `*` and `?` do not cross a slash, a leading dot is not special, `[a-z]` and `[^a]`
 * are classes, `\` takes the next character literally. O(entries of the folders visited).
 * @throws DiagnosticError `base/bad-glob` when the pattern cannot be read
 * Source: Go's path/filepath Glob
 */
export function glob(fs: FileSystem, pattern: string): readonly string[] {
  checkPattern(pattern)
  return expand(fs, pattern).toSorted()
}

function expand(fs: FileSystem, pattern: string): string[] {
  if (!hasGlob(pattern)) return fs.stat(pattern) || fs.isLink(pattern) ? [pattern] : []
  const slash = pattern.lastIndexOf('/')
  const folder = slash < 0 ? '.' : slash === 0 ? '/' : pattern.slice(0, slash)
  const name = pattern.slice(slash + 1)
  const folders = hasGlob(folder) ? expand(fs, folder) : [folder]
  return folders.flatMap((dir) => namesIn(fs, dir, name).map((match) => joined(slash < 0 ? '' : dir, match)))
}

function joined(dir: string, name: string): string {
  if (dir === '') return name
  return dir.endsWith('/') ? `${dir}${name}` : `${dir}/${name}`
}

function namesIn(fs: FileSystem, dir: string, pattern: string): string[] {
  return (fs.readDir(dir) ?? []).filter((name) => matches(pattern, name))
}

/** One step of a pattern, and where the next one starts. */
interface Step {
  readonly test: (character: string) => boolean
  readonly next: number
}

function classStep(pattern: string, start: number): Step | undefined {
  let at = start + 1
  const negated = pattern[at] === '^'
  if (negated) at++
  const ranges: (readonly [string, string])[] = []
  while (pattern[at] !== ']' || ranges.length === 0) {
    const low = classCharacter(pattern, at)
    if (!low) return undefined
    let high = low
    if (pattern[low.next] === '-') {
      const end = classCharacter(pattern, low.next + 1)
      if (!end) return undefined
      high = end
    }
    ranges.push([low.character, high.character])
    at = high.next
  }
  return { test: (c) => ranges.some(([low, high]) => low <= c && c <= high) !== negated, next: at + 1 }
}

function classCharacter(pattern: string, start: number): { readonly character: string; readonly next: number } | undefined {
  const at = pattern[start] === '\\' ? start + 1 : start
  const character = pattern[at]
  if (character === undefined || (at === start && (character === '-' || character === ']'))) return undefined
  return { character, next: at + 1 }
}

function stepAt(pattern: string, at: number): Step | undefined {
  const character = pattern[at] as string
  if (character === '?') return { test: () => true, next: at + 1 }
  if (character === '[') return classStep(pattern, at)
  const literal = character === '\\' ? pattern[at + 1] : character
  if (literal === undefined) return undefined
  return { test: (c) => c === literal, next: at + (character === '\\' ? 2 : 1) }
}

/** Linear backtracking to the last star only, so that no pattern takes more than O(pattern × name). */
function matches(pattern: string, name: string): boolean {
  let p = 0
  let n = 0
  let star = -1
  let starName = 0
  while (n < name.length) {
    const step = p < pattern.length && pattern[p] !== '*' ? stepAt(pattern, p) : undefined
    if (pattern[p] === '*') {
      star = p++
      starName = n
    } else if (step?.test(name[n] as string)) {
      p = step.next
      n++
    } else if (star >= 0) {
      p = star + 1
      n = ++starName
    } else return false
  }
  while (pattern[p] === '*') p++
  return p === pattern.length
}

function checkPattern(pattern: string): void {
  for (let at = 0; at < pattern.length; ) {
    const step = pattern[at] === '*' ? { next: at + 1 } : stepAt(pattern, at)
    if (!step) throw failure('base/bad-glob', `failed processing ${pattern}: syntax error in pattern`)
    at = step.next
  }
}
