import { isAbsolute, join, resolve } from 'node:path'
import { failure } from '../base/diagnostic.ts'
import type { FileSystem, Host } from '../base/host.ts'
import type { Span } from '../base/source.ts'

/** A chart as a release names it. */
export interface ChartReference {
  readonly chart: string
  /** Folder of the state file (absolute), which `./x` and names of folders are relative to. */
  readonly baseDir: string
  /** The absolute path, where it is known already. */
  readonly path?: string | undefined
  /** Where the release stands. */
  readonly at?: Span | undefined
}

const FILE_URL = 'file://'

/** True for references that mean a place on this machine by how they are written. Source: Helmfile 1.8 pkg/state/util.go isLocalChart */
export function looksLocal(chart: string): boolean {
  if (chart.startsWith('./') || chart.startsWith('../') || chart.startsWith(FILE_URL)) return true
  if (chart.includes('://')) return false
  const parts = chart.split('/').length
  return isAbsolute(chart) || parts === 1 || parts > 3
}

/** The absolute path a reference means if it is local: by how it is written, or because something lies there. */
export function findLocalChart(fs: FileSystem, { chart, baseDir }: ChartReference): string | undefined {
  if (chart === '') return undefined
  const path = resolve(baseDir, chart.startsWith(FILE_URL) ? chart.slice(FILE_URL.length) : chart)
  return looksLocal(chart) || (!chart.includes('://') && fs.stat(path)) ? path : undefined
}

/**
 * The absolute path of the folder or archive that holds the chart.
 * @throws DiagnosticError `supply/not-local` for charts that lie elsewhere, `supply/missing-chart`, `supply/not-a-chart`
 */
export function requireLocalChart(host: Host, reference: ChartReference): string {
  const { chart } = reference
  const where = reference.at ? { at: reference.at } : {}
  const path = reference.path ?? findLocalChart(host.fs, reference)
  if (path === undefined) {
    throw failure('supply/not-local', `chart "${chart}" is not on this machine`, {
      ...where,
      hint: 'name a folder or an archive',
    })
  }
  const kind = host.fs.stat(path)?.kind
  if (kind === undefined) {
    throw failure('supply/missing-chart', `path "${chart}" not found`, {
      ...where,
      notes: [{ text: `looked for ${path}` }],
      hint: 'paths of charts start from the folder of the state file that names them',
    })
  }
  if (kind === 'directory' && !host.fs.stat(join(path, 'Chart.yaml'))) {
    throw failure('supply/not-a-chart', `folder "${chart}" has no Chart.yaml`, {
      ...where,
      hint: 'kustomizations and folders of manifests are not supported; name a chart',
    })
  }
  return path
}
