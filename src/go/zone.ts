import { zoneGroups } from './zone-names.ts'

/** What a zone says at one moment: seconds east of Greenwich, and the letters it writes. */
export interface ZoneOffset {
  readonly offset: number
  readonly name: string
}

/** Letters for an offset, valid before a moment; of several the first that still holds counts. */
interface Abbreviation {
  readonly offset: number
  readonly name: string
  readonly before: number
}

type Abbreviations = readonly Abbreviation[]

let table: Map<string, Abbreviations> | undefined

/** Built at first use: most runs never ask for a zone. */
function zones(): Map<string, Abbreviations> {
  if (table) return table
  table = new Map()
  for (const [abbreviations, names] of zoneGroups) {
    const known = [...abbreviations.matchAll(/([A-Za-z]+)([+-]\d+)(?:<(\d+))?/g)].map((m) => ({
      offset: Number(m[2]),
      name: m[1] as string,
      before: Number(m[3] ?? Number.POSITIVE_INFINITY),
    }))
    for (const name of names.split(' ')) table.set(name, known)
  }
  return table
}

/** Whether Go's `time.LoadLocation` finds the zone: `UTC`, `Local`, or an IANA name in its own spelling. */
export function isZone(name: string): boolean {
  return name === '' || name === 'UTC' || name === 'Local' || zones().has(name)
}

function ianaName(zone: string): string {
  return zone === 'Local' ? new Intl.DateTimeFormat('en-US').resolvedOptions().timeZone : zone
}

const formatters = new Map<string, Intl.DateTimeFormat | undefined>()

/** Intl may know fewer zones than the table; those then count as UTC. */
function formatterOf(zone: string): Intl.DateTimeFormat | undefined {
  if (!formatters.has(zone)) formatters.set(zone, newFormatter(zone))
  return formatters.get(zone)
}

function newFormatter(zone: string): Intl.DateTimeFormat | undefined {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** The furthest moments JavaScript's Date reaches, in seconds. */
const DATE_LIMIT = 8_640_000_000_000

/** Offset and letters of a zone at a moment in seconds since 1970. */
export function zoneAt(zone: string, seconds: number): ZoneOffset {
  if (zone === '' || zone === 'UTC') return { offset: 0, name: 'UTC' }
  const iana = ianaName(zone)
  if (iana === 'UTC') return { offset: 0, name: 'UTC' }
  const offset = offsetAt(iana, seconds)
  const known = zones().get(iana) ?? []
  const found = known.find((entry) => entry.offset === offset && seconds < entry.before)
  if (found) return { offset, name: found.name }
  const standard = RULE_ZONES.test(iana) ? known[0] : undefined
  return standard ? { offset: standard.offset, name: standard.name } : { offset, name: offset % QUARTER === 0 ? numericName(offset) : 'LMT' }
}

/** Zones that are rules without a place: before their first shift they are at standard time, not at a city's own time. */
const RULE_ZONES = /^(CET|EET|MET|WET|EST|MST|HST|[A-Z]{3}\d[A-Z]{3})$/

/** Zones keep to quarters of an hour; what does not is the mean time of a place. */
const QUARTER = 900

function offsetAt(iana: string, seconds: number): number {
  const moment = Math.max(-DATE_LIMIT, Math.min(DATE_LIMIT, seconds))
  const parts = formatterOf(iana)?.formatToParts(new Date(moment * 1000))
  const text = parts?.find((part) => part.type === 'timeZoneName')?.value ?? ''
  const match = /GMT([+-])(\d{1,2}):?(\d{2})?(?::(\d{2}))?/.exec(text)
  if (!match) return 0
  const size = Number(match[2]) * 3600 + Number(match[3] ?? 0) * 60 + Number(match[4] ?? 0)
  return match[1] === '-' ? -size : size
}

/** Zones without letters are written `+03` or `-0330`. */
function numericName(offset: number): string {
  const minutes = Math.floor(Math.abs(offset) / 60)
  const hours = Math.floor(minutes / 60)
    .toString()
    .padStart(2, '0')
  const rest = minutes % 60 === 0 ? '' : (minutes % 60).toString().padStart(2, '0')
  return `${offset < 0 ? '-' : '+'}${hours}${rest}`
}

/** The offset letters stand for in a zone: the one in effect at `seconds` (local time taken for UTC) if it has them, else any. */
export function offsetOfName(zone: string, name: string, seconds: number): number | undefined {
  const numeric = /^([+-])(\d\d)(\d\d)?$/.exec(name)
  const offsets = numeric ? [numericOffset(numeric)] : lettersOf(zone).flatMap((entry) => (entry.name === name ? [entry.offset] : []))
  const inEffect = offsets.find((offset) => zoneAt(zone, seconds - offset).name === name)
  return inEffect ?? (numeric && !hasEverWritten(zone, name) ? undefined : offsets[0])
}

function lettersOf(zone: string): Abbreviations {
  return zones().get(ianaName(zone)) ?? [{ offset: 0, name: 'UTC', before: Number.POSITIVE_INFINITY }]
}

function numericOffset(match: RegExpExecArray): number {
  const size = Number(match[2]) * 3600 + Number(match[3] ?? 0) * 60
  return match[1] === '-' ? -size : size
}

const HALF_YEAR = 15_778_800

/** Whether a zone that writes numbers has written this one, by looks at each January and July from 1900 to 2037. */
function hasEverWritten(zone: string, name: string): boolean {
  for (let seconds = -140 * HALF_YEAR; seconds < 136 * HALF_YEAR; seconds += HALF_YEAR) if (zoneAt(zone, seconds).name === name) return true
  return false
}
