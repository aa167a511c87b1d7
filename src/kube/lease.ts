/*
 * A lock that dies with its holder: a coordination.k8s.io/v1 Lease that is renewed while it is held and deleted at the end.
 * In: a place and how long to wait. Out: a holding, whose signal tells when it is lost.
 * Always true: nobody takes a Lease over whose holder may still think it holds it. Clocks of other machines are never trusted: a
 * holder is gone when its Lease has not changed for its whole duration by this machine's own clock, or when its process is seen to
 * be gone; a holder that could not renew gives up earlier than that.
 * Source: k8s.io/client-go tools/leaderelection (duration 15 s, deadline 10 s).
 */
import { failure } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import type { KubeObject } from '../kinds/kube-object.ts'
import { type KubeClient, KubeError, type KubeRequest } from './client.ts'
import { objectOf } from './json.ts'
import { describeHolder, endHolder, holderOf, isHolderGone, newHolder } from './lease-holder.ts'
import { listen } from './shared-watch.ts'

export interface LeasePlace {
  readonly namespace: string
  readonly name: string
}

export interface LeaseRequest {
  /** What is locked, for people: `release shop/web`. */
  readonly what: string
  /** Said by the Lease's label `flotilla.dev/lock`. */
  readonly label: string
  /** Milliseconds to wait for a holder that is alive; one that is gone is always waited out. */
  readonly waitMs: number
  readonly signal?: AbortSignal
  /** Told once, when somebody else is found to hold it. */
  readonly onWaiting?: (holder: string) => void
}

export interface HeldLease {
  /** Aborted when somebody else may hold it by now. */
  readonly lost: AbortSignal
  /** Gives it back; never rejects. */
  release(): Promise<void>
}

const DURATION_MS = 15_000
const RENEW_MS = 3_000
/** A renewal that takes longer has failed. */
const ATTEMPT_MS = 5_000
/** Without a renewal for this long the holder stops: others may take over after `DURATION_MS`. */
const DEADLINE_MS = 10_000
/** How often is looked while waiting, beside what the watch tells. */
const LOOK_MS = 1_000
/** A Lease that claims to last longer is not believed. */
const LONGEST_DURATION_MS = 10 * 60_000

interface Context {
  readonly host: Host
  readonly client: KubeClient
  readonly place: LeasePlace
  readonly request: LeaseRequest
  readonly holder: ReturnType<typeof newHolder>
}

/**
 * Takes the Lease at `place`: one request where nobody holds it.
 *
 * @throws DiagnosticError `kube/locked` when its holder is alive and `waitMs` are over
 * @throws KubeError when the server refuses, see `leaseObstacle`
 */
export async function acquireLease(host: Host, client: KubeClient, place: LeasePlace, request: LeaseRequest): Promise<HeldLease> {
  const context: Context = { host, client, place, request, holder: newHolder(host) }
  try {
    return hold(context, (await create(context)) ?? (await waitAndTake(context)))
  } catch (error) {
    endHolder(context.holder.identity)
    throw error
  }
}

/** Why there can be no Lease at all, in words; undefined when `error` says something else. */
export function leaseObstacle(error: unknown): string | undefined {
  if (!(error instanceof KubeError)) return undefined
  if (error.status === 403) return 'Leases may not be written there'
  return error.status === 404 ? 'there is no such namespace, or Leases are not served' : undefined
}

/** True for the requests that this file makes. */
export function isLeaseRequest({ path }: Pick<KubeRequest, 'path'>): boolean {
  return path.startsWith('/apis/coordination.k8s.io/v1/namespaces/')
}

function collectionPath({ namespace }: LeasePlace): string {
  return `/apis/coordination.k8s.io/v1/namespaces/${encodeURIComponent(namespace)}/leases`
}

function objectPath(place: LeasePlace): string {
  return `${collectionPath(place)}/${encodeURIComponent(place.name)}`
}

/** Times of Leases have microseconds. */
function microTime(host: Host): string {
  return new Date(host.now()).toISOString().replace('Z', '000Z')
}

function leaseObject({ host, place, request, holder }: Context, transitions: number): KubeObject {
  const now = microTime(host)
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: {
      ...place,
      labels: { 'app.kubernetes.io/managed-by': 'flotilla', 'flotilla.dev/lock': request.label },
      annotations: holder.annotations,
    },
    spec: {
      holderIdentity: holder.identity,
      leaseDurationSeconds: DURATION_MS / 1000,
      acquireTime: now,
      renewTime: now,
      leaseTransitions: transitions,
    },
  }
}

/** Undefined when there is one. Asked without discovery: this is the first thing a run does. */
async function create(context: Context): Promise<KubeObject | undefined> {
  const { client, place } = context
  return unless409(client.request<KubeObject>({ method: 'POST', path: collectionPath(place), body: leaseObject(context, 0), ...signalOf(context) }))
}

function signalOf({ request: { signal } }: Context): { readonly signal?: AbortSignal } {
  return signal ? { signal } : {}
}

async function unless409<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof KubeError && error.status === 409) return undefined
    throw error
  }
}

