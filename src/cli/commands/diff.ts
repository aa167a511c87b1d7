import { hasChanges } from '../../report/plan-summary.ts'
import { type Command, defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { withPlan } from '../plan-command.ts'
import {
  concurrencyOption,
  diffDisplayOptions,
  diffScopeOptions,
  needsOptions,
  offlineOption,
  passedOptions,
  planOutputOption,
  strictValuesOption,
  upgradeOptions,
  valueOptions,
} from '../shared-options.ts'
import { showPlan } from '../show-plan.ts'
import { withSettings } from '../with-settings.ts'

const { skipCrds, skipSchemaValidation, takeOwnership, recreate, reuseValues, resetValues, resetThenReuseValues, serverSide } = upgradeOptions

export const diff: Command = defineCommand({
  options: {
    ...diffDisplayOptions,
    ...diffScopeOptions,
    ...planOutputOption,
    ...offlineOption,
    ...needsOptions,
    ...valueOptions,
    ...passedOptions,
    ...concurrencyOption,
    ...strictValuesOption,
    skipCrds,
    skipSchemaValidation,
    takeOwnership,
    recreate,
    reuseValues,
    resetValues,
    resetThenReuseValues,
    serverSide,
  },
  examples: ['flotilla -e staging diff', 'flotilla -e staging diff --detailed-exitcode --context 1', 'flotilla -l app=web diff --output json'],
  async run(context, given) {
    const options = await withSettings(context, given)
    return withPlan(context, 'diff', options, async (_context, { plan, hooks, salt }) => {
      showPlan(context, plan, { ...options, salt: await salt() })
      await hooks.cleanupReleases(plan.releases.filter(({ chart }) => chart).map(({ id }) => id))
      const blocker = plan.releases.flatMap((release) => release.blockers)[0]
      if (blocker) return { exit: exitCodes.failure, error: blocker.summary }
      return { exit: options.detailedExitcode && hasChanges(plan) ? exitCodes.changes : exitCodes.ok }
    })
  },
})
