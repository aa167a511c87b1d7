import { ANY_TYPE, elementTypeOf, typeOf } from '../go/kind.ts'
import { GO_TYPE, type GoList, type GoMap, type GoValue } from '../go/values.ts'

/**
 * A value while a template runs. `undefined` is Go's invalid `reflect.Value` (a missing or nil result of a pipeline);
 * `null` is a valid nil interface (a null item of a list or map). Both print as `<no value>`, but errors tell them apart.
 */
export type Value = GoValue | undefined

/** Stands for "nothing was piped in". */
export const NOTHING: unique symbol = Symbol('nothing piped in')

/** The last argument a pipeline hands on, if it does. */
export type Piped = Value | typeof NOTHING

/** The type Go's reflection would show for a value held in an `interface {}` or not. */
export function staticTypeOf(value: Value, inInterface: boolean): string {
  return inInterface || value === null || value === undefined ? ANY_TYPE : typeOf(value)
}

/** Whether items of a container are held as `interface {}`. */
export function holdsInterfaces(container: Value): boolean {
  if (container instanceof Map || Array.isArray(container)) {
    const marked = container as GoMap | GoList
    return marked[GO_TYPE] === undefined || elementTypeOf(marked) === ANY_TYPE
  }
  return false
}
