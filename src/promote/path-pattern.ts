import { matchesStars } from '../base/match-stars.ts'

/** Keys from the top, list indexes as decimal texts. */
export type ValuePath = readonly string[]

/** A pattern for paths, step by step: `**` stands for any number of steps (none too), `*` within a step for any characters. */
export type PathPattern = readonly PatternStep[]

type PatternStep = { readonly kind: 'any' } | { readonly kind: 'one'; readonly stars: string } | { readonly kind: 'exact'; readonly key: string }

/**
 * Reads `**.image.tag`, `containers[*].image`, `hosts[0]`, `labels.app\.kubernetes\.io/version`: a backslash takes the next character
 * as it is, stars too. Empty steps are left out.
 */
export function parsePathPattern(text: string): PathPattern {
  const steps: PatternStep[] = []
  let key = ''
  let stars = ''
  let escaped = false
  const end = (): void => {
    if (stars === '**' && !escaped) steps.push({ kind: 'any' })
    else if (stars !== '') steps.push(stars.includes('*') && !escaped ? { kind: 'one', stars } : { kind: 'exact', key })
    key = ''
    stars = ''
    escaped = false
  }
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i)
    if (character === '.' || character === '[') end()
    else if (character === '\\') {
      const next = text.charAt(++i)
      if (next === '*') escaped = true
      key += next
      stars += next
    } else if (character !== ']') {
      key += character
      stars += character
    }
  }
  end()
  return steps
}

/** Whether `pattern` stands for exactly `path`. O(steps of the pattern × steps of the path). */
export function matchesPath(pattern: PathPattern, path: ValuePath): boolean {
  // Which beginnings of the path the steps so far stand for.
  let reached: readonly boolean[] = [true, ...path.map(() => false)]
  for (const step of pattern)
    reached = step.kind === 'any' ? onward(reached) : reached.map((_, i) => i > 0 && reached[i - 1] === true && fits(step, path[i - 1]))
  return reached.at(-1) === true
}

function onward(reached: readonly boolean[]): readonly boolean[] {
  const first = reached.indexOf(true)
  return reached.map((_, i) => first >= 0 && i >= first)
}

function fits(step: Exclude<PatternStep, { kind: 'any' }>, key: string | undefined): boolean {
  if (key === undefined) return false
  return step.kind === 'exact' ? step.key === key : matchesStars(step.stars, key)
}

/** A path as people write it, so that `parsePathPattern` reads it again: `a.b[0].c`, dots and brackets in keys behind backslashes. */
export function pathText(path: ValuePath): string {
  return path.reduce((text, key) => {
    if (/^\d+$/.test(key)) return `${text}[${key}]`
    const step = key.replace(/[.[\]\\*]/g, '\\$&')
    return text === '' ? step : `${text}.${step}`
  }, '')
}
