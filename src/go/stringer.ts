import { durationString } from './duration.ts'
import { formatTime, STRING_LAYOUT, timeGoString } from './time-format.ts'
import { monthNames, weekdayNames } from './time-names.ts'
import { GoInt, GoTime, type GoValue, isGoObject } from './values.ts'

/** What a value's own `String` or `Error` method gives, or undefined where its type has none. */
export function stringOf(value: GoValue): string | undefined {
  if (value instanceof GoInt) return value.type === value.kind ? undefined : namedIntString(value)
  if (value instanceof GoTime) return formatTime(value, STRING_LAYOUT)
  if (isGoObject(value) && value.goType !== 'complex128') return value.goString?.()
  return undefined
}

function namedIntString(value: GoInt): string | undefined {
  if (value.type === 'time.Duration') return durationString(value.value)
  if (value.type === 'time.Month') return monthNames[Number(value.value) - 1] ?? `%!Month(${value.value})`
  if (value.type === 'time.Weekday') return weekdayNames[Number(value.value)] ?? `%!Weekday(${value.value})`
  return undefined
}

/** What `%#v` prints for a type with a `GoString` method, or undefined. */
export function goStringOf(value: GoValue): string | undefined {
  return value instanceof GoTime ? timeGoString(value) : undefined
}
