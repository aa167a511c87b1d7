import type { GoFunction, GoValue } from '../../go/values.ts'

/** Go's `interface {}`: a parameter that takes anything. */
export const ANY = 'interface {}'

/** The type of a map parameter of sprig's dictionary functions. */
export const DICT = 'map[string]interface {}'

// The runtime checks arguments against the declared Go types before the call, so implementations state what they expect.
// biome-ignore lint/suspicious/noExplicitAny: see above
type Call = (...args: any[]) => GoValue

/** A function of fixed parameters; integer parameters arrive as bigint. */
export function fixed(params: readonly string[], call: Call): GoFunction {
  return { params, call }
}

/** A function whose last parameter is `...element`. */
export function variadic(params: readonly string[], element: string, call: Call): GoFunction {
  return { params, variadic: element, call }
}
