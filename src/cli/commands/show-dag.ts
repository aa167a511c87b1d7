import { type DagRow, dagAsTable, showDag as visitGroups } from '../../actions/print-state.ts'
import { type Command, defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { printHooks } from '../hook-log.ts'
import { outputOption } from '../shared-options.ts'
import { stateRequest } from '../state-request.ts'

export const showDag: Command = defineCommand({
  options: outputOption,
  examples: ['flotilla -e staging show-dag', 'flotilla -e staging show-dag --output json'],
  async run(context, { output }) {
    const all: DagRow[] = []
    const take =
      output === 'json' ? (rows: readonly DagRow[]) => void all.push(...rows) : (rows: readonly DagRow[]) => context.terminal.out(dagAsTable(rows))
    await visitGroups(context.host, stateRequest(context), take, printHooks(context))
    if (output === 'json') context.terminal.json(all)
    return exitCodes.ok
  },
})
