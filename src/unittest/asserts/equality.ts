import { deepEqual } from '../../go/deep-equal.ts'
import type { GoValue } from '../../go/values.ts'
import { type AssertionInput, parameter, textParameter, type Verdict } from './assertion-kind.ts'
import { decodedBase64 } from './decoded-text.ts'
import { eachDocument, eachValue, type Lines } from './each-value.ts'
import { errorLines, expectationLines, type FailPlace, shownYaml, unifiedDiff } from './fail-lines.ts'
import { RAW, uniform, uniformAll } from './uniform.ts'

function difference(
  expected: GoValue,
  actual: GoValue,
  { negative, path }: { readonly negative: boolean; readonly path?: string },
  place: FailPlace,
): Lines {
  const [wanted, found] = [shownYaml(expected), shownYaml(actual)]
  const own = path === undefined ? {} : { path }
  if (negative) return expectationLines({ ...own, words: ' to equal', negative, expected: wanted }, place)
  return expectationLines({ ...own, words: ' to equal', negative, expected: wanted, actual: found, diff: unifiedDiff(wanted, found) }, place)
}

/** `equal`: the values at `path` are `value`. */
export function equal(input: AssertionInput): Verdict {
  const { parameters, negative } = input
  const path = textParameter(parameters, 'path')
  const expected = parameter(parameters, 'value') ?? null
  const isPacked = parameter(parameters, 'decodeBase64') === true
  const noDocument = (): Lines => difference(expected, 'no manifest found', { negative, path }, {})
  return eachValue(input, { noDocument }, (value, place) => {
    const text = typeof value === 'string' && isPacked ? decodedBase64(value) : value
    if (text === undefined) return errorLines(`unable to decode base64 expected content ${String(value)}`, place)
    const actual = uniformAll(text)
    return deepEqual(expected, actual) === negative ? difference(expected, actual, { negative, path }, place) : undefined
  })
}

/** `equalRaw`: the text of a template that is no YAML is `value`. */
export function equalRaw(input: AssertionInput): Verdict {
  const { parameters, negative } = input
  const expected = textParameter(parameters, 'value')
  const noDocument = (): Lines => difference(expected, 'no manifest found', { negative }, {})
  return eachDocument(input, noDocument, (document) => {
    const actual = uniform(document.get(RAW) ?? null)
    return (expected === actual) === negative ? difference(expected, actual, { negative }, {}) : undefined
  })
}
