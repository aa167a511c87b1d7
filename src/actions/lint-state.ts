import type { Host } from '../base/host.ts'
import { type ChartFolder, folderInMemory, folderOnDisk } from '../lint/chart-folder.ts'
import type { StateRequest } from '../state/request.ts'
import type { Release, StateFile } from '../state/state.ts'
import { mergeLayers } from '../values/merge-layers.ts'
import { alteredChart } from './altered-chart.ts'
import type { CommandHooks, HookOptions } from './command-hooks.ts'
import { isFailed, type LintedChart, type LintOptions, lintFolder } from './lint-charts.ts'
import { beginFetching, type ChartOf, type ReleaseChartOptions, releaseCharts, shownChart } from './release-charts.ts'
import { visitHooked } from './visit-hooked.ts'
import { whileDoing } from './while-doing.ts'

export interface LintStateOptions extends ReleaseChartOptions, Omit<LintOptions, 'namespace'> {
  readonly hooks?: HookOptions
}

/** What a lint found in the chart of one release under its values. */
export interface LintedRelease extends LintedChart {
  readonly release: string
}

/** Its folder on disk where it has one, for what lies beside its files; the chart itself with its dependencies in place. */
async function folderOf(host: Host, release: Release, name: string, chartOf: ChartOf): Promise<ChartFolder> {
  const { chart } = await alteredChart(host, release, chartOf)
  const { chartPath } = release
  const isFolder = chartPath !== undefined && host.fs.stat(`${chartPath}/Chart.yaml`) !== undefined
  const onDisk = isFolder ? folderOnDisk(host, chartPath) : folderInMemory(name, chart.raw, chart)
  return { ...onDisk, load: async () => chart }
}

async function lintRelease(host: Host, release: Release, path: string, chartOf: ChartOf, options: LintStateOptions): Promise<LintedRelease> {
  const { strict, onWarning, kubeVersion = release.options.kubeVersion } = options
  const skipSchemaValidation = options.skipSchemaValidation ?? release.options.skipSchemaValidation ?? false
  const folder = await folderOf(host, release, path, chartOf)
  const values = mergeLayers(await release.layers()).tree
  const messages = await lintFolder(host, folder, values, {
    skipSchemaValidation,
    ...(release.namespace && { namespace: release.namespace }),
    ...(kubeVersion && { kubeVersion }),
    ...(onWarning && { onWarning: (warning) => onWarning({ ...warning, subject: `release ${release.id}` }) }),
  })
  return { release: release.id, path, messages, failed: isFailed(messages, strict) }
}

async function lintFile(
  host: Host,
  file: StateFile,
  run: { readonly chartOf: ChartOf; readonly options: LintStateOptions; readonly hooks: CommandHooks },
  report: (linted: LintedRelease) => void,
): Promise<void> {
  const releases = file.selected.filter(({ installed }) => installed)
  beginFetching(run.chartOf, releases)
  for (const release of releases) {
    try {
      report(await lintRelease(host, release, shownChart(release, file), run.chartOf, run.options))
    } catch (error) {
      throw whileDoing('checking', release, error)
    }
    await run.hooks.cleanupReleases([release.id])
  }
}

/**
 * Looks at the chart of every selected release with its values, as `helm lint` does, and hands what is found to `report`, release by
 * release. Prepare and cleanup command hooks run as Helmfile runs them.
 *
 * @throws DiagnosticError where state files, charts or values cannot be read
 * Source: Helmfile 1.8 pkg/state/state.go (LintReleases)
 */
export async function lintState(
  host: Host,
  request: StateRequest,
  options: LintStateOptions,
  report: (linted: LintedRelease) => void,
): Promise<void> {
  const chartOf = releaseCharts(host, options)
  await visitHooked(host, request, { ...options.hooks, command: 'lint' }, (file, hooks) => lintFile(host, file, { chartOf, options, hooks }, report))
}
