import { hasChanges } from '../../report/plan-summary.ts'
import { carryOut, isConfirmed } from '../carry-out.ts'
import { type Command, defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { makePlan } from '../plan-command.ts'
import { concurrencyOption, diffDisplayOptions, needsOptions, outputOption, upgradeOptions, valueOptions } from '../shared-options.ts'
import { shownPlan } from '../show-plan.ts'
import { withClusters } from '../with-clusters.ts'

export const apply: Command = defineCommand({
  options: {
    ...upgradeOptions,
    ...diffDisplayOptions,
    suppressDiff: { long: 'suppress-diff', type: 'flag', description: 'print one line per release instead of the differences' },
    ...outputOption,
    ...needsOptions,
    ...valueOptions,
    ...concurrencyOption,
  },
  examples: ['flotilla -e staging apply', 'flotilla -e production -i apply --wait --timeout 600', 'flotilla -l app=web apply --include-needs'],
  async run(context, options) {
    return withClusters(context, async (clusters) => {
      const { plan, secrets } = await makePlan(context, clusters, options)
      if (options.output !== 'json') context.terminal.out(shownPlan(context, plan, options, secrets))
      if (!hasChanges(plan) && options.output !== 'json') return exitCodes.ok
      if (hasChanges(plan) && !(await isConfirmed(context, 'Apply this plan?'))) return exitCodes.ok
      return carryOut(context, plan, clusters, options)
    })
  },
})
