import { lintCharts } from '../../actions/lint-charts.ts'
import { withoutUndefined } from '../../base/without-undefined.ts'
import { lintSummary, lintText } from '../../report/lint-text.ts'
import { chartValueOptions, chartValues } from '../chart-value-options.ts'
import { type Command, defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { printDiagnostics } from '../print-diagnostics.ts'
import { outputOption } from '../shared-options.ts'

export const chartLint: Command = defineCommand({
  options: {
    ...chartValueOptions,
    strict: { long: 'strict', type: 'flag', description: 'fail on warnings too' },
    withSubcharts: { long: 'with-subcharts', type: 'flag', description: 'also the charts under charts/' },
    kubeVersion: { long: 'kube-version', type: 'text', value: 'VERSION', description: 'Kubernetes version the chart is to see, and to be fit for' },
    skipSchemaValidation: { long: 'skip-schema-validation', type: 'flag', description: "do not check values against the chart's schema" },
    ...outputOption,
  },
  arguments: [{ name: 'PATH', description: 'folder or archive of a chart; may be given more than once', many: true }],
  examples: ['flotilla chart lint charts/web', 'flotilla chart lint charts/* --strict --quiet'],
  async run(context, { output, ...options }, paths) {
    const { host, terminal, global } = context
    const { strict, withSubcharts, kubeVersion, skipSchemaValidation } = options
    const linted = await lintCharts(host, paths, {
      ...chartValues(context, options),
      ...withoutUndefined({ strict, withSubcharts, kubeVersion, skipSchemaValidation, namespace: global.namespace }),
      onWarning: (warning) => printDiagnostics(terminal, [warning]),
    })
    if (output === 'json') terminal.json(linted)
    else terminal.exact(lintText(linted, { quiet: global.quiet ?? false }))
    if (!linted.some(({ failed }) => failed)) return exitCodes.ok
    if (output !== 'json') terminal.err(`${lintSummary(linted)}\n`)
    return exitCodes.failure
  },
})
