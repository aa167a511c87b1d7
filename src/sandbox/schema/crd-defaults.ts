import { isObject, type JsonObject } from '../../base/json.ts'
import { type MutableObject, member, setMember } from '../json.ts'

/** `value` with the defaults of an `openAPIV3Schema` filled in, below members that are there. */
export function applySchemaDefaults(value: JsonObject, schema: JsonObject | undefined): JsonObject {
  return schema ? (withDefaults(value, schema) as JsonObject) : value
}

function withDefaults(value: unknown, schema: JsonObject): unknown {
  const items = schema['items']
  if (Array.isArray(value)) return isObject(items) ? value.map((item) => withDefaults(item, items)) : value
  if (!isObject(value)) return value
  const properties = isObject(schema['properties']) ? schema['properties'] : {}
  const additional = schema['additionalProperties']
  const out: MutableObject = { ...value }
  for (const [name, property] of Object.entries(properties)) {
    if (!isObject(property)) continue
    const present = member(out, name)
    const isDefaulted = present === undefined || (present === null && property['nullable'] !== true)
    const start = isDefaulted && property['default'] !== undefined ? property['default'] : present
    if (start !== undefined) setMember(out, name, withDefaults(start, property))
  }
  if (isObject(additional)) {
    for (const key of Object.keys(value)) if (!Object.hasOwn(properties, key)) setMember(out, key, withDefaults(value[key], additional))
  }
  return out
}
