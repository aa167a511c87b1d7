import { loadState } from '../../actions/load-state.ts'
import { planTests } from '../../actions/plan-state.ts'
import { carryOut } from '../carry-out.ts'
import { type Command, defineCommand } from '../command.ts'
import { hooked } from '../hooked.ts'
import { concurrencyOption, resultOutputOption } from '../shared-options.ts'
import { isText, showPlan, showsPlan } from '../show-plan.ts'
import { stateRequest } from '../state-request.ts'
import { withClusters } from '../with-clusters.ts'
import { lockOption, withLock } from '../with-lock.ts'
import { withSettings } from '../with-settings.ts'

export const test: Command = defineCommand({
  options: {
    ...concurrencyOption,
    ...resultOutputOption,
    ...lockOption,
    timeout: { long: 'timeout', type: 'integer', value: 'SECONDS', min: 0, description: 'how long to wait for one test (default: 300)' },
  },
  examples: ['flotilla -e staging test', 'flotilla -e staging -l app=api test --timeout 60'],
  async run(unlocked, { timeout, ...given }) {
    const options = await withSettings(unlocked, given)
    return withClusters(unlocked, async (clusters) => {
      const state = await loadState(unlocked.host, stateRequest(unlocked))
      return withLock(unlocked, { state, clusters }, options, (context) =>
        hooked(context, 'test', state, async () => {
          const plan = await planTests(context.host, state, clusters, timeout === undefined ? {} : { timeoutMs: timeout * 1000 })
          if (!isText(options) && showsPlan(options)) showPlan(context, plan, options)
          return carryOut(context, plan, { clusters }, options)
        }),
      )
    })
  },
})
