import { carryOut, isConfirmed } from '../carry-out.ts'
import { type Command, defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { makePlan } from '../plan-command.ts'
import { concurrencyOption, diffDisplayOptions, needsOptions, outputOption, upgradeOptions, valueOptions } from '../shared-options.ts'
import { shownPlan } from '../show-plan.ts'
import { withClusters } from '../with-clusters.ts'

export const sync: Command = defineCommand({
  options: { ...upgradeOptions, ...diffDisplayOptions, ...outputOption, ...needsOptions, ...valueOptions, ...concurrencyOption },
  examples: ['flotilla -e staging sync', 'flotilla -e staging -l tier=data sync --wait'],
  async run(context, options) {
    return withClusters(context, async (clusters) => {
      const { plan, secrets } = await makePlan(context, clusters, options, { always: true })
      // Like Helmfile, sync shows differences only to someone who is about to be asked.
      if (context.global.interactive && options.output !== 'json') context.terminal.out(shownPlan(context, plan, options, secrets))
      if (!(await isConfirmed(context, 'Sync these releases?'))) return exitCodes.ok
      return carryOut(context, plan, clusters, options)
    })
  },
})
