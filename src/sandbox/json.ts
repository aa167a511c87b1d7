/** A JSON object as `JSON.parse` makes it. Objects in the store are never changed in place. */
export type JsonObject = { readonly [key: string]: unknown }

/** A JSON object under construction. */
export type MutableObject = { [key: string]: unknown }

/** True for objects that are neither null nor a list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value when it is an object, else an empty one. */
export function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {}
}

/** The value when it is a list, else an empty one. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : []
}

/** The value when it is a text, else an empty one. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** The own member `key` of `object`; undefined for what the prototype holds. */
export function member(object: JsonObject, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined
}

/** Sets an own member, `__proto__` included. */
export function setMember(object: MutableObject, key: string, value: unknown): void {
  if (key === '__proto__') Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true })
  else object[key] = value
}

/** The value at a path of member names, undefined where the path breaks off. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  let here = value
  for (const key of path) {
    if (!isObject(here)) return undefined
    here = member(here, key)
  }
  return here
}

/** A copy of `object` with the value at `path` replaced, or removed when `value` is undefined; missing objects on the way are made. */
export function withAt(object: JsonObject, path: readonly string[], value: unknown): JsonObject {
  const [head, ...rest] = path
  if (head === undefined) return objectOf(value)
  const copy: MutableObject = { ...object }
  const next = rest.length === 0 ? value : withAt(objectOf(member(object, head)), rest, value)
  if (next === undefined) delete copy[head]
  else setMember(copy, head, next)
  return copy
}

/** Deep equality of JSON values; the order of members does not matter. */
export function isEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, i) => isEqual(item, b[i]))
  if (!isObject(a) || !isObject(b)) return false
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && isEqual(a[key], b[key]))
}
