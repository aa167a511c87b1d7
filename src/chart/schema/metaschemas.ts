import { createRequire } from 'node:module'
import { type Json, parseSchema } from './parse-schema.ts'

const require: NodeJS.Require = createRequire(import.meta.url)

/** Where the package `ajv` keeps a metaschema; draft 4 is not among them. */
const FILES: Readonly<Record<string, string>> = {
  'draft-06/schema': 'json-schema-draft-06.json',
  'draft-07/schema': 'json-schema-draft-07.json',
  'draft/2019-09/schema': 'json-schema-2019-09/schema.json',
  'draft/2020-12/schema': 'json-schema-2020-12/schema.json',
  ...Object.fromEntries(
    ['applicator', 'content', 'core', 'format', 'meta-data', 'validation'].map((name) => [
      `draft/2019-09/meta/${name}`,
      `json-schema-2019-09/meta/${name}.json`,
    ]),
  ),
  ...Object.fromEntries(
    ['applicator', 'content', 'core', 'format-annotation', 'meta-data', 'unevaluated', 'validation'].map((name) => [
      `draft/2020-12/meta/${name}`,
      `json-schema-2020-12/meta/${name}.json`,
    ]),
  ),
}

const SCHEMA_OR_BOOLEAN = { anyOf: [{ type: 'boolean' }, { $ref: '#' }], default: {} }
const SCHEMAS_BY_NAME = { type: 'object', additionalProperties: { $ref: '#' }, default: {} }
const COUNT = { $ref: '#/definitions/positiveInteger' }
const COUNT_FROM_0 = { $ref: '#/definitions/positiveIntegerDefault0' }
const SCHEMA_LIST = { $ref: '#/definitions/schemaArray' }
const FLAG = { type: 'boolean', default: false }
const TYPE_NAME = { $ref: '#/definitions/simpleTypes' }

/** http://json-schema.org/draft-04/schema (Internet draft zyp-json-schema-04). */
const DRAFT_4: unknown = {
  $schema: 'http://json-schema.org/draft-04/schema#',
  definitions: {
    schemaArray: { type: 'array', minItems: 1, items: { $ref: '#' } },
    positiveInteger: { type: 'integer', minimum: 0 },
    positiveIntegerDefault0: { allOf: [COUNT, { default: 0 }] },
    simpleTypes: { enum: ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'] },
    stringArray: { type: 'array', items: { type: 'string' }, minItems: 1, uniqueItems: true },
  },
  type: 'object',
  properties: {
    id: { type: 'string' },
    $schema: { type: 'string', format: 'uri' },
    title: { type: 'string' },
    description: { type: 'string' },
    default: {},
    multipleOf: { type: 'number', minimum: 0, exclusiveMinimum: true },
    maximum: { type: 'number' },
    exclusiveMaximum: FLAG,
    minimum: { type: 'number' },
    exclusiveMinimum: FLAG,
    maxLength: COUNT,
    minLength: COUNT_FROM_0,
    pattern: { type: 'string', format: 'regex' },
    additionalItems: SCHEMA_OR_BOOLEAN,
    items: { anyOf: [{ $ref: '#' }, SCHEMA_LIST], default: {} },
    maxItems: COUNT,
    minItems: COUNT_FROM_0,
    uniqueItems: FLAG,
    maxProperties: COUNT,
    minProperties: COUNT_FROM_0,
    required: { $ref: '#/definitions/stringArray' },
    additionalProperties: SCHEMA_OR_BOOLEAN,
    definitions: SCHEMAS_BY_NAME,
    properties: SCHEMAS_BY_NAME,
    patternProperties: SCHEMAS_BY_NAME,
    dependencies: { type: 'object', additionalProperties: { anyOf: [{ $ref: '#' }, { $ref: '#/definitions/stringArray' }] } },
    enum: { type: 'array', minItems: 1, uniqueItems: true },
    type: { anyOf: [TYPE_NAME, { type: 'array', items: TYPE_NAME, minItems: 1, uniqueItems: true }] },
    allOf: SCHEMA_LIST,
    anyOf: SCHEMA_LIST,
    oneOf: SCHEMA_LIST,
    not: { $ref: '#' },
    format: { type: 'string' },
    $ref: { type: 'string' },
  },
  dependencies: { exclusiveMaximum: ['maximum'], exclusiveMinimum: ['minimum'] },
  default: {},
}

/** The metaschema at `url` (json-schema.org, any scheme, no fragment), undefined where there is none of that name. */
export function metaschema(url: string): Json | undefined {
  const match = /^https?:\/\/json-schema\.org\/(.+)$/.exec(url)
  if (!match) return undefined
  const name = match[1] === 'schema' ? 'draft/2020-12/schema' : (match[1] as string)
  if (name === 'draft-04/schema') return parseSchema(JSON.stringify(DRAFT_4))
  const file = Object.hasOwn(FILES, name) ? FILES[name] : undefined
  return file === undefined ? undefined : parseSchema(JSON.stringify(require(`ajv/dist/refs/${file}`)))
}
