import { daysInMonth, isLeapYear } from './civil.ts'
import { timeInZone, unixSeconds, utcNanoseconds, type WallClock } from './time-fields.ts'
import { type LayoutElement, nextElement } from './time-layout.ts'
import { monthNames, weekdayNames } from './time-names.ts'
import { quoteForTime } from './time-quote.ts'
import { GoError, GoTime } from './values.ts'
import { offsetOfName, zoneAt } from './zone.ts'

/**
 * The moment a text shows under a Go layout (`time.ParseInLocation`).
 *
 * @param zone what an absent zone means, and where its letters are looked up: `UTC`, `Local` or an IANA name
 * @throws GoError with Go's text, `parsing time "…" as "…": cannot parse "…" as "…"`
 * Source: Go 1.26 time/format.go, parse.
 */
export function parseTime(layout: string, value: string, zone: string): GoTime {
  const parts: Parts = { ...NOTHING_READ }
  const reading: Reading = { layout, value, rest: value, parts }
  for (let at = 0; ; ) {
    const element = nextElement(layout, at)
    skipPrefix(reading, element.prefix)
    if (element.kind === 'text') break
    readElement(reading, element)
    at = element.end
  }
  if (reading.rest !== '') throw rangeError(reading, `extra text: ${quoteForTime(reading.rest)}`)
  return placed(parts, wallClock(reading), zone)
}

interface Parts {
  year: number
  month: number | undefined
  day: number | undefined
  yearDay: number | undefined
  hour: number
  minute: number
  second: number
  nanosecond: number
  half: 'am' | 'pm' | undefined
  isUtc: boolean
  offset: number | undefined
  zoneName: string
}

const NOTHING_READ: Parts = {
  year: 0,
  month: undefined,
  day: undefined,
  yearDay: undefined,
  hour: 0,
  minute: 0,
  second: 0,
  nanosecond: 0,
  half: undefined,
  isUtc: false,
  offset: undefined,
  zoneName: '',
}

interface Reading {
  readonly layout: string
  readonly value: string
  rest: string
  readonly parts: Parts
}

function parseError({ layout, value }: Reading, element: string, at: string): GoError {
  const where = `parsing time ${quoteForTime(value)} as ${quoteForTime(layout)}`
  return new GoError(`${where}: cannot parse ${quoteForTime(at)} as ${quoteForTime(element)}`)
}

function rangeError({ value }: Reading, message: string): GoError {
  return new GoError(`parsing time ${quoteForTime(value)}: ${message}`)
}

/** A blank in the layout stands for any number of blanks, none at the end included. */
function skipPrefix(r: Reading, prefix: string): void {
  for (let i = 0; i < prefix.length; ) {
    if (prefix[i] === ' ') {
      if (r.rest !== '' && r.rest[0] !== ' ') throw parseError(r, prefix, r.rest)
      while (prefix[i] === ' ') i++
      r.rest = r.rest.replace(/^ +/, '')
    } else {
      if (r.rest[0] !== prefix[i]) throw parseError(r, prefix, r.rest)
      r.rest = r.rest.slice(1)
      i++
    }
  }
}

function readElement(r: Reading, element: LayoutElement): void {
  const held = r.rest
  const failed = readKind(r, element)
  if (failed === undefined) return
  if (failed === 'bad') throw parseError(r, element.element, held)
  throw rangeError(r, `${failed} out of range`)
}

/** What went wrong: `bad` where the text does not fit, else the name of what is out of range. */
type Failure = string | undefined

/** Takes what `pattern` matches at the start; its first group, or the whole. */
function take(r: Reading, pattern: RegExp): string | undefined {
  const match = pattern.exec(r.rest)
  if (!match) return undefined
  r.rest = r.rest.slice(match[0].length)
  return match[1] ?? match[0]
}

/** One or two digits; exactly two for elements that start with `0`. */
function takeNumber(r: Reading, element: string): number | undefined {
  const text = take(r, element.startsWith('0') ? /^\d\d/ : /^\d\d?/)
  return text === undefined ? undefined : Number(text)
}

function takeName(r: Reading, names: readonly string[]): number | undefined {
  const lower = r.rest.toLowerCase()
  const index = names.findIndex((name) => lower.startsWith(name.toLowerCase()))
  if (index < 0) return undefined
  r.rest = r.rest.slice((names[index] as string).length)
  return index
}

const SHORT_MONTHS = monthNames.map((name) => name.slice(0, 3))
const SHORT_WEEKDAYS = weekdayNames.map((name) => name.slice(0, 3))

