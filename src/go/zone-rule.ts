import type { ZoneOffset } from './zone.ts'

/** `M10.5.0/3`: on the last Sunday of October at three. */
interface YearlyShift {
  readonly month: number
  /** From 1 on; 5 is the last of the month. */
  readonly week: number
  /** 0 is Sunday. */
  readonly weekday: number
  /** In seconds of local time since midnight; negative, or over a day, too. */
  readonly time: number
}

/** What a zone keeps to from now on: one time, or two with the shifts between them. */
export interface ZoneRule {
  readonly standard: ZoneOffset
  readonly summer?: ZoneOffset & { readonly begin: YearlyShift; readonly end: YearlyShift }
}

const LETTERS = '(<[^>]+>|[A-Za-z]+)'
const TIME = '([+-]?\\d+(?::\\d+){0,2})'
const RULE = new RegExp(`^${LETTERS}${TIME}(?:${LETTERS}${TIME}?,([^,]+),([^,]+))?$`)
const HOUR = 3600
const DAY = 24 * HOUR

/** Reads a rule such as `CET-1CEST,M3.5.0,M10.5.0/3`: its offsets count west of Greenwich. Source: POSIX, `TZ`; RFC 8536 3.3 */
export function parseZoneRule(text: string): ZoneRule {
  const [, name = '', west = '', summerName, summerWest, begin = '', end = ''] = RULE.exec(text) ?? []
  const standard = { name: letters(name), offset: 0 - seconds(west) }
  if (summerName === undefined) return { standard }
  const offset = summerWest === undefined ? standard.offset + HOUR : 0 - seconds(summerWest)
  return { standard, summer: { name: letters(summerName), offset, begin: yearlyShift(begin), end: yearlyShift(end) } }
}

function letters(text: string): string {
  return text.replace(/[<>]/g, '')
}

function seconds(text: string): number {
  const [hours = 0, minutes = 0, rest = 0] = text.replace(/^[+-]/, '').split(':').map(Number)
  const size = hours * HOUR + minutes * 60 + rest
  return text.startsWith('-') ? -size : size
}

function yearlyShift(text: string): YearlyShift {
  const [date = '', time] = text.slice(1).split('/')
  const [month = 0, week = 0, weekday = 0] = date.split('.').map(Number)
  return { month, week, weekday, time: time === undefined ? 2 * HOUR : seconds(time) }
}

/** After so many years the calendar begins anew, on the same day of the week. */
const CYCLE = 146_097 * DAY

/** What the rule says of a moment in seconds since 1970. */
export function applyZoneRule({ standard, summer }: ZoneRule, moment: number): ZoneOffset {
  if (!summer) return standard
  const inCycle = ((moment % CYCLE) + CYCLE) % CYCLE
  const year = new Date(inCycle * 1000).getUTCFullYear()
  const begin = shiftIn(year, summer.begin) - standard.offset
  const end = shiftIn(year, summer.end) - summer.offset
  const isSummer = begin < end ? inCycle >= begin && inCycle < end : inCycle >= begin || inCycle < end
  return isSummer ? summer : standard
}

/** Seconds since 1970 as if local time were that of Greenwich. */
function shiftIn(year: number, { month, week, weekday, time }: YearlyShift): number {
  const first = new Date(Date.UTC(year, month - 1, 1)).getUTCDay()
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate()
  const day = 1 + ((weekday - first + 7) % 7) + (week - 1) * 7
  return Date.UTC(year, month - 1, day > days ? day - 7 : day) / 1000 + time
}
