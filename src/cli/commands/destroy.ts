import { loadState } from '../../actions/load-state.ts'
import { planRemoval } from '../../actions/plan-state.ts'
import { withoutUndefined } from '../../base/without-undefined.ts'
import { hasChanges } from '../../report/plan-summary.ts'
import { carryOut } from '../carry-out.ts'
import { type Command, type CommandContext, defineCommand } from '../command.ts'
import { isConfirmed } from '../confirm.ts'
import { exitCodes } from '../exit-codes.ts'
import { type Ending, type Hooks, hooked } from '../hooked.ts'
import { cascadeOption, changingOptions, concurrencyOption, hooklessOption, passedOptions } from '../shared-options.ts'
import { isText, showPlan, showsPlan } from '../show-plan.ts'
import { stateRequest } from '../state-request.ts'
import { withClusters } from '../with-clusters.ts'
import { withLock } from '../with-lock.ts'
import { withSettings } from '../with-settings.ts'

export const destroy: Command = defineCommand({
  options: {
    ...concurrencyOption,
    ...changingOptions,
    ...cascadeOption,
    ...hooklessOption,
    description: { long: 'description', type: 'text', value: 'TEXT', description: 'with --keep-history: description to store with the revision' },
    args: passedOptions.args,
    skipCharts: { long: 'skip-charts', type: 'flag', description: 'run no prepare and cleanup hooks of state files; charts are never fetched here' },
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
  async run(unlocked, { cascade, keepHistory, disableHooks, description, deleteWait, deleteTimeout, skipCharts = false, args, ...given }) {
    const options = await withSettings(unlocked, given)
    return withClusters(unlocked, async (clusters) => {
      const state = await loadState(unlocked.host, { ...stateRequest(unlocked, args === undefined ? {} : { args }), reverse: true })
      const override = withoutUndefined({
        cascade: cascade as 'background' | 'foreground' | 'orphan' | undefined,
        ...{ keepHistory, disableHooks, description, deleteWait, deleteTimeout },
      })
      const work = async (context: CommandContext, hooks: Hooks): Promise<Ending> => {
        const sequentialFiles = context.global.sequentialHelmfiles ?? false
        const plan = await planRemoval(context.host, state, clusters, {
          override,
          sequentialFiles,
          signal: context.signal,
          ...(context.stopwatch && { onStage: (stage) => context.stopwatch?.phase(stage) }),
        })
        if (showsPlan(options)) showPlan(context, plan, { ...options, suppressDiff: true })
        await hooks.cleanupReleases(plan.releases.filter(({ action }) => action === 'none').map(({ id }) => id))
        if (!hasChanges(plan)) return isText(options) ? { exit: exitCodes.ok } : carryOut(context, plan, { clusters }, options)
        if (!(await isConfirmed(context, plan, 'Remove these releases?', options))) return { exit: exitCodes.ok }
        return carryOut(context, plan, { clusters, hooks }, options)
      }
      return withLock(unlocked, { state, clusters }, options, (context) =>
        hooked(context, 'destroy', { state, clusters }, (hooks) => work(context, hooks), { onlyReleases: skipCharts }),
      )
    })
  },
})
