import { listAsJson, listAsTable, listState } from '../../actions/print-state.ts'
import { type Command, defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { printHooks } from '../hook-log.ts'
import { outputOption } from '../shared-options.ts'
import { stateRequest } from '../state-request.ts'

export const list: Command = defineCommand({
  options: outputOption,
  examples: ['flotilla list', 'flotilla -e staging -l tier=front list --output json'],
  async run(context, { output }) {
    const releases = await listState(context.host, stateRequest(context), printHooks(context))
    context.terminal.out(output === 'json' ? listAsJson(releases) : listAsTable(releases))
    return exitCodes.ok
  },
})
