import { releaseValues, valuesAsYaml } from '../../actions/release-values.ts'
import { type Command, defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { stateRequest } from '../state-request.ts'

export const values: Command = defineCommand({
  options: {},
  arguments: [{ name: 'RELEASE', description: 'name, or namespace/name' }],
  examples: ['flotilla -e staging values web'],
  async run(context, _options, [release = '']) {
    context.terminal.out(valuesAsYaml(await releaseValues(context.host, stateRequest(context), release)))
    return exitCodes.ok
  },
})
