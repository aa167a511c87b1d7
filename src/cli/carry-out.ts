import { applyPlan, type PlanResult } from '../actions/apply-plan.ts'
import type { Clusters } from '../actions/clusters.ts'
import type { Plan } from '../actions/plan-state.ts'
import { eventDocument } from '../report/event-json.ts'
import { formatNotes } from '../report/notes.ts'
import { resultDocument } from '../report/result-json.ts'
import { formatResultReport } from '../report/result-junit.ts'
import { formatResults, summarizeResults } from '../report/results-table.ts'
import type { CommandContext } from './command.ts'
import { exitCodes } from './exit-codes.ts'
import type { Ending, Hooks } from './hooked.ts'
import { printDiagnostics } from './print-diagnostics.ts'
import { progressFor } from './progress.ts'
import { isText } from './show-plan.ts'

export interface CarryOutOptions {
  /** Releases at once; 0 or absent: no limit. */
  readonly concurrency?: number
  readonly failFast?: boolean
  readonly allOrNothing?: boolean
  readonly output?: string
  readonly detailedExitcode?: boolean
  readonly hideNotes?: boolean
}

/** Carries the plan out with progress and hooks, prints the result, and tells how it ended. */
export async function carryOut(
  context: CommandContext,
  plan: Plan,
  { clusters, hooks }: { readonly clusters: Clusters; readonly hooks?: Hooks },
  options: CarryOutOptions,
): Promise<Ending> {
  const progress = progressFor(context, plan)
  hooks?.output.divert((text, release) => progress.event({ at: context.host.now(), release, type: 'note', severity: 'info', text }))
  let result: PlanResult
  context.stopwatch?.phase('carrying out')
  try {
    result = await applyPlan(context.host, plan, clusters, {
      signal: context.signal,
      onEvent: (event) => {
        if (options.output === 'ndjson') context.terminal.json(eventDocument(event))
        progress.event(event)
      },
      ...(options.concurrency && { concurrency: options.concurrency }),
      ...(options.failFast && { failFast: true }),
      conceal: (text) => context.terminal.concealed(text),
      ...(options.allOrNothing && { allOrNothing: true }),
      ...(hooks && { around: hooks.around }),
    })
  } finally {
    progress.close()
    hooks?.output.divert()
  }
  context.stopwatch?.phase('finishing')
  printResult(context, result, options)
  return endingOf(result, options)
}

/** As `carryOut`, then the cleanup hooks of releases that stay as they are: the others' ran with the work on them. */
export async function carryOutAndCleanUp(
  context: CommandContext,
  plan: Plan,
  planned: { readonly clusters: Clusters; readonly hooks: Hooks },
  options: CarryOutOptions,
): Promise<Ending> {
  const ending = await carryOut(context, plan, planned, options)
  await planned.hooks.cleanupReleases(plan.releases.filter(({ action }) => action === 'none').map(({ id }) => id))
  return ending
}

function endingOf(result: PlanResult, { detailedExitcode }: CarryOutOptions): Ending {
  if (result.interrupted) return { exit: exitCodes.interrupted, error: 'interrupted' }
  if (!result.succeeded)
    return {
      exit: isLockedOut(result) ? exitCodes.locked : exitCodes.failure,
      error: result.releases.flatMap((release) => release.diagnostics)[0]?.summary ?? 'failed',
    }
  const changed = result.releases.some((release) => release.result === 'done')
  return { exit: detailedExitcode && changed ? exitCodes.changes : exitCodes.ok }
}

/** Nothing was done, because another run is at work on the same releases. */
function isLockedOut({ releases }: PlanResult): boolean {
  const failed = releases.filter((release) => release.result === 'failed')
  return failed.every((release) => release.diagnostics[0]?.code === 'kube/locked') && !releases.some((release) => release.result === 'done')
}

function printResult({ terminal, global, stopwatch }: CommandContext, result: PlanResult, options: CarryOutOptions): void {
  const { output, hideNotes } = options
  const document = () => resultDocument(result, stopwatch?.read())
  if (output === 'json') terminal.json(document())
  else if (output === 'ndjson') terminal.json({ type: 'result', result: document() })
  else if (output === 'junit') terminal.out(formatResultReport(result))
  else if (!global.quiet && !hideNotes) terminal.out(formatNotes(result))
  for (const release of result.releases) printDiagnostics(terminal, release.diagnostics)
  if (!isText(options)) return
  if (!global.quiet) terminal.out(`\n${formatResults(result)}`)
  terminal.out(`${summarizeResults(result)}\n`)
}
