import { createRequire } from 'node:module'

/** A line of a text before, after, or in both. */
export interface TextLine {
  readonly kind: 'context' | 'added' | 'removed'
  readonly text: string
}

/** Edits between two texts beyond which they are shown as wholly different: bounds the time. */
const MAX_EDITS = 20_000

let diffPackage: typeof import('diff') | undefined

/** Two lists of lines as one, what goes before what comes. */
export function textLines(before: readonly string[], after: readonly string[]): readonly TextLine[] {
  diffPackage ??= createRequire(import.meta.url)('diff') as typeof import('diff')
  const parts = diffPackage.diffArrays([...before], [...after], { maxEditLength: MAX_EDITS })
  if (!parts) return [...before.map((text) => ({ kind: 'removed' as const, text })), ...after.map((text) => ({ kind: 'added' as const, text }))]
  return parts.flatMap(({ added, removed, value }) =>
    value.map((text) => ({ kind: added ? 'added' : removed ? 'removed' : 'context', text }) as const),
  )
}

/** Texts on one line that are longer are cut down to where they differ. */
const LONG_TEXT = 200
const AROUND = 40
const MAX_MIDDLE = 160

/** Two long texts on one line, cut down to where they differ: `…before (changed) after… (4096 characters)`. Short ones as they are. */
export function cutToDifference(before: string, after: string): readonly [string, string] {
  if (Math.max(before.length, after.length) <= LONG_TEXT) return [before, after]
  const shorter = Math.min(before.length, after.length)
  let start = 0
  while (start < shorter && before[start] === after[start]) start++
  let end = 0
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++
  const cut = (text: string): string => {
    const from = Math.max(0, start - AROUND)
    const to = Math.min(text.length, text.length - end + AROUND)
    const middle = to - from > MAX_MIDDLE ? `${text.slice(from, from + MAX_MIDDLE - AROUND)}…${text.slice(to - AROUND, to)}` : text.slice(from, to)
    return `${from > 0 ? '…' : ''}${middle}${to < text.length ? '…' : ''} (${text.length} characters)`
  }
  return [cut(before), cut(after)]
}
