import { join } from 'node:path'
import { isElsewhere, namedChart } from '../../actions/named-chart.ts'
import { programRenderer } from '../../actions/post-render-program.ts'
import { generatedName, nameFromTemplate } from '../../actions/release-name-for.ts'
import { type TemplateChartOptions, type TemplatedChart, templateChartDetailed } from '../../actions/template-chart.ts'
import { writeTemplates } from '../../actions/template-files.ts'
import { failure } from '../../base/diagnostic.ts'
import { withoutUndefined } from '../../base/without-undefined.ts'
import { chartAccess, chartAccessOptions } from '../chart-access-options.ts'
import { chartValueOptions, chartValues, splitAtCommas } from '../chart-value-options.ts'
import { type Command, type CommandContext, defineCommand } from '../command.ts'
import { exitCodes } from '../exit-codes.ts'
import type { OptionValues } from '../option-table.ts'
import { printDiagnostics } from '../print-diagnostics.ts'
import { strictValuesOption } from '../shared-options.ts'
import { withClusters } from '../with-clusters.ts'
import { withSettings } from '../with-settings.ts'

const renderOptions = {
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
} as const

const placeOptions = {
  generateName: { short: 'g', long: 'generate-name', type: 'flag', description: 'make the name of the release from the chart and the time' },
  nameTemplate: { long: 'name-template', type: 'text', value: 'TEMPLATE', description: 'Go template that gives the name of the release' },
  outputDir: { long: 'output-dir', type: 'text', value: 'DIR', description: 'write each template to a file in DIR instead of printing it' },
  releaseName: { long: 'release-name', type: 'flag', description: "with --output-dir: in a folder of the release's name" },
  postRenderer: { long: 'post-renderer', type: 'text', value: 'PROGRAM', description: 'program that gets all manifests and gives others' },
  postRendererArgs: { long: 'post-renderer-args', type: 'list', value: 'ARG', description: 'argument of that program' },
  dependencyUpdate: { long: 'dependency-update', type: 'flag', description: 'bring in what the chart depends on' },
  dryRun: {
    long: 'dry-run',
    type: 'text',
    value: 'MODE',
    choices: ['client', 'server'],
    description: 'server: ask the current cluster for its version, its kinds and what templates look up (default: client)',
  },
  validate: { long: 'validate', type: 'flag', description: 'as --dry-run server, and the cluster must serve the kinds of all objects' },
} as const

type Place = OptionValues<typeof placeOptions>

/** The release's name, as far as it is given. */
function nameOf({ host }: CommandContext, given: string | undefined, chart: string, { generateName, nameTemplate }: Place): string | undefined {
  if (given !== undefined && (generateName || nameTemplate !== undefined)) {
    throw failure('cli/two-names', `cannot set ${generateName ? '--generate-name' : '--name-template'} and also specify a name`)
  }
  if (nameTemplate !== undefined) return nameFromTemplate(host, nameTemplate)
  return generateName ? generatedName(host, chart) : given
}

/** Renders with what the current cluster says. */
function templateLive(context: CommandContext, options: TemplateChartOptions, isValidated: boolean): Promise<TemplatedChart> {
  return withClusters(context, async (clusters) => {
    const { liveTemplate } = await import('../../actions/live-template.ts')
    const { capabilities, lookup, validate } = await liveTemplate(clusters)
    const templated = await templateChartDetailed({ ...options, capabilities, lookup })
    if (isValidated) await validate(templated.rendered)
    return templated
  })
}

export const chartTemplate: Command = defineCommand({
  options: { ...chartValueOptions, ...renderOptions, ...placeOptions, ...chartAccessOptions },
  arguments: [
    { name: 'NAME', description: 'name of the release; may be left out' },
    { name: 'CHART', description: 'folder, archive, URL, oci://host/path/name or repository/name', optional: true },
  ],
  examples: [
    'flotilla chart template web ./charts/web -f values.yaml --set replicas=2',
    'flotilla chart template ./charts/web -s templates/service.yaml',
    'flotilla chart template web oci://registry.shop.example/charts/web --version 1.0.0 --output-dir out',
  ],
  async run(context, options, [first = '', second]) {
    const { host, terminal, global } = context
    const reference = second ?? first
    const name = nameOf(context, second === undefined ? undefined : first, reference, options)
    const { unreadValues, helmCompat } = await withSettings(
      context,
      options.strictValues === undefined ? {} : { strictValues: options.strictValues },
      'warn',
    )
    const { includeCrds, skipTests, noHooks, showOnly, isUpgrade, kubeVersion, apiVersions, skipSchemaValidation, enableDns } = options
    const rendering = { includeCrds, skipTests, noHooks, showOnly, isUpgrade, kubeVersion, skipSchemaValidation, enableDns, unreadValues, helmCompat }
    const { postRenderer, postRendererArgs = [], dependencyUpdate, verify, outputDir, releaseName, validate, dryRun } = options
    const isFetched = dependencyUpdate || verify || isElsewhere(host, reference, options)
    const warn = (warning: Parameters<NonNullable<TemplateChartOptions['onWarning']>>[0]): void => printDiagnostics(terminal, [warning])
    const access = { ...(await chartAccess(context, options)), ...(dependencyUpdate && { dependencyUpdate }), warn }
    const request: TemplateChartOptions = {
      ...withoutUndefined({ ...rendering, name, namespace: global.namespace }),
      forFiles: outputDir !== undefined,
      ...chartValues(context, options),
      ...(apiVersions && { apiVersions: splitAtCommas(apiVersions) }),
      host,
      chart: isFetched ? await namedChart(host, reference, access) : reference,
      ...(postRenderer !== undefined && { postRenderer: programRenderer(host, { file: postRenderer, args: postRendererArgs, folder: host.cwd }) }),
      onWarning: warn,
    }
    const isLive = validate || dryRun === 'server'
    const { output } = isLive ? await templateLive(context, request, validate ?? false) : await templateChartDetailed(request)
    if (outputDir === undefined) terminal.exact(output)
    else {
      const folder = releaseName ? join(outputDir, name ?? 'release-name') : outputDir
      for (const path of writeTemplates(host, folder, output)) terminal.out(`wrote ${path}\n`)
    }
    return exitCodes.ok
  },
})
