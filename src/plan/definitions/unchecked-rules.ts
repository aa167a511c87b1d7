import { isObject, type JsonObject } from '../../base/json.ts'
import { storedForm } from './stored-form.ts'
import type { StructuralSchema } from './structural-schema.ts'

/**
 * The rules in CEL (`x-kubernetes-validations`) that the API server will hold `object` to, each once; here nobody can. Rules about
 * changes (`oldSelf`) do not count: of these, what is new is free.
 */
export function uncheckedRules(object: JsonObject, schema: StructuralSchema): readonly string[] {
  const found = new Set<string>()
  collect(storedForm(object, schema), schema, found)
  return [...found]
}

function collect(value: unknown, schema: StructuralSchema | undefined, found: Set<string>): void {
  if (!schema || value === undefined) return
  for (const { rule } of schema['x-kubernetes-validations'] ?? []) if (!/\boldSelf\b/.test(rule)) found.add(rule)
  for (const part of schema.allOf ?? []) collect(value, part, found)
  if (Array.isArray(value)) for (const item of value) collect(item, schema.items, found)
  else if (isObject(value)) for (const [key, item] of Object.entries(value)) collect(item, fieldSchema(schema, key), found)
}

function fieldSchema({ properties = {}, additionalProperties }: StructuralSchema, key: string): StructuralSchema | undefined {
  if (Object.hasOwn(properties, key)) return properties[key]
  return typeof additionalProperties === 'object' ? additionalProperties : undefined
}
