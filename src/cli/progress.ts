import type { Plan } from '../actions/plan-state.ts'
import type { ProgressReport } from '../report/progress.ts'
import { progressLines } from '../report/progress-lines.ts'
import { progressTree } from '../report/progress-tree.ts'
import type { CommandContext } from './command.ts'

/** How progress is shown here: a live tree on a terminal, lines elsewhere, nothing with `--quiet`. */
export function progressFor({ host, terminal, global }: CommandContext, plan: Plan): ProgressReport {
  if (global.quiet) return { event: () => {}, close: () => {} }
  if (!terminal.live) return progressLines(plan, terminal.err)
  return progressTree(plan, terminal.err, {
    columns: () => terminal.columns(),
    rows: () => terminal.rows(),
    color: terminal.colorErr,
    monotonic: () => host.monotonic(),
    conceal: (text) => terminal.masked(text),
  })
}
