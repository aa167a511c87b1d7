import { pushChart } from '../../actions/publish-chart.ts'
import { serverAccess, serverOptions } from '../chart-access-options.ts'
import { type Command, defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { outputOption } from '../shared-options.ts'

export const chartPush: Command = defineCommand({
  options: { ...serverOptions, ...outputOption },
  arguments: [
    { name: 'ARCHIVE', description: 'archive of the chart; a provenance file beside it goes along' },
    { name: 'URL', description: 'place in a registry, oci://host/path: the chart becomes path/name:version there' },
  ],
  examples: ['flotilla chart push web-1.0.0.tgz oci://registry.shop.example/charts'],
  async run(context, { output, ...options }, [archive = '', url = '']) {
    const { host, terminal, signal } = context
    const pushed = await pushChart(host, archive, url, { ...serverAccess(context, options), signal })
    if (output === 'json') terminal.json(pushed)
    else terminal.out(`Pushed: ${pushed.reference}\nDigest: ${pushed.digest}\n`)
    return exitCodes.ok
  },
})
