import { stringFromBytes } from '../../go/bytes.ts'
import { quote } from '../../go/quote.ts'
import { matches } from '../../go/regexp.ts'
import { runeCount } from '../../go/runes.ts'
import { compareBytes, GoError, GoInt, type GoMap, type GoValue } from '../../go/values.ts'
import type { Schema, TypeName } from './compile.ts'
import { compareDecimals, Decimal, decimalOf, isMultipleOf } from './decimal.ts'
import { displayed, quoted, quotedList } from './display.ts'
import { englishNumber, groupedInteger } from './english-number.ts'
import { equalValues, firstDuplicates } from './equal-values.ts'
import type { Json } from './parse-schema.ts'

/** What can be validated: chart values, and schemas themselves. */
export type Instance = GoValue | Json

/** One thing that is wrong, with what led to it. */
export interface Violation {
  /** Names and indexes from the top of the validated value. */
  readonly path: readonly string[]
  readonly message: string
  /** `group`: several things wrong with one value; `reference`: what is wrong behind a `$ref`. */
  readonly kind: 'plain' | 'group' | 'reference'
  readonly causes: readonly Violation[]
}

/** What is said of values and schemas that nest deeper than the limit, or than the stack has room for. */
export const TOO_DEEP = 'values and schemas are nested too deep to be checked'
/** How deep schemas may call schemas while one value is checked. */
const MAX_DEPTH = 500
/** How often a schema may be applied to a value: schemas that name one another twice would go on for years. */
const MAX_STEPS = 1_000_000

interface Scope {
  readonly schema: Schema
  /** The keyword that led here by a reference; absent: the schema lies inside that of the parent. */
  readonly keyword?: string
  /** The same for all schemas that look at the same value. */
  readonly value: number
  readonly parent: Scope | undefined
  readonly depth: number
  /** How many schemas were applied so far, by all that check one document. */
  readonly steps: { taken: number }
}

/** Properties and items that no keyword has looked at yet. */
interface Unevaluated {
  readonly properties: Set<string>
  readonly items: Set<number>
}

type Members = ReadonlyMap<string, Instance>

function typeOf(value: Instance): TypeName | undefined {
  if (value === null) return 'null'
  if (typeof value === 'boolean') return 'boolean'
  if (typeof value === 'string') return 'string'
  if (typeof value === 'number' || value instanceof GoInt || value instanceof Decimal) return 'number'
  if (Array.isArray(value)) return 'array'
  return value instanceof Map ? 'object' : undefined
}

function isTyped(value: Instance, types: readonly TypeName[]): boolean {
  const type = typeOf(value) as TypeName
  return types.includes(type) || (type === 'number' && types.includes('integer') && (decimalOf(value)?.isInteger ?? false))
}

/** The keywords that led from the outermost schema to this one. */
function keywordPath(scope: Scope): string {
  let path = ''
  for (let at = scope; at.parent; at = at.parent) {
    path = (at.keyword ? `/${at.keyword}` : at.schema.location.slice(at.parent.schema.location.length)) + path
  }
  return path
}

/** Go's maps have no order; names by bytes make messages the same every time. */
function namesOf(members: ReadonlyMap<string, unknown>): readonly string[] {
  return [...members.keys()].sort(compareBytes)
}

/** Checks one value against one schema. `quick`: only whether anything is wrong matters. */
class Validation {
  readonly #value: Instance
  readonly #path: readonly string[]
  readonly #schema: Schema
  readonly #scope: Scope
  readonly #quick: boolean
  readonly #found: Violation[] = []
  readonly unevaluated: Unevaluated

  constructor(value: Instance, path: readonly string[], scope: Scope, quick: boolean, wanted: boolean) {
    this.#value = value
    this.#path = path
    this.#schema = scope.schema
    this.#scope = scope
    this.#quick = quick
    this.unevaluated = unevaluatedOf(value, scope.schema, wanted)
  }

