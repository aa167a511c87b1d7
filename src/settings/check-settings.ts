import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { DefinedError } from 'ajv'
import type { Diagnostic } from '../base/diagnostic.ts'
import { nearest } from '../base/nearest.ts'
import type { Span } from '../base/source.ts'

/** What was read, and where its parts stand. */
export interface ReadSettings {
  readonly content: unknown
  /** For people. */
  readonly name: string
  /** Where the value at a path stands, or its key; undefined for programs. */
  readonly placeOf: (path: readonly string[], part: 'key' | 'value') => Span | undefined
}

interface Schema {
  readonly description?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: Schema | false
  readonly items?: Schema
}

const SCHEMA = 'schemas/settings.schema.json'

function readSchema(): Schema {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, SCHEMA)) && dirname(folder) !== folder) folder = dirname(folder)
  return JSON.parse(readFileSync(join(folder, SCHEMA), 'utf8')) as Schema
}

function schemaAt(schema: Schema, path: readonly string[]): Schema {
  return path.reduce((inner: Schema, key) => inner.properties?.[key] ?? (inner.additionalProperties || inner.items) ?? {}, schema)
}

function keysOf(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function located({ placeOf, name }: ReadSettings, path: readonly string[], part: 'key' | 'value'): Pick<Diagnostic, 'at' | 'subject'> {
  const at = placeOf(path, part)
  return at ? { at } : { subject: name }
}

function unknownKey(read: ReadSettings, schema: Schema, path: readonly string[], key: string): Diagnostic {
  const known = Object.keys(schemaAt(schema, path).properties ?? {}).filter((name) => name !== '$schema')
  const near = nearest(key, known)
  return {
    code: 'settings/unknown-key',
    severity: 'error',
    summary: `there is no setting ${JSON.stringify([...path, key].join('.'))}`,
    ...located(read, [...path, key], 'key'),
    hint: near ? `write ${near}` : `use one of ${known.join(', ')}`,
  }
}

const TYPES: Readonly<Record<string, string>> = {
  integer: 'a whole number',
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
}

function complaint(error: DefinedError): string | undefined {
  switch (error.keyword) {
    case 'enum':
      return `must be one of ${error.params.allowedValues.map((value) => JSON.stringify(value)).join(', ')}`
    case 'type':
      return `must be ${[error.params.type]
        .flat()
        .map((type) => TYPES[type] ?? type)
        .join(' or ')}`
    case 'pattern':
      return 'is not written as it must be'
    case 'minLength':
      return 'must not be empty'
    default:
      return error.message
  }
}

function wrongValue(read: ReadSettings, schema: Schema, path: readonly string[], error: DefinedError): Diagnostic {
  const name = path.length === 0 ? 'the settings' : JSON.stringify(path.join('.'))
  const { description } = path.length === 0 ? {} : schemaAt(schema, path)
  return {
    code: 'settings/wrong-value',
    severity: 'error',
    summary: `${name} ${complaint(error)}`,
    ...located(read, path, 'value'),
    ...(description !== undefined && { notes: [{ text: description }] }),
  }
}

/**
 * What is wrong with settings, by `schemas/settings.schema.json`: unknown keys with the nearest known one, values of a wrong kind.
 */
export async function checkSettings(read: ReadSettings): Promise<readonly Diagnostic[]> {
  const { Ajv2020 } = await import('ajv/dist/2020.js')
  const schema = readSchema()
  const validate = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true }).compile(schema)
  if (validate(read.content)) return []
  return (validate.errors as DefinedError[]).map((error) => {
    const path = keysOf(error.instancePath)
    return error.keyword === 'additionalProperties'
      ? unknownKey(read, schema, path, error.params.additionalProperty)
      : wrongValue(read, schema, path, error)
  })
}
