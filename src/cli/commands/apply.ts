import { hasBlockers, hasChanges } from '../../report/plan-summary.ts'
import { carryOut, carryOutAndCleanUp } from '../carry-out.ts'
import { type Command, defineCommand } from '../command.ts'
import { isConfirmed } from '../confirm.ts'
import { exitCodes } from '../exit-codes.ts'
import { withPlan } from '../plan-command.ts'
import { changingOptions, releasingOptions } from '../shared-options.ts'
import { isText, showPlan, showsPlan } from '../show-plan.ts'
import { withSettings } from '../with-settings.ts'

export const apply: Command = defineCommand({
  options: {
    ...changingOptions,
    ...releasingOptions,
  },
  arguments: [{ name: 'PLAN', description: 'file that "flotilla plan -o" wrote: do exactly what it holds', optional: true }],
  examples: [
    'flotilla -e staging apply',
    'flotilla -e production -i apply --wait --timeout 600',
    'flotilla -l app=web apply --include-needs',
    'flotilla apply production.plan',
  ],
  async run(unlocked, given, [path]) {
    const options = await withSettings(unlocked, given)
    if (path !== undefined) return (await import('../apply-saved-plan.ts')).applySavedPlan(unlocked, path, { given, options })
    return withPlan(unlocked, 'apply', options, async (context, { plan, clusters, hooks, salt }) => {
      if (showsPlan(options)) showPlan(context, plan, { ...options, salt: await salt() })
      if (!hasChanges(plan)) return isText(options) ? { exit: exitCodes.ok } : carryOut(context, plan, { clusters }, options)
      if (hasBlockers(plan)) return carryOut(context, plan, { clusters }, { ...options, allOrNothing: true })
      if (!(await isConfirmed(context, plan, 'Apply this plan?', options))) return { exit: exitCodes.ok }
      await hooks.preapply()
      return carryOutAndCleanUp(context, plan, { clusters, hooks }, options)
    })
  },
})
