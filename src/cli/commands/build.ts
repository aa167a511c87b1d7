import { buildState } from '../../actions/print-state.ts'
import { type Command, defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { printHooks } from '../hook-log.ts'
import { stateRequest } from '../state-request.ts'

export const build: Command = defineCommand({
  options: {},
  examples: ['flotilla -e staging build'],
  async run(context) {
    await buildState(context.host, stateRequest(context), context.terminal.exact, printHooks(context))
    return exitCodes.ok
  },
})
