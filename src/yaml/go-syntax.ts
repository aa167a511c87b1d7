import { formatFloat } from '../go/float.ts'
import { quote } from '../go/quote.ts'
import { GoInt, GoTime } from '../go/values.ts'
import type { ScalarValue } from './resolve.ts'

/** A decoded value as the Go library holds it, keys typed; only messages need it. */
export type Typed = ScalarValue | readonly Typed[] | ReadonlyMap<ScalarValue, Typed>

/** A value as Go's `%#v` prints it inside go-yaml's messages. */
export function goSyntax(value: Typed, inside = false): string {
  if (value === null) return inside ? 'interface {}(nil)' : '<nil>'
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'number') return formatFloat(value, 'g', -1)
  if (value instanceof GoInt) return value.kind === 'uint64' ? `0x${value.value.toString(16)}` : String(value.value)
  if (value instanceof GoTime) return String(value.nanoseconds)
  if (value instanceof Map) return `map[interface {}]interface {}{${[...value].map(([k, v]) => `${goSyntax(k, true)}:${goSyntax(v, true)}`).join(', ')}}`
  return `[]interface {}{${(value as readonly Typed[]).map((item) => goSyntax(item, true)).join(', ')}}`
}
