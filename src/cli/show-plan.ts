import type { Plan } from '../actions/plan-state.ts'
import { planDocument } from '../report/plan-json.ts'
import { formatPlan } from '../report/plan-text.ts'
import type { CommandContext } from './command.ts'
import type { OptionValues } from './option-table.ts'
import type { diffDisplayOptions, outputOption } from './shared-options.ts'

export type ShowOptions = OptionValues<typeof diffDisplayOptions & typeof outputOption> & { readonly suppressDiff?: boolean }

/** Prints the plan as the options want it shown, secrets masked unless `--show-secrets`. */
export function showPlan({ host, terminal }: CommandContext, plan: Plan, options: ShowOptions): void {
  const diff = {
    salt: Buffer.from(host.randomBytes(16)).toString('hex'),
    secretValues: terminal.secrets(),
    ...(options.context !== undefined && { context: options.context }),
    ...(options.showSecrets && { showSecrets: true }),
  }
  const suppress = [...(options.suppress ?? []), ...(options.suppressSecrets ? ['Secret'] : [])]
  if (options.output === 'json') terminal.json(planDocument(plan, { diff, suppress }))
  else terminal.out(formatPlan(plan, { color: terminal.colorOut, diff, suppress, ...(options.suppressDiff && { brief: true }) }))
}
