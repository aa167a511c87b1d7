import { formerSecretsOf } from '../../actions/former-secrets-of.ts'
import { loadState } from '../../actions/load-state.ts'
import { markSalt } from '../../actions/mark-salt.ts'
import { planRollbackOf } from '../../actions/plan-state.ts'
import { failure } from '../../base/diagnostic.ts'
import { carryOut } from '../carry-out.ts'
import { type Command, defineCommand } from '../command.ts'
import { isConfirmed } from '../confirm.ts'
import { exitCodes } from '../exit-codes.ts'
import { overridesFrom } from '../release-options.ts'
import { diffDisplayOptions, hooklessOption, lockOption, resultOutputOption, upgradeOptions, yesOption } from '../shared-options.ts'
import { showPlan, showsPlan } from '../show-plan.ts'
import { stateRequest } from '../state-request.ts'
import { withClusters } from '../with-clusters.ts'
import { withLock } from '../with-lock.ts'
import { withSettings } from '../with-settings.ts'

const { wait, waitForJobs, trackMode, timeout, recreate, cleanupOnFail, historyMax, description, serverSide } = upgradeOptions
const { context: contextLines, showSecrets, suppressSecrets } = diffDisplayOptions

function revisionNumber(text: string | undefined): number {
  if (text === undefined) return 0
  if (!/^\d{1,9}$/.test(text)) throw failure('cli/invalid-value', `"${text}" is not a revision`, { hint: '"flotilla history RELEASE" lists them' })
  return Number(text)
}

export const rollback: Command = defineCommand({
  options: {
    context: contextLines,
    showSecrets,
    suppressSecrets,
    ...resultOutputOption,
    ...yesOption,
    wait,
    waitForJobs,
    trackMode,
    timeout,
    recreate,
    cleanupOnFail,
    historyMax,
    description,
    serverSide,
    ...hooklessOption,
    ...lockOption,
  },
  arguments: [
    { name: 'RELEASE', description: 'name, or namespace/name' },
    { name: 'REVISION', description: 'revision to go back to; absent or 0: the one before', optional: true },
  ],
  examples: ['flotilla -e staging rollback web', 'flotilla -e staging rollback shop/web 3 --wait'],
  async run(unlocked, options, [name = '', revision]) {
    const wanted = revisionNumber(revision)
    if (options.showSecrets) unlocked.terminal.reveal()
    return withClusters(unlocked, async (clusters) => {
      const state = await loadState(unlocked.host, { ...stateRequest(unlocked), selection: 'matching' })
      const override = { ...overridesFrom(options), ...(options.disableHooks && { disableHooks: true }) }
      const { conflicts, recreate } = await withSettings(unlocked, options)
      return withLock(unlocked, { state, clusters }, options, async (context) => {
        const target = { release: name, revision: wanted }
        const plan = await planRollbackOf(context.host, state, clusters, target, {
          override,
          signal: context.signal,
          ...(conflicts && { conflicts }),
          ...(recreate && { recreate }),
        })
        context.terminal.conceal(await formerSecretsOf(state, plan, () => context.terminal.everySecret()))
        const salt = await markSalt(context.host, plan, clusters, context.terminal.secrets())
        if (showsPlan(options)) showPlan(context, plan, { ...options, salt })
        if (!(await isConfirmed(context, plan, 'Roll back?', options))) return exitCodes.ok
        return (await carryOut(context, plan, { clusters }, options)).exit
      })
    })
  },
})
