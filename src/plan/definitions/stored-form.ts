import { isObject, type JsonObject } from '../../base/json.ts'
import type { StructuralSchema } from './structural-schema.ts'

/**
 * `value` as the API server would store it: nulls go from fields that may not be null, and fields that are missing get their defaults.
 *
 * Source: apiextensions-apiserver 0.36 pkg/apiserver/schema/defaulting
 */
export function storedForm(value: unknown, schema: StructuralSchema | undefined): unknown {
  if (!schema) return value
  if (Array.isArray(value)) return value.map((item) => storedForm(orDefault(item, schema.items), schema.items))
  return isObject(value) ? storedMap(value, schema) : value
}

function storedMap(value: JsonObject, { properties = {}, additionalProperties }: StructuralSchema): JsonObject {
  const rest = typeof additionalProperties === 'object' ? additionalProperties : undefined
  const schemaOf = (key: string): StructuralSchema | undefined => (Object.hasOwn(properties, key) ? properties[key] : rest)
  const given = Object.entries(value).map(([key, item]) => [key, orDefault(item, schemaOf(key))] as const)
  const missing = Object.entries(properties).flatMap(([key, schema]) =>
    schema.default === undefined || Object.hasOwn(value, key) ? [] : [[key, schema.default] as const],
  )
  const kept = [...given, ...missing].filter(([key, item]) => item !== null || !schemaOf(key) || schemaOf(key)?.nullable)
  return Object.fromEntries(kept.map(([key, item]) => [key, storedForm(item, schemaOf(key))]))
}

function orDefault(item: unknown, schema: StructuralSchema | undefined): unknown {
  return item === null && !schema?.nullable ? (schema?.default ?? null) : item
}
