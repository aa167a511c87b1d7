import { compileRegexp, matches, type Regexp } from '../../go/regexp.ts'
import { GoError } from '../../go/values.ts'
import { type AssertionInput, parameter, textParameter, type Verdict } from './assertion-kind.ts'
import { decodedBase64 } from './decoded-text.ts'
import { eachDocument, eachValue, type Lines } from './each-value.ts'
import { errorLines, expectationLines, type FailPlace, shownYaml } from './fail-lines.ts'
import { RAW, uniform } from './uniform.ts'

/** The parameter `pattern`, or what is wrong with it. */
function patternIn({ parameters }: AssertionInput): { readonly pattern: string; readonly regexp: Regexp } | Verdict {
  const pattern = textParameter(parameters, 'pattern')
  if (pattern === '') return { passed: false, lines: errorLines("expected field 'pattern' to be filled") }
  try {
    return { pattern, regexp: compileRegexp(pattern) }
  } catch (error) {
    if (error instanceof GoError) return { passed: false, lines: errorLines(error.message) }
    throw error
  }
}

/** `matchRegex`: the texts that `path` leads to match `pattern`. */
export function matchRegex(input: AssertionInput): Verdict {
  const found = patternIn(input)
  if (!('regexp' in found)) return found
  const { parameters, negative } = input
  const path = textParameter(parameters, 'path')
  const isPacked = parameter(parameters, 'decodeBase64') === true
  const lines = (actual: string, place: FailPlace): Lines =>
    expectationLines({ path, words: ' to match', negative, expected: found.pattern, actual }, place)
  const noDocument = (): Lines => lines('no manifest found', {})
  return eachValue(input, { noDocument }, (value, place) => {
    if (typeof value !== 'string') return errorLines(`expect '${path}' to be a string, got:\n${shownYaml(value)}`, place)
    const text = isPacked ? decodedBase64(value) : value
    if (text === undefined) return errorLines(`unable to decode base64 expected content ${value}`, place)
    return matches(found.regexp, text) === negative ? lines(text, place) : undefined
  })
}

/** `matchRegexRaw`: the text of a template that is no YAML matches `pattern`. */
export function matchRegexRaw(input: AssertionInput): Verdict {
  const found = patternIn(input)
  if (!('regexp' in found)) return found
  const { negative } = input
  const lines = (actual: string): Lines => expectationLines({ words: ' to match', negative, expected: found.pattern, actual })
  return eachDocument(
    input,
    () => lines('no manifest found'),
    (document) => {
      const text = uniform(document.get(RAW) ?? null)
      return matches(found.regexp, text) === negative ? lines(text) : undefined
    },
  )
}
