import { quoteForTime } from './time-quote.ts'
import { GoError } from './values.ts'

const NANOSECOND = 1n
const MICROSECOND = 1_000n
const MILLISECOND = 1_000_000n
const SECOND = 1_000_000_000n
const MINUTE = 60n * SECOND
const HOUR = 60n * MINUTE

/** Go's duration units in nanoseconds. */
export const durationUnits: Readonly<Record<'nanosecond' | 'microsecond' | 'millisecond' | 'second' | 'minute' | 'hour', bigint>> = {
  nanosecond: NANOSECOND,
  microsecond: MICROSECOND,
  millisecond: MILLISECOND,
  second: SECOND,
  minute: MINUTE,
  hour: HOUR,
}

/** Nanoseconds as Go's `time.Duration.String`: `1h2m3.5s`, `1.5ms`, `0s`. */
export function durationString(nanoseconds: bigint): string {
  if (nanoseconds === 0n) return '0s'
  const size = nanoseconds < 0n ? -nanoseconds : nanoseconds
  return (nanoseconds < 0n ? '-' : '') + (size < SECOND ? smallString(size) : largeString(size))
}

function smallString(size: bigint): string {
  if (size < MICROSECOND) return `${size}ns`
  if (size < MILLISECOND) return `${withFraction(size, MICROSECOND)}µs`
  return `${withFraction(size, MILLISECOND)}ms`
}

function largeString(size: bigint): string {
  const minutes = size / MINUTE
  const seconds = `${withFraction(size % MINUTE, SECOND)}s`
  if (minutes === 0n) return seconds
  const hours = minutes / 60n
  return hours === 0n ? `${minutes}m${seconds}` : `${hours}h${minutes % 60n}m${seconds}`
}

function withFraction(size: bigint, unit: bigint): string {
  const digits = unit.toString().length - 1
  const fraction = (size % unit).toString().padStart(digits, '0').replace(/0+$/, '')
  return fraction === '' ? `${size / unit}` : `${size / unit}.${fraction}`
}

const UNITS: ReadonlyMap<string, bigint> = new Map([
  ['ns', NANOSECOND],
  ['us', MICROSECOND],
  ['µs', MICROSECOND],
  ['μs', MICROSECOND],
  ['ms', MILLISECOND],
  ['s', SECOND],
  ['m', MINUTE],
  ['h', HOUR],
])
const LARGEST = 1n << 63n
const invalid = (text: string): GoError => new GoError(`time: invalid duration ${quoteForTime(text)}`)

/**
 * Nanoseconds of a text like `-1h2m3.5s` (`time.ParseDuration`).
 * @throws GoError `time: invalid duration "…"`, and its forms for a missing or unknown unit
 */
export function parseDuration(text: string): bigint {
  const negative = text.startsWith('-')
  let rest = negative || text.startsWith('+') ? text.slice(1) : text
  if (rest === '0') return 0n
  if (rest === '') throw invalid(text)
  let total = 0n
  while (rest !== '') {
    const part = readPart(rest, text)
    total += part.nanoseconds
    if (part.nanoseconds > LARGEST || total > LARGEST) throw invalid(text)
    rest = rest.slice(part.length)
  }
  if (negative) return -total
  if (total === LARGEST) throw invalid(text)
  return total
}

const NUMBER = /^(\d*)(?:(\.)(\d*))?/
const UNIT = /^[^.\d]+/

function readPart(rest: string, whole: string): { nanoseconds: bigint; length: number } {
  const [number, digits, , fraction = ''] = NUMBER.exec(rest) as RegExpExecArray as unknown as [string, string, string?, string?]
  if (digits === '' && fraction === '') throw invalid(whole)
  if (BigInt(`0${digits}`) > LARGEST) throw invalid(whole)
  const name = UNIT.exec(rest.slice(number.length))?.[0]
  if (name === undefined) throw new GoError(`time: missing unit in duration ${quoteForTime(whole)}`)
  const unit = UNITS.get(name)
  if (unit === undefined) throw new GoError(`time: unknown unit ${quoteForTime(name)} in duration ${quoteForTime(whole)}`)
  return { nanoseconds: BigInt(`0${digits}`) * unit + fractionOf(fraction, unit), length: number.length + name.length }
}

/** As Go: at most 18 digits count, and the product is taken in floating point. */
function fractionOf(digits: string, unit: bigint): bigint {
  if (digits === '') return 0n
  const { value, scale } = leadingFraction(digits)
  return BigInt(Math.trunc(Number(value) * (Number(unit) / scale)))
}

function leadingFraction(digits: string): { value: bigint; scale: number } {
  let value = 0n
  let scale = 1
  for (const digit of digits) {
    const next = value * 10n + BigInt(digit)
    if (value > (LARGEST - 1n) / 10n || next > LARGEST) break
    value = next
    scale *= 10
  }
  return { value, scale }
}

/** `time.Duration.Truncate`: towards zero, to a multiple of `unit`; unchanged when that is not positive. */
export function truncateDuration(nanoseconds: bigint, unit: bigint): bigint {
  return unit <= 0n ? nanoseconds : nanoseconds - (nanoseconds % unit)
}

/** `time.Duration.Round`: to the nearest multiple of `unit`, halves away from zero, capped at the largest duration. */
export function roundDuration(nanoseconds: bigint, unit: bigint): bigint {
  if (unit <= 0n) return nanoseconds
  const rest = nanoseconds % unit
  const size = rest < 0n ? -rest : rest
  const down = nanoseconds - rest
  if (size + size < unit) return down
  const rounded = nanoseconds < 0n ? down - unit : down + unit
  if (rounded > LARGEST - 1n) return LARGEST - 1n
  return rounded < -LARGEST ? -LARGEST : rounded
}
