/*
 * A lock that dies with its holder: a coordination.k8s.io/v1 Lease that is renewed while it is held and deleted at the end.
 * In: a place and how long to wait. Out: a holding, whose signal tells when it is lost.
 * Always true: nobody takes a Lease over whose holder may still think it holds it. Clocks of other machines are never trusted: a
 * holder is gone when its Lease has not changed for its whole duration by this machine's own clock, or when its process is seen to
 * be gone; a holder that could not renew gives up earlier than that.
 * Source: k8s.io/client-go tools/leaderelection (duration 15 s, deadline 10 s).
 */
import { failure } from '../../base/diagnostic.ts'
import type { Host } from '../../base/host.ts'
import { objectOf } from '../../base/json.ts'
import type { KubeObject } from '../../kinds/kube-object.ts'
import type { KubeClient } from '../client.ts'
import { listen } from '../shared-watch.ts'
import { type HeldLease, holdLease } from './hold-lease.ts'
import { describeHolder, endHolder, holderOf, isHolderGone, newHolder } from './lease-holder.ts'
import {
  createLease,
  DURATION_MS,
  type LeaseContext,
  type LeasePlace,
  type LeaseRequest,
  leaseObject,
  putLease,
  readLease,
  signalOf,
} from './lease-requests.ts'

/** How often is looked while waiting, beside what the watch tells. */
const LOOK_MS = 1_000
/** A Lease that claims to last longer is not believed. */
const LONGEST_DURATION_MS = 10 * 60_000

/**
 * Takes the Lease at `place`: one request where nobody holds it.
 *
 * @throws DiagnosticError `kube/locked` when its holder is alive and `waitMs` are over
 * @throws KubeError when the server refuses, see `leaseObstacle`
 */
export async function acquireLease(host: Host, client: KubeClient, place: LeasePlace, request: LeaseRequest): Promise<HeldLease> {
  const context: LeaseContext = { host, client, place, request, holder: newHolder(host) }
  try {
    return holdLease(context, (await createLease(context)) ?? (await waitAndTake(context)))
  } catch (error) {
    endHolder(context.holder.identity)
    throw error
  }
}

/** What was seen of another's Lease, and when by this machine's clock. */
interface Sighting {
  readonly version: string
  readonly at: number
  /** It has changed under our eyes. */
  readonly isAlive: boolean
}

function see(last: Sighting | undefined, lease: KubeObject, at: number): Sighting {
  const version = lease.metadata.resourceVersion ?? ''
  return last?.version === version ? last : { version, at, isAlive: last !== undefined }
}

function isFree({ host, holder }: LeaseContext, lease: KubeObject, sighting: Sighting): boolean {
  const current = holderOf(lease)
  // Our own creation may have been answered by a connection that broke.
  if (!current || current.identity === holder.identity || isHolderGone(host, lease)) return true
  const seconds = objectOf(lease['spec'])['leaseDurationSeconds']
  const duration = typeof seconds === 'number' && seconds > 0 ? Math.min(LONGEST_DURATION_MS, seconds * 1000) : DURATION_MS
  return host.monotonic() - sighting.at >= duration
}

async function waitAndTake(context: LeaseContext): Promise<KubeObject> {
  const { host, request } = context
  const began = host.monotonic()
  const stop = new AbortController()
  const signal = request.signal ? AbortSignal.any([request.signal, stop.signal]) : stop.signal
  let changes: Changes | undefined
  let sighting: Sighting | undefined
  try {
    for (;;) {
      signal.throwIfAborted()
      const lease = await readLease(context, signalOf(context))
      if (lease) sighting = see(sighting, lease, host.monotonic())
      const taken = await tryToTake(context, lease, sighting)
      if (taken) return taken
      if (!lease || !sighting) continue
      if (sighting.isAlive && host.monotonic() - began >= request.waitMs) throw locked(context, lease)
      if (!changes) request.onWaiting?.(holderText(context, lease))
      changes ??= changesOf(context)
      await Promise.race([host.sleep(LOOK_MS, signal), changes.next()])
    }
  } finally {
    stop.abort(new Error('waiting for a Lease has ended'))
    changes?.end()
  }
}

async function tryToTake(context: LeaseContext, lease: KubeObject | undefined, sighting: Sighting | undefined): Promise<KubeObject | undefined> {
  if (!lease || !sighting) return createLease(context)
  return isFree(context, lease, sighting) ? takeOver(context, lease) : undefined
}

/** The version that was seen guards: of two who find the same holder gone, one wins. */
async function takeOver(context: LeaseContext, lease: KubeObject): Promise<KubeObject | undefined> {
  const transitions = objectOf(lease['spec'])['leaseTransitions']
  const own = leaseObject(context, (typeof transitions === 'number' ? transitions : 0) + 1)
  const { resourceVersion = '' } = lease.metadata
  return putLease(context, { ...own, metadata: { ...own.metadata, resourceVersion } }, signalOf(context))
}

function holderText({ host }: LeaseContext, lease: KubeObject): string {
  const holder = holderOf(lease)
  return holder ? describeHolder(holder, host.now()) : 'somebody'
}

function locked(context: LeaseContext, lease: KubeObject): Error {
  const { request, place } = context
  const run = holderOf(lease)?.run
  return failure('kube/locked', `${request.what} is being changed by ${holderText(context, lease)}`, {
    subject: `Lease ${place.namespace}/${place.name}`,
    notes: run ? [{ text: `its pipeline: ${run}` }] : [],
    hint: 'wait for it with --lock-timeout, such as --lock-timeout 5m',
  })
}

interface Changes {
  /** Resolves at the next change. */
  next(): Promise<void>
  end(): void
}

/** Where watching is not allowed, looking goes on without it. */
function changesOf({ client, place }: LeaseContext): Changes {
  let wake: () => void = () => {}
  const end = listen(client, { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', ...place }, { changed: () => wake(), failed: () => {} })
  return {
    next: () =>
      new Promise((resolve) => {
        wake = resolve
      }),
    end,
  }
}