  run(): Violation | undefined {
    const schema = this.#schema
    if (this.#scope.depth > MAX_DEPTH) throw new GoError(TOO_DEEP)
    if (++this.#scope.steps.taken > MAX_STEPS) throw new GoError(`checking values by the schema takes more than ${MAX_STEPS} steps`)
    if (schema.bool !== undefined) return schema.bool ? undefined : this.#violation('false schema')
    const cycle = this.#cycle()
    if (cycle !== undefined) return this.#violation(cycle)
    const wrong = this.#checkWhole()
    if (wrong !== undefined) return this.#violation(wrong)
    if (schema.ref) {
      const found = this.#follow(schema.ref, '$ref')
      if (schema.version < 2019) return found
      this.#add(found)
    }
    this.#checkParts()
    if (!this.#isDecided()) {
      if (schema.version >= 2019) this.#followDynamic()
      this.#checkConditions()
      this.#checkUnevaluated()
    }
    if (this.#found.length <= 1) return this.#found[0]
    return { ...this.#violation('validation failed'), kind: 'group', causes: this.#found }
  }

  #isDecided(): boolean {
    return this.#quick && this.#found.length > 0
  }

  #violation(message: string, causes: readonly Violation[] = []): Violation {
    return { path: this.#path, message, kind: 'plain', causes }
  }

  #add(violation: Violation | undefined): void {
    if (violation) this.#found.push(violation)
  }

  #addMessage(message: string, causes: readonly Violation[] = []): void {
    this.#found.push(this.#violation(message, causes))
  }

  /** What is wrong when a schema comes back to the same value. */
  #cycle(): string | undefined {
    for (let scope = this.#scope.parent; scope && scope.value === this.#scope.value; scope = scope.parent) {
      if (scope.schema !== this.#schema) continue
      return `both ${keywordPath(this.#scope)} and ${keywordPath(scope)} resolve to ${quote(this.#schema.location)} causing reference cycle`
    }
    return undefined
  }

  /** Type, const, enum and format: the first that fails is all that is said. */
  #checkWhole(): string | undefined {
    const { types, const: constant, enum: choices, format } = this.#schema
    const value = this.#value
    const type = typeOf(value)
    if (type === undefined) return 'invalid jsonType'
    if (types && !isTyped(value, types)) return `got ${type}, want ${types.join(' or ')}`
    if (constant && !equalValues(value, constant.value))
      return isComposite(constant.value) ? "'const' failed" : `value must be ${displayed(constant.value)}`
    if (choices && !choices.some((choice) => equalValues(value, choice))) return enumMessage(choices)
    const wrong = format && typeof value === 'string' ? format.check(value) : undefined
    return wrong === undefined ? undefined : `${displayed(value)} is not valid ${format?.name}: ${wrong}`
  }

