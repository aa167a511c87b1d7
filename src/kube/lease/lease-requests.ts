import type { Host } from '../../base/host.ts'
import type { KubeObject } from '../../kinds/kube-object.ts'
import { type KubeClient, KubeError, type KubeRequest } from '../client.ts'
import { unlessStatus } from '../unless-status.ts'
import type { newHolder } from './lease-holder.ts'

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

/** One attempt to hold one Lease. */
export interface LeaseContext {
  readonly host: Host
  readonly client: KubeClient
  readonly place: LeasePlace
  readonly request: LeaseRequest
  readonly holder: ReturnType<typeof newHolder>
}

/** How long a Lease outlives its last renewal. */
export const DURATION_MS = 15_000

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

/** The time now as Leases have it: with microseconds. */
export function microTime(host: Host): string {
  return new Date(host.now()).toISOString().replace('Z', '000Z')
}

/** The Lease of this holder, taken now for the `transitions`th time. */
export function leaseObject({ host, place, request, holder }: LeaseContext, transitions: number): KubeObject {
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

/** Makes the Lease; undefined when there is one. Asked without discovery: this is the first thing a run does. */
export async function createLease(context: LeaseContext): Promise<KubeObject | undefined> {
  const { client, place } = context
  const body = leaseObject(context, 0)
  return unlessStatus(client.request<KubeObject>({ method: 'POST', path: collectionPath(place), body, ...signalOf(context) }), 409)
}

/** The signal of whoever waits, for requests made on the way to the Lease. */
export function signalOf({ request: { signal } }: LeaseContext): { readonly signal?: AbortSignal } {
  return signal ? { signal } : {}
}

/** The Lease as it is; undefined when there is none. */
export async function readLease({ client, place }: LeaseContext, signal: { readonly signal?: AbortSignal } = {}): Promise<KubeObject | undefined> {
  return unlessStatus(client.request<KubeObject>({ method: 'GET', path: objectPath(place), ...signal }), 404)
}

/** Writes `body` over the version it names; undefined when somebody else did, or it was given back. */
export async function putLease(
  { client, place }: LeaseContext,
  body: KubeObject,
  signal: { readonly signal?: AbortSignal } = {},
): Promise<KubeObject | undefined> {
  return unlessStatus(client.request<KubeObject>({ method: 'PUT', path: objectPath(place), body, ...signal }), 404, 409)
}

/** Deletes just the version that `lease` is; false when there is another. */
export async function deleteLease({ client, place }: LeaseContext, { metadata: { uid, resourceVersion } }: KubeObject): Promise<boolean> {
  const body = { preconditions: { uid, resourceVersion } }
  const gone = await unlessStatus(client.request({ method: 'DELETE', path: objectPath(place), body }), 409)
  return gone !== undefined
}
