import { nearest } from '../base/nearest.ts'
import { elementTypeOf, zeroValue } from '../go/kind.ts'
import { methodOf } from '../go/methods.ts'
import { quote } from '../go/quote.ts'
import { GO_METHODS, type GoMap, type GoObject, type GoValue, isGoObject } from '../go/values.ts'
import type { Node } from './ast.ts'
import { type Argument, callFunction } from './call.ts'
import { type Frame, fail } from './frame.ts'
import { type PreparedFunction, prepareFunction } from './prepared-function.ts'
import { holdsInterfaces, NOTHING, type Piped, staticTypeOf, type Value } from './value.ts'

/** `.A.B.C arguments`: names to walk, and what the last of them is called with if it is a method. */
export interface FieldChain {
  readonly node: Node
  readonly path: readonly string[]
  readonly args: readonly Argument[]
}

/**
 * Walks the names of `chain` from `receiver`.
 *
 * @param inInterface whether the receiver is held as `interface {}`, for Go's error texts
 * Source: Go 1.26 text/template/exec.go, evalFieldChain.
 */
export function evaluateFieldChain(frame: Frame, dot: Value, receiver: Value, inInterface: boolean, chain: FieldChain, piped: Piped): Value {
  const { path } = chain
  const last = path.length - 1
  let value = receiver
  let held = inInterface
  for (let i = 0; i < last; i++) {
    const holder = value
    value = evaluateField(frame, dot, value, held, chain, path[i] as string, NO_ARGUMENTS, NOTHING)
    held = holdsInterfaces(holder)
  }
  return evaluateField(frame, dot, value, held, chain, path[last] as string, chain.args, piped)
}

const NO_ARGUMENTS: readonly Argument[] = []

function evaluateField(
  frame: Frame,
  dot: Value,
  receiver: Value,
  held: boolean,
  { node }: FieldChain,
  name: string,
  args: readonly Argument[],
  piped: Piped,
): Value {
  if (receiver instanceof Map && (receiver as GoMap)[GO_METHODS] === undefined) {
    const found = receiver.get(name)
    if (found !== undefined && args.length === 0 && piped === NOTHING) return found
  }
  if (receiver === undefined) {
    if (frame.surroundings.missingKey === 'error') fail(frame, `nil data; no entry for key ${quote(name)}`)
    return undefined
  }
  if (receiver === null) return fail(frame, `nil pointer evaluating interface {}.${name}`)
  const method = methodOf(receiver, name)
  if (method) return callFunction(frame, dot, preparedMethod(method), { node, name, args }, piped)
  const hasArguments = args.length > 0 || piped !== NOTHING
  if (receiver instanceof Map) return mapEntry(frame, receiver as GoMap, name, hasArguments)
  const found = isGoObject(receiver) ? objectField(frame, receiver, name, hasArguments) : undefined
  return found !== undefined ? found : failWithoutField(frame, receiver, held, name)
}

function failWithoutField(frame: Frame, receiver: GoValue, held: boolean, name: string): never {
  const type = staticTypeOf(receiver, held)
  const isHidden = isGoObject(receiver) && receiver.structFields?.().some(([field]) => field === name)
  if (isHidden) return fail(frame, `${name} is an unexported field of struct type ${type}`)
  const near = isGoObject(receiver) ? nearest(name, publicFields(receiver)) : undefined
  return fail(frame, `can't evaluate field ${name} in type ${type}`, { hint: near && `did you mean ${near}?` })
}

function publicFields(object: GoObject): readonly string[] {
  const plain = object.plain?.()
  const names = object.structFields?.().map(([name]) => name) ?? (plain instanceof Map ? [...plain.keys()] : [])
  return names.filter((name) => object.field(name) !== undefined)
}

const prepared = new WeakMap<object, PreparedFunction>()

function preparedMethod(method: Parameters<typeof prepareFunction>[0]): PreparedFunction {
  const known = prepared.get(method)
  if (known) return known
  const made = prepareFunction(method)
  prepared.set(method, made)
  return made
}

function mapEntry(frame: Frame, map: GoMap, name: string, hasArguments: boolean): Value {
  if (hasArguments) fail(frame, `${name} is not a method but has arguments`)
  const found = map.get(name)
  return found === undefined ? missingEntry(frame, name, elementTypeOf(map)) : found
}

function missingEntry(frame: Frame, name: string, elementType: string): Value {
  const { missingKey } = frame.surroundings
  if (missingKey === 'error') fail(frame, `map has no entry for key ${quote(name)}`)
  return missingKey === 'zero' ? zeroValue(elementType) : undefined
}

/** A field of a struct or an entry of a map; undefined where a struct has no such field. */
function objectField(frame: Frame, object: GoObject, name: string, hasArguments: boolean): Value {
  const isMap = object.goKind === 'map'
  if (hasArguments && isMap) fail(frame, `${name} is not a method but has arguments`)
  const found = object.field(name)
  if (found !== undefined && hasArguments) fail(frame, `${name} has arguments but cannot be invoked as function`)
  if (found !== undefined || !isMap) return found
  return missingEntry(frame, name, mapElementType(object.goType)) ?? null
}

function mapElementType(type: string): string {
  return type.startsWith('map[string]') ? type.slice('map[string]'.length) : 'interface {}'
}
