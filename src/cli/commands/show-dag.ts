import { showDag as showGroups } from '../../actions/print-state.ts'
import { type Command, defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { stateRequest } from '../state-request.ts'

export const showDag: Command = defineCommand({
  options: {},
  examples: ['flotilla -e staging show-dag'],
  async run(context) {
    await showGroups(context.host, stateRequest(context), context.terminal.out)
    return exitCodes.ok
  },
})
