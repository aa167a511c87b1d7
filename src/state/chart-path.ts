import { isAbsolute, resolve } from 'node:path'
import { findLocalChart, looksLocal } from '../supply/local-chart.ts'
import type { FileBase } from './resolve-file.ts'
import { joinPath } from './working-folder.ts'

/**
 * The folder Helmfile prepares for a chart reference, as it names it; undefined where it hands the reference on as it is.
 * Source: Helmfile 1.8 pkg/state prepareChartForRelease
 */
export function preparedChartFolder(base: FileBase, chart: string): string | undefined {
  const path = !looksLocal(chart) || isAbsolute(chart) ? chart : joinPath(base.basePath, chart)
  return base.host.fs.stat(path)?.kind === 'directory' ? path : undefined
}

/** The absolute folder or archive of a chart that lies on this machine, existing or not; undefined for charts from elsewhere. */
export function localChartPath(base: FileBase, chart: string): string | undefined {
  return findLocalChart(base.host.fs, { chart, baseDir: resolve(base.host.cwd, base.basePath) })
}
