import { sprint } from '../../go/printf.ts'
import type { GoValue } from '../../go/values.ts'

/** The key of the text of a template that is no YAML. */
export const RAW = 'raw'

/** A text without blanks before line breaks and without line breaks at its beginning. */
export function uniform(value: GoValue): string {
  const text = typeof value === 'string' ? value : sprint([value])
  return text.replace(/(?<! ) +\r?\n/g, '\n').replace(/^\n+/, '')
}

/** As `uniform`, for all texts inside of a value. */
export function uniformAll(value: GoValue): GoValue {
  if (typeof value === 'string') return uniform(value)
  if (Array.isArray(value)) return value.map(uniformAll)
  return value instanceof Map ? new Map([...value].map(([key, item]) => [key, uniformAll(item)])) : value
}
