/*
 * Checks an object against the structural schema of its CustomResourceDefinition, as the API server will once that is there.
 * In: the object and one version of a definition. Out: complaints by path; none where it fits.
 * Not checked here: most formats, rules in CEL. Source: apiextensions-apiserver 0.36 pkg/apiserver/{schema,validation}.
 */
import { isIPv4, isIPv6 } from 'node:net'
import { isObject, type JsonObject, valueAt } from '../../base/json.ts'
import { lenient } from '../../go/lenient.ts'
import { compileRegexp, matches } from '../../go/regexp.ts'
import { canonicalJson } from '../saved/canonical-json.ts'
import { storedForm } from './stored-form.ts'

/** The parts of a schema that say what fits. */
export interface StructuralSchema {
  readonly type?: string
  readonly nullable?: boolean
  readonly default?: unknown
  readonly format?: string
  readonly properties?: Readonly<Record<string, StructuralSchema>>
  readonly additionalProperties?: boolean | StructuralSchema
  readonly items?: StructuralSchema
  readonly required?: readonly string[]
  readonly enum?: readonly unknown[]
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: boolean
  readonly exclusiveMaximum?: boolean
  readonly multipleOf?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly uniqueItems?: boolean
  readonly minProperties?: number
  readonly maxProperties?: number
  readonly allOf?: readonly StructuralSchema[]
  readonly anyOf?: readonly StructuralSchema[]
  readonly oneOf?: readonly StructuralSchema[]
  readonly not?: StructuralSchema
  readonly 'x-kubernetes-int-or-string'?: boolean
  readonly 'x-kubernetes-validations'?: readonly { readonly rule: string }[]
  readonly 'x-kubernetes-list-type'?: string
  readonly 'x-kubernetes-list-map-keys'?: readonly string[]
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean
  readonly 'x-kubernetes-embedded-resource'?: boolean
}

/** Something that does not fit. `unknown`: a field that the schema does not have, which a server drops unless it is told to refuse. */
export interface SchemaComplaint {
  readonly path: string
  readonly text: string
  readonly kind: 'invalid' | 'unknown'
}

/** More than this is one mistake many times over. */
const MAX_COMPLAINTS = 20
/** What every object has beside its schema. */
const OBJECT_FIELDS: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata'])

/** What is wrong with `object`, a whole object of the kind that `schema` describes. */
export function checkAgainstSchema(object: JsonObject, schema: StructuralSchema): readonly SchemaComplaint[] {
  const found: SchemaComplaint[] = []
  checkValue(storedForm(object, schema), schema, '', { found, isObject: true })
  return found.slice(0, MAX_COMPLAINTS)
}

interface Place {
  readonly found: SchemaComplaint[]
  /** A whole Kubernetes object stands here. */
  readonly isObject?: boolean
  /** Inside of allOf and the like nothing is unknown: the schema around it says what there is. */
  readonly isLogic?: boolean
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return typeof value === 'number' ? (Number.isInteger(value) ? 'integer' : 'number') : typeof value
}

function checkValue(value: unknown, schema: StructuralSchema, path: string, place: Place): void {
  if (place.found.length > MAX_COMPLAINTS) return
  if (value === null && schema.nullable) return
  if (!hasType(value, schema)) {
    invalid(place, path, `must be of type ${schema['x-kubernetes-int-or-string'] ? 'integer or string' : schema.type}, and is ${typeOf(value)}`)
    return
  }
  if (schema.enum && !schema.enum.some((item) => JSON.stringify(item) === JSON.stringify(value)))
    invalid(place, path, `must be one of ${schema.enum.map((item) => JSON.stringify(item)).join(', ')}`)
  if (typeof value === 'string') checkText(value, schema, path, place)
  else if (typeof value === 'number') checkNumber(value, schema, path, place)
  else if (Array.isArray(value)) checkList(value, schema, path, place)
  else if (isObject(value)) checkMap(value, schema, path, place)
  checkLogic(value, schema, path, place)
}

function invalid({ found }: Place, path: string, text: string): void {
  found.push({ path: path === '' ? '.' : path, text, kind: 'invalid' })
}

function hasType(value: unknown, schema: StructuralSchema): boolean {
  const type = typeOf(value)
  if (schema['x-kubernetes-int-or-string']) return type === 'integer' || type === 'string'
  return schema.type === undefined || schema.type === type || (schema.type === 'number' && type === 'integer')
}

/** A pattern that cannot be read fits all: the server will say so of the definition itself. */
function fitsPattern(source: string, text: string): boolean {
  return lenient(() => matches(compileRegexp(source), text), true)
}

