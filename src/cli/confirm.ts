import type { Plan } from '../actions/plan-state.ts'
import { failure } from '../base/diagnostic.ts'
import { destructiveItems } from '../report/destructive-items.ts'
import { hasChanges } from '../report/plan-summary.ts'
import type { ConfirmPolicy } from '../settings/settings.ts'
import type { CommandContext } from './command.ts'

/** More names than this are not typed one by one: the environment's name stands for them. */
const MAX_NAMES = 3

/**
 * Asks what `--interactive` and the settings' `policy.confirm` want to be asked about `plan`; with `yes` nothing. A plan that
 * does nothing is never asked about; where the settings want confirmation, what destroys something is confirmed by its name.
 *
 * @returns false when the answer is no
 * @throws DiagnosticError `cli/no-terminal` where nobody can answer
 */
export async function isConfirmed(context: CommandContext, plan: Plan, question: string, options: { readonly yes?: boolean } = {}): Promise<boolean> {
  const policy = await policyFor(context, plan.environment)
  if (options.yes || plan.releases.every(({ operation }) => !operation)) return true
  const names = policy === 'never' ? [] : namesToType(plan)
  const wantsAnswer = context.global.interactive || policy === 'always' || (policy === 'changes' && hasChanges(plan))
  if (names.length === 0) return !wantsAnswer || isYes(context, question)
  context.terminal.err(
    `This destroys:\n${destructiveItems(plan)
      .map((item) => `  ${item.text}\n`)
      .join('')}`,
  )
  for (const name of names) {
    if ((await answer(context, `${question} Type ${name} to go ahead: `)) !== name) return refused(context)
  }
  return true
}

async function policyFor({ settings }: CommandContext, environment: string): Promise<ConfirmPolicy> {
  const { policy } = await settings()
  return policy?.environments?.[environment]?.confirm ?? policy?.confirm ?? 'never'
}

function namesToType(plan: Plan): readonly string[] {
  const names = [...new Set(destructiveItems(plan).map(({ name }) => name))]
  return names.length > MAX_NAMES ? [plan.environment] : names
}

async function isYes(context: CommandContext, question: string): Promise<boolean> {
  return /^y(es)?$/i.test(await answer(context, `${question} [y/N]: `)) || refused(context)
}

function refused({ terminal }: CommandContext): false {
  terminal.err('nothing was changed\n')
  return false
}

async function answer({ terminal, global }: CommandContext, question: string): Promise<string> {
  const given = await terminal.ask(question)
  if (given !== undefined) return given.trim()
  const [what, hint] = global.interactive
    ? ['--interactive has', 'leave --interactive (or HELMFILE_INTERACTIVE) out, or say --yes, to go ahead without being asked']
    : ['policy.confirm of the settings has', 'say --yes to go ahead without being asked']
  throw failure('cli/no-terminal', `${what} nobody to ask: standard input is no terminal`, { hint })
}
