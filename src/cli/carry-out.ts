import { applyPlan, type PlanResult } from '../actions/apply-plan.ts'
import type { Clusters } from '../actions/clusters.ts'
import type { Plan } from '../actions/plan-state.ts'
import { resultAsJson } from '../report/result-json.ts'
import { formatResults, summarizeResults } from '../report/results-table.ts'
import type { CommandContext } from './command.ts'
import { exitCodes } from './exit-codes.ts'
import { printDiagnostics } from './print-diagnostics.ts'
import { progressFor } from './progress.ts'

export interface CarryOutOptions {
  readonly concurrency?: number
  readonly output?: string
  readonly detailedExitcode?: boolean
}

/**
 * Asks where `--interactive` wants it.
 * @returns false when the answer is not yes; nobody to answer counts as no
 */
export async function isConfirmed({ terminal, global }: CommandContext, question: string): Promise<boolean> {
  if (!global.interactive) return true
  const answer = await terminal.ask(`${question} [y/N]: `)
  return /^y(es)?$/i.test(answer?.trim() ?? '')
}

/** Carries the plan out with progress, prints the result, and gives the exit code. */
export async function carryOut(context: CommandContext, plan: Plan, clusters: Clusters, options: CarryOutOptions): Promise<number> {
  const progress = progressFor(context, plan)
  let result: PlanResult
  try {
    result = await applyPlan(context.host, plan, clusters, {
      signal: context.signal,
      onEvent: (event) => progress.event(event),
      ...(options.concurrency !== undefined && { concurrency: options.concurrency }),
    })
  } finally {
    progress.close()
  }
  printResult(context, result, options)
  if (result.interrupted) return exitCodes.interrupted
  if (!result.succeeded) return exitCodes.failure
  const changed = result.releases.some((release) => release.result === 'done')
  return options.detailedExitcode && changed ? exitCodes.changes : exitCodes.ok
}

function printResult({ terminal, global }: CommandContext, result: PlanResult, { output }: CarryOutOptions): void {
  if (output === 'json') terminal.out(resultAsJson(result))
  for (const release of result.releases) printDiagnostics(terminal, release.diagnostics)
  if (output === 'json') return
  if (!global.quiet) terminal.out(`\n${formatResults(result)}`)
  terminal.out(`${summarizeResults(result)}\n`)
}
