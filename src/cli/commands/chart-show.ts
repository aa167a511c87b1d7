import { type ChartPart, showChart } from '../../actions/show-chart.ts'
import { failure } from '../../base/diagnostic.ts'
import { chartAccess, chartAccessOptions } from '../chart-access-options.ts'
import { type Command, defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'

const PARTS: readonly ChartPart[] = ['all', 'chart', 'values', 'readme', 'crds']

export const chartShow: Command = defineCommand({
  options: chartAccessOptions,
  arguments: [
    { name: 'PART', description: `what to show: ${PARTS.join(', ')}`, choices: PARTS },
    { name: 'CHART', description: 'folder, archive, URL, oci://host/path/name or repository/name' },
  ],
  examples: ['flotilla chart show values charts/web', 'flotilla chart show readme oci://registry.shop.example/charts/web --version 1.0.0'],
  async run(context, options, [part = '', chart = '']) {
    const wanted = PARTS.find((one) => one === part)
    if (!wanted) throw failure('cli/invalid-value', `"${part}" is no part of a chart`, { hint: `use one of: ${PARTS.join(', ')}` })
    context.terminal.exact(await showChart(context.host, wanted, chart, await chartAccess(context, options)))
    return exitCodes.ok
  },
})
