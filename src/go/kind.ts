import { GO_TYPE, GoInt, type GoList, type GoMap, GoTime, type GoValue, goInt, isGoObject, withGoType } from './values.ts'

/** The type of a plain map, as `%T` prints it. */
export const MAP_TYPE = 'map[string]interface {}'
/** The type of a plain list, as `%T` prints it. */
const LIST_TYPE = '[]interface {}'
/** The empty interface, as `%T` would print it. */
export const ANY_TYPE = 'interface {}'

/** Go's kind of a value as `reflect.Kind` spells it: `float64`, `string`, `map`, `slice`, `struct`, `ptr`; `invalid` for nil. */
export function kindOf(value: GoValue | undefined): string {
  switch (typeof value) {
    case 'string':
      return 'string'
    case 'number':
      return 'float64'
    case 'boolean':
      return 'bool'
    case 'undefined':
      return 'invalid'
    default:
      return kindOfObject(value)
  }
}

function kindOfObject(value: Exclude<GoValue, string | number | boolean>): string {
  if (value === null) return 'invalid'
  if (value instanceof Map) return 'map'
  if (Array.isArray(value) || value instanceof Uint8Array) return 'slice'
  if (value instanceof GoInt) return value.kind
  if (value instanceof GoTime) return 'struct'
  return value.goKind
}

/** Go's type of a value as `%T` prints it: `map[string]interface {}`, `[]string`, `time.Time`; `<nil>` for nil. */
export function typeOf(value: GoValue | undefined): string {
  switch (typeof value) {
    case 'string':
      return 'string'
    case 'number':
      return 'float64'
    case 'boolean':
      return 'bool'
    case 'undefined':
      return '<nil>'
    default:
      return typeOfObject(value)
  }
}

function typeOfObject(value: Exclude<GoValue, string | number | boolean>): string {
  if (value === null) return '<nil>'
  if (value instanceof Map) return (value as GoMap)[GO_TYPE]?.type ?? MAP_TYPE
  if (Array.isArray(value)) return (value as GoList)[GO_TYPE]?.type ?? LIST_TYPE
  if (value instanceof GoInt) return value.type
  if (value instanceof Uint8Array) return '[]uint8'
  if (value instanceof GoTime) return 'time.Time'
  return value.goType
}

/** The type of a list's items or a map's values: `interface {}` unless the type mark says otherwise. */
export function elementTypeOf(value: GoList | GoMap): string {
  const type = value[GO_TYPE]?.type
  if (type === undefined) return ANY_TYPE
  if (type.startsWith('[]')) return type.slice(2)
  return type.startsWith('map[string]') ? type.slice('map[string]'.length) : ANY_TYPE
}

/** Whether a Go type can hold nil. Named types are taken for structs unless `interface {}`. */
export function isNilableType(type: string): boolean {
  return type === ANY_TYPE || type === 'reflect.Value' || /^(\*|\[\]|map\[|func\(|chan )/.test(type)
}

const INTEGER_TYPES = new Set(['int', 'int8', 'int16', 'int32', 'int64', 'uint', 'uint8', 'uint16', 'uint32', 'uint64', 'uintptr'])

/** Whether `type` names one of Go's own integer types. */
export function isIntegerType(type: string): type is GoInt['kind'] {
  return INTEGER_TYPES.has(type)
}

/** `[]byte(nil)`, which prints as itself under `%#v` only. */
export const NIL_BYTES: Uint8Array = new Uint8Array()

/** Go's zero value of a type, as a missing map entry gives it. */
export function zeroValue(type: string): GoValue {
  if (type === 'string') return ''
  if (type === 'bool') return false
  if (type === 'float64') return 0
  if (type === 'int') return goInt(0)
  if (isIntegerType(type)) return new GoInt(0n, type)
  if (type === '[]uint8') return NIL_BYTES
  if (type.startsWith('map[')) return withGoType<GoMap>(new Map<string, GoValue>(), type, true)
  if (type.startsWith('[]')) return withGoType<GoList>([], type, true)
  return null
}

/** Whether a value is nil: the nil interface, or a nil list or map of some type. */
export function isNil(value: GoValue | undefined): boolean {
  if (value === null || value === undefined) return true
  if (value instanceof Map || Array.isArray(value)) return (value as GoList | GoMap)[GO_TYPE]?.isNil === true
  return value === NIL_BYTES
}

/** Whether a template's `if` takes the value for true: not the zero of its type, not empty, not nil. */
export function isTrue(value: GoValue | undefined): boolean {
  switch (typeof value) {
    case 'string':
      return value.length > 0
    case 'number':
      return value !== 0
    case 'boolean':
      return value
    case 'undefined':
      return false
    default:
      return isTrueObject(value)
  }
}

function isTrueObject(value: Exclude<GoValue, string | number | boolean>): boolean {
  if (value === null) return false
  if (value instanceof Map) return value.size > 0
  if (Array.isArray(value) || value instanceof Uint8Array) return value.length > 0
  if (value instanceof GoInt) return value.value !== 0n
  if (!isGoObject(value)) return true
  if (value.goKind !== 'map' && value.goKind !== 'slice') return value.goType !== 'complex128' || value.goString?.() !== '(0+0i)'
  return isTrue(value.plain?.())
}
