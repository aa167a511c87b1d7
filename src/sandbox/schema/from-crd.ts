import { isObject, type JsonObject, textOf } from '../../base/json.ts'
import { listOf } from '../json.ts'
import { builtinType } from './builtin.ts'
import { ANY, type Field, type MapSchema, type ScalarName, type Schema } from './schema.ts'

const SCALARS: Readonly<Record<string, ScalarName>> = { string: 'string', integer: 'integer', number: 'number', boolean: 'boolean' }

/** The schema of a custom resource's objects from `openAPIV3Schema`; every object also has the members all objects have. */
export function schemaFromCrd(openApi: unknown): Schema {
  const top = isObject(openApi) ? fromOpenApi(openApi) : ANY
  const own: MapSchema = top.type === 'map' ? top : { type: 'map', atomic: false, fields: new Map(), element: () => ANY, preserve: true }
  const text: Field = { schema: () => ({ type: 'scalar', scalar: 'string' }), zero: 'keep' }
  const metadata: Field = { schema: () => builtinType('meta.v1.ObjectMeta'), zero: 'fill' }
  return { ...own, fields: new Map([...own.fields, ['apiVersion', text], ['kind', text], ['metadata', metadata]]) }
}

function fromOpenApi(schema: JsonObject): Schema {
  if (schema['x-kubernetes-int-or-string'] === true) return { type: 'scalar', scalar: 'int-or-string' }
  const scalar = SCALARS[textOf(schema['type'])]
  if (scalar) return { type: 'scalar', scalar }
  if (schema['type'] === 'array') return listFrom(schema)
  if (schema['type'] === 'object' || isObject(schema['properties'])) return mapFrom(schema)
  return ANY
}

function listFrom(schema: JsonObject): Schema {
  const relation = schema['x-kubernetes-list-type']
  const items = isObject(schema['items']) ? schema['items'] : {}
  return {
    type: 'list',
    relation: relation === 'map' || relation === 'set' ? relation : 'atomic',
    element: lazily(() => fromOpenApi(items)),
    keys: listOf(schema['x-kubernetes-list-map-keys']).map(textOf),
    keyDefaults: keyDefaultsOf(schema, items),
  }
}

function keyDefaultsOf(schema: JsonObject, items: JsonObject): ReadonlyMap<string, unknown> {
  const properties = isObject(items['properties']) ? items['properties'] : {}
  const keys = listOf(schema['x-kubernetes-list-map-keys']).map(textOf)
  return new Map(
    keys.flatMap((key) => {
      const property = properties[key]
      return isObject(property) && property['default'] !== undefined ? [[key, property['default']] as const] : []
    }),
  )
}

function mapFrom(schema: JsonObject): MapSchema {
  const properties = isObject(schema['properties']) ? schema['properties'] : {}
  const fields = new Map<string, Field>()
  for (const [name, property] of Object.entries(properties)) {
    if (isObject(property)) fields.set(name, { schema: lazily(() => fromOpenApi(property)), zero: 'keep' })
  }
  if (schema['x-kubernetes-embedded-resource'] === true) {
    const text: Field = { schema: () => ({ type: 'scalar', scalar: 'string' }), zero: 'keep' }
    for (const name of ['apiVersion', 'kind']) fields.set(name, text)
    fields.set('metadata', { schema: () => builtinType('meta.v1.ObjectMeta'), zero: 'keep' })
  }
  const additional = schema['additionalProperties']
  const preserve = schema['x-kubernetes-preserve-unknown-fields'] === true || additional === true
  const element = isObject(additional) ? lazily(() => fromOpenApi(additional)) : preserve ? () => ANY : undefined
  return { type: 'map', atomic: schema['x-kubernetes-map-type'] === 'atomic', fields, element, ...(preserve ? { preserve } : {}) }
}

function lazily(make: () => Schema): () => Schema {
  let schema: Schema | undefined
  return () => {
    schema ??= make()
    return schema
  }
}
