/** A JSON object whose fields are looked at one by one. */
export type JsonObject = { readonly [field: string]: unknown }

/** True for a JSON object, not for a list or null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** `value` when it is a JSON object, otherwise an empty one. */
export function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {}
}

/** The items of `value` that are JSON objects; an empty list when it is no list. */
export function objectsOf(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

/** `value` when it is a text, otherwise an empty one. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** `value` when it is a number, otherwise undefined. */
export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}

/** What stands under `path`, or undefined where a step is missing. Only own fields count. */
export function valueAt(value: unknown, ...path: readonly string[]): unknown {
  let found: unknown = value
  for (const step of path) {
    if (!isObject(found) || !Object.hasOwn(found, step)) return undefined
    found = found[step]
  }
  return found
}

/** Deep equality of JSON values; the order of fields does not count, and a field that is undefined is none. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, index) => sameJson(item, b[index]))
  if (!isObject(a) || !isObject(b)) return false
  const keys = Object.keys(a).filter((key) => a[key] !== undefined)
  const others = Object.keys(b).filter((key) => b[key] !== undefined)
  return keys.length === others.length && keys.every((key) => Object.hasOwn(b, key) && sameJson(a[key], b[key]))
}
