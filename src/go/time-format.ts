import { fieldsOf, type TimeFields } from './time-fields.ts'
import { type LayoutElement, nextElement } from './time-layout.ts'
import { monthNames, weekdayNames } from './time-names.ts'
import { quoteForTime } from './time-quote.ts'
import type { GoTime } from './values.ts'

/** The layout `time.RFC3339Nano`. */
export const RFC3339_NANO = '2006-01-02T15:04:05.999999999Z07:00'

/** The layout of `time.Time.String`. */
export const STRING_LAYOUT = '2006-01-02 15:04:05.999999999 -0700 MST'

/** A moment written by a Go layout (`time.Time.Format`). */
export function formatTime(time: GoTime, layout: string): string {
  const fields = fieldsOf(time)
  let out = ''
  for (let at = 0; at < layout.length; ) {
    const element = nextElement(layout, at)
    out += element.prefix + elementText(fields, element)
    at = element.end
  }
  return out
}

function padded(value: number, width: number): string {
  return (value < 0 ? '-' : '') + Math.abs(value).toString().padStart(width, '0')
}

/** Numbers are as wide as their element: `01` two digits, `1` as many as needed, `_2` filled with blanks. */
function numberText(value: number, element: string): string {
  if (element.startsWith('_')) return value.toString().padStart(element.length, ' ')
  return padded(value, element.startsWith('0') ? element.length : 0)
}

function elementText(t: TimeFields, { kind, element }: LayoutElement): string {
  switch (kind) {
    case 'text':
      return ''
    case 'year':
      return padded(Math.abs(t.year) % 100, 2)
    case 'long year':
      return padded(t.year, 4)
    case 'month':
      return (monthNames[t.month - 1] as string).slice(0, 3)
    case 'long month':
      return monthNames[t.month - 1] as string
    case 'number month':
      return numberText(t.month, element)
    case 'weekday':
      return (weekdayNames[t.weekday] as string).slice(0, 3)
    case 'long weekday':
      return weekdayNames[t.weekday] as string
    case 'day':
      return numberText(t.day, element)
    case 'year day':
      return numberText(t.yearDay, element)
    default:
      return clockText(t, kind, element)
  }
}

function clockText(t: TimeFields, kind: LayoutElement['kind'], element: string): string {
  switch (kind) {
    case 'hour':
      return padded(t.hour, 2)
    case 'hour 12':
      return numberText(t.hour % 12 === 0 ? 12 : t.hour % 12, element)
    case 'minute':
      return numberText(t.minute, element)
    case 'second':
      return numberText(t.second, element)
    case 'PM':
      return t.hour >= 12 ? 'PM' : 'AM'
    case 'pm':
      return t.hour >= 12 ? 'pm' : 'am'
    case 'zone name':
      return t.zone.name === '' ? offsetText(t.zone.offset, '-0700') : t.zone.name
    case 'zone offset':
      return offsetText(t.zone.offset, element)
    default:
      return fractionText(t.nanosecond, element)
  }
}

function offsetText(offset: number, element: string): string {
  if (offset === 0 && element.startsWith('Z')) return 'Z'
  const minutes = Math.trunc(offset / 60)
  const size = Math.abs(minutes)
  const colon = element.includes(':') ? ':' : ''
  const form = element.replaceAll(':', '').length
  let out = (minutes < 0 ? '-' : '+') + padded(Math.floor(size / 60), 2)
  if (form > 3) out += colon + padded(size % 60, 2)
  // Go drops the sign of the seconds only where whole minutes carry it.
  if (form > 5) out += colon + padded((minutes < 0 ? -offset : offset) % 60, 2)
  return out
}

function fractionText(nanosecond: number, element: string): string {
  const digits = element.length - 1
  const all = nanosecond.toString().padStart(9, '0')
  if (element[1] === '0') return element[0] + all.slice(0, Math.min(digits, 9))
  if (nanosecond === 0) return ''
  const trimmed = all.slice(0, digits).replace(/0+$/, '')
  return trimmed === '' ? '' : element[0] + trimmed
}

/** A moment as Go source (`time.Time.GoString`). */
export function timeGoString(time: GoTime): string {
  const t = fieldsOf(time)
  const zone =
    time.offsetSeconds !== undefined || (time.zone !== 'UTC' && time.zone !== 'Local')
      ? `time.Location(${quoteForTime(time.zone)})`
      : `time.${time.zone}`
  return `time.Date(${t.year}, time.${monthNames[t.month - 1]}, ${t.day}, ${t.hour}, ${t.minute}, ${t.second}, ${t.nanosecond}, ${zone})`
}