function readKind(r: Reading, layoutElement: LayoutElement): Failure {
  const { kind, element } = layoutElement
  switch (kind) {
    case 'year':
    case 'long year':
      return readYear(r, kind)
    case 'month':
    case 'long month':
      return readMonthName(r, kind === 'month' ? SHORT_MONTHS : monthNames)
    case 'number month':
      return readNumber(r, element, 1, 12, 'month')
    case 'weekday':
    case 'long weekday':
      return takeName(r, kind === 'weekday' ? SHORT_WEEKDAYS : weekdayNames) === undefined ? 'bad' : undefined
    case 'day':
    case 'year day':
      return readDay(r, kind, element)
    case 'hour':
      return readNumber(r, '1', 0, 23, 'hour')
    case 'hour 12':
      return readNumber(r, element, 0, 12, 'hour')
    case 'minute':
      return readNumber(r, element, 0, 59, 'minute')
    case 'second':
      return readNumber(r, element, 0, 59, 'second') ?? readUnaskedFraction(r, layoutElement)
    default:
      return readRest(r, kind, element)
  }
}

function readRest(r: Reading, kind: LayoutElement['kind'], element: string): Failure {
  switch (kind) {
    case 'PM':
    case 'pm':
      return readHalf(r, kind)
    case 'zone offset':
      return readOffset(r, element)
    case 'zone name':
      return readZoneName(r)
    default:
      return readFraction(r, element)
  }
}

function readYear(r: Reading, kind: 'year' | 'long year'): Failure {
  const text = take(r, kind === 'year' ? /^(?:\d\d|[+-]\d)/ : /^\d{4}/)
  if (text === undefined) return 'bad'
  const year = Number(text)
  r.parts.year = kind === 'long year' ? year : year + (year >= 69 ? 1900 : 2000)
  return undefined
}

function readMonthName(r: Reading, names: readonly string[]): Failure {
  const index = takeName(r, names)
  if (index === undefined) return 'bad'
  r.parts.month = index + 1
  return undefined
}

function readNumber(r: Reading, element: string, low: number, high: number, name: 'month' | 'hour' | 'minute' | 'second'): Failure {
  const value = takeNumber(r, element)
  if (value === undefined) return 'bad'
  if (value < low || value > high) return name
  r.parts[name] = value
  return undefined
}

function readDay(r: Reading, kind: 'day' | 'year day', element: string): Failure {
  if (element.startsWith('_')) take(r, kind === 'day' ? /^ / : /^ {1,2}/)
  if (kind === 'day') r.parts.day = takeNumber(r, element)
  else {
    const text = take(r, element.startsWith('0') ? /^\d{3}/ : /^\d{1,3}/)
    r.parts.yearDay = text === undefined ? undefined : Number(text)
  }
  return (kind === 'day' ? r.parts.day : r.parts.yearDay) === undefined ? 'bad' : undefined
}

function readHalf(r: Reading, kind: 'PM' | 'pm'): Failure {
  const text = take(r, kind === 'PM' ? /^[AP]M/ : /^[ap]m/)
  if (text === undefined) return 'bad'
  r.parts.half = text.toLowerCase() as 'am' | 'pm'
  return undefined
}

/** Digits after the point, of which nine count. */
function setFraction(r: Reading, digits: string): Failure {
  r.parts.nanosecond = Number(digits.slice(0, 9).padEnd(9, '0'))
  return undefined
}

/** Seconds may carry a fraction the layout does not ask for. */
function readUnaskedFraction(r: Reading, { end }: LayoutElement): Failure {
  const isAskedFor = nextElement(r.layout, end).kind === 'fraction'
  const digits = isAskedFor ? undefined : take(r, /^[.,](\d+)/)
  return digits === undefined ? undefined : setFraction(r, digits)
}

/** The point and nine digits: Go looks at no more. */
const LONGEST_FRACTION = 10

function readFraction(r: Reading, element: string): Failure {
  if (element[1] === '9') {
    const digits = take(r, /^[.,](\d+)/)
    return digits === undefined ? undefined : setFraction(r, digits)
  }
  const count = element.length - 1
  const text = r.rest.slice(0, count + 1)
  // Go takes a sign in place of the first digit.
  const match = /^[.,]([+-]?)(\d*)$/.exec(text.slice(0, LONGEST_FRACTION))
  if (text.length < count + 1 || !match) return 'bad'
  const [, sign = '', digits = ''] = match
  if (sign === '-' && Number(digits) > 0) return 'fractional second'
  r.rest = r.rest.slice(count + 1)
  return setFraction(r, sign === '' ? digits : `0${digits}`)
}

const OFFSETS: Readonly<Record<string, RegExp>> = {
  '07': /^(.)(..)/,
  '0700': /^(.)(..)(..)/,
  '07:00': /^(.)(..):(..)/,
  '070000': /^(.)(..)(..)(..)/,
  '07:00:00': /^(.)(..):(..):(..)/,
}

function readOffset(r: Reading, element: string): Failure {
  if (element.startsWith('Z') && r.rest.startsWith('Z')) {
    r.rest = r.rest.slice(1)
    r.parts.isUtc = true
    return undefined
  }
  const match = (OFFSETS[element.slice(1)] as RegExp).exec(r.rest)
  if (!match) return 'bad'
  r.rest = r.rest.slice(match[0].length)
  const parts = leadingNumbers([match[2], match[3], match[4]].map((digits) => digits ?? '00'))
  const [hours = 0, minutes = 0, seconds = 0] = parts
  const outOfRange = offsetFailure(hours, minutes, seconds)
  if (outOfRange !== undefined) return outOfRange
  if (parts.length < 3 || !/[+-]/.test(match[1] as string)) return 'bad'
  r.parts.offset = (match[1] === '-' ? -1 : 1) * ((hours * 60 + minutes) * 60 + seconds)
  return undefined
}

