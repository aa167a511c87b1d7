import { checkRepositories } from '../../actions/check-repositories.ts'
import { chartOptions } from '../chart-options.ts'
import { type Command, defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { printDiagnostics } from '../print-diagnostics.ts'
import { outputOption } from '../shared-options.ts'
import { stateRequest } from '../state-request.ts'

export const repos: Command = defineCommand({
  options: outputOption,
  examples: ['flotilla repos'],
  async run(context, { output }) {
    const { host, terminal } = context
    const { servers } = await chartOptions(context)
    const warn = (diagnostic: Parameters<typeof printDiagnostics>[1][number]): void => printDiagnostics(terminal, [diagnostic])
    const reached = await checkRepositories(host, stateRequest(context), { warn, ...(servers && { servers }) })
    if (output === 'json') terminal.json(reached)
    else for (const { name, url } of reached) terminal.out(`${name}\t${url}\n`)
    return exitCodes.ok
  },
})
