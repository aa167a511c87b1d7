import { unittestCharts } from '../../actions/unittest-charts.ts'
import { withoutUndefined } from '../../base/without-undefined.ts'
import { type Command, defineCommand } from '../command.ts'
import { printDiagnostics } from '../print-diagnostics.ts'
import { printUnittest } from '../print-unittest.ts'
import { unittestOptions } from '../unittest-options.ts'

export const chartUnittest: Command = defineCommand({
  options: {
    file: {
      short: 'f',
      long: 'file',
      type: 'list',
      value: 'PATTERN',
      description: 'files of suites, seen from the chart (default: tests/*_test.yaml)',
    },
    values: { short: 'v', long: 'values', type: 'list', value: 'FILE', description: 'values file for every test' },
    withoutSubcharts: { long: 'without-subcharts', type: 'flag', description: 'leave out the suites of charts under charts/' },
    ...unittestOptions,
    failFast: { short: 'q', long: 'failfast', type: 'flag', description: 'stop at the first failure' },
  },
  arguments: [{ name: 'PATH', description: 'folder of a chart; may be given more than once', many: true }],
  examples: ['flotilla chart unittest charts/web', "flotilla chart unittest charts/* -f 'tests/**/*_test.yaml' --output junit > report.xml"],
  async run(context, options, paths) {
    const { file, values, withoutSubcharts, updateSnapshot, strict, failFast, skipSchemaValidation, output } = options
    const charts = await unittestCharts(context.host, paths, {
      ...withoutUndefined({ files: file, valuesFiles: values, withoutSubcharts, update: updateSnapshot, strict, failFast, skipSchemaValidation }),
      onWarning: (warning) => printDiagnostics(context.terminal, [warning]),
    })
    return printUnittest(context, charts, output)
  },
})
