import { isAbsolute } from 'node:path'
import { resolve } from 'node:path'
import { type FileBase } from './resolve-file.ts'
import { joinPath } from './working-folder.ts'

/** True for chart references that mean a place on this machine. Source: Helmfile 1.8 pkg/state/util.go isLocalChart */
export function isLocalChart(chart: string): boolean {
  if (chart.startsWith('./') || chart.startsWith('../')) return true
  if (chart.includes('://')) return false
  const parts = chart.split('/').length
  return chart === '' || isAbsolute(chart) || parts === 1 || (parts !== 2 && parts !== 3)
}

/**
 * The folder Helmfile prepares for a chart reference, as it names it; undefined where it hands the reference on as it is.
 * Source: Helmfile 1.8 pkg/state prepareChartForRelease
 */
export function preparedChartFolder(base: FileBase, chart: string): string | undefined {
  const path = !isLocalChart(chart) || isAbsolute(chart) ? chart : joinPath(base.basePath, chart)
  return base.host.fs.stat(path)?.kind === 'directory' ? path : undefined
}

/** The absolute folder or archive of a chart that lies on this machine, existing or not; undefined for charts from elsewhere. */
export function localChartPath(base: FileBase, chart: string): string | undefined {
  if (chart === '') return undefined
  if (chart.startsWith('file://')) return resolve(base.host.cwd, base.basePath, chart.slice('file://'.length))
  const folder = preparedChartFolder(base, chart)
  if (folder !== undefined) return resolve(base.host.cwd, folder)
  if (isLocalChart(chart) || base.host.fs.stat(chart)) return resolve(base.host.cwd, chart)
  return undefined
}
