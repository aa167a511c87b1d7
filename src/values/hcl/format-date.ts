import { HclError } from './convert.ts'

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December']
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const RFC3339 = /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.\d+)?([Zz]|[+-]\d\d:\d\d)$/
const TOKEN = /'(?:[^']|'')*'|([A-Za-z])\1*|[^A-Za-z']+/g

/**
 * An RFC 3339 time in another layout: `YYYY-MM-DD'T'hh:mm:ssZ`.
 * @throws HclError for a bad time or layout
 * Source: github.com/zclconf/go-cty cty/function/stdlib/datetime.go
 */
export function formatDate(layout: string, time: string): string {
  const parts = RFC3339.exec(time)
  if (!parts) throw new HclError(`not a valid RFC3339 timestamp: "${time}"`)
  const [, year = '', month = '', day = '', hour = '', minute = '', second = '', zone = ''] = parts
  const moment: Moment = { year, month: Number(month), day: Number(day), hour: Number(hour), minute, second, zone: zone.toUpperCase() }
  return (layout.match(TOKEN) ?? []).map((token) => formatted(token, moment)).join('')
}

interface Moment {
  readonly year: string
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: string
  readonly second: string
  /** `Z` or `+02:00`. */
  readonly zone: string
}

function formatted(token: string, { year, month, day, hour, minute, second, zone }: Moment): string {
  if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'")
  if (!/^[A-Za-z]/.test(token)) return token
  const two = (value: number): string => String(value).padStart(2, '0')
  const weekday = DAYS[new Date(Date.UTC(Number(year), month - 1, day)).getUTCDay()] as string
  const name = MONTHS[month - 1] ?? ''
  const twelve = hour % 12 === 0 ? 12 : hour % 12
  const known: Readonly<Record<string, string>> = {
    YYYY: year,
    YY: year.slice(2),
    M: String(month),
    MM: two(month),
    MMM: name.slice(0, 3),
    MMMM: name,
    D: String(day),
    DD: two(day),
    EEE: weekday.slice(0, 3),
    EEEE: weekday,
    h: String(hour),
    hh: two(hour),
    H: String(twelve),
    HH: two(twelve),
    AA: hour < 12 ? 'AM' : 'PM',
    aa: hour < 12 ? 'am' : 'pm',
    m: String(Number(minute)),
    mm: minute,
    s: String(Number(second)),
    ss: second,
    Z: zone === '+00:00' ? 'Z' : zone,
    ZZZ: zone === 'Z' ? 'UTC' : zone.replace(':', ''),
    ZZZZ: zone === 'Z' ? '+0000' : zone.replace(':', ''),
    ZZZZZ: zone === 'Z' ? '+00:00' : zone,
  }
  const text = Object.hasOwn(known, token) ? known[token] : undefined
  if (text === undefined) throw new HclError(`invalid format verb "${token}"`)
  return text
}
