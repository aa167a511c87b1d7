import { stateShape } from '../../src/state/known-keys.ts'
import type { Field, Shape, StructShape } from '../../src/state/shape.ts'

type Json = { readonly [key: string]: unknown }

/** YAML 1.1's words for bools, which a typed field takes, as a reader of YAML 1.2 sees them. */
const WORDS = ['yes', 'Yes', 'YES', 'no', 'No', 'NO', 'on', 'On', 'ON', 'off', 'Off', 'OFF', 'y', 'Y', 'n', 'N']

/** What a field takes whose name alone does not say what it may hold. */
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  missingFileHandler: ['Error', 'Warn', 'Info', 'Debug'],
  mergeStrategy: ['', 'override', 'fallback'],
  updateStrategy: ['', 'reinstallIfForbidden'],
  cascade: ['', 'background', 'orphan', 'foreground'],
  serverSide: ['', 'true', 'false', 'auto'],
}

function name(goType: string): string {
  return goType.replace(/^\w+\./, '')
}

function schemaOf(shape: Shape): Json {
  switch (shape.kind) {
    case 'string':
      return { type: ['string', 'number', 'boolean', 'null'] }
    case 'bool':
      return { enum: [true, false, null, ...WORDS] }
    case 'int':
      return { type: ['integer', 'null'] }
    case 'float':
      return { type: ['number', 'null'] }
    case 'any':
      return {}
    case 'optional':
      return schemaOf(shape.of)
    case 'list': {
      const list = { type: ['array', 'null'], items: schemaOf(shape.of) }
      return shape.orSingle ? { anyOf: [list, schemaOf(shape.of)] } : list
    }
    case 'map':
      return { type: ['object', 'null'], additionalProperties: schemaOf(shape.of) }
    case 'struct':
      return { $ref: `#/$defs/${name(shape.goType)}` }
  }
}

function fieldSchema(key: string, { shape }: Field): Json {
  const choices = Object.hasOwn(CHOICES, key) ? CHOICES[key] : undefined
  if (choices === undefined) return schemaOf(shape)
  return { enum: key === 'serverSide' ? [...choices, true, false, null] : [...choices, null] }
}

function structSchema({ fields, shorthand, printed = [] }: StructShape): Json {
  const own = Object.entries(fields).map(([key, field]) => [key, fieldSchema(key, field)] as const)
  const properties = Object.fromEntries([...own, ...printed.map((key) => [key, {}] as const)])
  const map = { type: ['object', 'null'], additionalProperties: false, properties }
  return shorthand === undefined ? map : { anyOf: [{ type: 'string', description: `the same as a mapping with just ${shorthand}` }, map] }
}

function structsIn(shape: Shape, found: Map<string, StructShape>): Map<string, StructShape> {
  if (shape.kind === 'optional' || shape.kind === 'list' || shape.kind === 'map') return structsIn(shape.of, found)
  if (shape.kind !== 'struct' || found.has(shape.goType)) return found
  found.set(shape.goType, shape)
  for (const { shape: inner } of Object.values(shape.fields)) structsIn(inner, found)
  return found
}

/** The JSON Schema of one part of a state file, as the text of `schemas/helmfile.schema.json`: made of the tables that decoding follows. */
export function stateSchema(): string {
  const structs = [...structsIn(stateShape, new Map()).values()].filter(({ goType }) => goType !== stateShape.goType)
  const schema = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'helmfile.yaml',
    description: 'One part of a state file without template expressions, as Helmfile 1.8 and Flotilla read it.',
    ...structSchema(stateShape),
    $defs: Object.fromEntries(structs.map((struct) => [name(struct.goType), structSchema(struct)])),
  }
  return `${JSON.stringify(schema, null, 2)}\n`
}
