import { isObject, type JsonObject, objectOf } from '../../base/json.ts'

/** `object` with members of `defaults` where it has none, or null. */
export function fill(object: JsonObject, defaults: JsonObject): JsonObject {
  const out: { [key: string]: unknown } = { ...object }
  for (const [key, value] of Object.entries(defaults)) if (out[key] === undefined || out[key] === null) out[key] = value
  return out
}

/** `object` with member `key` mapped, where it is an object. */
export function mapMember(object: JsonObject, key: string, change: (value: JsonObject) => JsonObject): JsonObject {
  const value = object[key]
  return isObject(value) ? { ...object, [key]: change(value) } : object
}

/** `object` with every object in the list `key` mapped. */
export function mapItems(object: JsonObject, key: string, change: (value: JsonObject) => JsonObject): JsonObject {
  const list = object[key]
  return Array.isArray(list) ? { ...object, [key]: list.map((item) => (isObject(item) ? change(item) : item)) } : object
}

/** `object` with its `spec` mapped; a missing one counts as empty. */
export function mapSpec(object: JsonObject, change: (spec: JsonObject) => JsonObject): JsonObject {
  return { ...object, spec: change(objectOf(object['spec'])) }
}
