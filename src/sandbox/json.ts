import { type JsonObject, objectOf } from '../base/json.ts'

/** A JSON object under construction. Objects in the store are never changed in place. */
export type MutableObject = { [key: string]: unknown }

/** The value when it is a list, else an empty one. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : []
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
