import { durationString, durationUnits, roundDuration, truncateDuration } from './duration.ts'
import { type GoFunction, type GoValue, goDuration, goInt64 } from './values.ts'

type Method = (nanoseconds: bigint, unit: bigint) => GoValue

/** Whole units, then the rest as a fraction, added as Go adds them. */
function inUnits(nanoseconds: bigint, unit: bigint): number {
  return Number(nanoseconds / unit) + Number(nanoseconds % unit) / Number(unit)
}

const SMALLEST = -(1n << 63n)

const METHODS: ReadonlyMap<string, Method> = new Map<string, Method>([
  ['String', (d) => durationString(d)],
  ['Nanoseconds', (d) => goInt64(d)],
  ['Microseconds', (d) => goInt64(d / durationUnits.microsecond)],
  ['Milliseconds', (d) => goInt64(d / durationUnits.millisecond)],
  ['Seconds', (d) => inUnits(d, durationUnits.second)],
  ['Minutes', (d) => inUnits(d, durationUnits.minute)],
  ['Hours', (d) => inUnits(d, durationUnits.hour)],
  ['Abs', (d) => goDuration(d === SMALLEST ? -SMALLEST - 1n : d < 0n ? -d : d)],
  ['Round', (d, unit) => goDuration(roundDuration(d, unit))],
  ['Truncate', (d, unit) => goDuration(truncateDuration(d, unit))],
])

/** A method of `time.Duration` bound to `nanoseconds`. */
export function durationMethod(nanoseconds: bigint, name: string): GoFunction | undefined {
  const method = METHODS.get(name)
  if (!method) return undefined
  const takesUnit = name === 'Round' || name === 'Truncate'
  return { params: takesUnit ? ['time.Duration'] : [], call: (unit: bigint = 0n) => method(nanoseconds, unit) }
}
