import { join, resolve } from 'node:path'
import { failure } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import { archiveFiles } from '../chart/archive-files.ts'
import type { Chart } from '../chart/chart.ts'
import { Budget } from '../chart/chart-files.ts'
import { DEFAULT_CHART_LIMITS } from '../chart/limits.ts'
import { packChart } from '../publish/pack-chart.ts'
import type { ObtainedChart } from '../supply/obtain-chart.ts'
import { type ChartAccess, withNamedChart } from './named-chart.ts'

export interface PullOptions extends ChartAccess {
  /** Folder for what is pulled; the current one where it is absent. */
  readonly destination?: string
  /** Unpack into a folder of the chart's name, below this one seen from `destination`; absent: keep the archive. */
  readonly untarDir?: string
  /** Keep the provenance file beside the archive, too. */
  readonly provenance?: boolean
}

/** What was brought here. */
export interface Pulled {
  readonly chart: string
  readonly version: string
  /** Archive, provenance file or folder, by absolute path. */
  readonly written: readonly string[]
}

interface Fetched {
  readonly chart: Chart
  readonly obtained: ObtainedChart
}

/** The archive as it was fetched; a folder of a repository is packed. */
async function archiveOf(host: Host, { chart, obtained }: Fetched): Promise<Uint8Array> {
  return obtained.kind === 'archive' ? host.fs.readFile(obtained.path) : (await packChart(chart)).data
}

async function unpack(host: Host, fetched: Fetched, folder: string): Promise<readonly string[]> {
  const target = join(folder, fetched.chart.metadata.name)
  if (host.fs.stat(target))
    throw failure('supply/occupied', `${target} is there already`, { hint: 'remove it, or name another folder with --untardir' })
  const files = await archiveFiles(await archiveOf(host, fetched), new Budget(DEFAULT_CHART_LIMITS))
  for (const { name, data } of files) host.fs.writeFile(join(target, name), data)
  return [target]
}

async function keep(host: Host, fetched: Fetched, folder: string, wantsProvenance: boolean): Promise<readonly string[]> {
  const { name, version } = fetched.chart.metadata
  const archive = join(folder, `${name}-${version}.tgz`)
  const provenance = wantsProvenance ? await fetched.obtained.provenance?.() : undefined
  if (wantsProvenance && !provenance) throw failure('supply/not-signed', `${name} ${version} has no provenance file`)
  host.fs.writeFile(archive, await archiveOf(host, fetched))
  if (!provenance) return [archive]
  host.fs.writeFile(`${archive}.prov`, provenance)
  return [archive, `${archive}.prov`]
}

/**
 * Fetches the chart that `reference` names and keeps it as an archive or a folder.
 *
 * @throws DiagnosticError `supply/…`, `chart/…`
 * Source: Helm 4.3.1 pkg/action/pull.go
 */
export function pullChart(host: Host, reference: string, options: PullOptions): Promise<Pulled> {
  const { destination = '.', untarDir, provenance = false, verify = false } = options
  const folder = resolve(host.cwd, destination)
  return withNamedChart(host, reference, options, async ({ supply, scope, order }) => {
    const obtained = await supply.obtain(scope, order)
    if (!obtained) throw failure('supply/unknown-repository', `"${reference}" lies on this machine: there is nothing to pull`)
    const fetched = { obtained, chart: await supply.chart(scope, order) }
    const { name, version } = fetched.chart.metadata
    const isUnpacked = untarDir !== undefined
    const written = isUnpacked ? await unpack(host, fetched, resolve(folder, untarDir)) : await keep(host, fetched, folder, provenance || verify)
    return { chart: name, version, written }
  })
}
