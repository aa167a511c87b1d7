import { isTrue, typeOf } from '../go/kind.ts'
import { sprint, sprintf, sprintln } from '../go/printf.ts'
import { GoError, type GoValue, goInt } from '../go/values.ts'
import { boundedFunction } from './bounded-function.ts'
import { equalsAny, isLess, isLessOrEqual } from './builtin-compare.ts'
import { escapeHtml, escapeQuery, escapeScript, printedArguments } from './builtin-escape.ts'
import { indexValue, lengthOf, sliceValue } from './builtin-index.ts'
import { type PreparedFunction, prepareFunction } from './prepared-function.ts'
import type { FunctionNames } from './tree-parser.ts'
import type { Value } from './value.ts'

const VALUE = ['reflect.Value']
const TWO_VALUES = ['reflect.Value', 'reflect.Value']
const MORE_VALUES = 'reflect.Value'
const ANYTHING = 'interface {}'

interface Builtin {
  readonly params: readonly string[]
  readonly variadic?: string
  readonly call: (...args: never[]) => Value
}

const printer = (print: (args: readonly GoValue[]) => string): Builtin => ({
  params: [],
  variadic: ANYTHING,
  call: (...args: GoValue[]) => print(args),
})
const escaper = (mark: (text: string) => string): Builtin => printer((args) => mark(printedArguments(args)))
const comparison = (compare: (a: Value, b: Value) => boolean): Builtin => ({ params: TWO_VALUES, call: compare })

/** `and` and `or` run inside `callFunction`, which alone can leave arguments unevaluated. */
const shortCircuited: Builtin = { params: VALUE, variadic: MORE_VALUES, call: () => undefined }

const TABLE: Readonly<Record<string, Builtin>> = {
  and: shortCircuited,
  or: shortCircuited,
  not: { params: VALUE, call: (value: Value) => !isTrue(value) },
  call: { params: VALUE, variadic: MORE_VALUES, call: refuseCall },
  eq: { params: VALUE, variadic: MORE_VALUES, call: (first: Value, ...others: Value[]) => equalsAny(first, others) },
  ne: comparison((a, b) => !equalsAny(a, [b])),
  lt: comparison(isLess),
  le: comparison(isLessOrEqual),
  gt: comparison((a, b) => !isLessOrEqual(a, b)),
  ge: comparison((a, b) => !isLess(a, b)),
  html: escaper(escapeHtml),
  js: escaper(escapeScript),
  urlquery: escaper(escapeQuery),
  index: { params: VALUE, variadic: MORE_VALUES, call: (item: Value, ...indexes: Value[]) => indexValue(item, indexes) },
  slice: { params: VALUE, variadic: MORE_VALUES, call: (item: Value, ...indexes: Value[]) => sliceValue(item, indexes) },
  len: { params: VALUE, call: (item: Value) => goInt(lengthOf(item)) },
  print: printer(sprint),
  printf: { params: ['string'], variadic: ANYTHING, call: (format: string, ...args: GoValue[]) => sprintf(format, args) },
  println: printer(sprintln),
}

/** No value here is a function: methods are called where they are named. */
function refuseCall(name: string, fn: Value): never {
  if (fn === null || fn === undefined) throw new GoError('call of nil')
  throw new GoError(`non-function ${name} of type ${typeOf(fn)}`)
}

const prepared: ReadonlyMap<string, PreparedFunction> = new Map(
  Object.entries(TABLE).map(([name, fn]) => [name, prepareFunction(boundedFunction(name, fn), true)]),
)

/** `functions` and those that every Go template has. */
export function withBuiltins(functions: FunctionNames): FunctionNames {
  return { has: (name) => prepared.has(name) || functions.has(name), keys: () => [...prepared.keys(), ...functions.keys()] }
}

/** One of the functions every Go template has. Source: Go 1.26 text/template/funcs.go. */
export function builtinFunction(name: string): PreparedFunction | undefined {
  return prepared.get(name)
}
