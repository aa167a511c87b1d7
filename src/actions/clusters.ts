import type { Host } from '../base/host.ts'
import type { KubeClient } from '../kube/client.ts'
import type { ClientFor } from '../plan/plan.ts'

export interface ClusterOptions {
  /** A kubeconfig file; absent: KUBECONFIG, then `~/.kube/config`. */
  readonly kubeconfig?: string
  /** The context for releases that name none; absent: the current one. */
  readonly kubeContext?: string
  /** On whose behalf requests are made; absent: as the kubeconfig says. */
  readonly impersonate?: { readonly user: string; readonly groups: readonly string[] }
  /** True sends every release to the kubeconfig's current context, whatever context it names. */
  readonly oneCluster?: boolean
}

/** The connections of one run: one client, one agent and one discovery per kubeconfig context. */
export interface Clusters {
  readonly clientFor: ClientFor
  /** Clients made so far, by context (empty: the current one); for counting requests. */
  readonly opened: ReadonlyMap<string, KubeClient>
  /** Where no cluster is asked: which records count instead, if any. */
  readonly offline?: { readonly records?: string }
  close(): void
}

/** Connections that are made when they are first asked for. Nothing is sent before a client's first request. */
export function openClusters(host: Host, options: ClusterOptions = {}): Clusters {
  const pending = new Map<string, Promise<KubeClient>>()
  const opened = new Map<string, KubeClient>()
  const open = async (context: string | undefined): Promise<KubeClient> => {
    const { connect } = await import('../kube/connect.ts')
    const connected = await connect(host, {
      ...(options.kubeconfig && { kubeconfig: options.kubeconfig }),
      ...(context && { context }),
      ...(options.impersonate && { impersonate: { ...options.impersonate, extra: {} } }),
    })
    const { withRecords } = await import('../release/records/choose-records.ts')
    const client = await withRecords(host, connected)
    opened.set(context ?? '', client)
    return client
  }
  return {
    opened,
    clientFor: (kubeContext) => {
      const context = options.oneCluster ? undefined : kubeContext || options.kubeContext
      const known = pending.get(context ?? '')
      if (known) return known
      const made = open(context)
      pending.set(context ?? '', made)
      return made
    },
    close: () => {
      for (const client of opened.values()) client.close()
    },
  }
}
