import { loadState } from '../../actions/load-state.ts'
import { planTests } from '../../actions/plan-state.ts'
import { failure } from '../../base/diagnostic.ts'
import { carryOut } from '../carry-out.ts'
import { type Command, defineCommand } from '../command.ts'
import { hooked } from '../hooked.ts'
import { concurrencyOption, lockOption, resultOutputOption } from '../shared-options.ts'
import { isText, showPlan, showsPlan } from '../show-plan.ts'
import { stateRequest } from '../state-request.ts'
import { withClusters } from '../with-clusters.ts'
import { withLock } from '../with-lock.ts'
import { withSettings } from '../with-settings.ts'

/** @throws DiagnosticError `cli/invalid-value` */
function filtersIn(given: readonly string[]): readonly string[] {
  const filters = given.flatMap((text) => text.split(','))
  const wrong = filters.find((filter) => !/^!?name=./.test(filter))
  if (wrong !== undefined) throw failure('cli/invalid-value', `"${wrong}" is no filter of tests`, { hint: 'write name=NAME, or !name=NAME' })
  return filters
}

export const test: Command = defineCommand({
  options: {
    ...concurrencyOption,
    ...resultOutputOption,
    ...lockOption,
    filter: {
      long: 'filter',
      type: 'list',
      value: 'name=NAME',
      description: 'only this test; !name=NAME: not this one (give it again, or separate by commas)',
    },
    logs: { long: 'logs', type: 'flag', description: "print the logs of the tests' pods" },
    timeout: { long: 'timeout', type: 'integer', value: 'SECONDS', min: 0, description: 'how long to wait for one test (default: 300)' },
  },
  examples: ['flotilla -e staging test', 'flotilla -e staging -l app=api test --timeout 60'],
  async run(unlocked, { timeout, filter, logs, ...given }) {
    const options = await withSettings(unlocked, given)
    return withClusters(unlocked, async (clusters) => {
      const state = await loadState(unlocked.host, stateRequest(unlocked))
      return withLock(unlocked, { state, clusters }, options, (context) =>
        hooked(context, 'test', { state, clusters }, async () => {
          const plan = await planTests(context.host, state, clusters, {
            ...(timeout !== undefined && { timeoutMs: timeout * 1000 }),
            ...(filter && { filters: filtersIn(filter) }),
            ...(logs && { logs }),
          })
          if (!isText(options) && showsPlan(options)) showPlan(context, plan, options)
          return carryOut(context, plan, { clusters }, options)
        }),
      )
    })
  },
})
