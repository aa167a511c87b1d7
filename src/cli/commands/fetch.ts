import { fetchCharts } from '../../actions/fetch-charts.ts'
import { chartOptions } from '../chart-options.ts'
import { type Command, defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { printHooks } from '../hook-log.ts'
import { printDiagnostics } from '../print-diagnostics.ts'
import { concurrencyOption } from '../shared-options.ts'
import { stateRequest } from '../state-request.ts'
import { withSettings } from '../with-settings.ts'

export const fetch: Command = defineCommand({
  options: {
    ...concurrencyOption,
    outputDir: { long: 'output-dir', type: 'text', value: 'DIR', description: 'folder for the charts (default: only the cache)' },
    outputDirTemplate: {
      long: 'output-dir-template',
      type: 'text',
      value: 'TEMPLATE',
      description: 'Go template for the folder of each chart, over .OutputDir, .ChartName, .Release and .Environment',
    },
    writeOutput: { long: 'write-output', type: 'flag', description: 'print the state file with the fetched charts in place of the named ones' },
  },
  examples: ['flotilla fetch', 'flotilla -f helmfile.yaml fetch --output-dir charts --write-output > offline.yaml'],
  async run(context, given) {
    const options = await withSettings(context, given)
    const { host, terminal, global } = context
    const fetched = await fetchCharts(
      host,
      stateRequest(context),
      { ...options, ...(await chartOptions(context)), hooks: printHooks(context), warn: (diagnostic) => printDiagnostics(terminal, [diagnostic]) },
      terminal.exact,
    )
    if (!global.quiet) for (const { chart, version, folder } of fetched) terminal.err(`fetched ${chart} ${version}${folder ? ` to ${folder}` : ''}\n`)
    return exitCodes.ok
  },
})
