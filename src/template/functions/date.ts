import type { Host } from '../../base/host.ts'
import { durationString, durationUnits, parseDuration, roundDuration, truncateDuration } from '../../go/duration.ts'
import { formatFloat } from '../../go/float.ts'
import { typeOf } from '../../go/kind.ts'
import { lenient } from '../../go/lenient.ts'
import { parseFloat64, parseInteger } from '../../go/parse-number.ts'
import { quote } from '../../go/quote.ts'
import { unixSeconds } from '../../go/time-fields.ts'
import { formatTime } from '../../go/time-format.ts'
import { shiftTime, ZERO_TIME } from '../../go/time-methods.ts'
import { parseTime } from '../../go/time-parse.ts'
import { GoError, type GoFunction, GoInt, GoPanic, GoTime, type GoValue, goDuration, goInt64 } from '../../go/values.ts'
import { isZone } from '../../go/zone.ts'

const ANY = 'interface {}'
const { second, minute, hour } = durationUnits
const DAY = 24n * hour

/**
 * The functions for dates and durations of sprig and Helm; `now` is the only thing they ask the host.
 *
 * Source: sprig 3.3.0 date.go; Helm 4.3.1 pkg/engine/funcs.go, duration helpers.
 */
export function dateFunctions(host: Pick<Host, 'now'>): ReadonlyMap<string, GoFunction> {
  const now = (): GoTime => new GoTime(BigInt(Math.trunc(host.now() * 1000)) * 1000n, 'Local')
  const inZone = (layout: string, date: GoValue, zone: string) =>
    formatTime(inNamedZone(momentOf(date, ['int64', 'int', 'int32']) ?? now(), zone), layout)
  const dateInZone: GoFunction = { params: ['string', ANY, 'string'], call: inZone }
  const toDate: GoFunction = { params: ['string', 'string'], call: lenientDate }
  const modify: GoFunction = { params: ['string', 'time.Time'], call: lenientModify }
  const mustModify: GoFunction = { params: ['string', 'time.Time'], call: (text: string, date: GoTime) => shiftTime(date, parseDuration(text)) }
  return new Map<string, GoFunction>([
    ['now', { params: [], call: now }],
    ['ago', { params: [ANY], call: (date: GoValue) => durationString(roundDuration(since(date, now()), second)) }],
    ['date', { params: ['string', ANY], call: (layout: string, date: GoValue) => inZone(layout, date, 'Local') }],
    ['dateInZone', dateInZone],
    ['date_in_zone', dateInZone],
    ['htmlDate', { params: [ANY], call: (date: GoValue) => inZone('2006-01-02', date, 'Local') }],
    ['htmlDateInZone', { params: [ANY, 'string'], call: (date: GoValue, zone: string) => inZone('2006-01-02', date, zone) }],
    ['dateModify', modify],
    ['date_modify', modify],
    ['mustDateModify', mustModify],
    ['must_date_modify', mustModify],
    ['toDate', toDate],
    ['mustToDate', { params: ['string', 'string'], call: (layout: string, text: string) => parseTime(layout, text, 'Local') }],
    ['unixEpoch', { params: ['time.Time'], call: (date: GoTime) => unixSeconds(date).toString() }],
    ['duration', { params: [ANY], call: durationOfSeconds }],
    ['durationRound', { params: [ANY], call: (value: GoValue) => roundedDuration(value, now()) }],
    ...durationHelpers(),
  ])
}

/** The moment a value means: itself, or seconds since 1970 in one of these integer types. */
function momentOf(value: GoValue, integerTypes: readonly string[]): GoTime | undefined {
  if (value instanceof GoTime) return value
  return value instanceof GoInt && integerTypes.includes(value.type) ? new GoTime(value.value * second, 'Local') : undefined
}

function inNamedZone(time: GoTime, zone: string): GoTime {
  return new GoTime(time.nanoseconds, zone === '' || !isZone(zone) ? 'UTC' : zone)
}

const LONGEST = (1n << 63n) - 1n

function since(value: GoValue, now: GoTime): bigint {
  const elapsed = now.nanoseconds - (momentOf(value, ['int64', 'int']) ?? now).nanoseconds
  if (elapsed > LONGEST) return LONGEST
  return elapsed < -LONGEST - 1n ? -LONGEST - 1n : elapsed
}

function lenientDate(layout: string, text: string): GoTime {
  return lenient(() => parseTime(layout, text, 'Local'), ZERO_TIME)
}

function lenientModify(text: string, date: GoTime): GoTime {
  return lenient(() => shiftTime(date, parseDuration(text)), date)
}

function durationOfSeconds(value: GoValue): string {
  const seconds = typeof value === 'string' ? parseInteger(value, 10, 64).value : plainInt64(value)
  return durationString(BigInt.asIntN(64, seconds * second))
}

