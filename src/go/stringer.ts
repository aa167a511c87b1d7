import { durationString } from './duration.ts'
import { GoInt, GoTime, type GoValue, isGoObject } from './values.ts'

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December']
const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

/** The names of months, January first. */
export const monthNames: readonly string[] = MONTHS
/** The names of weekdays, Sunday first. */
export const weekdayNames: readonly string[] = WEEKDAYS

/** What a value's own `String` or `Error` method gives, or undefined where its type has none. */
export function stringOf(value: GoValue): string | undefined {
  if (value instanceof GoInt) return value.type === value.kind ? undefined : namedIntString(value)
  if (isGoObject(value) && value.goType !== 'complex128') return value.goString?.()
  return undefined
}

function namedIntString(value: GoInt): string | undefined {
  if (value.type === 'time.Duration') return durationString(value.value)
  if (value.type === 'time.Month') return MONTHS[Number(value.value) - 1] ?? `%!Month(${value.value})`
  if (value.type === 'time.Weekday') return WEEKDAYS[Number(value.value)] ?? `%!Weekday(${value.value})`
  return undefined
}

/** What `%#v` prints for a type with a `GoString` method, or undefined. */
export function goStringOf(value: GoValue): string | undefined {
  return value instanceof GoTime ? '' : undefined
}