  #checkParts(): void {
    const value = this.#value
    if (value instanceof Map) this.#checkObject(value as Members)
    else if (Array.isArray(value)) this.#checkArray(value as readonly Instance[])
    else if (typeof value === 'string') this.#checkText(value)
    else {
      const number = decimalOf(value)
      if (number) this.#checkNumber(number)
    }
  }

  /** Another schema on the same value. */
  #self(schema: Schema, quick = false, keyword = ''): Violation | undefined {
    const scope: Scope = { schema, keyword, value: this.#scope.value, parent: this.#scope, depth: this.#scope.depth + 1, steps: this.#scope.steps }
    const { properties, items } = this.unevaluated
    const inner = new Validation(this.#value, this.#path, scope, this.#quick || quick, properties.size + items.size > 0)
    const found = inner.run()
    if (!found) {
      for (const name of properties) if (!inner.unevaluated.properties.has(name)) properties.delete(name)
      for (const index of items) if (!inner.unevaluated.items.has(index)) items.delete(index)
    }
    return found
  }

  /** A schema on a member of the value. */
  #member(schema: Schema, value: Instance, name: string): Violation | undefined {
    const scope: Scope = { schema, value: this.#scope.value + 1, parent: this.#scope, depth: this.#scope.depth + 1, steps: this.#scope.steps }
    return new Validation(value, [...this.#path, name], scope, this.#quick, false).run()
  }

  #follow(schema: Schema, keyword: string): Violation | undefined {
    const found = this.#self(schema, false, keyword)
    if (!found) return undefined
    return { path: this.#path, message: 'validation failed', kind: 'reference', causes: found.kind === 'group' ? found.causes : [found] }
  }

  #followDynamic(): void {
    const { recursiveRef, dynamicRef } = this.#schema
    if (recursiveRef)
      this.#add(
        this.#follow(
          recursiveRef.recursiveAnchor ? this.#outermost((s) => (s.resource.recursiveAnchor ? s : undefined), recursiveRef) : recursiveRef,
          '$recursiveRef',
        ),
      )
    if (!dynamicRef) return
    const { schema, anchor } = dynamicRef
    const isDynamic = anchor !== '' && schema.dynamicAnchor === anchor
    this.#add(this.#follow(isDynamic ? this.#outermost((s) => s.resource.dynamicAnchors?.get(anchor), schema) : schema, '$dynamicRef'))
  }

  #outermost(find: (schema: Schema) => Schema | undefined, fallback: Schema): Schema {
    let found = fallback
    for (let scope: Scope | undefined = this.#scope; scope; scope = scope.parent) found = find(scope.schema) ?? found
    return found
  }

  #checkObject(members: Members): void {
    const { minProperties, maxProperties, required, version } = this.#schema
    if (minProperties !== undefined && members.size < minProperties) this.#addMessage(bounds('minProperties', members.size, minProperties))
    if (maxProperties !== undefined && members.size > maxProperties) this.#addMessage(bounds('maxProperties', members.size, maxProperties))
    const missing = (required ?? []).filter((name) => !members.has(name))
    if (missing.length > 0) this.#addMessage(`missing propert${missing.length === 1 ? 'y' : 'ies'} ${quotedList(missing)}`)
    if (this.#isDecided()) return
    this.#checkDependencies(members)
    this.#checkProperties(members)
    if (version >= 6) this.#checkNames(members)
    if (version >= 7) this.#checkDependents(members)
  }

  #requireWith(members: Members, name: string, required: readonly string[]): void {
    const missing = required.filter((other) => !members.has(other))
    if (missing.length > 0) this.#addMessage(`properties ${quotedList(missing)} required, if ${quoted(name)} exists`)
  }

  #checkDependencies(members: Members): void {
    for (const [name, dependency] of this.#schema.dependencies ?? []) {
      if (!members.has(name)) continue
      if (Array.isArray(dependency)) this.#requireWith(members, name, dependency as readonly string[])
      else this.#add(this.#self(dependency as Schema))
    }
  }

  #checkDependents(members: Members): void {
    for (const [name, schema] of this.#schema.dependentSchemas ?? []) if (members.has(name)) this.#add(this.#self(schema))
    for (const [name, required] of this.#schema.dependentRequired ?? []) if (members.has(name)) this.#requireWith(members, name, required)
  }

  #checkProperties(members: Members): void {
    const { properties, patternProperties, additionalProperties } = this.#schema
    const unwanted: string[] = []
    for (const name of namesOf(members)) {
      if (this.#isDecided()) return
      const value = members.get(name) as Instance
      const schemas = patternProperties?.filter(([pattern]) => matches(pattern, name)).map(([, schema]) => schema) ?? []
      const own = properties?.get(name)
      if (own) schemas.unshift(own)
      if (schemas.length === 0 && additionalProperties === undefined) continue
      this.unevaluated.properties.delete(name)
      for (const schema of schemas) this.#add(this.#member(schema, value, name))
      if (schemas.length > 0) continue
      if (additionalProperties === false) unwanted.push(name)
      else if (typeof additionalProperties === 'object') this.#add(this.#member(additionalProperties, value, name))
    }
    if (unwanted.length > 0) this.#addMessage(`additional properties ${quotedList(unwanted)} not allowed`)
  }

  #checkNames(members: Members): void {
    const schema = this.#schema.propertyNames
    if (!schema) return
    for (const name of namesOf(members)) {
      const found = validate(name, schema, { depth: this.#scope.depth + 1, steps: this.#scope.steps })
      if (found) this.#addMessage(`invalid propertyName ${quoted(name)}`, found)
    }
  }

  #checkArray(items: readonly Instance[]): void {
    const { minItems, maxItems, uniqueItems } = this.#schema
    if (minItems !== undefined && items.length < minItems) this.#addMessage(bounds('minItems', items.length, minItems))
    if (maxItems !== undefined && items.length > maxItems) this.#addMessage(bounds('maxItems', items.length, maxItems))
    const pair = uniqueItems ? firstDuplicates(items) : undefined
    if (pair) this.#addMessage(`items at ${groupedInteger(pair[0])} and ${groupedInteger(pair[1])} are equal`)
    this.#checkItems(items)
    this.#checkContains(items)
  }

  #checkItems(items: readonly Instance[]): void {
    const { prefixItems = [], restItems } = this.#schema
    const prefix = Math.min(prefixItems.length, items.length)
    for (let i = 0; i < prefix; i++) this.#add(this.#member(prefixItems[i] as Schema, items[i] as Instance, String(i)))
    if (restItems === false && prefix < items.length) this.#addMessage(`last ${groupedInteger(items.length - prefix)} additionalItem(s) not allowed`)
    if (typeof restItems !== 'object') return
    for (let i = prefix; i < items.length; i++) this.#add(this.#member(restItems, items[i] as Instance, String(i)))
  }

  #checkContains(items: readonly Instance[]): void {
    const { contains, minContains, maxContains, version } = this.#schema
    if (!contains) return
    const misses: Violation[] = []
    const matched: number[] = []
    for (const [i, item] of items.entries()) {
      const found = this.#member(contains, item, String(i))
      if (found) misses.push(found)
      else {
        matched.push(i)
        if (version >= 2020) this.unevaluated.items.delete(i)
      }
    }
    if (minContains === undefined ? matched.length === 0 : matched.length < minContains)
      this.#addMessage(containsMessage(minContains, matched), misses)
    if (maxContains !== undefined && matched.length > maxContains) {
      this.#addMessage(
        `max ${groupedInteger(maxContains)} items required to match contains schema, but matched ${groupedInteger(matched.length)} items at ${matched.join(' ')}`,
      )
    }
  }

  #checkText(text: string): void {
    const { minLength, maxLength, pattern } = this.#schema
    const length = minLength === undefined && maxLength === undefined ? 0 : runeCount(text)
    if (minLength !== undefined && length < minLength) this.#addMessage(bounds('minLength', length, minLength))
    if (maxLength !== undefined && length > maxLength) this.#addMessage(bounds('maxLength', length, maxLength))
    if (pattern && !matches(pattern, text)) this.#addMessage(`${quoted(text)} does not match pattern ${quoted(pattern.source)}`)
  }

  #checkNumber(value: Decimal): void {
    const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = this.#schema
    const check = (name: string, bound: Decimal | undefined, fails: (order: number) => boolean): void => {
      if (bound && fails(compareDecimals(value, bound))) this.#addMessage(numbers(name, value, bound))
    }
    check('minimum', minimum, (order) => order < 0)
    check('maximum', maximum, (order) => order > 0)
    check('exclusiveMinimum', exclusiveMinimum, (order) => order <= 0)
    check('exclusiveMaximum', exclusiveMaximum, (order) => order >= 0)
    if (multipleOf && multipleOf.mantissa !== 0n && !isMultipleOf(value, multipleOf)) this.#addMessage(numbers('multipleOf', value, multipleOf))
  }

  #checkConditions(): void {
    const { not, allOf, anyOf, oneOf, if: condition } = this.#schema
    if (not && !this.#self(not, true)) this.#addMessage("'not' failed")
    if (allOf) {
      const failed = allOf.map((schema) => this.#self(schema)).filter((found) => found !== undefined)
      if (failed.length > 0) this.#addMessage("'allOf' failed", failed)
    }
    if (anyOf && anyOf.length > 0) this.#checkAnyOf(anyOf)
    if (oneOf && oneOf.length > 0) this.#checkOneOf(oneOf)
    if (!condition) return
    const branch = this.#self(condition, true) ? this.#schema.else : this.#schema.then
    if (branch) this.#add(this.#self(branch))
  }

  #checkAnyOf(schemas: readonly Schema[]): void {
    const failed: Violation[] = []
    let matched = false
    for (const schema of schemas) {
      const found = this.#self(schema)
      if (found) failed.push(found)
      else {
        matched = true
        if (this.unevaluated.properties.size + this.unevaluated.items.size === 0) break
      }
    }
    if (!matched) this.#addMessage("'anyOf' failed", failed)
  }

  #checkOneOf(schemas: readonly Schema[]): void {
    const failed: Violation[] = []
    let matched = -1
    for (const [i, schema] of schemas.entries()) {
      const found = this.#self(schema, matched >= 0)
      if (found) failed.push(found)
      else if (matched < 0) matched = i
      else {
        this.#addMessage(`'oneOf' failed, subschemas ${groupedInteger(matched)}, ${groupedInteger(i)} matched`)
        return
      }
    }
    if (matched < 0) this.#addMessage("'oneOf' failed, none matched", failed)
  }

  #checkUnevaluated(): void {
    const { unevaluatedProperties, unevaluatedItems } = this.#schema
    const { properties, items } = this.unevaluated
    if (unevaluatedProperties && this.#value instanceof Map) {
      const members = this.#value as Members
      for (const name of [...properties].sort(compareBytes)) this.#add(this.#member(unevaluatedProperties, members.get(name) as Instance, name))
      properties.clear()
    }
    if (unevaluatedItems && Array.isArray(this.#value)) {
      for (const i of items) this.#add(this.#member(unevaluatedItems, (this.#value as readonly Instance[])[i] as Instance, String(i)))
      items.clear()
    }
  }
}

