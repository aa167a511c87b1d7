import { loadState } from '../../actions/load-state.ts'
import { planRemoval } from '../../actions/plan-state.ts'
import { hasChanges } from '../../report/plan-summary.ts'
import { carryOut, isConfirmed } from '../carry-out.ts'
import { type Command, defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { concurrencyOption, outputOption } from '../shared-options.ts'
import { shownPlan } from '../show-plan.ts'
import { stateRequest } from '../state-request.ts'
import { withClusters } from '../with-clusters.ts'

export const destroy: Command = defineCommand({
  options: {
    ...concurrencyOption,
    ...outputOption,
    cascade: {
      long: 'cascade',
      type: 'text',
      value: 'MODE',
      choices: ['background', 'foreground', 'orphan'],
      description: 'how dependants of deleted objects go (default: background)',
    },
    deleteWait: { long: 'deleteWait', type: 'flag', description: 'wait until everything is gone' },
    deleteTimeout: { long: 'deleteTimeout', type: 'integer', value: 'SECONDS', description: 'how long to wait for one release (default: 300)' },
  },
  examples: ['flotilla -e dev destroy', 'flotilla -e dev -i -l app=web destroy --deleteWait'],
  async run(context, { cascade, deleteWait, deleteTimeout, ...options }) {
    return withClusters(context, async (clusters) => {
      const state = await loadState(context.host, { ...stateRequest(context), reverse: true })
      const override = {
        ...(cascade && { cascade: cascade as 'background' | 'foreground' | 'orphan' }),
        ...(deleteWait !== undefined && { deleteWait }),
        ...(deleteTimeout !== undefined && { deleteTimeout }),
      }
      const plan = await planRemoval(context.host, state, clusters, { override, signal: context.signal })
      if (options.output !== 'json') context.terminal.out(shownPlan(context, plan, { suppressDiff: true }, []))
      if (!hasChanges(plan) && options.output !== 'json') return exitCodes.ok
      if (hasChanges(plan) && !(await isConfirmed(context, 'Remove these releases?'))) return exitCodes.ok
      return carryOut(context, plan, clusters, options)
    })
  },
})
