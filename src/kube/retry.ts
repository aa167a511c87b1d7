/** What an attempt came to, as far as trying again goes. */
export type Outcome =
  | { readonly status: number; readonly retryAfter: string | undefined; readonly message: string }
  | { readonly code: string; readonly unsent: boolean }

/** Attempts after the first. */
const MAX_RETRIES = 6
/** A server that restarts is back soon; one that is not there should be reported at once. */
const MAX_RETRIES_UNCONNECTED = 3
const FIRST_DELAY_MS = 100
const MAX_DELAY_MS = 5_000
/** A server may ask for longer waits than we like; above this the refusal is passed on. */
const MAX_RETRY_AFTER_MS = 60_000

const BROKEN = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED', 'ETIMEDOUT', 'EAI_AGAIN'])

/**
 * Milliseconds to wait before attempt `attempt` + 1 (from 1), or undefined when the outcome is final. A request which the
 * server refused before acting (429, 503 with Retry-After, no connection) may always go again; others only when `idempotent`.
 *
 * @param random a number from 0 up to 1, spreading clients that were refused together
 * Source: k8s.io/client-go 0.37 rest/with_retry.go; Helm 4.3.1 pkg/kube/roundtripper.go for etcd's passing errors
 */
export function retryDelay(attempt: number, outcome: Outcome, idempotent: boolean, random: number): number | undefined {
  if (attempt > limitOf(outcome) || !mayGoAgain(outcome, idempotent)) return undefined
  const backoff = Math.min(MAX_DELAY_MS, FIRST_DELAY_MS * 2 ** (attempt - 1)) * (0.5 + random / 2)
  const asked = 'status' in outcome ? retryAfterMs(outcome.retryAfter) : 0
  return asked > MAX_RETRY_AFTER_MS ? undefined : Math.max(backoff, asked + (asked > 0 ? random * FIRST_DELAY_MS : 0))
}

/** Silence has already cost a minute each time. */
function limitOf(outcome: Outcome): number {
  if (!('code' in outcome)) return MAX_RETRIES
  return outcome.code === 'ETIMEDOUT' ? 1 : outcome.unsent ? MAX_RETRIES_UNCONNECTED : MAX_RETRIES
}

function mayGoAgain(outcome: Outcome, idempotent: boolean): boolean {
  if ('code' in outcome) return outcome.unsent ? outcome.code === 'ECONNREFUSED' || BROKEN.has(outcome.code) : idempotent && BROKEN.has(outcome.code)
  const { status, retryAfter, message } = outcome
  if (status === 429 || (status === 503 && retryAfter !== undefined)) return true
  if (!idempotent) return false
  return status === 502 || status === 503 || status === 504 || (status === 500 && (retryAfter !== undefined || isEtcdPassing(message)))
}

function isEtcdPassing(message: string): boolean {
  return (
    message.includes('etcdserver: leader changed') ||
    message.includes('rpc error: code = Unknown') ||
    message.includes('etcdserver: request timed out')
  )
}

/** Seconds only: no API server sends dates. */
function retryAfterMs(header: string | undefined): number {
  const seconds = Number(header)
  return header !== undefined && Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : 0
}
