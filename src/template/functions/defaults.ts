import { GoFailure, type GoFunction, type GoValue } from '../../go/values.ts'
import { isEmpty } from './is-empty.ts'
import { ANY, fixed, variadic } from './signature.ts'

function required(message: string, value: GoValue): GoValue {
  if (value === null || value === '') throw new GoFailure(message)
  return value
}

function fail(message: string): never {
  throw new GoFailure(message)
}

/**
 * Defaults, choices and refusals.
 *
 * Source: sprig 3.3.0 defaults.go; `required` and `fail` from Helm 4.3.1 pkg/engine/engine.go
 */
export const defaultFunctions: ReadonlyMap<string, GoFunction> = new Map<string, GoFunction>([
  ['default', variadic([ANY], ANY, (fallback: GoValue, given: GoValue = null) => (isEmpty(given) ? fallback : given))],
  ['empty', fixed([ANY], isEmpty)],
  ['coalesce', variadic([], ANY, (...values: GoValue[]) => values.find((value) => !isEmpty(value)) ?? null)],
  ['all', variadic([], ANY, (...values: GoValue[]) => !values.some(isEmpty))],
  ['any', variadic([], ANY, (...values: GoValue[]) => values.some((value) => !isEmpty(value)))],
  ['ternary', fixed([ANY, ANY, 'bool'], (whenTrue: GoValue, whenFalse: GoValue, test: boolean) => (test ? whenTrue : whenFalse))],
  ['required', fixed(['string', ANY], required)],
  ['fail', fixed(['string'], fail)],
])
