import { createHash } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import type { Diagnostic } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import type { KubeClient } from '../kube/client.ts'
import { acquireLease } from '../kube/lease/acquire-lease.ts'
import type { HeldLease } from '../kube/lease/hold-lease.ts'
import { leaseObstacle } from '../kube/lease/lease-requests.ts'
import type { State } from '../state/state.ts'
import type { Clusters } from './clusters.ts'

export interface EnvironmentLockOptions {
  /** Milliseconds to wait for another run that is alive; 0: not at all. */
  readonly waitMs: number
  /** Where the Lease lies; absent: the namespace of the kubeconfig context. */
  readonly namespace?: string
  readonly signal?: AbortSignal
  /** Told of a holder that is waited for. */
  readonly onWaiting?: (text: string) => void
  readonly warn?: (diagnostic: Diagnostic) => void
}

/** What is locked, and in which clusters. */
export interface LockTarget {
  readonly environment: string
  readonly leaseName: string
  readonly kubeContexts: readonly (string | undefined)[]
}

/** The right to change an environment, for one run. */
export interface EnvironmentLock {
  /** Aborted when another run may have it by now. */
  readonly lost: AbortSignal
  release(): Promise<void>
}

/**
 * The name of an environment's Lease: `flotilla.environment.staging.3f2a9c01d4`. Its last part stands for `name`, or else for the
 * releases that the state files declare for the environment, selected or not: other projects have other releases.
 */
export function environmentLeaseName(state: State, name?: string): string {
  const environment = state.files[0]?.environment ?? 'default'
  const releases = state.files
    .flatMap((file) => file.releases)
    .map(({ kubeContext, namespace, name }) => JSON.stringify([kubeContext, namespace, name]))
  const identity = name === undefined ? [...new Set(releases)].sort().join('\n') : `name ${name}`
  const hash = createHash('sha256').update(`${environment}\n${identity}`).digest('hex').slice(0, 10)
  const word = environment.toLowerCase().replace(/[^a-z0-9]+/g, '-')
  return `flotilla.environment.${word.slice(0, 60).replace(/^-|-$/g, '') || 'x'}.${hash}`
}

/**
 * The environment of `state`, in the clusters that its selected releases go to. With `name`, instead of what follows from the
 * releases, runs with the same name and environment wait for one another.
 */
export function lockTargetOf(state: State, name?: string): LockTarget {
  return {
    environment: state.files[0]?.environment ?? 'default',
    leaseName: environmentLeaseName(state, name),
    kubeContexts: state.files.flatMap((file) => file.selected).map((release) => release.kubeContext),
  }
}

/**
 * Makes sure that no other run changes `target` at the same time: one Lease in each of its clusters. Where Leases are not allowed that is a warning, and the run goes on.
 *
 * @throws DiagnosticError `kube/locked` when another run is at work and does not end within `waitMs`
 */
export async function lockEnvironment(host: Host, target: LockTarget, clusters: Clusters, options: EnvironmentLockOptions): Promise<EnvironmentLock> {
  const lost = new AbortController()
  setMaxListeners(0, lost.signal)
  const held: HeldLease[] = []
  const release = async (): Promise<void> => {
    await Promise.all(held.map((lease) => lease.release()))
  }
  try {
    // One after another and always in the same order, so that two runs never wait for each other.
    for (const client of await clientsOf(target, clusters)) {
      const lease = await take(host, client, target, options)
      if (!lease) continue
      held.push(lease)
      lease.lost.addEventListener('abort', () => lost.abort(lease.lost.reason), { once: true })
    }
  } catch (error) {
    await release()
    throw error
  }
  return { lost: lost.signal, release }
}

async function clientsOf({ kubeContexts }: LockTarget, clusters: Clusters): Promise<readonly KubeClient[]> {
  const contexts = [...new Set(kubeContexts)].sort()
  const clients: KubeClient[] = []
  for (const context of contexts) clients.push(await clusters.clientFor(context))
  return [...new Set(clients)]
}

async function take(host: Host, client: KubeClient, target: LockTarget, options: EnvironmentLockOptions): Promise<HeldLease | undefined> {
  const what = `environment ${target.environment}`
  const place = { namespace: options.namespace ?? client.defaultNamespace, name: target.leaseName }
  const { waitMs, signal, onWaiting, warn } = options
  try {
    return await acquireLease(host, client, place, {
      what,
      label: 'environment',
      waitMs,
      ...(signal && { signal }),
      onWaiting: (holder) => onWaiting?.(`${what} is locked by ${holder}`),
    })
  } catch (error) {
    const obstacle = leaseObstacle(error)
    if (obstacle === undefined) throw error
    warn?.({
      code: 'actions/not-locked',
      severity: 'warning',
      summary: `this run is not locked against others: ${obstacle}`,
      subject: `Lease ${place.namespace}/${place.name}`,
      hint: 'name a namespace where you may write Leases in the setting lock.namespace',
    })
    return undefined
  }
}
