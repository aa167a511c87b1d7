import { carryOutAndCleanUp } from '../carry-out.ts'
import { type Command, defineCommand } from '../command.ts'
import { isConfirmed } from '../confirm.ts'
import { exitCodes } from '../exit-codes.ts'
import { withPlan } from '../plan-command.ts'
import { changingOptions, releasingOptions } from '../shared-options.ts'
import { isText, showPlan, showsPlan } from '../show-plan.ts'
import { withSettings } from '../with-settings.ts'

export const sync: Command = defineCommand({
  options: {
    ...changingOptions,
    ...releasingOptions,
  },
  examples: ['flotilla -e staging sync', 'flotilla -e staging -l tier=data sync --wait'],
  async run(unlocked, given) {
    const options = await withSettings(unlocked, given)
    return withPlan(unlocked, 'sync', options, async (context, { plan, clusters, hooks, salt }) => {
      // Like Helmfile, sync shows differences only to someone who is about to be asked.
      if (isText(options) ? context.global.interactive : showsPlan(options)) showPlan(context, plan, { ...options, salt: await salt() })
      if (!(await isConfirmed(context, plan, 'Sync these releases?', options))) return { exit: exitCodes.ok }
      return carryOutAndCleanUp(context, plan, { clusters, hooks }, options)
    })
  },
})
