import { GoTime } from '../go/values.ts'
import { isDigit } from './characters.ts'

const NANOSECONDS = 1_000_000_000n

/**
 * The time a YAML 1.1 timestamp stands for, undefined for any other text.
 *
 * Source: go-yaml resolve.go's four layouts, read as Go 1.26 `time.Parse` reads them (one-digit fields, comma or point
 * before the fraction, zone offsets up to 24:60, any number of spaces between date and time)
 */
export function parseTimestamp(text: string): GoTime | undefined {
  if (!startsLikeYear(text)) return undefined
  const match = TIMESTAMP.exec(text)
  if (!match) return undefined
  const [, year, month, day, separator, hour, minute, second, fraction, zone] = match
  // Only a `T` takes a zone, and it needs one; after spaces there is none.
  if (separator !== undefined && (separator === 'T' || separator === 't') !== (zone !== undefined)) return undefined
  const [y, mo, d, h, mi, s] = [year, month, day, hour ?? 0, minute ?? 0, second ?? 0].map(Number) as [number, number, number, number, number, number]
  if (mo < 1 || mo > 12 || d < 1 || d > daysIn(y, mo) || h > 23 || mi > 59 || s > 59) return undefined
  const offset = zoneOffset(zone)
  if (offset === undefined) return undefined
  const seconds = secondsOf(y, mo, d) + h * 3600 + mi * 60 + s - offset
  const nanoseconds = BigInt(seconds) * NANOSECONDS + BigInt((fraction ?? '').slice(0, 9).padEnd(9, '0'))
  if (zone === undefined || zone === 'Z' || offset === 0) return new GoTime(nanoseconds, 'UTC')
  return new GoTime(nanoseconds, '', offset)
}

const TIMESTAMP = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:([Tt]| +)(\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,](\d+))?(Z|[-+]\d\d:\d\d)?)?$/

function startsLikeYear(text: string): boolean {
  return (
    text.charCodeAt(4) === 0x2d &&
    isDigit(text.charCodeAt(0)) &&
    isDigit(text.charCodeAt(1)) &&
    isDigit(text.charCodeAt(2)) &&
    isDigit(text.charCodeAt(3))
  )
}

/** Seconds east of UTC; 0 without a zone, undefined out of range. */
function zoneOffset(zone: string | undefined): number | undefined {
  if (zone === undefined || zone === 'Z') return 0
  const hours = Number(zone.slice(1, 3))
  const minutes = Number(zone.slice(4))
  if (hours > 24 || minutes > 60) return undefined
  return (zone.startsWith('-') ? -1 : 1) * (hours * 3600 + minutes * 60)
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate()
}

function secondsOf(year: number, month: number, day: number): number {
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  return date.getTime() / 1000
}

/** A time as Go's `time.RFC3339Nano` prints it. */
export function formatTimestamp(time: GoTime): string {
  const offset = time.offsetSeconds ?? 0
  const shifted = time.nanoseconds + BigInt(offset) * NANOSECONDS
  const seconds = (shifted - (((shifted % NANOSECONDS) + NANOSECONDS) % NANOSECONDS)) / NANOSECONDS
  const fraction = shifted - seconds * NANOSECONDS
  const date = new Date(Number(seconds) * 1000).toISOString().replace(/\.\d+Z$/, '')
  const digits = fraction === 0n ? '' : `.${String(fraction).padStart(9, '0').replace(/0+$/, '')}`
  return `${date}${digits}${formatOffset(offset)}`
}

function formatOffset(offset: number): string {
  if (offset === 0) return 'Z'
  const minutes = Math.floor(Math.abs(offset) / 60)
  const two = (n: number): string => String(n).padStart(2, '0')
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
}
