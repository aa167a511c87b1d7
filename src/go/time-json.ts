import { formatTime, RFC3339_NANO } from './time-format.ts'
import { GoError, type GoTime } from './values.ts'

/**
 * A time as JSON has it, without the quotes.
 *
 * @throws GoError for years and offsets that RFC 3339 has no room for
 * Source: Go's time/time.go (MarshalJSON)
 */
export function jsonTimeText(time: GoTime): string {
  const text = formatTime(time, RFC3339_NANO)
  const problem = rangeProblem(text)
  if (problem === undefined) return text
  throw new GoError(`json: error calling MarshalJSON for type time.Time: Time.MarshalJSON: ${problem}`)
}

function rangeProblem(text: string): string | undefined {
  if (!/^\d{4}-/.test(text)) return 'year outside of range [0,9999]'
  return /(?:Z|[+-](?:[01]\d|2[0-3]):\d\d)$/.test(text) ? undefined : 'timezone hour outside of range [0,23]'
}
