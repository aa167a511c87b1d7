import { RE2JS } from 're2js'
import { isObject, type JsonObject, objectOf, sameJson, textOf } from '../../base/json.ts'
import { listOf, member } from '../json.ts'
import type { Cause } from '../status.ts'
import { invalidValue, requiredValue, typeInvalid, unsupportedValue } from './causes.ts'

/** Longer texts are not matched against a pattern: a schema's author is not to stop the server. */
const MAX_PATTERN_INPUT = 4096

/** What is wrong with a custom resource by the `openAPIV3Schema` of its version: types, required members, enumerations, bounds, patterns. */
export function validateCustom(object: JsonObject, schema: JsonObject | undefined): readonly Cause[] {
  if (!schema) return []
  const { apiVersion: _v, kind: _k, metadata: _m, ...own } = object
  return validate(own, schema, '')
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value
}

function validate(value: unknown, schema: JsonObject, field: string): readonly Cause[] {
  if (value === null && schema['nullable'] === true) return []
  const type = textOf(schema['type'])
  const actual = typeOf(value)
  const isIntOrString = schema['x-kubernetes-int-or-string'] === true
  if (type !== '' && !isIntOrString && actual !== type && !(type === 'number' && actual === 'integer')) {
    return [typeInvalid(field, actual, `${field} in body must be of type ${type}: ${JSON.stringify(actual)}`)]
  }
  if (isObject(value)) return validateMembers(value, schema, field)
  if (Array.isArray(value)) return validateItems(value, schema, field)
  return validateScalar(value, schema, field)
}

function inside(field: string, name: string): string {
  return field === '' ? name : `${field}.${name}`
}

function validateMembers(object: JsonObject, schema: JsonObject, field: string): readonly Cause[] {
  const properties = objectOf(schema['properties'])
  const missing = listOf(schema['required'])
    .map(textOf)
    .filter((name) => !Object.hasOwn(object, name) && !(field === '' && ['apiVersion', 'kind', 'metadata'].includes(name)))
  const additional = schema['additionalProperties']
  const members = Object.entries(object).flatMap(([name, value]) => {
    const property = member(properties, name)
    if (isObject(property)) return validate(value, property, inside(field, name))
    return isObject(additional) ? validate(value, additional, inside(field, name)) : []
  })
  return [...missing.map((name) => requiredValue(inside(field, name))), ...members]
}

function validateItems(items: readonly unknown[], schema: JsonObject, field: string): readonly Cause[] {
  const each = schema['items']
  const causes: Cause[] = isObject(each) ? items.flatMap((item, i) => validate(item, each, `${field}[${i}]`)) : []
  const [least, most] = [schema['minItems'], schema['maxItems']]
  if (typeof least === 'number' && items.length < least)
    causes.push(invalidValue(field, items.length, `${field} in body should have at least ${least} items`))
  if (typeof most === 'number' && items.length > most)
    causes.push({ reason: 'FieldValueTooMany', message: `Too many: ${items.length}: must have at most ${most} items`, field })
  return causes
}

function validateScalar(value: unknown, schema: JsonObject, field: string): readonly Cause[] {
  const causes: Cause[] = []
  const choices = schema['enum']
  if (Array.isArray(choices) && !choices.some((choice) => sameJson(choice, value))) causes.push(unsupportedValue(field, value, choices.map(String)))
  if (typeof value === 'number') causes.push(...validateNumber(value, schema, field))
  if (typeof value === 'string') causes.push(...validateText(value, schema, field))
  return causes
}

function validateNumber(value: number, schema: JsonObject, field: string): readonly Cause[] {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema
  if (typeof minimum === 'number' && (exclusiveMinimum === true ? value <= minimum : value < minimum)) {
    return [invalidValue(field, value, `${field} in body should be greater than ${exclusiveMinimum === true ? '' : 'or equal to '}${minimum}`)]
  }
  if (typeof maximum === 'number' && (exclusiveMaximum === true ? value >= maximum : value > maximum)) {
    return [invalidValue(field, value, `${field} in body should be less than ${exclusiveMaximum === true ? '' : 'or equal to '}${maximum}`)]
  }
  return []
}

function validateText(value: string, schema: JsonObject, field: string): readonly Cause[] {
  const causes: Cause[] = []
  const length = [...value].length
  const { minLength, maxLength, pattern } = schema
  if (typeof minLength === 'number' && length < minLength)
    causes.push(invalidValue(field, value, `${field} in body should be at least ${minLength} chars long`))
  if (typeof maxLength === 'number' && length > maxLength)
    causes.push({ reason: 'FieldValueTooLong', message: `Too long: may not be more than ${maxLength} bytes`, field })
  if (typeof pattern === 'string' && value.length <= MAX_PATTERN_INPUT && !matches(pattern, value))
    causes.push(invalidValue(field, value, `${field} in body should match '${pattern}'`))
  return causes
}

const compiled = new Map<string, { matches(text: string): boolean }>()

function matches(pattern: string, text: string): boolean {
  let program = compiled.get(pattern)
  if (!program) {
    const expression = RE2JS.compile(pattern)
    program = { matches: (input) => expression.matcher(input).find() }
    compiled.set(pattern, program)
  }
  return program.matches(text)
}
