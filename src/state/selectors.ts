import { failure } from '../base/diagnostic.ts'

/** One `--selector`: all of it must hold. */
export interface Selector {
  readonly equal: readonly (readonly [string, string])[]
  readonly different: readonly (readonly [string, string])[]
}

const WORD = '[a-zA-Z0-9_./+-]+'
const EQUAL = new RegExp(`^(${WORD})=(${WORD})$`)
const DIFFERENT = new RegExp(`^(${WORD})!=(${WORD})$`)

/**
 * A selector such as `tier=front,env!=prod`.
 * @throws DiagnosticError `state/bad-selector`
 * Source: Helmfile 1.8 pkg/state/release_filters.go
 */
export function parseSelector(text: string): Selector {
  const equal: [string, string][] = []
  const different: [string, string][] = []
  for (const part of text.split(',')) {
    const not = DIFFERENT.exec(part)
    const is = not ? null : EQUAL.exec(part)
    if (not) different.push([not[1] as string, not[2] as string])
    else if (is) equal.push([is[1] as string, is[2] as string])
    else throw failure('state/bad-selector', `malformed label: ${part}. Expected label in form k=v or k!=v`, { subject: `selector "${text}"` })
  }
  return { equal, different }
}

/** True when `labels` meet the whole selector. */
export function selects(selector: Selector, labels: ReadonlyMap<string, string>): boolean {
  return selector.equal.every(([key, value]) => labels.get(key) === value) && selector.different.every(([key, value]) => labels.get(key) !== value)
}

/**
 * True unless every pair of one selector from each list asks for two values of one label. Selectors that cannot be read count
 * as compatible: whoever uses them complains.
 */
export function areCompatible(left: readonly string[], right: readonly string[]): boolean {
  if (left.length === 0 || right.length === 0) return true
  const readable = (text: string): boolean => text.split(',').every((part) => EQUAL.test(part) || DIFFERENT.test(part))
  if (![...left, ...right].every(readable)) return true
  const others = right.map(parseSelector)
  return left.map(parseSelector).some((a) => others.some((b) => !contradict(a, b)))
}

function contradict(a: Selector, b: Selector): boolean {
  return a.equal.some(([key, value]) => b.equal.some(([otherKey, otherValue]) => key === otherKey && value !== otherValue))
}
