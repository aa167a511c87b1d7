import type { Diagnostic } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import type { Chart } from '../chart/chart.ts'
import { loadChart } from '../chart/load-chart.ts'
import type { Release } from '../state/state.ts'
import { withFileDependencies } from '../supply/file-dependencies.ts'
import { requireLocalChart } from '../supply/local-chart.ts'

export interface ReleaseChartOptions {
  /** Take charts as they lie, without bringing in their `file://` dependencies. */
  readonly skipDeps?: boolean
  readonly warn?: (diagnostic: Diagnostic) => void
}

/** Gives the chart of a release; each chart is loaded once per run, and the same Chart is given again. */
export type ChartOf = (release: Pick<Release, 'chart' | 'chartPath' | 'at' | 'options'>) => Promise<Chart>

/**
 * Charts of the releases of one run.
 * @throws (later) DiagnosticError `supply/not-local` for charts that are not folders or archives here, and what loading throws
 */
export function releaseCharts(host: Host, options: ReleaseChartOptions = {}): ChartOf {
  const lying = remembered((path) => loadChart(host, path, options.warn ? { onWarning: options.warn } : {}))
  const complete = remembered(async (path) => withFileDependencies(await lying(path), lying))
  return async (release) => {
    const path = requireLocalChart(host, { chart: release.chart, path: release.chartPath, baseDir: host.cwd, at: release.at })
    return options.skipDeps || release.options.skipDeps ? lying(path) : complete(path)
  }
}

function remembered(load: (path: string) => Promise<Chart>): (path: string) => Promise<Chart> {
  const known = new Map<string, Promise<Chart>>()
  return (path) => {
    const pending = known.get(path) ?? load(path)
    known.set(path, pending)
    return pending
  }
}
