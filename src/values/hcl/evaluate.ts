import { failure } from '../../base/diagnostic.ts'
import type { Span } from '../../base/source.ts'
import type { GoMap, GoValue } from '../../go/values.ts'
import { elementsOf, HclError, isEqual, toBool, toNumber, toText, typeName, unified } from './convert.ts'
import { HCL_FUNCTIONS } from './functions.ts'
import type { Expression, ForClause } from './syntax.ts'

/** Values of variables by name, and of splat elements. */
export type Scope = ReadonlyMap<string | symbol, GoValue>

/**
 * The value of an expression.
 * @throws DiagnosticError `values/hcl`, at the innermost expression that has none
 */
export function evaluate(expression: Expression, scope: Scope): GoValue {
  if (!('at' in expression)) return compute(expression, scope)
  try {
    return compute(expression, scope)
  } catch (error) {
    if (error instanceof HclError) throw located(error, expression.at)
    throw error
  }
}

function located(error: HclError, at: Span): Error {
  return failure('values/hcl', error.message, { at })
}

function compute(expression: Expression, scope: Scope): GoValue {
  switch (expression.type) {
    case 'literal':
      return expression.value
    case 'item':
      return scope.get(expression.item) ?? null
    case 'template':
      return expression.parts.map((part) => interpolated(evaluate(part, scope))).join('')
    case 'template-for':
      return elements(expression.clause, scope)
        .map((inner) => interpolated(evaluate(expression.body, inner)))
        .join('')
    case 'variable':
      return variable(expression.name, scope)
    case 'attribute':
      return attribute(evaluate(expression.of, scope), expression.name)
    case 'index':
      return element(evaluate(expression.of, scope), evaluate(expression.key, scope))
    case 'splat':
      return splat(expression, scope)
    case 'call':
      return call(expression, scope)
    case 'unary':
      return expression.operator === '!' ? !toBool(evaluate(expression.of, scope)) : -toNumber(evaluate(expression.of, scope))
    case 'binary':
      return binary(expression.operator, evaluate(expression.left, scope), evaluate(expression.right, scope))
    case 'conditional':
      return conditional(expression, scope)
    case 'tuple':
      return expression.items.map((item) => evaluate(item, scope))
    case 'object':
      return new Map(expression.entries.map(([key, value]) => [toText(evaluate(key, scope)), evaluate(value, scope)]))
    case 'for':
      return comprehension(expression, scope)
  }
}

function interpolated(value: GoValue): string {
  if (value === null)
    throw new HclError('Invalid template interpolation value: The expression result is null. Cannot include a null value in a string template.')
  return toText(value)
}

function variable(name: string, scope: Scope): GoValue {
  const value = scope.get(name)
  if (value === undefined) throw new HclError(`Unknown variable: There is no variable named "${name}".`)
  return value
}

function attribute(of: GoValue, name: string): GoValue {
  if (of === null) throw new HclError('Attempt to get attribute from null value: This value is null, so it does not have any attributes.')
  if (!(of instanceof Map)) throw new HclError(`Unsupported attribute: Can't access attributes on a value of type ${typeName(of)}.`)
  const value = of.get(name)
  if (value === undefined) throw new HclError(`Unsupported attribute: This object does not have an attribute named "${name}".`)
  return value
}

function element(of: GoValue, key: GoValue): GoValue {
  if (of === null || key === null) throw new HclError('Attempt to index null value: This value is null, so it does not have any indices.')
  const value = Array.isArray(of) ? of[toNumber(key)] : of instanceof Map ? of.get(toText(key)) : undefined
  if (value === undefined) throw new HclError('Invalid index: The given key does not identify an element in this collection value.')
  return value
}

/** Of null there are no elements, and of a value that is no list just the one. */
function splat({ of, item, each }: Extract<Expression, { readonly type: 'splat' }>, scope: Scope): GoValue {
  const value = evaluate(of, scope)
  const items = value === null ? [] : Array.isArray(value) ? value : [value]
  return items.map((one) => evaluate(each, new Map([...scope, [item, one]])))
}

function call({ name, args, expands, at }: Extract<Expression, { readonly type: 'call' }>, scope: Scope): GoValue {
  if (name === 'can') return attempt(args, scope) !== undefined
  if (name === 'try') {
    const value = attempt(args, scope)
    if (value === undefined) throw new HclError('no expression succeeded: At least one expression must produce a successful result.')
    return value
  }
  const work = HCL_FUNCTIONS.get(name)
  if (!work) throw new HclError(`Call to unknown function: There is no function named "${name}".`)
  const values = args.map((arg) => evaluate(arg, scope))
  const given = expands ? [...values.slice(0, -1), ...elementsOf(values.at(-1) ?? null).map(([, value]) => value)] : values
  try {
    return work(...given)
  } catch (error) {
    if (error instanceof HclError) throw failure('values/hcl', `Error in function call: Call to function "${name}" failed: ${error.message}.`, { at })
    throw error
  }
}

/** The first argument that has a value. */
function attempt(args: readonly Expression[], scope: Scope): GoValue | undefined {
  for (const arg of args) {
    try {
      return evaluate(arg, scope)
    } catch (error) {
      if (!(error instanceof Error)) throw error
    }
  }
  return undefined
}

function binary(operator: string, left: GoValue, right: GoValue): GoValue {
  switch (operator) {
    case '||':
      return toBool(left) || toBool(right)
    case '&&':
      return toBool(left) && toBool(right)
    case '==':
      return isEqual(left, right)
    case '!=':
      return !isEqual(left, right)
    default:
      return arithmetic(operator, toNumber(left), toNumber(right))
  }
}

function arithmetic(operator: string, a: number, b: number): GoValue {
  if ((operator === '/' || operator === '%') && b === 0) throw new HclError('Division by zero: Divisor is zero.')
  switch (operator) {
    case '>=':
      return a >= b
    case '<=':
      return a <= b
    case '>':
      return a > b
    case '<':
      return a < b
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '/':
      return a / b
    default:
      return a % b
  }
}

/** Both branches are evaluated only as far as is needed for their common type. */
function conditional({ test, yes, no }: Extract<Expression, { readonly type: 'conditional' }>, scope: Scope): GoValue {
  const [wanted, other] = toBool(evaluate(test, scope)) ? [yes, no] : [no, yes]
  const value = evaluate(wanted, scope)
  const otherValue = attempt([other], scope)
  return otherValue === undefined ? value : (unified([value, otherValue])[0] ?? null)
}

function elements({ keyName, valueName, collection }: ForClause, scope: Scope): readonly Scope[] {
  return elementsOf(evaluate(collection, scope)).map(([key, value]) => {
    const inner = new Map(scope)
    if (keyName !== undefined) inner.set(keyName, key)
    return inner.set(valueName, value)
  })
}

function comprehension(expression: Extract<Expression, { readonly type: 'for' }>, scope: Scope): GoValue {
  const { clause, key, value, condition, groups } = expression
  const wanted = elements(clause, scope).filter((inner) => !condition || toBool(evaluate(condition, inner)))
  if (!key) return wanted.map((inner) => evaluate(value, inner))
  const result: GoMap = new Map()
  for (const inner of wanted) {
    const name = toText(evaluate(key, inner))
    const item = evaluate(value, inner)
    const old = result.get(name)
    if (!groups && old !== undefined)
      throw new HclError(`Duplicate object key: Two different items produced the key "${name}" in this 'for' expression.`)
    result.set(name, groups ? [...(Array.isArray(old) ? old : []), item] : item)
  }
  return result
}
