import { failure } from '../../base/diagnostic.ts'
import type { Host } from '../../base/host.ts'
import { objectOf } from '../../base/json.ts'
import type { KubeObject } from '../../kinds/kube-object.ts'
import { KubeError } from '../client.ts'
import { endHolder, holderOf } from './lease-holder.ts'
import { deleteLease, type LeaseContext, microTime, putLease, readLease } from './lease-requests.ts'

export interface HeldLease {
  /** Aborted when somebody else may hold it by now. */
  readonly lost: AbortSignal
  /** Gives it back; never rejects. */
  release(): Promise<void>
}

/** Most releases are done before it is time to renew, also on a slow machine. */
const RENEW_MS = 5_000
/** A renewal that failed is tried again sooner. */
const RETRY_MS = 2_000
/** A renewal that takes longer is asked for again. */
const ATTEMPT_MS = 3_000
/** Without a renewal for this long the next one is the last try. */
const DEADLINE_MS = 10_000
/** However late the try before ended, the last one ends before others may take over, which is after `DURATION_MS`. */
const LAST_ATTEMPT_MS = 1_900

/** Renews `lease` until it is released or lost. */
export function holdLease(context: LeaseContext, lease: KubeObject): HeldLease {
  const { host, place, holder } = context
  const lost = new AbortController()
  const stop = new AbortController()
  const state = { lease, renewedAt: host.monotonic() }
  const beating = beat(context, state, stop.signal).then((isOurs) => {
    if (isOurs) return
    endHolder(holder.identity)
    lost.abort(failure('kube/lease-lost', `the lock on ${context.request.what} was lost`, { subject: `Lease ${place.namespace}/${place.name}` }))
  })
  return {
    lost: lost.signal,
    release: async () => {
      stop.abort()
      await beating
      endHolder(holder.identity)
      if (lost.signal.aborted) return
      try {
        await giveBack(context, state.lease)
      } catch (error) {
        // It ends by itself when nobody renews it; what was done under it stands.
        if (!(error instanceof Error)) throw error
      }
    },
  }
}

/** A version that is not the last we know of may come from a renewal without an answer. */
async function giveBack(context: LeaseContext, lease: KubeObject): Promise<void> {
  if (await deleteLease(context, lease)) return
  const there = await readLease(context)
  if (there && holderOf(there)?.identity === context.holder.identity) await deleteLease(context, there)
}

/**
 * False when the Lease is no longer ours. The server is asked however late it is: a machine without time to spare wakes long after its
 * pauses, and a renewal that succeeds proves that nobody has had the Lease meanwhile.
 */
async function beat(context: LeaseContext, state: { lease: KubeObject; renewedAt: number }, stop: AbortSignal): Promise<boolean> {
  const { host } = context
  const isLate = (): boolean => host.monotonic() - state.renewedAt >= DEADLINE_MS
  for (let pauseMs = RENEW_MS; ; ) {
    await paused(host, pauseMs, stop)
    if (stop.aborted) return true
    const isLast = isLate()
    const renewed = await inTime(host, renewIn(context, state), isLast ? LAST_ATTEMPT_MS : ATTEMPT_MS)
    if (renewed === 'lost' || (renewed === 'unanswered' && isLast && isLate())) return false
    pauseMs = renewed !== 'unanswered' ? RENEW_MS : isLate() ? 0 : RETRY_MS
  }
}

/** An answer counts also when nobody waits for it any more. */
async function renewIn(context: LeaseContext, state: { lease: KubeObject; renewedAt: number }): Promise<Renewal> {
  const at = context.host.monotonic()
  const renewed = await renew(context, state.lease)
  if (renewed === 'lost' || renewed === 'unanswered') return renewed
  state.lease = renewed
  state.renewedAt = Math.max(at, state.renewedAt)
  return renewed
}

async function paused(host: Host, ms: number, stop: AbortSignal): Promise<void> {
  try {
    await host.sleep(ms, stop)
  } catch (error) {
    if (!stop.aborted) throw error
  }
}

type Renewal = KubeObject | 'lost' | 'unanswered'

async function inTime(host: Host, renewal: Promise<Renewal>, ms: number): Promise<Renewal> {
  const answered = new AbortController()
  const late = paused(host, ms, answered.signal).then((): Renewal => 'unanswered')
  try {
    return await Promise.race([renewal, late])
  } finally {
    answered.abort()
  }
}

async function renew(context: LeaseContext, lease: KubeObject): Promise<Renewal> {
  const { host, holder } = context
  try {
    const renewed = await putLease(context, { ...lease, spec: { ...objectOf(lease['spec']), renewTime: microTime(host) } })
    if (renewed) return renewed
    const there = await readLease(context)
    // A renewal may have arrived although its answer did not.
    return there && holderOf(there)?.identity === holder.identity ? there : 'lost'
  } catch (error) {
    if (error instanceof KubeError && error.status < 500 && error.status !== 429) return 'lost'
    return 'unanswered'
  }
}
