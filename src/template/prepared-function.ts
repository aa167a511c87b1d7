import { isIntegerType, isNilableType } from '../go/kind.ts'
import type { GoFunction } from '../go/values.ts'
import type { Value } from './value.ts'

/** How arguments of a parameter's type are checked and handed over. */
export type ParameterKind = 'any' | 'reflect' | 'string' | 'bool' | 'int' | 'uint' | 'float' | 'complex' | 'other'

/** The type of a parameter, as Go spells it and as the run time treats it. */
export interface ParameterType {
  readonly text: string
  readonly kind: ParameterKind
  readonly isNilable: boolean
}

/** A function or method ready to be called. `isBuiltin` ones see invalid values as undefined, all others as null. */
export interface PreparedFunction {
  readonly params: readonly ParameterType[]
  readonly variadic: ParameterType | undefined
  readonly isBuiltin: boolean
  readonly call: (...args: Value[]) => Value
}

const NAMED_KINDS: Readonly<Record<string, ParameterKind>> = {
  'interface {}': 'any',
  any: 'any',
  'reflect.Value': 'reflect',
  string: 'string',
  bool: 'bool',
  float32: 'float',
  float64: 'float',
  complex64: 'complex',
  complex128: 'complex',
  'time.Duration': 'int',
  'time.Month': 'int',
  'time.Weekday': 'int',
}

const types = new Map<string, ParameterType>()

/** The parameter type spelled `text`. */
function parameterType(text: string): ParameterType {
  const known = types.get(text)
  if (known) return known
  const type: ParameterType = {
    text: text === 'any' ? 'interface {}' : text,
    kind: kindOfParameter(text),
    isNilable: text === 'any' || isNilableType(text),
  }
  types.set(text, type)
  return type
}

function kindOfParameter(text: string): ParameterKind {
  if (Object.hasOwn(NAMED_KINDS, text)) return NAMED_KINDS[text] as ParameterKind
  if (!isIntegerType(text)) return 'other'
  return text.startsWith('u') ? 'uint' : 'int'
}

/** A function of a table, or a method, ready to be called. */
export function prepareFunction(fn: Omit<GoFunction, 'call'> & { readonly call: (...args: never[]) => Value }, isBuiltin = false): PreparedFunction {
  return {
    params: fn.params.map(parameterType),
    variadic: fn.variadic === undefined ? undefined : parameterType(fn.variadic),
    isBuiltin,
    call: fn.call as (...args: Value[]) => Value,
  }
}
