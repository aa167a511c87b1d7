import { hasChanges } from '../report/plan-summary.ts'
import type { CommandContext } from './command.ts'
import { exitCodes } from './exit-codes.ts'
import type { Ending } from './hooked.ts'
import type { PlanCommandOptions, Planned } from './plan-command.ts'
import { type ShowOptions, showPlan } from './show-plan.ts'

/** Shows the plan of a command that goes no further, and says how it ends: with a failure where something keeps a release back. */
export async function showOnly(context: CommandContext, { plan, hooks, salt }: Planned, options: PlanCommandOptions & ShowOptions): Promise<Ending> {
  showPlan(context, plan, { ...options, salt: await salt() })
  await hooks.cleanupReleases(plan.releases.filter(({ chart }) => chart).map(({ id }) => id))
  const blocker = plan.releases.flatMap((release) => release.blockers)[0]
  if (blocker) return { exit: exitCodes.failure, error: blocker.summary }
  return { exit: options.detailedExitcode && hasChanges(plan) ? exitCodes.changes : exitCodes.ok }
}