async function read({ client, place }: Context, signal: { readonly signal?: AbortSignal } = {}): Promise<KubeObject | undefined> {
  try {
    return await client.request<KubeObject>({ method: 'GET', path: objectPath(place), ...signal })
  } catch (error) {
    if (error instanceof KubeError && error.status === 404) return undefined
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

function isFree({ host, holder }: Context, lease: KubeObject, sighting: Sighting): boolean {
  const current = holderOf(lease)
  // Our own creation may have been answered by a connection that broke.
  if (!current || current.identity === holder.identity || isHolderGone(host, lease)) return true
  const seconds = objectOf(lease['spec'])['leaseDurationSeconds']
  const duration = typeof seconds === 'number' && seconds > 0 ? Math.min(LONGEST_DURATION_MS, seconds * 1000) : DURATION_MS
  return host.monotonic() - sighting.at >= duration
}

async function waitAndTake(context: Context): Promise<KubeObject> {
  const { host, request } = context
  const began = host.monotonic()
  const stop = new AbortController()
  const signal = request.signal ? AbortSignal.any([request.signal, stop.signal]) : stop.signal
  let changes: Changes | undefined
  let sighting: Sighting | undefined
  try {
    for (;;) {
      signal.throwIfAborted()
      const lease = await read(context, signalOf(context))
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

async function tryToTake(context: Context, lease: KubeObject | undefined, sighting: Sighting | undefined): Promise<KubeObject | undefined> {
  if (!lease || !sighting) return create(context)
  return isFree(context, lease, sighting) ? takeOver(context, lease) : undefined
}

/** The version that was seen guards: of two who find the same holder gone, one wins. */
async function takeOver(context: Context, lease: KubeObject): Promise<KubeObject | undefined> {
  const transitions = objectOf(lease['spec'])['leaseTransitions']
  const own = leaseObject(context, (typeof transitions === 'number' ? transitions : 0) + 1)
  const { resourceVersion = '' } = lease.metadata
  return put(context, { ...own, metadata: { ...own.metadata, resourceVersion } }, signalOf(context))
}

async function put({ client, place }: Context, body: KubeObject, signal: { readonly signal?: AbortSignal } = {}): Promise<KubeObject | undefined> {
  try {
    return await unless409(client.request<KubeObject>({ method: 'PUT', path: objectPath(place), body, ...signal }))
  } catch (error) {
    // It was given back meanwhile.
    if (error instanceof KubeError && error.status === 404) return undefined
    throw error
  }
}

function holderText({ host }: Context, lease: KubeObject): string {
  const holder = holderOf(lease)
  return holder ? describeHolder(holder, host.now()) : 'somebody'
}

function locked(context: Context, lease: KubeObject): Error {
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
function changesOf({ client, place }: Context): Changes {
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

/** Renews `lease` until it is released or lost. */
function hold(context: Context, lease: KubeObject): HeldLease {
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
async function giveBack(context: Context, lease: KubeObject): Promise<void> {
  const { client, place, holder } = context
  const remove = ({ metadata: { uid, resourceVersion } }: KubeObject): Promise<unknown> =>
    unless409(client.request({ method: 'DELETE', path: objectPath(place), body: { preconditions: { uid, resourceVersion } } }))
  if ((await remove(lease)) !== undefined) return
  const there = await read(context)
  if (there && holderOf(there)?.identity === holder.identity) await remove(there)
}

/** False when the Lease is no longer ours. */
async function beat(context: Context, state: { lease: KubeObject; renewedAt: number }, stop: AbortSignal): Promise<boolean> {
  const { host } = context
  const isLate = (): boolean => host.monotonic() - state.renewedAt >= DEADLINE_MS
  for (;;) {
    await paused(host, RENEW_MS, stop)
    if (stop.aborted) return true
    const at = host.monotonic()
    const renewed = isLate() ? 'lost' : await inTime(host, renew(context, state.lease))
    if (renewed === 'lost' || (renewed === 'unanswered' && isLate())) return false
    if (renewed === 'unanswered') continue
    state.lease = renewed
    state.renewedAt = at
  }
}

async function paused(host: Host, ms: number, stop: AbortSignal): Promise<void> {
  try {
    await host.sleep(ms, stop)
  } catch (error) {
    if (!stop.aborted) throw error
  }
}

type Renewal = KubeObject | 'lost' | 'unanswered'

async function inTime(host: Host, renewal: Promise<Renewal>): Promise<Renewal> {
  const answered = new AbortController()
  const late = paused(host, ATTEMPT_MS, answered.signal).then((): Renewal => 'unanswered')
  try {
    return await Promise.race([renewal, late])
  } finally {
    answered.abort()
  }
}

async function renew(context: Context, lease: KubeObject): Promise<Renewal> {
  const { host, holder } = context
  try {
    const renewed = await put(context, { ...lease, spec: { ...objectOf(lease['spec']), renewTime: microTime(host) } })
    if (renewed) return renewed
    const there = await read(context)
    // A renewal may have arrived although its answer did not.
    return there && holderOf(there)?.identity === holder.identity ? there : 'lost'
  } catch (error) {
    if (error instanceof KubeError && error.status < 500 && error.status !== 429) return 'lost'
    return 'unanswered'
  }
}
