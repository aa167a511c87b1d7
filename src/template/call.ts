import { DiagnosticError } from '../base/diagnostic.ts'
import { isStackOverflow } from '../base/stack-overflow.ts'
import { GoComplex } from '../go/complex.ts'
import { ANY_TYPE, elementTypeOf, isTrue, MAP_TYPE, typeOf, zeroValue } from '../go/kind.ts'
import { SharedMap } from '../go/shared-map.ts'
import { GoError, GoInt, type GoMap, GoPanic, type GoValue, isGoObject } from '../go/values.ts'
import type { Node, NumberNode, OperandNode } from './ast.ts'
import { countCall, countResult, type Frame, fail } from './frame.ts'
import { nodeText } from './node-text.ts'
import type { ParameterType, PreparedFunction } from './prepared-function.ts'
import { failInCall } from './stack-end.ts'
import { TemplateError } from './template-error.ts'
import { NOTHING, type Piped, type Value } from './value.ts'

/** An argument: its node, and how to compute it unless it is a literal or `nil`. */
export interface Argument {
  readonly node: OperandNode
  readonly evaluate: ((frame: Frame, dot: Value) => Value) | undefined
}

/** One call as the template writes it. */
export interface CallSite {
  /** The node blamed when the function itself fails. */
  readonly node: Node
  readonly name: string
  readonly args: readonly Argument[]
}

/**
 * Calls a function: counts, evaluates, checks and converts its arguments in Go's order, then runs it.
 * Source: Go 1.26 text/template/exec.go, evalCall.
 */
export function callFunction(frame: Frame, dot: Value, fn: PreparedFunction, site: CallSite, piped: Piped): Value {
  checkCount(frame, fn, site, piped)
  if (fn.isBuiltin && (site.name === 'and' || site.name === 'or')) return shortCircuit(frame, dot, site, piped)
  const values = evaluateArguments(frame, dot, fn, site.args, piped)
  if (fn.isBuiltin && site.name === 'call') values.unshift(calleeName(site, values))
  return invoke(frame, fn, site, values)
}

/** The list is made as long as it gets: one that grows takes room for many more. */
function evaluateArguments(frame: Frame, dot: Value, fn: PreparedFunction, args: readonly Argument[], piped: Piped): Value[] {
  const count = args.length
  const values = new Array<Value>(piped === NOTHING ? count : count + 1)
  for (let i = 0; i < count; i++) values[i] = evaluateArgument(frame, dot, typeAt(fn, i), args[i] as Argument)
  if (piped !== NOTHING) values[count] = checkType(frame, piped, typeAt(fn, count))
  return values
}

function checkCount(frame: Frame, fn: PreparedFunction, { name, args }: CallSite, piped: Piped): void {
  const given = args.length + (piped === NOTHING ? 0 : 1)
  const wanted = fn.params.length
  if (fn.variadic) {
    if (given < wanted) fail(frame, `wrong number of args for ${name}: want at least ${wanted} got ${args.length}`, { hint: usage(fn, name) })
  } else if (given !== wanted) fail(frame, `wrong number of args for ${name}: want ${wanted} got ${given}`, { hint: usage(fn, name) })
}

/** How a function is called: the types of its arguments. */
function usage({ params, variadic }: PreparedFunction, name: string): string {
  const types = [...params.map(({ text }) => text), ...(variadic ? [`${variadic.text} …`] : [])]
  const list = types.map((type) => type.replaceAll(ANY_TYPE, 'any').replace('reflect.Value', 'any')).join(', ')
  if (list === '') return `call ${name} without arguments`
  return types.length < 2 ? `call ${name} with (${list})` : `call ${name} with (${list}); what is piped in comes last`
}

function typeAt(fn: PreparedFunction, index: number): ParameterType {
  return fn.params[index] ?? (fn.variadic as ParameterType)
}

const REFLECT: ParameterType = { text: 'reflect.Value', kind: 'reflect', isNilable: true }

/** `and` and `or` evaluate no argument after the one that decides. */
function shortCircuit(frame: Frame, dot: Value, { name, args }: CallSite, piped: Piped): Value {
  let value: Value
  for (const argument of args) {
    value = evaluateArgument(frame, dot, REFLECT, argument)
    if (isTrue(value) === (name === 'or')) return value
  }
  return piped === NOTHING ? value : piped
}

/** The name `call` shows in its errors. */
function calleeName({ args }: CallSite, values: readonly Value[]): string {
  const first = args[0]
  if (first) return nodeText(first.node)
  return typeof values[0] === 'string' ? values[0] : `<${typeOf(values[0])} Value>`
}

function invoke(frame: Frame, fn: PreparedFunction, site: CallSite, values: readonly Value[]): Value {
  countCall(frame)
  const result = run(frame, fn, site, values)
  countResult(frame, site, result)
  return result
}

function run(frame: Frame, fn: PreparedFunction, { node, name }: CallSite, values: readonly Value[]): Value {
  try {
    return fn.call(...(fn.isBuiltin ? values : withoutInvalid(values)))
  } catch (error) {
    if (isStackOverflow(error)) failInCall(frame, node, name, error)
    if (!isTooLong(error) && !isFunctionFailure(error)) throw error
    frame.node = node
    if (isTooLong(error)) fail(frame, `error calling ${name}: the result is too long`, { code: 'template/too-much', cause: error })
    return fail(frame, `error calling ${name}: ${goTextOf(error)}`, { cause: error })
  }
}

