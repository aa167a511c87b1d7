import { environmentsAsJson, environmentsAsYaml, environmentsOf } from '../../actions/print-environment.ts'
import { type Command, defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { stateRequest } from '../state-request.ts'

export const printEnv: Command = defineCommand({
  options: { output: { long: 'output', type: 'text', value: 'FORMAT', choices: ['yaml', 'json'], description: 'yaml or json (default: yaml)' } },
  examples: ['flotilla -e staging print-env', 'flotilla print-env --output json'],
  async run(context, { output = 'yaml' }) {
    const environments = await environmentsOf(context.host, stateRequest(context))
    context.terminal.exact(output === 'json' ? environmentsAsJson(environments) : environmentsAsYaml(environments))
    return exitCodes.ok
  },
})