function checkText(value: string, { pattern, minLength, maxLength, format }: StructuralSchema, path: string, place: Place): void {
  const length = [...value].length
  if (minLength !== undefined && length < minLength) invalid(place, path, `must have at least ${minLength} characters`)
  if (maxLength !== undefined && length > maxLength) invalid(place, path, `must have at most ${maxLength} characters`)
  if (pattern !== undefined && !fitsPattern(pattern, value)) invalid(place, path, `must match ${pattern}`)
  if ((format === 'ipv4' && !isIPv4(value)) || (format === 'ipv6' && !isIPv6(value))) invalid(place, path, `must be of format ${format}`)
}

function checkNumber(value: number, schema: StructuralSchema, path: string, place: Place): void {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf, format } = schema
  if (format === 'int32' && (value < -(2 ** 31) || value >= 2 ** 31)) invalid(place, path, 'must be of format int32')
  if (minimum !== undefined && (exclusiveMinimum ? value <= minimum : value < minimum))
    invalid(place, path, `must be ${exclusiveMinimum ? 'more than' : 'at least'} ${minimum}`)
  if (maximum !== undefined && (exclusiveMaximum ? value >= maximum : value > maximum))
    invalid(place, path, `must be ${exclusiveMaximum ? 'less than' : 'at most'} ${maximum}`)
  if (multipleOf !== undefined && Math.abs(value / multipleOf - Math.round(value / multipleOf)) > 1e-9)
    invalid(place, path, `must be a multiple of ${multipleOf}`)
}

function checkList(value: readonly unknown[], schema: StructuralSchema, path: string, place: Place): void {
  const { items, minItems, maxItems, uniqueItems } = schema
  if (minItems !== undefined && value.length < minItems) invalid(place, path, `must have at least ${minItems} items`)
  if (maxItems !== undefined && value.length > maxItems) invalid(place, path, `must have at most ${maxItems} items`)
  if (uniqueItems && new Set(value.map((item) => JSON.stringify(item))).size < value.length) invalid(place, path, 'must not have the same item twice')
  checkIdentities(value, schema, path, place)
  if (items) for (const [index, item] of value.entries()) checkValue(item, items, `${path}[${index}]`, { ...place, isObject: false })
}

/** Items of sets, and of lists that are maps by some of their fields, stand there once. */
function checkIdentities(value: readonly unknown[], schema: StructuralSchema, path: string, place: Place): void {
  const type = schema['x-kubernetes-list-type']
  if (type !== 'set' && type !== 'map') return
  const keys = schema['x-kubernetes-list-map-keys'] ?? []
  const seen = new Set<string>()
  for (const [index, item] of value.entries()) {
    const identity = canonicalJson(type === 'set' ? item : keys.map((key) => valueAt(item, key)))
    if (seen.has(identity))
      invalid(place, `${path}[${index}]`, type === 'set' ? 'is there twice' : `has the same ${keys.join(' and ')} as another item`)
    seen.add(identity)
  }
}

function checkMap(value: JsonObject, schema: StructuralSchema, path: string, place: Place): void {
  const { required = [], minProperties, maxProperties, properties = {}, additionalProperties } = schema
  const isWhole = place.isObject || schema['x-kubernetes-embedded-resource']
  const count = Object.keys(value).length
  for (const key of required) if (!Object.hasOwn(value, key)) invalid(place, join(path, key), 'is required')
  if (minProperties !== undefined && count < minProperties) invalid(place, path, `must have at least ${minProperties} fields`)
  if (maxProperties !== undefined && count > maxProperties) invalid(place, path, `must have at most ${maxProperties} fields`)
  for (const [key, item] of Object.entries(value)) {
    if (isWhole && OBJECT_FIELDS.has(key)) continue
    const below = { ...place, isObject: false }
    if (Object.hasOwn(properties, key)) checkValue(item, properties[key] as StructuralSchema, join(path, key), below)
    else if (typeof additionalProperties === 'object') checkValue(item, additionalProperties, join(path, key), below)
    else if (!additionalProperties && !schema['x-kubernetes-preserve-unknown-fields'] && !place.isLogic)
      place.found.push({ path: join(path, key), text: 'is not known to the schema', kind: 'unknown' })
  }
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`
}

function checkLogic(value: unknown, { allOf = [], anyOf, oneOf, not }: StructuralSchema, path: string, place: Place): void {
  const fits = (schema: StructuralSchema): boolean => {
    const found: SchemaComplaint[] = []
    checkValue(value, schema, path, { ...place, found, isLogic: true })
    return found.length === 0
  }
  for (const schema of allOf) checkValue(value, schema, path, { ...place, isLogic: true })
  if (anyOf && !anyOf.some(fits)) invalid(place, path, 'must fit at least one of several forms (anyOf), and fits none')
  if (oneOf && oneOf.filter(fits).length !== 1) invalid(place, path, 'must fit exactly one of several forms (oneOf)')
  if (not && fits(not)) invalid(place, path, 'has a form that it must not have (not)')
}
