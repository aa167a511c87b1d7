import { typeOf } from '../../go/kind.ts'
import { sprint } from '../../go/printf.ts'
import { compareBytes, GoInt, type GoValue } from '../../go/values.ts'
import { type AssertionInput, parameter, textParameter, type Verdict } from './assertion-kind.ts'
import { eachValue, type Lines } from './each-value.ts'
import { errorLines, expectationLines, type FailPlace } from './fail-lines.ts'

const typeName = (value: GoValue): string => (value === null ? '%!s(<nil>)' : typeOf(value))

/** How `a` stands to `b`, both of one type; undefined for types without an order. */
function order(a: GoValue, b: GoValue): number | undefined {
  if (typeof a === 'string' && typeof b === 'string') return compareBytes(a, b)
  if (a instanceof GoInt && b instanceof GoInt) return Number(a.value - b.value)
  return typeof a === 'number' && typeof b === 'number' ? a - b : undefined
}

function compareWith(word: 'greater' | 'less'): (input: AssertionInput) => Verdict {
  return (input) => {
    const { parameters, negative } = input
    const path = textParameter(parameters, 'path')
    const expected = parameter(parameters, 'value') ?? null
    const lines = (text: string, place: FailPlace): Lines =>
      expectationLines({ path, words: ` to be ${word} then or equal to, got`, negative, expected: text }, place)
    const empty = { noDocument: () => lines('no manifests found', {}), unknownPath: () => `unknown path '${path}'` }
    return eachValue(input, empty, (actual, place) => {
      if (typeName(actual) !== typeName(expected))
        return errorLines(`actual '${typeName(actual)}' and expected '${typeName(expected)}' types do not match`, place)
      const found = order(actual, expected)
      if (found === undefined) return lines(`unsupported type '${typeName(expected)}'`, place)
      // The plugin's notGreaterOrEqual accepts every value of the right type, and suites have come to rely on that.
      if (word === 'greater' ? found >= 0 || negative : found <= 0 !== negative) return undefined
      return lines(`the actual '${sprint([actual])}' is not ${word} or equal to the expected '${sprint([expected])}'`, place)
    })
  }
}

/** `greaterOrEqual`: what `path` leads to is `value` or more. */
export const greaterOrEqual: (input: AssertionInput) => Verdict = compareWith('greater')

/** `lessOrEqual`: what `path` leads to is `value` or less. */
export const lessOrEqual: (input: AssertionInput) => Verdict = compareWith('less')
