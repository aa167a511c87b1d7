import { join } from 'node:path'
import { type Clusters, openClusters } from '../actions/clusters.ts'
import { failure } from '../base/diagnostic.ts'
import type { CommandContext } from './command.ts'

/**
 * Runs `work` with connections to the cluster that the options name: a real one by kubeconfig, or a sandbox that lives as
 * long as the command (its state stays in `--sandbox-data`). Everything opened is closed again.
 */
export async function withClusters<T>(context: CommandContext, work: (clusters: Clusters) => Promise<T>): Promise<T> {
  const { kubeconfig, kubeContext, sandbox, sandboxData } = context.global
  const impersonate = impersonation(context)
  if (sandbox || sandboxData !== undefined) return withSandbox(context, work)
  return closing(
    context,
    openClusters(context.host, { ...(kubeconfig && { kubeconfig }), ...(kubeContext && { kubeContext }), ...(impersonate && { impersonate }) }),
    work,
  )
}

const opened = new WeakMap<CommandContext, Clusters>()

/** As `withClusters`, with the connections that a command has already where it has some. */
export function withAnyClusters<T>(context: CommandContext, work: (clusters: Clusters) => Promise<T>): Promise<T> {
  const clusters = opened.get(context)
  return clusters ? work(clusters) : withClusters(context, work)
}

/** The user and groups that the command line names. @throws DiagnosticError `cli/invalid-value` for groups alone, and where there is but one user */
function impersonation({ global }: CommandContext): { readonly user: string; readonly groups: readonly string[] } | undefined {
  const { kubeAsUser: user, kubeAsGroup = [], sandbox, sandboxData } = global
  const groups = kubeAsGroup.flatMap((text) => text.split(','))
  if (user === undefined && groups.length === 0) return undefined
  if (user === undefined) throw failure('cli/invalid-value', '--kube-as-group says nothing without --kube-as-user')
  if (sandbox || sandboxData !== undefined) throw failure('cli/invalid-value', 'the sandbox has one user, and nobody else to act as')
  return { user, groups }
}

async function withSandbox<T>(context: CommandContext, work: (clusters: Clusters) => Promise<T>): Promise<T> {
  const { host, global } = context
  const { startSandbox } = await import('../sandbox/start.ts')
  const running = await startSandbox(host, global.sandboxData === undefined ? {} : { dataDir: global.sandboxData })
  const folder = join(host.tempDir, `flotilla-sandbox-${Buffer.from(host.randomBytes(6)).toString('hex')}`)
  try {
    const kubeconfig = join(folder, 'kubeconfig')
    host.fs.writeFile(kubeconfig, running.kubeconfig, { mode: 0o600 })
    // One sandbox stands for every context a state file may name.
    return await closing(context, openClusters(host, { kubeconfig, oneCluster: true }), work)
  } finally {
    host.fs.remove(folder)
    await running.close()
  }
}

async function closing<T>(context: CommandContext, clusters: Clusters, work: (clusters: Clusters) => Promise<T>): Promise<T> {
  const { stopwatch } = context
  opened.set(context, clusters)
  stopwatch?.watch(clusters)
  stopwatch?.phase('reading state')
  try {
    return await work(clusters)
  } finally {
    opened.delete(context)
    clusters.close()
  }
}
