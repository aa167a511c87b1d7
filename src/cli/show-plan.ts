import type { Plan } from '../actions/plan-state.ts'
import { planAsJson } from '../report/plan-json.ts'
import { formatPlan } from '../report/plan-text.ts'
import type { CommandContext } from './command.ts'
import type { OptionValues } from './option-table.ts'
import type { diffDisplayOptions, outputOption } from './shared-options.ts'

export type ShowOptions = OptionValues<typeof diffDisplayOptions & typeof outputOption> & { readonly suppressDiff?: boolean }

/** The plan as the options want it shown, secrets masked unless `--show-secrets`. */
export function shownPlan({ host, terminal }: CommandContext, plan: Plan, options: ShowOptions, secrets: readonly string[]): string {
  const diff = {
    salt: Buffer.from(host.randomBytes(16)).toString('hex'),
    secretValues: secrets,
    ...(options.context !== undefined && { context: options.context }),
    ...(options.showSecrets && { showSecrets: true }),
    ...(options.suppressSecrets && { suppressSecrets: true }),
  }
  if (options.output === 'json') return planAsJson(plan, diff)
  const suppress = [...(options.suppress ?? []), ...(options.suppressSecrets ? ['Secret'] : [])]
  return formatPlan(plan, { color: terminal.colorOut, diff, suppress, ...(options.suppressDiff && { brief: true }) })
}
