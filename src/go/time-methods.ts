import { roundDuration, truncateDuration } from './duration.ts'
import { atMoment, fieldsOf, timeInZone, unixSeconds } from './time-fields.ts'
import { formatTime, STRING_LAYOUT, timeGoString } from './time-format.ts'
import { TimeLocation } from './time-location.ts'
import { type GoFunction, GoInt, GoPanic, GoTime, type GoValue, goDuration, goInt, goInt64 } from './values.ts'

/** The moment of Go's zero `time.Time`: the start of year 1 in UTC. */
export const ZERO_TIME: GoTime = new GoTime(-62_135_596_800_000_000_000n, 'UTC')

type Getter = (time: GoTime) => GoValue

const GETTERS: ReadonlyMap<string, Getter> = new Map<string, Getter>([
  ['String', (t) => formatTime(t, STRING_LAYOUT)],
  ['GoString', timeGoString],
  ['Year', (t) => goInt(fieldsOf(t).year)],
  ['Month', (t) => new GoInt(BigInt(fieldsOf(t).month), 'int', 'time.Month')],
  ['Day', (t) => goInt(fieldsOf(t).day)],
  ['Weekday', (t) => new GoInt(BigInt(fieldsOf(t).weekday), 'int', 'time.Weekday')],
  ['YearDay', (t) => goInt(fieldsOf(t).yearDay)],
  ['Hour', (t) => goInt(fieldsOf(t).hour)],
  ['Minute', (t) => goInt(fieldsOf(t).minute)],
  ['Second', (t) => goInt(fieldsOf(t).second)],
  ['Nanosecond', (t) => goInt(fieldsOf(t).nanosecond)],
  ['Unix', (t) => goInt64(unixSeconds(t))],
  ['UnixMilli', (t) => goInt64(floorDivide(t.nanoseconds, 1_000_000n))],
  ['UnixMicro', (t) => goInt64(floorDivide(t.nanoseconds, 1_000n))],
  ['UnixNano', (t) => goInt64(t.nanoseconds)],
  ['IsZero', (t) => t.nanoseconds === ZERO_TIME.nanoseconds],
  ['UTC', (t) => new GoTime(t.nanoseconds, 'UTC')],
  ['Local', (t) => new GoTime(t.nanoseconds, 'Local')],
  ['Location', (t) => new TimeLocation(t)],
])

function floorDivide(value: bigint, unit: bigint): bigint {
  const quotient = value / unit
  return value % unit < 0n ? quotient - 1n : quotient
}

const TIME = ['time.Time']
const DURATION = ['time.Duration']

function withArguments(t: GoTime): ReadonlyMap<string, GoFunction> {
  return new Map<string, GoFunction>([
    ['Format', { params: ['string'], call: (layout: string) => formatTime(t, layout) }],
    ['In', { params: ['*time.Location'], call: (location: TimeLocation | null) => inLocation(t, location) }],
    ['Add', { params: DURATION, call: (d: bigint) => shiftTime(t, d) }],
    ['Sub', { params: TIME, call: (other: GoTime) => goDuration(clampDuration(t.nanoseconds - other.nanoseconds)) }],
    ['AddDate', { params: ['int', 'int', 'int'], call: (y: bigint, m: bigint, d: bigint) => addDate(t, Number(y), Number(m), Number(d)) }],
    ['Before', { params: TIME, call: (other: GoTime) => t.nanoseconds < other.nanoseconds }],
    ['After', { params: TIME, call: (other: GoTime) => t.nanoseconds > other.nanoseconds }],
    ['Equal', { params: TIME, call: (other: GoTime) => t.nanoseconds === other.nanoseconds }],
    ['Compare', { params: TIME, call: (other: GoTime) => goInt(compareMoments(t, other)) }],
    ['Truncate', { params: DURATION, call: (d: bigint) => snapped(t, d, truncateDuration) }],
    ['Round', { params: DURATION, call: (d: bigint) => snapped(t, d, roundDuration) }],
  ])
}

function inLocation(time: GoTime, location: TimeLocation | null): GoTime {
  if (location === null) throw new GoPanic('time: missing Location in call to Time.In')
  return location.show(time)
}

function compareMoments(a: GoTime, b: GoTime): number {
  if (a.nanoseconds === b.nanoseconds) return 0
  return a.nanoseconds < b.nanoseconds ? -1 : 1
}

const LONGEST = (1n << 63n) - 1n

/** Differences beyond 292 years stop at the longest duration there is. */
function clampDuration(nanoseconds: bigint): bigint {
  if (nanoseconds > LONGEST) return LONGEST
  return nanoseconds < -LONGEST - 1n ? -LONGEST - 1n : nanoseconds
}

/** The moment `nanoseconds` later, in the same zone. */
export function shiftTime(time: GoTime, nanoseconds: bigint): GoTime {
  return atMoment(time, time.nanoseconds + nanoseconds)
}

function addDate(time: GoTime, years: number, months: number, days: number): GoTime {
  const t = fieldsOf(time)
  const clock = { ...t, year: t.year + years, month: t.month + months, day: t.day + days }
  if (time.offsetSeconds === undefined) return timeInZone(clock, time.zone)
  const shifted = timeInZone(clock, 'UTC')
  return atMoment(time, shifted.nanoseconds - BigInt(time.offsetSeconds) * 1_000_000_000n)
}

/** To a multiple of `unit` since year 1, whatever the zone. */
function snapped(time: GoTime, unit: bigint, snap: (nanoseconds: bigint, unit: bigint) => bigint): GoTime {
  if (unit <= 0n) return time
  const since = time.nanoseconds - ZERO_TIME.nanoseconds
  const rest = ((since % unit) + unit) % unit
  const kept = snap(rest, unit)
  return atMoment(time, time.nanoseconds - rest + kept)
}

/** A method of `time.Time` bound to `time`; those with several results are left out, as templates cannot call them. */
export function timeMethod(time: GoTime, name: string): GoFunction | undefined {
  const getter = GETTERS.get(name)
  return getter ? { params: [], call: () => getter(time) } : withArguments(time).get(name)
}
