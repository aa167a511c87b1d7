import type { Clusters } from '../actions/clusters.ts'
import { loadState } from '../actions/load-state.ts'
import { type Plan, type PlanStateOptions, planState } from '../actions/plan-state.ts'
import { secretValues } from '../actions/secret-values.ts'
import type { CommandContext } from './command.ts'
import type { OptionValues } from './option-table.ts'
import { printDiagnostics } from './print-diagnostics.ts'
import { overridesFrom } from './release-options.ts'
import type { concurrencyOption, needsOptions, upgradeOptions, valueOptions } from './shared-options.ts'
import { stateRequest } from './state-request.ts'

export type PlanCommandOptions = OptionValues<typeof needsOptions & typeof valueOptions & typeof concurrencyOption & typeof upgradeOptions>

/** What diff, apply and sync have in common: the state is read, rendered and compared. */
export async function makePlan(
  context: CommandContext,
  clusters: Clusters,
  options: PlanCommandOptions,
  extra: Pick<PlanStateOptions, 'always'> = {},
): Promise<{ readonly plan: Plan; readonly secrets: readonly string[] }> {
  const state = await loadState(context.host, stateRequest(context, options))
  const plan = await planState(context.host, state, clusters, {
    ...extra,
    override: overridesFrom(options),
    skipDeps: context.global.skipDeps ?? false,
    signal: context.signal,
    warn: (diagnostic) => printDiagnostics(context.terminal, [diagnostic]),
    ...(options.concurrency && { concurrency: options.concurrency }),
  })
  return { plan, secrets: await secretValues(state) }
}
