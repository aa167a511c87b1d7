import { hasChanges } from '../../report/plan-summary.ts'
import { type Command, defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { makePlan } from '../plan-command.ts'
import { concurrencyOption, diffDisplayOptions, needsOptions, outputOption, upgradeOptions, valueOptions } from '../shared-options.ts'
import { shownPlan } from '../show-plan.ts'
import { withClusters } from '../with-clusters.ts'

const { skipCrds, skipSchemaValidation, takeOwnership, reuseValues, resetValues, serverSide } = upgradeOptions

export const diff: Command = defineCommand({
  options: {
    ...diffDisplayOptions,
    ...outputOption,
    ...needsOptions,
    ...valueOptions,
    ...concurrencyOption,
    skipCrds,
    skipSchemaValidation,
    takeOwnership,
    reuseValues,
    resetValues,
    serverSide,
  },
  examples: ['flotilla -e staging diff', 'flotilla -e staging diff --detailed-exitcode --context 1', 'flotilla -l app=web diff --output json'],
  async run(context, options) {
    return withClusters(context, async (clusters) => {
      const { plan, secrets } = await makePlan(context, clusters, options)
      context.terminal.out(shownPlan(context, plan, options, secrets))
      if (plan.releases.some((release) => release.blockers.length > 0)) return exitCodes.failure
      return options.detailedExitcode && hasChanges(plan) ? exitCodes.changes : exitCodes.ok
    })
  },
})
