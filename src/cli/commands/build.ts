import { buildState } from '../../actions/print-state.ts'
import { type Command, defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { printHooks } from '../hook-log.ts'
import { stateRequest } from '../state-request.ts'

export const build: Command = defineCommand({
  options: { embedValues: { long: 'embed-values', type: 'flag', description: 'put what values files hold in the place of their names' } },
  examples: ['flotilla -e staging build', 'flotilla build --embed-values > resolved.yaml'],
  async run(context, { embedValues = false }) {
    await buildState(context.host, stateRequest(context), context.terminal.exact, { ...printHooks(context), embedValues })
    return exitCodes.ok
  },
})
