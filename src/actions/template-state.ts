import { type Diagnostic, withNote } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import { offlineCapabilities } from '../render/capabilities.ts'
import { checkReleaseName } from '../render/release-name.ts'
import { renderChart, renderChartWithLookup } from '../render/render-chart.ts'
import { type OutputOptions, templateOutput } from '../render/template-output.ts'
import { visitState } from '../state/load-state.ts'
import type { StateRequest } from '../state/request.ts'
import type { Release } from '../state/state.ts'
import { mergeLayers } from '../values/merge-layers.ts'
import { alteredChart } from './altered-chart.ts'
import { betweenHooks, type CommandHookOptions, commandHooks } from './command-hooks.ts'
import { type ChartOf, releaseCharts } from './release-charts.ts'
import { watchUnread } from './unread-values.ts'

export interface TemplateStateOptions extends OutputOptions {
  readonly includeCrds?: boolean
  readonly skipSchemaValidation?: boolean
  readonly skipDeps?: boolean
  readonly kubeVersion?: string
  /** What becomes of values that nothing reads: a warning each, or an error. Absent: nobody looks. */
  readonly unreadValues?: 'warn' | 'refuse'
  readonly warn?: (diagnostic: Diagnostic) => void
  readonly hookLog?: CommandHookOptions['log']
}

/** What charts see as `.Capabilities.HelmVersion` when rendered on the command line. */
const HELM_VERSION = 'v4.3'

/** There is no cluster to ask. */
const nobody = async (): Promise<string> => ''

async function templateRelease(host: Host, release: Release, chartOf: ChartOf, options: TemplateStateOptions): Promise<string> {
  try {
    checkReleaseName(release.name)
    const { chart, rework, postRenderer } = await alteredChart(host, release, chartOf)
    const layers = await release.layers()
    const kubeVersion = options.kubeVersion ?? release.options.kubeVersion
    const values = mergeLayers(layers).tree
    const renderOptions = {
      host,
      layers: () => layers,
      ...watchUnread(release, options.unreadValues, options.warn),
      release: { name: release.name, namespace: release.namespace || 'default', isUpgrade: false, revision: 1 },
      capabilities: offlineCapabilities({
        ...(kubeVersion && { kubeVersion }),
        apiVersions: release.options.apiVersions ?? [],
        helmVersion: HELM_VERSION,
      }),
      skipSchemaValidation: options.skipSchemaValidation ?? release.options.skipSchemaValidation ?? false,
      includeCrds: options.includeCrds ?? release.options.includeCrds ?? false,
      ...(rework && { rework }),
    }
    const rendered = postRenderer
      ? await renderChartWithLookup(chart, values, { ...renderOptions, enableLookup: false, postRenderer }, nobody)
      : renderChart(chart, values, renderOptions)
    for (const summary of rendered.warnings)
      options.warn?.({ code: 'render/warning', severity: 'warning', summary, subject: `release ${release.id}` })
    const { showOnly, skipTests, noHooks } = { ...release.options, ...options }
    return templateOutput(rendered, { ...(showOnly && { showOnly }), ...(skipTests && { skipTests }), ...(noHooks && { noHooks }) })
  } catch (error) {
    throw withNote(error, { text: `while rendering release ${release.id}`, ...(release.at && { at: release.at }) })
  }
}

/**
 * Renders every selected release without a cluster, file by file, and hands each release's manifests to `print` as
 * `helm template` prints them, one blank line after each. Prepare and cleanup command hooks run as Helmfile runs them.
 *
 * @throws DiagnosticError of the first thing that is wrong; what was printed before stays printed
 */
export async function templateState(host: Host, request: StateRequest, options: TemplateStateOptions, print: (text: string) => void): Promise<void> {
  const chartOf = releaseCharts(host, options)
  const { warn, hookLog: log } = options
  await visitState(host, request, async (file) => {
    const hooks = commandHooks(host, { files: [file] }, { command: 'template', ...(log && { log }), ...(warn && { warn }) })
    await betweenHooks(hooks, async () => {
      for (const release of file.selected.filter(({ installed }) => installed)) {
        print(`${await templateRelease(host, release, chartOf, options)}\n`)
        await hooks.cleanupReleases([release.id])
      }
    })
  })
}