function isComposite(value: Json): boolean {
  return value instanceof Map || Array.isArray(value)
}

function enumMessage(choices: readonly Json[]): string {
  if (choices.some(isComposite)) return "'enum' failed"
  return choices.length === 1 ? `value must be ${displayed(choices[0] as Json)}` : `value must be one of ${choices.map(displayed).join(', ')}`
}

function bounds(name: string, got: number, want: number): string {
  return `${name}: got ${groupedInteger(got)}, want ${groupedInteger(want)}`
}

function numbers(name: string, got: Decimal, want: Decimal): string {
  return `${name}: got ${englishNumber(Number(got.text))}, want ${englishNumber(Number(want.text))}`
}

function containsMessage(wanted: number | undefined, matched: readonly number[]): string {
  if (wanted === undefined) return 'no items match contains schema'
  const required = `min ${groupedInteger(wanted)} items required to match contains schema, but`
  return matched.length === 0 ? `${required} none matched` : `${required} matched ${groupedInteger(matched.length)} items at ${matched.join(' ')}`
}

function unevaluatedOf(value: Instance, schema: Schema, wanted: boolean): Unevaluated {
  const none: Unevaluated = { properties: new Set(), items: new Set() }
  if (value instanceof Map) {
    const open = schema.additionalProperties === undefined && (wanted || schema.unevaluatedProperties !== undefined)
    return open ? { ...none, properties: new Set((value as GoMap).keys()) } : none
  }
  if (!Array.isArray(value)) return none
  const open = schema.restItems === undefined && (wanted || schema.unevaluatedItems !== undefined)
  const from = schema.prefixItems?.length ?? 0
  return open ? { ...none, items: new Set(Array.from({ length: Math.max(0, value.length - from) }, (_, i) => from + i)) } : none
}

/**
 * What is wrong with `value` under `schema`; undefined when nothing is.
 *
 * @throws GoError when that would take too long to find out
 * Source: santhosh-tekuri/jsonschema 6 validator.go
 */
export function validate(
  value: Instance,
  schema: Schema,
  { depth, steps }: Pick<Scope, 'depth' | 'steps'> = { depth: 0, steps: { taken: 0 } },
): readonly Violation[] | undefined {
  const text = value instanceof Uint8Array ? stringFromBytes(value) : value
  const found = new Validation(text, [], { schema, value: 0, parent: undefined, depth, steps }, false, false).run()
  if (!found) return undefined
  return found.kind === 'group' ? found.causes : [found]
}
