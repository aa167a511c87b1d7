import type { StateRequest } from '../actions/load-state.ts'
import { failure } from '../base/diagnostic.ts'
import type { ArgumentSpec, CommandContext } from './command.ts'
import { stateRequest } from './state-request.ts'

/** The arguments of commands about two environments. */
export const environmentArguments: readonly ArgumentSpec[] = [
  { name: 'SOURCE', description: 'environment that has what the other is to get' },
  { name: 'TARGET', description: 'the other environment' },
]

/** What holds for both environments. @throws DiagnosticError `cli/two-environments` when --environment names a third */
export function sharedRequest(context: CommandContext): StateRequest {
  const { global, host } = context
  if (global.environment !== undefined && global.environment !== host.env['HELMFILE_ENVIRONMENT'])
    throw failure('cli/two-environments', 'this command takes its environments as arguments', { hint: 'leave --environment out' })
  const { environment: _environment, ...request } = stateRequest(context)
  return request
}
