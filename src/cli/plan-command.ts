import type { Clusters } from '../actions/clusters.ts'
import { formerSecretsOf } from '../actions/former-secrets-of.ts'
import { loadState, type State } from '../actions/load-state.ts'
import { markSalt } from '../actions/mark-salt.ts'
import { type Plan, type PlanStateOptions, planState } from '../actions/plan-state.ts'
import { failure } from '../base/diagnostic.ts'
import { chartOptions } from './chart-options.ts'
import type { CommandContext } from './command.ts'
import { type Ending, type Hooks, hooked } from './hooked.ts'
import type { OptionValues } from './option-table.ts'
import { printDiagnostics } from './print-diagnostics.ts'
import { overridesFrom } from './release-options.ts'
import type { lockOption, offlineOption, releasingOptions } from './shared-options.ts'
import { stateRequest } from './state-request.ts'
import { withClusters } from './with-clusters.ts'
import { withLock } from './with-lock.ts'
import type { RunSettings } from './with-settings.ts'

export type PlanCommandOptions = OptionValues<typeof releasingOptions & typeof lockOption & typeof offlineOption> & RunSettings

/** What a planned command goes on with. */
export interface Planned {
  readonly state: State
  readonly plan: Plan
  /** Secret values that were met while planning. */
  readonly decrypted: readonly string[]
  readonly clusters: Clusters
  readonly hooks: Hooks
  /** For marks of hidden values. */
  readonly salt: () => Promise<string>
}

/** How `options` want releases to be planned. */
export async function planOptionsFrom(context: CommandContext, options: PlanCommandOptions): Promise<PlanStateOptions> {
  const { terminal, global, signal, stopwatch } = context
  return {
    override: overridesFrom(options),
    charts: await chartOptions(context),
    sequentialFiles: global.sequentialHelmfiles ?? false,
    signal,
    warn: (diagnostic) => printDiagnostics(terminal, [diagnostic]),
    ...(stopwatch && { onStage: (stage) => stopwatch.phase(stage) }),
    ...(options.concurrency && { concurrency: options.concurrency }),
    ...(options.ignore && { ignore: options.ignore }),
    ...(options.definitions && { definitions: options.definitions }),
    ...(options.conflicts && { conflicts: options.conflicts }),
    ...(options.recreate && { recreate: options.recreate }),
    ...((options.noHooks || options.includeTests) && { hooks: options.noHooks ? 'none' : 'with-tests' }),
    ...(options.unreadValues && { unreadValues: options.unreadValues }),
    ...(options.helmCompat && { helmCompat: options.helmCompat }),
    ...((await context.settings()).records?.sensitive === 'omit' && { omitSecrets: () => terminal.everySecret() }),
  }
}

/** Runs `work` with the clusters of the command line, or with none; what counts instead is said. */
async function openFor(
  context: CommandContext,
  { offline, records, helmCompat }: Pick<PlanCommandOptions, 'offline' | 'records' | 'helmCompat'>,
  work: (clusters: Clusters) => Promise<number>,
): Promise<number> {
  if (!offline && records !== undefined)
    throw failure('cli/conflicting-options', '--records is for --offline: where a cluster is asked, its own records count')
  if (!offline) return withClusters(context, work)
  const { offlineClusters } = await import('../actions/offline-clusters.ts')
  const clusters = await offlineClusters(context.host, { ...(helmCompat && { helmCompat }), ...(records !== undefined && { records }) })
  if (!context.global.quiet) context.terminal.err(`${offlineWords(clusters)}\n`)
  try {
    return await work(clusters)
  } finally {
    clusters.close()
  }
}

function offlineWords({ offline }: Clusters): string {
  if (offline?.records === undefined) return 'compared with nothing: no cluster is asked, and every release counts as new'
  return `compared with the records in ${offline.records}: no cluster is asked, and edits of live objects do not show`
}

/**
 * What diff, plan, apply and sync have in common: the state is read, rendered and compared between its hooks; then `work` goes on.
 * Apply and sync have the environment to themselves meanwhile.
 */
export async function withPlan(
  context: CommandContext,
  command: 'diff' | 'apply' | 'sync',
  options: PlanCommandOptions,
  work: (context: CommandContext, planned: Planned) => Promise<Ending>,
): Promise<number> {
  const { host, terminal } = context
  if (options.showSecrets) terminal.reveal()
  const planOptions = { ...(await planOptionsFrom(context, options)), always: command === 'sync' }
  return openFor(context, options, async (clusters) => {
    const state = await loadState(host, { ...stateRequest(context, options), syncArgs: options.syncArgs ?? '' })
    const run = (locked: CommandContext): Promise<number> =>
      hooked(locked, command, { state, clusters }, async (hooks) => {
        const plan = await planState(host, state, clusters, { ...planOptions, signal: locked.signal })
        context.stopwatch?.phase('showing')
        const decrypted = terminal.everySecret()
        terminal.conceal(await formerSecretsOf(state, plan, () => terminal.everySecret()))
        return work(locked, { state, plan, decrypted, clusters, hooks, salt: () => markSalt(host, plan, clusters, terminal.secrets()) })
      })
    return command === 'diff' ? run(context) : withLock(context, { state, clusters }, options, run)
  })
}
