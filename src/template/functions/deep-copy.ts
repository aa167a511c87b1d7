import {
  GO_METHODS,
  GO_TYPE,
  GoError,
  type GoList,
  type GoMap,
  GoPanic,
  type GoValue,
  isGoObject,
  withGoMethods,
  withGoType,
} from '../../go/values.ts'

/** How deep a value may nest; one that holds itself would never end. */
const MAX_DEPTH = 1_000

/**
 * A copy that shares no list or map with `value`; named types stay.
 *
 * @throws GoPanic for nil
 * Source: mitchellh/copystructure 1.2.0
 */
export function deepCopy(value: GoValue): GoValue {
  if (value === null) throw new GoPanic('reflect: call of reflect.Value.Type on zero Value')
  return copyOf(value, 0)
}

function copyOf(value: GoValue, depth: number): GoValue {
  if (depth > MAX_DEPTH) throw new GoError(`values nest deeper than ${MAX_DEPTH}`)
  if (value instanceof Uint8Array) return Uint8Array.from(value)
  if (Array.isArray(value))
    return marked(
      value.map((item) => copyOf(item, depth + 1)),
      value,
    )
  if (value instanceof Map) return marked(new Map([...value].map(([key, item]) => [key, copyOf(item, depth + 1)])), value)
  return isGoObject(value) ? (value.copied?.() ?? value) : value
}

function marked<T extends GoList | GoMap>(copy: T, original: T): T {
  const mark = original[GO_TYPE]
  const methods = original[GO_METHODS]
  if (mark) withGoType(copy, mark.type, mark.isNil)
  if (methods) withGoMethods(copy, methods)
  return copy
}
