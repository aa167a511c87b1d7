/** What an attempt came to: a status, or the system's code of what broke it. */
export type Attempt = { readonly status: number; readonly retryAfter: string | undefined } | { readonly code: string }

const RETRIES = 6
/** What is not there should be reported soon; silence has already cost its time. */
const RETRIES_BY_CODE: ReadonlyMap<string, number> = new Map([
  ['ECONNREFUSED', 2],
  ['ETIMEDOUT', 1],
  ['EAI_AGAIN', 3],
  ['EPROXY', 1],
])
/** A server that asks for fewer requests is alive: it is worth more patience. */
const RETRIES_THROTTLED = 10
const FIRST_DELAY_MS = 200
const MAX_DELAY_MS = 10_000
const MAX_RETRY_AFTER_MS = 60_000

const PASSING_CODES = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'EPIPE',
  'ECONNABORTED',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'EPROXY',
  'HPE_INVALID_EOF_STATE',
  'Z_BUF_ERROR',
])
const PASSING_STATUS = new Set([408, 425, 429, 500, 502, 503, 504])

/**
 * Milliseconds to wait before the attempt after number `attempt` (from 1), or undefined when the outcome is final: doubling
 * delays, spread so that clients refused together do not come back together, and never sooner than Retry-After asks.
 *
 * @param now milliseconds since the epoch, for Retry-After with a date
 * @param random from 0 up to 1
 * Source: RFC 9110 section 10.2.3
 */
export function retryDelay(attempt: number, outcome: Attempt, now: number, random: number): number | undefined {
  if (attempt > retriesFor(outcome)) return undefined
  const backoff = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (attempt - 1)) * (0.5 + random / 2)
  const asked = 'status' in outcome ? retryAfterMs(outcome.retryAfter, now) : 0
  return asked > MAX_RETRY_AFTER_MS ? undefined : Math.max(backoff, asked > 0 ? asked + random * FIRST_DELAY_MS : 0)
}

function retriesFor(outcome: Attempt): number {
  if ('code' in outcome) return PASSING_CODES.has(outcome.code) ? (RETRIES_BY_CODE.get(outcome.code) ?? RETRIES) : 0
  if (outcome.status === 429) return RETRIES_THROTTLED
  return PASSING_STATUS.has(outcome.status) ? RETRIES : 0
}

function retryAfterMs(header: string | undefined, now: number): number {
  if (header === undefined) return 0
  const seconds = Number(header)
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000)
  const date = Date.parse(header)
  return Number.isNaN(date) ? 0 : Math.max(0, date - now)
}
