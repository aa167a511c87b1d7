import { listAsJson, listAsTable, listState } from '../../actions/print-state.ts'
import { type Command, defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { printHooks } from '../hook-log.ts'
import { outputOption } from '../shared-options.ts'
import { stateRequest } from '../state-request.ts'

export const list: Command = defineCommand({
  options: {
    ...outputOption,
    skipCharts: { long: 'skip-charts', type: 'flag', description: 'run no prepare and cleanup hooks; charts are never fetched for a list' },
  },
  examples: ['flotilla list', 'flotilla -e staging -l tier=front list --output json'],
  async run(context, { output, skipCharts = false }) {
    const releases = await listState(context.host, stateRequest(context), skipCharts ? false : printHooks(context))
    context.terminal.out(output === 'json' ? listAsJson(releases) : listAsTable(releases))
    return exitCodes.ok
  },
})
