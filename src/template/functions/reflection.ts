import { deepEqual } from '../../go/deep-equal.ts'
import { kindOf, typeOf } from '../../go/kind.ts'
import type { GoFunction, GoValue } from '../../go/values.ts'
import { ANY, fixed } from './signature.ts'

/**
 * Types and kinds of values, and deep equality.
 *
 * Source: sprig 3.3.0 reflect.go
 */
export const reflectionFunctions: ReadonlyMap<string, GoFunction> = new Map<string, GoFunction>([
  ['typeOf', fixed([ANY], typeOf)],
  ['typeIs', fixed(['string', ANY], (type: string, value: GoValue) => typeOf(value) === type)],
  ['typeIsLike', fixed(['string', ANY], (type: string, value: GoValue) => typeOf(value) === type || typeOf(value) === `*${type}`)],
  ['kindOf', fixed([ANY], kindOf)],
  ['kindIs', fixed(['string', ANY], (kind: string, value: GoValue) => kindOf(value) === kind)],
  ['deepEqual', fixed([ANY, ANY], (a: GoValue, b: GoValue) => deepEqual(a, b))],
])
