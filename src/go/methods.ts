import { durationMethod } from './duration-methods.ts'
import { stringOf } from './stringer.ts'
import { timeMethod } from './time-methods.ts'
import { GO_METHODS, type GoFunction, GoInt, type GoList, type GoMap, GoTime, type GoValue, isGoObject } from './values.ts'

/** The exported method `name` of a value, or undefined where its type has none. */
export function methodOf(value: GoValue, name: string): GoFunction | undefined {
  if (value === null || typeof value !== 'object') return undefined
  if (value instanceof Map || Array.isArray(value)) return (value as GoMap | GoList)[GO_METHODS]?.(name)
  if (value instanceof GoInt) return value.type === 'time.Duration' ? durationMethod(value.value, name) : stringMethod(value, name)
  if (value instanceof GoTime) return timeMethod(value, name)
  return isGoObject(value) ? value.method(name) : undefined
}

/** Named integers such as months have no method but `String`. */
function stringMethod(value: GoInt, name: string): GoFunction | undefined {
  const text = name === 'String' ? stringOf(value) : undefined
  return text === undefined ? undefined : { params: [], call: () => text }
}