/** Functions outside the language see an invalid value as nil. */
function withoutInvalid(values: readonly Value[]): readonly Value[] {
  return values.includes(undefined) ? values.map((value) => value ?? null) : values
}

/** Whether a text would be longer than JavaScript's can be. */
function isTooLong(error: unknown): error is RangeError {
  return error instanceof RangeError && error.message === 'Invalid string length'
}

function isFunctionFailure(error: unknown): error is Error {
  return error instanceof GoError || error instanceof GoPanic || error instanceof DiagnosticError
}

function goTextOf(error: Error): string {
  if (error instanceof TemplateError) return error.goMessage
  return error instanceof DiagnosticError ? error.diagnostics.map((d) => d.summary).join('\n') : error.message
}

/** The value of an argument for a parameter of `type`. Source: exec.go, evalArg. */
function evaluateArgument(frame: Frame, dot: Value, type: ParameterType, { node, evaluate }: Argument): Value {
  frame.node = node
  if (evaluate) return checkType(frame, evaluate(frame, dot), type)
  if (node.kind === 'nil') {
    if (!type.isNilable) fail(frame, `cannot assign nil to ${type.text}`)
    return nilOf(type)
  }
  return literal(frame, type, node)
}

function nilOf(type: ParameterType): Value {
  if (type.kind === 'reflect') return undefined
  return type.kind === 'any' ? null : zeroValue(type.text)
}

function literal(frame: Frame, type: ParameterType, node: OperandNode): Value {
  switch (type.kind) {
    case 'any':
    case 'reflect':
      return literalValue(frame, node)
    case 'string':
      return node.kind === 'string' ? node.text : expected(frame, 'string', node)
    case 'bool':
      return node.kind === 'bool' ? node.value : expected(frame, 'bool', node)
    case 'int':
      return integerLiteral(node.kind === 'number' ? node.int : undefined) ?? expected(frame, 'integer', node)
    case 'uint':
      return integerLiteral(node.kind === 'number' ? node.uint : undefined) ?? expected(frame, 'unsigned integer', node)
    case 'float':
      return node.kind === 'number' && node.float !== undefined ? node.float : expected(frame, 'float', node)
    case 'complex':
      return node.kind === 'number' && node.complex ? literalValue(frame, node) : expected(frame, 'complex', node)
    default:
      return fail(frame, `can't handle ${nodeText(node)} for arg of type ${type.text}`)
  }
}

function expected(frame: Frame, what: string, node: Node): never {
  return fail(frame, `expected ${what}; found ${nodeText(node)}`)
}

/** Integer parameters receive the bare number. */
function integerLiteral(value: bigint | undefined): Value {
  return value as unknown as Value
}

/** The value of a literal where no type is asked for. */
export function literalValue(frame: Frame, node: OperandNode): Value {
  if (node.kind === 'bool') return node.value
  if (node.kind === 'string') return node.text
  if (node.kind === 'number') return idealConstant(frame, node)
  return fail(frame, `can't handle assignment of ${nodeText(node)} to empty interface argument`)
}

/** The type a number has by its spelling alone. Source: exec.go, idealConstant. */
function idealConstant(frame: Frame, node: NumberNode): Value {
  const { text, complex, float, int } = node
  if (complex) return new GoComplex(complex.real, complex.imaginary)
  const isHexInteger = /^0[xX]./.test(text) && !/[pP]/.test(text)
  if (float !== undefined && !isHexInteger && !text.startsWith("'") && /[.eEpP]/.test(text)) return float
  if (int === undefined) fail(frame, `${text} overflows int`)
  return new GoInt(int, 'int')
}

/** Checks that a value can be passed as `type`, and hands integers over as bare numbers. Source: exec.go, validateType. */
function checkType(frame: Frame, value: Value, type: ParameterType): Value {
  if (type.kind === 'any') return value === undefined ? null : value
  if (type.kind === 'reflect') return value
  if (value === undefined) {
    if (!type.isNilable) fail(frame, `invalid value; expected ${type.text}`)
    return nilOf(type)
  }
  if (!isAssignable(value, type.text)) {
    fail(frame, `wrong type for value; expected ${type.text}; got ${value === null ? ANY_TYPE : typeOf(value)}`)
  }
  if (value instanceof GoInt) return integerLiteral(value.value)
  // Handing a named map over as a plain one makes it plain for the function, though writes still show in the original.
  return value instanceof Map && type.text === MAP_TYPE && typeOf(value) !== MAP_TYPE ? new SharedMap(value) : value
}

function isAssignable(value: GoValue, type: string): boolean {
  if (value === null) return false
  const actual = typeOf(value)
  if (actual === type) return true
  if (value instanceof Map) return type === MAP_TYPE && isNamed(actual) && elementTypeOf(value as GoMap) === ANY_TYPE
  if (value instanceof Uint8Array) return type === '[]byte'
  return isGoObject(value) && actual === `*${type}`
}

function isNamed(type: string): boolean {
  return !type.startsWith('[') && !type.startsWith('map[')
}
