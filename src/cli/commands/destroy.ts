import { loadState } from '../../actions/load-state.ts'
import { planRemoval } from '../../actions/plan-state.ts'
import { hasChanges } from '../../report/plan-summary.ts'
import { carryOut } from '../carry-out.ts'
import { type Command, defineCommand } from '../command.ts'
import { isConfirmed } from '../confirm.ts'
import { exitCodes } from '../exit-codes.ts'
import { hooked } from '../hooked.ts'
import { concurrencyOption, failFastOption, resultOutputOption, yesOption } from '../shared-options.ts'
import { isText, showPlan, showsPlan } from '../show-plan.ts'
import { stateRequest } from '../state-request.ts'
import { withClusters } from '../with-clusters.ts'
import { lockOption, withLock } from '../with-lock.ts'
import { withSettings } from '../with-settings.ts'

export const destroy: Command = defineCommand({
  options: {
    ...concurrencyOption,
    ...resultOutputOption,
    ...yesOption,
    ...failFastOption,
    ...lockOption,
    cascade: {
      long: 'cascade',
      type: 'text',
      value: 'MODE',
      choices: ['background', 'foreground', 'orphan'],
      description: 'how dependants of deleted objects go (default: background)',
    },
    keepHistory: { long: 'keep-history', type: 'flag', description: 'keep the records, so that a release can be rolled back to' },
    deleteWait: { long: 'deleteWait', type: 'flag', description: 'wait until everything is gone' },
    deleteTimeout: {
      long: 'deleteTimeout',
      type: 'integer',
      value: 'SECONDS',
      min: 0,
      description: 'how long to wait for one release (default: 300)',
    },
  },
  examples: ['flotilla -e dev destroy', 'flotilla -e dev -i -l app=web destroy --deleteWait'],
  async run(unlocked, { cascade, keepHistory, deleteWait, deleteTimeout, ...given }) {
    const options = await withSettings(unlocked, given)
    return withClusters(unlocked, async (clusters) => {
      const state = await loadState(unlocked.host, { ...stateRequest(unlocked), reverse: true })
      const override = {
        ...(cascade && { cascade: cascade as 'background' | 'foreground' | 'orphan' }),
        ...(keepHistory !== undefined && { keepHistory }),
        ...(deleteWait !== undefined && { deleteWait }),
        ...(deleteTimeout !== undefined && { deleteTimeout }),
      }
      return withLock(unlocked, { state, clusters }, options, (context) =>
        hooked(context, 'destroy', state, async (hooks) => {
          const sequentialFiles = context.global.sequentialHelmfiles ?? false
          const plan = await planRemoval(context.host, state, clusters, { override, sequentialFiles, signal: context.signal })
          if (showsPlan(options)) showPlan(context, plan, { ...options, suppressDiff: true })
          await hooks.cleanupReleases(plan.releases.filter(({ action }) => action === 'none').map(({ id }) => id))
          if (!hasChanges(plan)) return isText(options) ? { exit: exitCodes.ok } : carryOut(context, plan, { clusters }, options)
          if (!(await isConfirmed(context, plan, 'Remove these releases?', options))) return { exit: exitCodes.ok }
          return carryOut(context, plan, { clusters, hooks }, options)
        }),
      )
    })
  },
})
