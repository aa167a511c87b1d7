import { updateDeps } from '../../actions/update-deps.ts'
import { chartOptions } from '../chart-options.ts'
import { type Command, defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { printDiagnostics } from '../print-diagnostics.ts'
import { concurrencyOption, outputOption } from '../shared-options.ts'
import { stateRequest } from '../state-request.ts'
import { withSettings } from '../with-settings.ts'

export const deps: Command = defineCommand({
  options: {
    ...concurrencyOption,
    ...outputOption,
  },
  examples: ['flotilla deps', 'flotilla -e staging -l app=web deps'],
  async run(context, given) {
    const { concurrency, output } = await withSettings(context, given)
    const { host, terminal, global } = context
    const warn = (diagnostic: Parameters<typeof printDiagnostics>[1][number]): void => printDiagnostics(terminal, [diagnostic])
    const { policy, servers, signal, ociPlainHttp } = await chartOptions(context)
    const updated = await updateDeps(host, stateRequest(context), {
      warn,
      ...(policy && { policy }),
      ...(servers && { servers }),
      ...(signal && { signal }),
      ...(ociPlainHttp && { ociPlainHttp }),
      ...(concurrency !== undefined && { concurrency }),
    })
    if (output === 'json') terminal.json(updated)
    else if (!global.quiet) {
      for (const { charts } of updated) {
        for (const { source, pin } of charts)
          terminal.out(`${source}${pin.version ? ` ${pin.version}` : ''}${pin.commit ? ` at ${pin.commit}` : ''}\n`)
      }
      for (const path of new Set(updated.flatMap(({ written }) => written))) terminal.err(`wrote ${path}\n`)
    }
    return exitCodes.ok
  },
})
