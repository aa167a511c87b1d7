import { compileRegexp, matches, quoteMeta } from '../../go/regexp.ts'
import { GoError } from '../../go/values.ts'
import { type AssertionInput, PASSED, textParameter, type Verdict } from './assertion-kind.ts'
import { errorLines, expectationLines, type FailPlace } from './fail-lines.ts'
import { RAW } from './uniform.ts'

/** Whether `text` matches `pattern`, as an expression or, where that fails or is none, as it stands. */
function fitsPattern(text: string, pattern: string, negative: boolean): boolean {
  const literal = (): boolean => matches(compileRegexp(quoteMeta(pattern)), text)
  try {
    const isMatch = matches(compileRegexp(pattern), text)
    return isMatch === negative && /[\\.+*?()|[\]{}^$]/.test(pattern) ? literal() : isMatch
  } catch (error) {
    if (error instanceof GoError) return literal()
    throw error
  }
}

/** `failedTemplate`: the chart does not render, and says `errorMessage` or something that matches `errorPattern`. */
export function failedTemplate({ selected, parameters, negative, renderError, failFast }: AssertionInput): Verdict {
  const [message, pattern] = [textParameter(parameters, 'errorMessage'), textParameter(parameters, 'errorPattern')]
  if (message !== '' && pattern !== '')
    return { passed: false, lines: errorLines("single attribute 'errorMessage' or 'errorPattern' supported at the same time") }
  const words = pattern === '' ? ' to equal' : ' to match'
  const lines = (actual: string, place: FailPlace): readonly string[] =>
    expectationLines({ words, negative, expected: message || pattern, ...(!negative && { actual }) }, place)
  const judge = (actual: string | undefined, place: FailPlace): Verdict => {
    const fits = pattern === '' ? message === '' || actual === message : actual === undefined ? !negative : fitsPattern(actual, pattern, negative)
    if (message === '' && pattern === '') return PASSED
    return fits === negative ? { passed: false, lines: lines(actual ?? '%!s(<nil>)', place) } : PASSED
  }
  if (renderError !== undefined) return judge(renderError, {})
  if (selected.length === 0) return negative ? PASSED : { passed: false, lines: lines('No failed document', {}) }
  const wrong: string[] = []
  let passed = true
  for (const [document, found] of selected.entries()) {
    const raw = found.get(RAW)
    const verdict = judge(typeof raw === 'string' ? raw : undefined, { document })
    passed &&= verdict.passed
    wrong.push(...verdict.lines)
    if (!passed && failFast) break
  }
  return { passed, lines: wrong }
}
