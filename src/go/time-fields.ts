import { civilFromDays, daysFromCivil } from './civil.ts'
import { GoTime } from './values.ts'
import { type ZoneOffset, zoneAt } from './zone.ts'

/** A moment as a clock on the wall of its zone shows it. */
export interface TimeFields {
  readonly year: number
  /** 1 to 12 */
  readonly month: number
  readonly day: number
  /** 0 for Sunday */
  readonly weekday: number
  /** 1 to 366 */
  readonly yearDay: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly nanosecond: number
  readonly zone: ZoneOffset
}

const NANOSECONDS = 1_000_000_000n
const SECONDS_PER_DAY = 86_400

/** Whole seconds since 1970, rounded down. */
export function unixSeconds(time: GoTime): bigint {
  const whole = time.nanoseconds / NANOSECONDS
  return time.nanoseconds % NANOSECONDS < 0n ? whole - 1n : whole
}

/** The zone's offset and letters at the moment. */
function zoneOf(time: GoTime): ZoneOffset {
  if (time.offsetSeconds !== undefined) return { offset: time.offsetSeconds, name: time.zone }
  return zoneAt(time.zone, Number(unixSeconds(time)))
}

/** The fields of a moment in its own zone. */
export function fieldsOf(time: GoTime): TimeFields {
  const zone = zoneOf(time)
  const seconds = unixSeconds(time) + BigInt(zone.offset)
  const nanosecond = Number(time.nanoseconds - unixSeconds(time) * NANOSECONDS)
  const inDay = Number(((seconds % 86_400n) + 86_400n) % 86_400n)
  const days = Number((seconds - BigInt(inDay)) / 86_400n)
  const { year, month, day } = civilFromDays(days)
  const yearDay = days - daysFromCivil(year, 1, 1) + 1
  const weekday = (((days + 4) % 7) + 7) % 7
  const clock = { hour: Math.floor(inDay / 3600), minute: Math.floor(inDay / 60) % 60, second: inDay % 60 }
  return { year, month, day, weekday, yearDay, ...clock, nanosecond, zone }
}

/** Calendar fields without a zone. */
export interface WallClock {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly nanosecond: number
}

/** Nanoseconds since 1970 of a wall clock in UTC. */
export function utcNanoseconds(clock: WallClock): bigint {
  const days = daysFromCivil(clock.year, clock.month, clock.day)
  const seconds = days * SECONDS_PER_DAY + clock.hour * 3600 + clock.minute * 60 + clock.second
  return BigInt(seconds) * NANOSECONDS + BigInt(clock.nanosecond)
}

/** Another moment, shown where `time` is. */
export function atMoment(time: GoTime, nanoseconds: bigint): GoTime {
  return new GoTime(nanoseconds, time.zone, time.offsetSeconds, time.location)
}

/** The moment a wall clock shows in a named zone (`time.Date`); in the gap or overlap of a shift, as Go decides it. */
export function timeInZone(clock: WallClock, zone: string): GoTime {
  const asUtc = utcNanoseconds(clock)
  const seconds = Number(asUtc / NANOSECONDS)
  const guess = zoneAt(zone, seconds).offset
  const offset = guess === 0 ? 0 : zoneAt(zone, seconds - guess).offset
  return new GoTime(asUtc - BigInt(offset) * NANOSECONDS, zone)
}
