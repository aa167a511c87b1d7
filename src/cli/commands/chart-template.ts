import { templateChartDetailed } from '../../actions/template-chart.ts'
import { chartValueOptions, splitAtCommas } from '../chart-value-options.ts'
import { type Command, defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import { printDiagnostics } from '../print-diagnostics.ts'
import { strictValuesOption } from '../shared-options.ts'
import { withSettings } from '../with-settings.ts'

export const chartTemplate: Command = defineCommand({
  options: {
    ...chartValueOptions,
    includeCrds: { long: 'include-crds', type: 'flag', description: 'print the CRDs of the chart too' },
    skipCrds: { long: 'skip-crds', type: 'flag', description: 'accepted as Helm does: without --include-crds no CRD is printed, with it they are' },
    skipTests: { long: 'skip-tests', type: 'flag', description: 'leave out test hooks' },
    noHooks: { long: 'no-hooks', type: 'flag', description: 'leave out hooks' },
    showOnly: { short: 's', long: 'show-only', type: 'list', value: 'PATH', description: 'only this template, such as templates/service.yaml' },
    isUpgrade: { long: 'is-upgrade', type: 'flag', description: 'set .Release.IsUpgrade instead of .Release.IsInstall' },
    kubeVersion: { long: 'kube-version', type: 'text', value: 'VERSION', description: 'Kubernetes version the chart is to see' },
    apiVersions: {
      short: 'a',
      long: 'api-versions',
      type: 'list',
      value: 'VERSION',
      description: 'API version the chart is to see beside the built-in ones',
    },
    skipSchemaValidation: { long: 'skip-schema-validation', type: 'flag', description: "do not check values against the chart's schema" },
    ...strictValuesOption,
    enableDns: { long: 'enable-dns', type: 'flag', description: 'let templates look up host names' },
  },
  arguments: [
    { name: 'NAME', description: 'name of the release; may be left out' },
    { name: 'CHART', description: 'folder or archive of the chart', optional: true },
  ],
  examples: [
    'flotilla chart template web ./charts/web -f values.yaml --set replicas=2',
    'flotilla chart template ./charts/web -s templates/service.yaml',
  ],
  async run(context, { values, apiVersions, skipCrds: _skipCrds, ...options }, [first = '', second]) {
    const { host, terminal, global } = context
    const { strictValues: _strictValues, ...settled } = await withSettings(context, options, 'warn')
    const given = Object.fromEntries(Object.entries(settled).filter(([, value]) => value !== undefined))
    const { output } = await templateChartDetailed({
      ...given,
      host,
      chart: second ?? first,
      ...(second !== undefined && { name: first }),
      ...(global.namespace !== undefined && { namespace: global.namespace }),
      ...(values && { valuesFiles: splitAtCommas(values) }),
      ...(apiVersions && { apiVersions: splitAtCommas(apiVersions) }),
      stdin: () => terminal.readInput(),
      onWarning: (warning) => printDiagnostics(terminal, [warning]),
    })
    terminal.exact(output)
    return exitCodes.ok
  },
})
