import type { GoValue } from '../../go/values.ts'
import { type Grammar, heredoc, quotedTemplate } from './parse-template.ts'
import type { Reader } from './reader.ts'
import type { Expression, ForClause } from './syntax.ts'

const INVALID = 'Invalid expression: Expected the start of an expression, but found an invalid expression token.'

const BINARY: readonly (readonly string[])[] = [['||'], ['&&'], ['==', '!='], ['>=', '<=', '>', '<'], ['+', '-'], ['*', '/', '%']]

/** The expression that comes next; `lines` says whether line breaks mean nothing here. */
export function parseExpression(reader: Reader, lines: boolean): Expression {
  return reader.nested(() => conditional(reader, lines))
}

function conditional(reader: Reader, lines: boolean): Expression {
  reader.skip(lines)
  const start = reader.position
  const test = binary(reader, lines, 0)
  reader.skip(lines)
  if (!reader.take('?')) return test
  const yes = parseExpression(reader, lines)
  reader.skip(lines)
  reader.expect(':', 'Missing false expression in conditional')
  const no = parseExpression(reader, lines)
  return { type: 'conditional', test, yes, no, at: reader.span(start) }
}

function binary(reader: Reader, lines: boolean, level: number): Expression {
  const operators = BINARY[level]
  if (!operators) return unary(reader, lines)
  reader.skip(lines)
  const start = reader.position
  let left = binary(reader, lines, level + 1)
  for (;;) {
    reader.skip(lines)
    const operator = operators.find((text) => reader.sees(text))
    if (operator === undefined) return left
    reader.take(operator)
    const right = binary(reader, lines, level + 1)
    left = { type: 'binary', operator, left, right, at: reader.span(start) }
  }
}

function unary(reader: Reader, lines: boolean): Expression {
  reader.skip(lines)
  const start = reader.position
  const operator = (['!', '-'] as const).find((text) => reader.take(text))
  if (!operator) return withTraversals(reader, lines, primary(reader, lines))
  const of = reader.nested(() => unary(reader, lines))
  return { type: 'unary', operator, of, at: reader.span(start) }
}

/** What stands behind an expression: `.name`, `.0`, `[key]`, `.*`, `[*]`. */
function withTraversals(reader: Reader, lines: boolean, first: Expression): Expression {
  let of = first
  for (;;) {
    const start = reader.position
    if (lines) reader.skip(true)
    if (reader.sees('...')) return of
    if (reader.take('.')) of = reader.take('*') ? splat(reader, lines, of, start, true) : named(reader, of, start)
    else if (reader.take('[')) of = indexed(reader, lines, of, start)
    else {
      reader.position = lines ? reader.position : start
      return of
    }
  }
}

function named(reader: Reader, of: Expression, start: number): Expression {
  const name = reader.identifier()
  if (name !== undefined) return { type: 'attribute', of, name, at: reader.span(start) }
  const index = reader.digits()
  if (index === undefined) throw reader.error('Invalid attribute name: An attribute name is required after a dot.')
  return index
    .split('.')
    .reduce<Expression>(
      (inner, digits) => ({ type: 'index', of: inner, key: { type: 'literal', value: Number(digits) }, at: reader.span(start) }),
      of,
    )
}

function indexed(reader: Reader, lines: boolean, of: Expression, start: number): Expression {
  reader.skip(true)
  if (reader.take('*')) {
    reader.skip(true)
    reader.expect(']', 'Missing close bracket on splat index')
    return splat(reader, lines, of, start, false)
  }
  const key = parseExpression(reader, true)
  reader.skip(true)
  reader.expect(']', 'Missing close bracket on index')
  return { type: 'index', of, key, at: reader.span(start) }
}

/** Attribute splats take attributes only; full ones everything that follows. */
function splat(reader: Reader, lines: boolean, of: Expression, start: number, isAttributeOnly: boolean): Expression {
  const item = Symbol('item')
  let each: Expression = { type: 'item', item }
  if (!isAttributeOnly) each = withTraversals(reader, lines, each)
  else while (reader.sees('.') && !reader.sees('..') && reader.take('.')) each = named(reader, each, start)
  return { type: 'splat', of, item, each, at: reader.span(start) }
}

const GRAMMAR: Grammar = { expression: parseExpression, forClause }

const WORDS: Readonly<Record<string, GoValue>> = { true: true, false: false, null: null }

