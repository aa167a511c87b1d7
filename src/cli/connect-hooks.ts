import type { Clusters } from '../actions/clusters.ts'
import type { ConnectHooks } from '../actions/command-hooks.ts'
import type { CommandContext } from './command.ts'
import { withClusters } from './with-clusters.ts'

/** Clients for hooks that apply manifests: those of `clusters`, or one made for each hook where a command has none. */
export function connectHooks(context: CommandContext, clusters?: Clusters): ConnectHooks {
  if (clusters) return async (kubeContext, work) => work(await clusters.clientFor(kubeContext))
  return (kubeContext, work) => withClusters(context, async (own) => work(await own.clientFor(kubeContext)))
}
