import { quote } from '../../go/quote.ts'
import { compileRegexp, type Regexp } from '../../go/regexp.ts'
import { GoError } from '../../go/values.ts'
import { Decimal, decimalOf } from './decimal.ts'
import { type FormatCheck, formatChecks } from './formats.ts'
import type { Json } from './parse-schema.ts'
import { encodeFragment, escapeToken, lookUp } from './pointer.ts'
import { type Resource, type Resources, type Root, resourceAt, splitUrl } from './resources.ts'

/** The types of JSON values as schemas name them, in the order in which messages list them. */
const TYPE_NAMES = ['null', 'boolean', 'number', 'integer', 'string', 'array', 'object'] as const
export type TypeName = (typeof TYPE_NAMES)[number]

/** A schema made ready: keywords of other drafts left out, references resolved. Schemas may refer to one another in circles. */
export interface Schema {
  /** URL and fragment, for messages. */
  readonly location: string
  readonly version: number
  readonly rootUrl: string
  readonly pointer: string
  /** The schema that names the resource this one belongs to. */
  resource: Schema
  /** Set on resources: schemas by `$dynamicAnchor`. */
  dynamicAnchors?: ReadonlyMap<string, Schema>
  bool?: boolean
  ref?: Schema
  recursiveRef?: Schema
  recursiveAnchor?: boolean
  dynamicRef?: { readonly schema: Schema; readonly anchor: string }
  dynamicAnchor?: string
  types?: readonly TypeName[]
  enum?: readonly Json[]
  const?: { readonly value: Json }
  format?: { readonly name: string; readonly check: FormatCheck }
  not?: Schema
  allOf?: readonly Schema[]
  anyOf?: readonly Schema[]
  oneOf?: readonly Schema[]
  if?: Schema
  then?: Schema
  else?: Schema
  minProperties?: number
  maxProperties?: number
  required?: readonly string[]
  propertyNames?: Schema
  properties?: ReadonlyMap<string, Schema>
  patternProperties?: readonly (readonly [Regexp, Schema])[]
  additionalProperties?: boolean | Schema
  dependencies?: ReadonlyMap<string, readonly string[] | Schema>
  dependentRequired?: ReadonlyMap<string, readonly string[]>
  dependentSchemas?: ReadonlyMap<string, Schema>
  unevaluatedProperties?: Schema
  minItems?: number
  maxItems?: number
  uniqueItems?: boolean
  contains?: Schema
  minContains?: number
  maxContains?: number
  /** Schemas of the first items one by one, and that of all behind them. */
  prefixItems?: readonly Schema[]
  restItems?: boolean | Schema
  unevaluatedItems?: Schema
  minLength?: number
  maxLength?: number
  pattern?: Regexp
  minimum?: Decimal
  maximum?: Decimal
  exclusiveMinimum?: Decimal
  exclusiveMaximum?: Decimal
  multipleOf?: Decimal
}

type Fields = ReadonlyMap<string, Json>

/** Compiles schemas and all they refer to. `assertFormats`: formats count in the drafts, too, where they are notes by default. */
export class Compiler {
  readonly #resources: Resources
  readonly #assertFormats: boolean
  readonly #known = new Map<string, Schema>()
  readonly #waiting: Schema[] = []
  readonly #checkSubschema: (root: Root, value: Json, pointer: string) => void

  constructor(
    resources: Resources,
    options: { readonly assertFormats: boolean; readonly checkSubschema?: (root: Root, value: Json, pointer: string) => void },
  ) {
    this.#resources = resources
    this.#assertFormats = options.assertFormats
    this.#checkSubschema = options.checkSubschema ?? (() => undefined)
  }

  /** @throws GoError for references that lead nowhere and malformed expressions */
  compile(url: string): Schema {
    const schema = this.#enqueue(this.#resources.root(url), '')
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) this.#fill(next)
    return schema
  }

  #enqueue(root: Root, pointer: string): Schema {
    const location = `${root.url}#${encodeFragment(pointer)}`
    const known = this.#known.get(location)
    if (known) return known
    const value = lookUp(root.document, pointer, location)
    if (!root.visited.has(pointer)) this.#visit(root, value, pointer)
    const { draft } = resourceAt(root, pointer)
    const schema = { location, version: draft.version, rootUrl: root.url, pointer } as Schema
    schema.resource = schema
    this.#known.set(location, schema)
    this.#waiting.push(schema)
    return schema
  }

  /** A reference into a place where no schema was expected makes one of it. */
  #visit(root: Root, value: Json, pointer: string): void {
    const { id, draft } = resourceAt(root, pointer)
    this.#resources.collect(root, value, id, pointer, draft)
    this.#checkSubschema(root, value, pointer)
  }

  #fill(schema: Schema): void {
    const root = this.#resources.root(schema.rootUrl)
    const resource = resourceAt(root, schema.pointer)
    schema.resource = this.#enqueue(root, resource.pointer)
    if (schema.resource === schema && schema.version >= 2020) schema.dynamicAnchors = this.#dynamicAnchors(root, resource)
    const value = lookUp(root.document, schema.pointer, schema.location)
    if (typeof value === 'boolean') schema.bool = value
    else if (value instanceof Map && value.size === 0) schema.bool = true
    else if (value instanceof Map)
      new Keywords(
        value as Fields,
        schema,
        (pointer) => this.#enqueue(root, pointer),
        (reference) => this.#reference(root, resource, reference),
        this.#assertFormats,
      ).read()
  }

  #dynamicAnchors(root: Root, resource: Resource): ReadonlyMap<string, Schema> {
    return new Map([...resource.dynamicAnchors].map((anchor) => [anchor, this.#enqueue(root, resource.anchors.get(anchor) as string)]))
  }

  #reference(root: Root, resource: Resource, reference: string): Schema {
    const target = this.#resources.resolve(root, resource, reference)
    return this.#enqueue(target.root, target.pointer)
  }
}

