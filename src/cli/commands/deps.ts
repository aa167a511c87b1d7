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
    const options = await withSettings(context, given)
    const { host, terminal, global } = context
    const updated = await updateDeps(host, stateRequest(context), {
      ...options,
      ...(await chartOptions(context)),
      warn: (diagnostic) => printDiagnostics(terminal, [diagnostic]),
    })
    if (options.output === 'json') terminal.json(updated)
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
