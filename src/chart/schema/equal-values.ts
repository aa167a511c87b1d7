import { compareDecimals, decimalOf } from './decimal.ts'
import type { Instance } from './validate.ts'

function equalMaps(a: ReadonlyMap<string, Instance>, b: ReadonlyMap<string, Instance>): boolean {
  if (a.size !== b.size) return false
  for (const [key, value] of a) {
    const other = b.get(key)
    if (other === undefined || !equalValues(value, other)) return false
  }
  return true
}

/** Whether two JSON values are equal; numbers by what they are worth. */
export function equalValues(a: Instance, b: Instance): boolean {
  if (a instanceof Map) return b instanceof Map && equalMaps(a as ReadonlyMap<string, Instance>, b as ReadonlyMap<string, Instance>)
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, i) => equalValues(item as Instance, b[i] as Instance))
  const number = decimalOf(a)
  const other = decimalOf(b)
  if (number && other) return compareDecimals(number, other) === 0
  return number === undefined && other === undefined && a === b
}

/** A text that is the same for equal values, and seldom for others. */
function fingerprint(value: Instance): string {
  const number = decimalOf(value)
  if (number) return `${number.mantissa}e${number.exponent}`
  if (Array.isArray(value)) return `[${value.map((item) => fingerprint(item as Instance)).join()}]`
  if (value instanceof Map)
    return `{${[...(value as ReadonlyMap<string, Instance>)]
      .map(([key, item]) => `${JSON.stringify(key)}${fingerprint(item)}`)
      .sort()
      .join()}}`
  return JSON.stringify(value)
}

/** The indexes of the first item that stood in the list before, earlier one first; undefined when all differ. */
export function firstDuplicates(items: readonly Instance[]): readonly [number, number] | undefined {
  const seen = new Map<string, number>()
  for (const [i, item] of items.entries()) {
    const text = fingerprint(item)
    const earlier = seen.get(text)
    if (earlier !== undefined) return [earlier, i]
    seen.set(text, i)
  }
  return undefined
}
