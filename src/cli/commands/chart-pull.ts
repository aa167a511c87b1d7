import { pullChart } from '../../actions/pull-chart.ts'
import { chartAccess, chartAccessOptions } from '../chart-access-options.ts'
import { type Command, defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { outputOption } from '../shared-options.ts'

export const chartPull: Command = defineCommand({
  options: {
    ...chartAccessOptions,
    destination: { short: 'd', long: 'destination', type: 'text', value: 'DIR', description: 'folder for what is pulled (default: the current one)' },
    untar: { long: 'untar', type: 'flag', description: "unpack the archive into a folder of the chart's name" },
    untarDir: { long: 'untardir', type: 'text', value: 'DIR', description: 'with --untar: folder for that folder, seen from the destination' },
    prov: { long: 'prov', type: 'flag', description: 'keep the provenance file too, without checking it' },
    ...outputOption,
  },
  arguments: [{ name: 'CHART', description: 'oci://host/path/name, repository/name, the URL of an archive, or with --repo a name' }],
  examples: [
    'flotilla chart pull oci://registry.shop.example/charts/web --version 1.0.0',
    'flotilla chart pull web --repo https://charts.shop.example --untar',
  ],
  async run(context, options, [chart = '']) {
    const { destination, untar, untarDir = '.', prov, output } = options
    const { host, terminal } = context
    const pulled = await pullChart(host, chart, {
      ...(await chartAccess(context, options)),
      ...(destination !== undefined && { destination }),
      ...(untar && { untarDir }),
      ...(prov && { provenance: true }),
    })
    if (output === 'json') terminal.json(pulled)
    else for (const path of pulled.written) terminal.out(`wrote ${path}\n`)
    return exitCodes.ok
  },
})