/** The numbers of `texts` up to the first that is none. */
function leadingNumbers(texts: readonly string[]): readonly number[] {
  const end = texts.findIndex((text) => !/^\d\d$/.test(text))
  return texts.slice(0, end < 0 ? texts.length : end).map(Number)
}

/** Go names the last part that is out of range, before it looks at what is no number; it reads nothing behind that. */
function offsetFailure(hours: number, minutes: number, seconds: number): Failure {
  if (seconds > 60) return 'time zone offset second'
  if (minutes > 60) return 'time zone offset minute'
  return hours > 24 ? 'time zone offset hour' : undefined
}

/** Letters of a zone as Go takes them: three, or more where they end in T, GMT with a shift, or a bare number. */
const ZONE_NAME = /^(?:ChST|MeST|GMT(?:[+-]0*(?:1?\d|2[0-3])(?!\d))?|[+-]0*(?:1?\d|2[0-3])(?!\d))/

function readZoneName(r: Reading): Failure {
  if (r.rest.startsWith('UTC')) {
    r.rest = r.rest.slice(3)
    r.parts.isUtc = true
    return undefined
  }
  const name = (r.rest.length < 3 ? undefined : take(r, ZONE_NAME)) ?? takeCapitals(r)
  if (name === undefined) return 'bad'
  r.parts.zoneName = name
  return undefined
}

function takeCapitals(r: Reading): string | undefined {
  const capitals = /^[A-Z]{3,6}/.exec(r.rest)?.[0]
  if (capitals === undefined || capitals.length === 6) return undefined
  const isName = capitals.length === 3 || capitals.endsWith('T') || capitals === 'WITA'
  if (isName) r.rest = r.rest.slice(capitals.length)
  return isName ? capitals : undefined
}

function wallClock(r: Reading): WallClock {
  const { parts } = r
  const { month, day } = parts.yearDay === undefined ? { month: parts.month ?? 1, day: parts.day ?? 1 } : dayOfYear(r, parts.yearDay)
  if (day < 1 || day > daysInMonth(parts.year, month)) throw rangeError(r, 'day out of range')
  return { year: parts.year, month, day, hour: hourOf(parts), minute: parts.minute, second: parts.second, nanosecond: parts.nanosecond }
}

function hourOf({ half, hour }: Parts): number {
  if (half === 'pm' && hour < 12) return hour + 12
  return half === 'am' && hour === 12 ? 0 : hour
}

function dayOfYear(r: Reading, yearDay: number): { month: number; day: number } {
  const { year } = r.parts
  if (yearDay < 1 || yearDay > (isLeapYear(year) ? 366 : 365)) throw rangeError(r, 'day-of-year out of range')
  let month = 1
  let day = yearDay
  while (day > daysInMonth(year, month)) {
    day -= daysInMonth(year, month)
    month++
  }
  if (r.parts.month !== undefined && r.parts.month !== month) throw rangeError(r, 'day-of-year does not match month')
  if (r.parts.day !== undefined && r.parts.day !== day) throw rangeError(r, 'day-of-year does not match day')
  return { month, day }
}

function placed(parts: Parts, clock: WallClock, zone: string): GoTime {
  if (parts.isUtc) return new GoTime(utcNanoseconds(clock), 'UTC')
  if (parts.offset !== undefined) return atOffset(parts.offset, parts.zoneName, clock, zone)
  if (parts.zoneName !== '') return inNamedZone(parts.zoneName, clock, zone)
  return timeInZone(clock, zone)
}

const NANOSECONDS = 1_000_000_000n

/** The zone asked for where it has that offset then, else a zone that is nothing but the offset. */
function atOffset(offset: number, name: string, clock: WallClock, zone: string): GoTime {
  const nanoseconds = utcNanoseconds(clock) - BigInt(offset) * NANOSECONDS
  const local = new GoTime(nanoseconds, zone)
  const found = zoneAt(zone, Number(unixSeconds(local)))
  return found.offset === offset && (name === '' || found.name === name) ? local : new GoTime(nanoseconds, name, offset)
}

function inNamedZone(name: string, clock: WallClock, zone: string): GoTime {
  const nanoseconds = utcNanoseconds(clock)
  const offset = offsetOfName(zone, name, Number(nanoseconds / NANOSECONDS))
  if (offset !== undefined) return new GoTime(nanoseconds - BigInt(offset) * NANOSECONDS, zone)
  // Go leaves the moment as if the clock were UTC here: the letters alone say nothing of the offset.
  const shift = name.length > 3 && name.startsWith('GMT') ? Number(name.slice(3)) * 3600 : 0
  return new GoTime(nanoseconds, name, shift)
}
