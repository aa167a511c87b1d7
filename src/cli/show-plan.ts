import type { Plan } from '../actions/plan-state.ts'
import { planDocument } from '../report/plan-json.ts'
import { formatPlanReport } from '../report/plan-junit.ts'
import { formatPlanMarkdown } from '../report/plan-markdown.ts'
import { formatPlanStat } from '../report/plan-stat.ts'
import { formatPlan, type PlanTextOptions } from '../report/plan-text.ts'
import type { CommandContext } from './command.ts'
import type { OptionValues } from './option-table.ts'
import type { diffDisplayOptions, outputOption } from './shared-options.ts'

export type ShowOptions = OptionValues<typeof diffDisplayOptions & typeof outputOption> & {
  readonly suppressDiff?: boolean
  /** For marks of hidden values; absent: a random one. */
  readonly salt?: string
}

/** Whether results are for people. */
export function isText({ output = 'text' }: { readonly output?: string }): boolean {
  return output === 'text'
}

/** Whether a command that goes on to carry the plan out shows it first: the other formats are of its result alone. */
export function showsPlan({ output = 'text' }: { readonly output?: string }): boolean {
  return output === 'text' || output === 'ndjson'
}

/** Prints the plan as the options want it shown, secrets masked unless `--show-secrets`. */
export function showPlan(context: CommandContext, plan: Plan, options: ShowOptions): void {
  const { terminal } = context
  const view = viewOptions(context, options)
  if (options.output === 'json') terminal.json(planDocument(plan, view))
  else if (options.output === 'ndjson') terminal.json({ type: 'plan', plan: planDocument(plan, view) })
  else terminal.out(planText(plan, { ...view, color: terminal.colorOut }, options))
}

/** The plan as `--output json` prints it. */
export function planDocumentOf(context: CommandContext, plan: Plan, options: ShowOptions): unknown {
  return planDocument(plan, viewOptions(context, options))
}

function planText(plan: Plan, view: PlanTextOptions, { output, stat }: ShowOptions): string {
  if (output === 'github' || output === 'gitlab') return formatPlanMarkdown(plan, { ...view, site: output })
  if (output === 'junit') return formatPlanReport(plan, view)
  return stat ? formatPlanStat(plan) : formatPlan(plan, view)
}

function viewOptions(
  { host, terminal }: CommandContext,
  options: ShowOptions,
): Omit<PlanTextOptions, 'color'> & { readonly suppress: readonly string[] } {
  return {
    diff: {
      salt: options.salt ?? Buffer.from(host.randomBytes(16)).toString('hex'),
      secretValues: terminal.secrets(),
      ...(options.context !== undefined && { context: options.context }),
      ...(options.showSecrets && { showSecrets: true }),
    },
    suppress: [...(options.suppress ?? []), ...(options.suppressSecrets ? ['Secret'] : [])],
    ...(options.showOnly && { showOnly: options.showOnly }),
    ...(options.noFold && { noFold: true }),
    ...(options.skipDiffOnInstall && { skipInstalls: true }),
    ...(options.suppressDiff && { brief: true }),
  }
}
