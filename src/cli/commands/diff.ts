import { type Command, defineCommand } from '../command.ts'
import { withPlan } from '../plan-command.ts'
import { diffDisplayOptions, offlineOption, planningOptions, planOutputOption, upgradeOptions } from '../shared-options.ts'
import { showOnly } from '../show-only.ts'
import { withSettings } from '../with-settings.ts'

const { skipCrds, skipSchemaValidation, takeOwnership, recreate, reuseValues, resetValues, resetThenReuseValues, serverSide } = upgradeOptions

export const diff: Command = defineCommand({
  options: {
    ...diffDisplayOptions,
    ...planOutputOption,
    ...offlineOption,
    ...planningOptions,
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
    return withPlan(context, 'diff', options, (_context, planned) => showOnly(context, planned, options))
  },
})