function primary(reader: Reader, lines: boolean): Expression {
  reader.skip(lines)
  const start = reader.position
  if (reader.take('(')) return parenthesized(reader)
  if (reader.take('"')) return quotedTemplate(reader, start, GRAMMAR)
  if (reader.sees('<<')) return heredoc(reader, start, GRAMMAR)
  if (reader.take('[')) return tuple(reader, start)
  if (reader.take('{')) return object(reader, start)
  const digits = reader.digits()
  if (digits !== undefined) return { type: 'literal', value: Number(digits) }
  const name = reader.identifier()
  if (name === undefined) throw reader.error(INVALID)
  if (Object.hasOwn(WORDS, name)) return { type: 'literal', value: WORDS[name] ?? null }
  if (reader.take('(')) return call(reader, name, start)
  return { type: 'variable', name, at: reader.span(start) }
}

function parenthesized(reader: Reader): Expression {
  const inner = parseExpression(reader, true)
  reader.skip(true)
  reader.expect(')', 'Unbalanced parentheses: Expected a closing parenthesis to terminate the expression.')
  return inner
}

function call(reader: Reader, name: string, start: number): Expression {
  const args: Expression[] = []
  let expands = false
  reader.skip(true)
  while (!reader.take(')')) {
    args.push(parseExpression(reader, true))
    reader.skip(true)
    expands = reader.take('...')
    reader.skip(true)
    if (!reader.take(',') && !reader.sees(')'))
      throw reader.error('Missing argument separator: A comma is required to separate each function argument from the next.')
    reader.skip(true)
  }
  return { type: 'call', name, args, expands, at: reader.span(start) }
}

function tuple(reader: Reader, start: number): Expression {
  reader.skip(true)
  if (reader.takeWord('for')) return forExpression(reader, start, ']')
  const items: Expression[] = []
  while (!reader.take(']')) {
    items.push(parseExpression(reader, true))
    reader.skip(true)
    if (!reader.take(',') && !reader.sees(']')) throw reader.error('Missing item separator: Expected a comma to mark the beginning of the next item.')
    reader.skip(true)
  }
  return { type: 'tuple', items }
}

function object(reader: Reader, start: number): Expression {
  reader.skip(true)
  if (reader.takeWord('for')) return forExpression(reader, start, '}')
  const entries: (readonly [Expression, Expression])[] = []
  while (!reader.take('}')) {
    entries.push(entry(reader))
    reader.skip(false)
    if (!reader.take(',') && !reader.take('\n') && !reader.sees('}')) {
      throw reader.error('Missing attribute separator: Expected a newline or comma to mark the beginning of the next attribute.')
    }
    reader.skip(true)
  }
  return { type: 'object', entries, at: reader.span(start) }
}

/** A lone name as a key is its own text. */
function entry(reader: Reader): readonly [Expression, Expression] {
  const start = reader.position
  const parsed = parseExpression(reader, false)
  const key: Expression = parsed.type === 'variable' && reader.source.text.charAt(start) !== '(' ? { type: 'literal', value: parsed.name } : parsed
  reader.skip(false)
  if (reader.sees('==') || (!reader.take('=') && !reader.take(':')))
    throw reader.error('Missing attribute value: Expected an attribute value, introduced by an equals sign ("=").')
  return [key, parseExpression(reader, false)]
}

function identifierAfterBlanks(reader: Reader): string | undefined {
  reader.skip(true)
  return reader.identifier()
}

/** `k, v in collection`. */
function forClause(reader: Reader): ForClause {
  reader.skip(true)
  const first = reader.identifier()
  if (first === undefined) throw reader.error("Invalid 'for' expression: For expression requires variable name after 'for'.")
  reader.skip(true)
  const second = reader.take(',') ? identifierAfterBlanks(reader) : undefined
  reader.skip(true)
  if (!reader.takeWord('in')) throw reader.error("Invalid 'for' expression: For expression requires the 'in' keyword after its name declarations.")
  const collection = parseExpression(reader, true)
  return { keyName: second === undefined ? undefined : first, valueName: second ?? first, collection }
}

function forExpression(reader: Reader, start: number, end: ']' | '}'): Expression {
  const clause = forClause(reader)
  reader.skip(true)
  reader.expect(':', "Invalid 'for' expression: For expression requires a colon after the collection expression.")
  const first = parseExpression(reader, true)
  reader.skip(true)
  const value = end === '}' ? forValue(reader) : first
  const groups = reader.take('...')
  reader.skip(true)
  const condition = reader.takeWord('if') ? parseExpression(reader, true) : undefined
  reader.skip(true)
  reader.expect(end, "Invalid 'for' expression: Extra characters after the end of the 'for' expression.")
  return { type: 'for', clause, key: end === '}' ? first : undefined, value, condition, groups, at: reader.span(start) }
}

function forValue(reader: Reader): Expression {
  reader.expect('=>', "Invalid 'for' expression: Key expression is required when building an object.")
  const value = parseExpression(reader, true)
  reader.skip(true)
  return value
}