function plainInt64(value: GoValue): bigint {
  return value instanceof GoInt && value.type === 'int64' ? value.value : 0n
}

const LARGE_UNITS: readonly (readonly [bigint, string])[] = [
  [365n * DAY, 'y'],
  [30n * DAY, 'mo'],
  [DAY, 'd'],
  [hour, 'h'],
  [minute, 'm'],
  [second, 's'],
]

/** The largest unit that is exceeded, without a sign. */
function roundedDuration(value: GoValue, now: GoTime): string {
  const nanoseconds =
    typeof value === 'string' ? lenient(() => parseDuration(value), 0n) : value instanceof GoTime ? since(value, now) : plainInt64(value)
  const size = nanoseconds < 0n ? -nanoseconds : nanoseconds
  const unit = LARGE_UNITS.find(([length]) => size > length)
  return unit ? `${size / unit[0]}${unit[1]}` : '0s'
}

/** What a value means as a duration: itself, a text, or a number of seconds. */
function asDuration(value: GoValue): bigint {
  if (value instanceof GoInt) return value.type === 'time.Duration' ? value.value : wholeSeconds(value.value)
  if (typeof value === 'string') return durationOfText(value)
  if (typeof value === 'number') return fractionalSeconds(value)
  if (value === null) throw new GoError('invalid duration')
  throw new GoError(`unsupported duration type ${typeOf(value)}`)
}

function durationOfText(text: string): bigint {
  const trimmed = text.trim()
  if (trimmed === '') throw new GoError('empty duration')
  const parsed = lenient(() => parseDuration(trimmed), undefined)
  if (parsed !== undefined) return parsed
  const seconds = parseFloat64(trimmed)
  if (seconds.error) throw new GoError(`could not parse duration ${quote(text)}`)
  return fractionalSeconds(seconds.value)
}

function wholeSeconds(seconds: bigint): bigint {
  const most = LONGEST / second
  if (seconds > most || seconds < -most) throw new GoError(`duration seconds overflow: ${seconds}`)
  return seconds * second
}

function fractionalSeconds(seconds: number): bigint {
  const shown = (value: number): string => formatFloat(value, 'g', -1)
  if (!Number.isFinite(seconds)) throw new GoError(`invalid duration seconds: ${shown(seconds)}`)
  const most = Number(LONGEST) / Number(second)
  if (seconds > most || seconds < -most) throw new GoError(`duration seconds overflow: ${shown(seconds)}`)
  return BigInt.asIntN(64, BigInt(Math.trunc(seconds * Number(second))))
}

/** Whole units, then the rest, added as Go's `Duration.Hours` and its kin add them. */
function inUnits(duration: bigint, unit: bigint): number {
  return Number(duration / unit) + Number(duration % unit) / Number(unit)
}

type Measure = (duration: bigint) => GoValue

const MEASURES: readonly (readonly [string, GoValue, Measure])[] = [
  ['durationSeconds', 0, (d) => inUnits(d, second)],
  ['durationMilliseconds', goInt64(0), (d) => goInt64(d / durationUnits.millisecond)],
  ['durationMicroseconds', goInt64(0), (d) => goInt64(d / durationUnits.microsecond)],
  ['durationNanoseconds', goInt64(0), (d) => goInt64(d)],
  ['durationMinutes', 0, (d) => inUnits(d, minute)],
  ['durationHours', 0, (d) => inUnits(d, hour)],
  ['durationDays', 0, (d) => inUnits(d, hour) / 24],
  ['durationWeeks', 0, (d) => inUnits(d, hour) / 24 / 7],
]

function durationHelpers(): [string, GoFunction][] {
  const measures = MEASURES.map(([name, otherwise, measure]): [string, GoFunction] => [
    name,
    { params: [ANY], call: (value: GoValue) => lenient(() => measure(asDuration(value)), otherwise) },
  ])
  return [
    ...measures,
    ['mustToDuration', { params: [ANY], call: mustToDuration }],
    ['durationRoundTo', { params: [ANY, ANY], call: (value: GoValue, unit: GoValue) => snapped(value, unit, roundDuration) }],
    ['durationTruncateTo', { params: [ANY, ANY], call: (value: GoValue, unit: GoValue) => snapped(value, unit, truncateDuration) }],
  ]
}

/** Panics where others answer zero. */
function mustToDuration(value: GoValue): GoValue {
  try {
    return goDuration(asDuration(value))
  } catch (error) {
    throw error instanceof GoError ? new GoPanic(error.message) : error
  }
}

function snapped(value: GoValue, unit: GoValue, snap: (duration: bigint, unit: bigint) => bigint): GoValue {
  const duration = lenient(() => asDuration(value), undefined)
  if (duration === undefined) return goDuration(0n)
  const step = lenient(() => asDuration(unit), undefined)
  return goDuration(step === undefined ? duration : snap(duration, step))
}
