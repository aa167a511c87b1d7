import { inflateRawSync } from 'node:zlib'
import { applyZoneRule, parseZoneRule, type ZoneRule } from './zone-rule.ts'
import { ZONES } from './zones.generated.ts'

/** What a zone says at one moment: seconds east of Greenwich, and the letters it writes. */
export interface ZoneOffset {
  readonly offset: number
  readonly name: string
}

interface Shift {
  /** Seconds since 1970. */
  readonly from: number
  readonly to: ZoneOffset
}

/** The history of a zone. */
interface Zone {
  /** All that it ever kept, in the order of Go's database. */
  readonly offsets: readonly ZoneOffset[]
  readonly first: ZoneOffset
  readonly shifts: readonly Shift[]
  /** What holds from the last shift on. */
  readonly rule: ZoneRule
}

const UTC: ZoneOffset = { offset: 0, name: 'UTC' }
const ALWAYS_UTC: Zone = { offsets: [UTC], first: UTC, shifts: [], rule: { standard: UTC } }

let lines: ReadonlyMap<string, string> | undefined

/** What is known of each zone behind its names; unpacked at first use, since most runs never ask for a zone. */
function zoneLines(): ReadonlyMap<string, string> {
  lines ??= new Map(
    inflateRawSync(Buffer.from(ZONES, 'base64'))
      .toString()
      .trimEnd()
      .split('\n')
      .flatMap((line) => {
        const names = line.slice(0, line.indexOf('|'))
        return names.split(' ').map((name) => [name, line.slice(names.length + 1)] as const)
      }),
  )
  return lines
}

const zones = new Map<string, Zone>()

/** The zone of a name; UTC for `UTC`, the empty name and names that nobody knows. */
function zoneOf(name: string): Zone {
  const iana = name === 'Local' ? new Intl.DateTimeFormat('en-US').resolvedOptions().timeZone : name
  if (iana === '' || iana === 'UTC') return ALWAYS_UTC
  let zone = zones.get(iana)
  if (!zone) {
    const line = zoneLines().get(iana)
    zone = line === undefined ? ALWAYS_UTC : parseZone(line)
    zones.set(iana, zone)
  }
  return zone
}

/** Reads `LMT-968 GMT+0|A-u9rgl4B|GMT0`: the offsets; the letter of the first of them, then seconds from shift to shift in base 36, each with a letter; the rule. */
function parseZone(line: string): Zone {
  const [kinds = '', history = '', rule = ''] = line.split('|')
  const offsets = kinds.split(' ').map((kind) => {
    const at = Math.max(kind.lastIndexOf('+'), kind.lastIndexOf('-'))
    return { name: kind.slice(0, at), offset: Number(kind.slice(at)) }
  })
  const byLetter = (letter: string | undefined): ZoneOffset => offsets[(letter ?? 'A').charCodeAt(0) - 0x41] ?? UTC
  let from = 0
  const shifts = [...history.matchAll(/(-?[0-9a-z]+)([A-Z])/g)].map(([, seconds = '', letter]) => {
    from += Number.parseInt(seconds, 36)
    return { from, to: byLetter(letter) }
  })
  return { offsets, first: byLetter(history[0]), shifts, rule: parseZoneRule(rule) }
}

/** Whether Go's `time.LoadLocation` finds the zone: `UTC`, `Local`, or an IANA name in its own spelling. */
export function isZone(name: string): boolean {
  return name === '' || name === 'UTC' || name === 'Local' || zoneLines().has(name)
}

/** Offset and letters of a zone at a moment in seconds since 1970. */
export function zoneAt(zone: string, seconds: number): ZoneOffset {
  return offsetAt(zoneOf(zone), seconds)
}

function offsetAt({ first, shifts, rule }: Zone, seconds: number): ZoneOffset {
  let [low, high] = [0, shifts.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((shifts[middle] as Shift).from <= seconds) low = middle + 1
    else high = middle
  }
  if (low === shifts.length) return applyZoneRule(rule, seconds)
  return low === 0 ? first : (shifts[low - 1] as Shift).to
}

/**
 * The offset letters stand for in a zone: the one in effect at `seconds` (local time taken for UTC) if it has them, else any.
 *
 * Source: Go's time/zoneinfo.go (lookupName)
 */
export function offsetOfName(name: string, letters: string, seconds: number): number | undefined {
  const zone = zoneOf(name)
  const found = zone.offsets.filter((one) => one.name === letters)
  const inEffect = found.map(({ offset }) => offsetAt(zone, seconds - offset)).find((one) => one.name === letters)
  return (inEffect ?? found[0])?.offset
}
