import type { Span } from '../../base/source.ts'
import type { GoValue } from '../../go/values.ts'

/** Names bound by a `for` expression. */
export interface ForClause {
  readonly keyName: string | undefined
  readonly valueName: string
  readonly collection: Expression
}

/** An expression of HCL's native syntax. */
export type Expression =
  | { readonly type: 'literal'; readonly value: GoValue }
  | { readonly type: 'template'; readonly parts: readonly Expression[]; readonly at: Span }
  | { readonly type: 'variable'; readonly name: string; readonly at: Span }
  | { readonly type: 'attribute'; readonly of: Expression; readonly name: string; readonly at: Span }
  | { readonly type: 'index'; readonly of: Expression; readonly key: Expression; readonly at: Span }
  /** `each` is evaluated for every element, which `item` stands for. */
  | { readonly type: 'splat'; readonly of: Expression; readonly item: symbol; readonly each: Expression; readonly at: Span }
  | { readonly type: 'item'; readonly item: symbol }
  | { readonly type: 'call'; readonly name: string; readonly args: readonly Expression[]; readonly expands: boolean; readonly at: Span }
  | { readonly type: 'unary'; readonly operator: '!' | '-'; readonly of: Expression; readonly at: Span }
  | { readonly type: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression; readonly at: Span }
  | { readonly type: 'conditional'; readonly test: Expression; readonly yes: Expression; readonly no: Expression; readonly at: Span }
  | { readonly type: 'tuple'; readonly items: readonly Expression[] }
  | { readonly type: 'object'; readonly entries: readonly (readonly [Expression, Expression])[]; readonly at: Span }
  | {
      readonly type: 'for'
      readonly clause: ForClause
      /** Present for objects. */
      readonly key: Expression | undefined
      readonly value: Expression
      readonly condition: Expression | undefined
      readonly groups: boolean
      readonly at: Span
    }
  | { readonly type: 'template-for'; readonly clause: ForClause; readonly body: Expression; readonly at: Span }

/** `name = expression`. */
export interface Attribute {
  readonly name: string
  readonly expression: Expression
  /** Where the name stands. */
  readonly at: Span
}

/** `type { … }`, which here holds attributes only. */
export interface Block {
  readonly type: string
  readonly attributes: readonly Attribute[]
  readonly at: Span
}

/** A variable with the first attribute behind it, as an expression uses it. */
export interface Reference {
  readonly root: string
  readonly attribute: string | undefined
  readonly at: Span
}

/** What `expression` refers to outside itself. */
export function referencesIn(expression: Expression, bound: ReadonlySet<string> = new Set()): readonly Reference[] {
  const within = (...parts: readonly (Expression | undefined)[]): readonly Reference[] =>
    parts.flatMap((part) => (part ? referencesIn(part, bound) : []))
  switch (expression.type) {
    case 'literal':
    case 'item':
      return []
    case 'variable':
      return bound.has(expression.name) ? [] : [{ root: expression.name, attribute: undefined, at: expression.at }]
    case 'attribute': {
      const { of, name, at } = expression
      if (of.type !== 'variable') return within(of)
      return bound.has(of.name) ? [] : [{ root: of.name, attribute: name, at }]
    }
    case 'template':
      return within(...expression.parts)
    case 'index':
      return within(expression.of, expression.key)
    case 'splat':
      return within(expression.of, expression.each)
    case 'call':
      return within(...expression.args)
    case 'unary':
      return within(expression.of)
    case 'binary':
      return within(expression.left, expression.right)
    case 'conditional':
      return within(expression.test, expression.yes, expression.no)
    case 'tuple':
      return within(...expression.items)
    case 'object':
      return within(...expression.entries.flat())
    case 'for':
      return [...within(expression.clause.collection), ...insideFor(expression.clause, bound, expression.key, expression.value, expression.condition)]
    case 'template-for':
      return [...within(expression.clause.collection), ...insideFor(expression.clause, bound, expression.body)]
  }
}

function insideFor(
  { keyName, valueName }: ForClause,
  bound: ReadonlySet<string>,
  ...parts: readonly (Expression | undefined)[]
): readonly Reference[] {
  const inner = new Set([...bound, valueName, ...(keyName === undefined ? [] : [keyName])])
  return parts.flatMap((part) => (part ? referencesIn(part, inner) : []))
}
