import { setMaxListeners } from 'node:events'
import { failure } from '../base/diagnostic.ts'
import type { KubeClient } from '../kube/client.ts'
import { acquireLease } from '../kube/lease/acquire-lease.ts'
import type { HeldLease } from '../kube/lease/hold-lease.ts'
import { leaseObstacle } from '../kube/lease/lease-requests.ts'
import type { OperationContext } from './operation-context.ts'

type Unlocked = Omit<OperationContext, 'lock'>

/** The lock on one release, which is taken when the first write is due. */
export interface ReleaseLock {
  /** The context whose signal also ends the work when the lock is lost. */
  readonly context: OperationContext
  /** Aborted when somebody else may have it by now; the reason is a `DiagnosticError` `kube/lease-lost`. */
  readonly lost: AbortSignal
  release(): Promise<void>
}

/** Connections by which Leases may not be written: that is said once. */
const without = new WeakSet<KubeClient>()

/** The Lease that says that a release is being changed lies beside its records. */
function releaseLeaseName(release: string): string {
  return `flotilla.release.${release}`
}

/**
 * A lock on `release` for the work in `context`: its `lock` takes it. One that is held by somebody alive is not waited for, as the
 * plan would be stale afterwards; one whose holder is gone is taken over.
 */
export function releaseLock(context: Unlocked, release: { readonly name: string; readonly namespace: string }): ReleaseLock {
  const lost = new AbortController()
  const signal = context.signal ? AbortSignal.any([context.signal, lost.signal]) : lost.signal
  setMaxListeners(0, signal)
  let held: HeldLease | undefined
  const lock = async (): Promise<void> => {
    if (held || without.has(context.client)) return
    held = await take(context, release)
    held?.lost.addEventListener('abort', () => lost.abort(held?.lost.reason), { once: true })
  }
  return {
    context: { ...context, signal, lock },
    lost: lost.signal,
    release: async () => held?.release(),
  }
}

async function take(context: Unlocked, release: { readonly name: string; readonly namespace: string }): Promise<HeldLease | undefined> {
  const { host, client, signal, onProgress } = context
  const what = `release ${release.namespace}/${release.name}`
  try {
    return await acquireLease(
      host,
      client,
      { namespace: release.namespace, name: releaseLeaseName(release.name) },
      {
        what,
        label: 'release',
        waitMs: 0,
        ...(signal ? { signal } : {}),
        onWaiting: (holder) =>
          onProgress({ type: 'note', severity: 'info', text: `${what} is locked by ${holder}; seeing whether that still lives` }),
      },
    )
  } catch (error) {
    if (signal?.aborted) throw failure('release/interrupted', 'interrupted', { cause: error })
    const obstacle = leaseObstacle(error)
    if (obstacle === undefined) throw error
    // Helm's own guard remains: of two who write the same revision, one fails.
    without.add(client)
    onProgress({
      type: 'note',
      severity: 'warning',
      text: `releases are changed without a lock: ${obstacle} (Lease in namespace ${release.namespace})`,
    })
    return undefined
  }
}
