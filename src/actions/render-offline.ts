import type { Host } from '../base/host.ts'
import { renderChartWithLookup } from '../render/render-chart.ts'
import type { Rendered } from '../render/rendered.ts'
import type { Release } from '../state/state.ts'
import { mergeLayers } from '../values/merge-layers.ts'
import { alteredChart } from './altered-chart.ts'
import type { ChartOf } from './release-charts.ts'
import { renderOptionsOf, templateJob } from './template-job.ts'
import type { TemplateStateOptions } from './template-state.ts'
import { whileDoing } from './while-doing.ts'

/** There is no cluster to ask. */
const nobody = async (): Promise<string> => ''

/** What a release renders without a cluster, and its chart's name and version. */
export interface OfflineRendering {
  readonly rendered: Rendered
  readonly chart: { readonly name: string; readonly version: string }
}

/** Renders a release as `template` does. @throws DiagnosticError of reading, decrypting and rendering, with a note that names the release */
export async function renderOffline(
  host: Host,
  release: Release,
  chartOf: ChartOf,
  options: Pick<TemplateStateOptions, 'helmCompat'>,
): Promise<OfflineRendering> {
  try {
    const { chart, rework, postRenderer } = await alteredChart(host, release, chartOf)
    const layers = await release.layers()
    const job = templateJob(release, { ...options, includeCrds: true })
    const renderOptions = { ...renderOptionsOf(host, job), layers: () => layers, ...(rework && { rework }), ...(postRenderer && { postRenderer }) }
    const rendered = await renderChartWithLookup(chart, mergeLayers(layers).tree, { ...renderOptions, enableLookup: false }, nobody)
    return { rendered, chart: { name: chart.metadata.name, version: chart.metadata.version } }
  } catch (error) {
    throw whileDoing('rendering', release, error)
  }
}