/** Reads the keywords of one schema. */
class Keywords {
  readonly #fields: Fields
  readonly #schema: Schema
  readonly #at: (pointer: string) => Schema
  readonly #refer: (reference: string) => Schema
  readonly #assertFormats: boolean

  constructor(fields: Fields, schema: Schema, at: (pointer: string) => Schema, refer: (reference: string) => Schema, assertFormats: boolean) {
    this.#fields = fields
    this.#schema = schema
    this.#at = at
    this.#refer = refer
    this.#assertFormats = assertFormats
  }

  read(): void {
    const { version } = this.#schema
    this.#set('ref', this.#reference('$ref'))
    // Before draft 2019-09 nothing beside a $ref counts.
    if (version < 2019 && this.#schema.ref) return
    this.#readApplicators()
    this.#readObject()
    this.#readArray()
    this.#readScalars()
    this.#readFormat()
    if (version >= 6) this.#readDraft6()
    if (version >= 7) this.#readConditions()
    if (version >= 2019) this.#readDraft2019()
    if (version >= 2020) this.#readDynamic()
  }

  #set<K extends keyof Schema>(name: K, value: Schema[K] | undefined): void {
    if (value !== undefined) this.#schema[name] = value as Schema[K]
  }

  #text(keyword: string): string | undefined {
    const value = this.#fields.get(keyword)
    return typeof value === 'string' ? value : undefined
  }

  #number(keyword: string): Decimal | undefined {
    const value = this.#fields.get(keyword)
    return value instanceof Decimal ? decimalOf(value) : undefined
  }

  #count(keyword: string): number | undefined {
    const value = this.#number(keyword)
    return value?.isInteger ? Number(value.text) : undefined
  }

  #list(keyword: string): readonly Json[] | undefined {
    const value = this.#fields.get(keyword)
    return Array.isArray(value) ? (value as readonly Json[]) : undefined
  }

  #map(keyword: string): Fields | undefined {
    const value = this.#fields.get(keyword)
    return value instanceof Map ? (value as Fields) : undefined
  }

  #below(...names: readonly string[]): Schema {
    return this.#at(`${this.#schema.pointer}${names.map((name) => `/${escapeToken(name)}`).join('')}`)
  }

  #single(keyword: string): Schema | undefined {
    return this.#fields.has(keyword) ? this.#below(keyword) : undefined
  }

  #schemaList(keyword: string): readonly Schema[] | undefined {
    return this.#list(keyword)?.map((_, i) => this.#below(keyword, String(i)))
  }

  #schemaMap(keyword: string): ReadonlyMap<string, Schema> | undefined {
    const map = this.#map(keyword)
    return map && new Map([...map.keys()].map((name) => [name, this.#below(keyword, name)]))
  }

  #booleanOrSchema(keyword: string): boolean | Schema | undefined {
    const value = this.#fields.get(keyword)
    return typeof value === 'boolean' ? value : this.#single(keyword)
  }

  #reference(keyword: string): Schema | undefined {
    const reference = this.#text(keyword)
    return reference === undefined ? undefined : this.#refer(reference)
  }

  #regexp(keyword: string, source: string): Regexp {
    try {
      return compileRegexp(source)
    } catch (error) {
      if (!(error instanceof GoError)) throw error
      throw new GoError(`invalid regex ${quote(source)} at ${quote(`${this.#schema.location}/${keyword}`)}: ${error.message}`)
    }
  }

  #readApplicators(): void {
    this.#set('allOf', this.#schemaList('allOf'))
    this.#set('anyOf', this.#schemaList('anyOf'))
    this.#set('oneOf', this.#schemaList('oneOf'))
    this.#set('not', this.#single('not'))
  }

  #readObject(): void {
    this.#set('minProperties', this.#count('minProperties'))
    this.#set('maxProperties', this.#count('maxProperties'))
    this.#set('required', textsOf(this.#list('required')))
    this.#set('properties', this.#schemaMap('properties'))
    const patterns = this.#schemaMap('patternProperties')
    this.#set('patternProperties', patterns && [...patterns].map(([source, schema]) => [this.#regexp('patternProperties', source), schema] as const))
    this.#set('additionalProperties', this.#booleanOrSchema('additionalProperties'))
    const dependencies = this.#map('dependencies')
    this.#set(
      'dependencies',
      dependencies && new Map([...dependencies].map(([name, value]) => [name, textsOf(value) ?? this.#below('dependencies', name)])),
    )
  }

  #readArray(): void {
    this.#set('minItems', this.#count('minItems'))
    this.#set('maxItems', this.#count('maxItems'))
    this.#set('uniqueItems', this.#fields.get('uniqueItems') === true ? true : undefined)
    if (this.#schema.version >= 2020) {
      this.#set('prefixItems', this.#schemaList('prefixItems'))
      this.#set('restItems', this.#single('items'))
    } else if (this.#list('items')) {
      this.#set('prefixItems', this.#schemaList('items'))
      this.#set('restItems', this.#booleanOrSchema('additionalItems'))
    } else this.#set('restItems', this.#single('items'))
  }

  #readScalars(): void {
    this.#set('types', typesOf(this.#fields.get('type')))
    this.#set('enum', this.#list('enum'))
    this.#set('multipleOf', this.#number('multipleOf'))
    this.#readBound('minimum', 'exclusiveMinimum')
    this.#readBound('maximum', 'exclusiveMaximum')
    this.#set('minLength', this.#count('minLength'))
    this.#set('maxLength', this.#count('maxLength'))
    const pattern = this.#text('pattern')
    this.#set('pattern', pattern === undefined ? undefined : this.#regexp('pattern', pattern))
  }

  /** In draft 4 the exclusive form is a flag beside the bound. */
  #readBound(bound: 'minimum' | 'maximum', exclusive: 'exclusiveMinimum' | 'exclusiveMaximum'): void {
    if (this.#fields.get(exclusive) === true) {
      this.#set(exclusive, this.#number(bound))
      return
    }
    this.#set(bound, this.#number(bound))
    this.#set(exclusive, this.#number(exclusive))
  }

  #readFormat(): void {
    const name = this.#text('format')
    if (name === undefined || (this.#schema.version >= 2019 && !this.#assertFormats)) return
    const check = name === 'regex' ? regexMistake : formatChecks.get(name)
    this.#set('format', check && { name, check })
  }

  #readDraft6(): void {
    this.#set('contains', this.#single('contains'))
    this.#set('propertyNames', this.#single('propertyNames'))
    const value = this.#fields.get('const')
    this.#set('const', value === undefined ? undefined : { value })
  }

  #readConditions(): void {
    this.#set('if', this.#single('if'))
    if (!this.#schema.if) return
    const fixed = this.#fields.get('if')
    if (fixed !== false) this.#set('then', this.#single('then'))
    if (fixed !== true) this.#set('else', this.#single('else'))
  }

  #readDraft2019(): void {
    this.#set('recursiveRef', this.#reference('$recursiveRef'))
    this.#set('recursiveAnchor', this.#fields.get('$recursiveAnchor') === true ? true : undefined)
    if (this.#schema.contains) {
      this.#set('minContains', this.#count('minContains'))
      this.#set('maxContains', this.#count('maxContains'))
    }
    const required = this.#map('dependentRequired')
    this.#set('dependentRequired', required && new Map([...required].map(([name, value]) => [name, textsOf(value) ?? []])))
    this.#set('dependentSchemas', this.#schemaMap('dependentSchemas'))
    this.#set('unevaluatedItems', this.#single('unevaluatedItems'))
    this.#set('unevaluatedProperties', this.#single('unevaluatedProperties'))
  }

  #readDynamic(): void {
    const reference = this.#text('$dynamicRef')
    if (reference !== undefined) {
      const { fragment } = splitUrl(reference)
      this.#set('dynamicRef', { schema: this.#refer(reference), anchor: fragment.startsWith('/') ? '' : fragment })
    }
    this.#set('dynamicAnchor', this.#text('$dynamicAnchor'))
  }
}

function textsOf(value: Json | undefined): readonly string[] | undefined {
  return Array.isArray(value) ? (value as readonly Json[]).filter((item) => typeof item === 'string') : undefined
}

/** Undefined when no type that exists is named: then all are allowed. */
function typesOf(value: Json | undefined): readonly TypeName[] | undefined {
  const named = typeof value === 'string' ? [value] : (textsOf(value) ?? [])
  const types = TYPE_NAMES.filter((name) => named.includes(name))
  return types.length > 0 ? types : undefined
}

function regexMistake(text: string): string | undefined {
  try {
    compileRegexp(text)
    return undefined
  } catch (error) {
    if (error instanceof GoError) return error.message
    throw error
  }
}
