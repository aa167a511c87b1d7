import type { State } from '../../actions/load-state.ts'
import { environmentLeaseName } from '../../actions/lock-environment.ts'
import { failure } from '../../base/diagnostic.ts'
import { parseAge } from '../../settings/age.ts'
import { type Command, type CommandContext, defineCommand } from '../command.ts'
import { type Planned, withPlan } from '../plan-command.ts'
import { printDiagnostics } from '../print-diagnostics.ts'
import { offlineOption, planOutputOption, releasingOptions } from '../shared-options.ts'
import { showOnly } from '../show-only.ts'
import { withSettings } from '../with-settings.ts'

const DEFAULT_MAX_AGE = '24h'

export const plan: Command = defineCommand({
  options: {
    out: { short: 'o', long: 'out', type: 'text', value: 'FILE', description: 'keep the plan in FILE, for "flotilla apply FILE"' },
    planRecipient: {
      long: 'plan-recipient',
      type: 'list',
      value: 'AGE1…',
      description: "encrypt the plan's work for this age public key; without any, releases with secrets are planned again when applied",
    },
    ...planOutputOption,
    ...offlineOption,
    ...releasingOptions,
  },
  examples: [
    'flotilla -e staging plan',
    'flotilla -e staging plan -o staging.plan',
    'flotilla -e production plan -o production.plan --plan-recipient age1…',
  ],
  async run(context, { out, planRecipient, ...given }) {
    const options = await withSettings(context, given)
    if (out !== undefined && options.offline)
      throw failure('cli/conflicting-options', '--offline knows no cluster that a saved plan could be for', { hint: 'leave --out or --offline out' })
    return withPlan(context, 'diff', options, async (_context, planned) => {
      const ending = await showOnly(context, planned, options)
      if (out === undefined) return ending
      if (ending.error === undefined) await save(context, planned, out, planRecipient)
      else if (!context.global.quiet) context.terminal.err(`${out} is not written: this plan cannot be carried out\n`)
      return ending
    })
  },
})

async function save(
  context: CommandContext,
  { plan, clusters, state, decrypted }: Planned,
  path: string,
  given: readonly string[] | undefined,
): Promise<void> {
  const { host, terminal, global } = context
  const { savePlan } = await import('../../actions/save-plan.ts')
  const { plan: { recipients = [], maxAge = DEFAULT_MAX_AGE } = {}, lock } = await context.settings()
  const saved = await savePlan(host, plan, clusters, path, {
    secrets: terminal.everySecret(),
    decrypted,
    recipients: given ?? recipients,
    leaseName: environmentLeaseName(state, lock?.name),
    maxAgeMs: parseAge(maxAge) as number,
  })
  warnOfHooks(context, state)
  if (global.quiet) return
  const again = saved.withheld.length > 0 ? `; ${saved.withheld.join(', ')} will be planned again for the secrets it holds` : ''
  terminal.err(`wrote ${path}, which can be applied until ${new Date(saved.expiresAt).toISOString()}${again}\n`)
}

/** Events of hooks that `apply` would run. */
const APPLIED_EVENTS: ReadonlySet<string> = new Set(['preapply', 'presync', 'postsync', 'preuninstall', 'postuninstall', 'cleanup'])

function warnOfHooks({ terminal }: CommandContext, { files }: State): void {
  const places = files.flatMap((file) => [file, ...file.selected])
  const events = places.flatMap(({ hooks }) => hooks.flatMap((hook) => hook.events ?? []))
  const lost = [...new Set(events)].filter((event) => APPLIED_EVENTS.has(event))
  if (lost.length === 0) return
  const summary = `the state files have hooks (${lost.join(', ')}), which applying the saved plan does not run`
  printDiagnostics(terminal, [{ code: 'plan/hooks', severity: 'warning', summary, hint: 'run them beside it, or apply without a plan file' }])
}
