import type { ChartResult } from '../actions/unittest-charts.ts'
import { unittestReport } from '../report/unittest-junit.ts'
import { unittestText } from '../report/unittest-text.ts'
import type { CommandContext } from './command.ts'
import { exitCodes } from './exit-codes.ts'

/** Prints how the suites went in the format asked for, and gives the exit code. */
export function printUnittest({ host, terminal }: CommandContext, charts: readonly ChartResult[], output: string | undefined): number {
  if (output === 'json') terminal.json(charts)
  else if (output === 'junit') terminal.out(unittestReport(charts))
  else terminal.out(unittestText(charts, { color: terminal.colorOut, cwd: host.cwd }))
  return charts.every(({ passed }) => passed) ? exitCodes.ok : exitCodes.failure
}
