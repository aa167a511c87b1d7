import { basename, isAbsolute, join, relative, resolve } from 'node:path'
import { failure } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import { mapLimited } from '../base/pool.ts'
import type { Chart } from '../chart/chart.ts'
import { buildOutput } from '../state/build-output.ts'
import { fetchPath } from '../state/fetch-path.ts'
import { visitState } from '../state/load-state.ts'
import { fetchRemoteEntries } from '../state/remote-entries.ts'
import type { StateRequest } from '../state/request.ts'
import type { Release, StateFile } from '../state/state.ts'
import { betweenHooks, commandHooks, type HookOptions } from './command-hooks.ts'
import { type ChartOf, FETCHES_AT_ONCE, type ReleaseChartOptions, releaseCharts } from './release-charts.ts'
import { whileDoing } from './while-doing.ts'

export interface FetchChartsOptions extends ReleaseChartOptions {
  /** Where charts go, seen from the state file; without it they only go into the cache. */
  readonly outputDir?: string
  /** Go template for the folder of each chart. */
  readonly outputDirTemplate?: string
  /** Print the state with its charts replaced by the fetched ones. */
  readonly writeOutput?: boolean
  /** Releases at once; 0 or absent: a few. */
  readonly concurrency?: number
  readonly hooks?: HookOptions
}

/** A chart that was fetched, with everything it depends on. */
export interface FetchedChart {
  readonly release: string
  readonly chart: string
  readonly version: string
  /** Absolute; undefined where it only went into the cache. */
  readonly folder: string | undefined
}

/**
 * Fetches the charts of the selected releases, for use where nothing can be fetched: into folders, complete with dependencies.
 *
 * @param print gets the state that names these folders, when it is asked for
 * @throws DiagnosticError `supply/…`; `supply/no-output-dir` and `supply/several-files` where a state cannot be written
 * Source: Helmfile 1.8 pkg/app/app.go (Fetch)
 */
export async function fetchCharts(
  host: Host,
  request: StateRequest,
  options: FetchChartsOptions,
  print: (text: string) => void,
): Promise<readonly FetchedChart[]> {
  if (options.writeOutput && !options.outputDir)
    throw failure('supply/no-output-dir', '--output-dir is required when --write-output is set', { hint: 'name the folder that the charts go to' })
  const chartOf = releaseCharts(host, options)
  const fetched: FetchedChart[] = []
  const outputs: string[] = []
  await visitState(host, request, async (file) => {
    if (options.writeOutput && outputs.length > 0) throw severalFiles()
    const hooks = commandHooks(host, { files: [file] }, { ...options.hooks, command: 'fetch' })
    const charts = await betweenHooks(hooks, () => fetchFile(host, file, chartOf, options))
    fetched.push(...charts.values())
    if (options.writeOutput) outputs.push(buildOutput(withFolders(file, charts, options)))
  })
  for (const output of outputs) print(output)
  return fetched
}

function severalFiles(): Error {
  return failure('supply/several-files', '--write-output requires a single helmfile state file, but multiple were found', {
    hint: 'use -f to name one that has no helmfiles of its own',
  })
}

async function fetchFile(host: Host, file: StateFile, chartOf: ChartOf, options: FetchChartsOptions): Promise<ReadonlyMap<Release, FetchedChart>> {
  const releases = file.selected.filter(({ installed }) => installed)
  await Promise.all(releases.map((release) => fetchRemoteEntries(file, release)))
  const charts = await mapLimited(releases, options.concurrency || FETCHES_AT_ONCE, async (release) => {
    try {
      return [release, place(host, file, { release, chart: await chartOf(release) }, options)] as const
    } catch (error) {
      throw whileDoing('fetching the chart of', release, error)
    }
  })
  return new Map(charts)
}

interface Loaded {
  readonly release: Release
  readonly chart: Chart
}

function place(
  host: Host,
  file: StateFile,
  { release, chart }: Loaded,
  { outputDir, outputDirTemplate: template }: FetchChartsOptions,
): FetchedChart {
  const { name, version } = chart.metadata
  if (!outputDir) return { release: release.id, chart: name, version, folder: undefined }
  const isLocal = release.chartPath !== undefined
  const chartName = isLocal ? basename(release.chart) : release.chart.replace(/^[a-z+]+:\/\//, '')
  const target = fetchPath(file, release, { outputDir, chartName, ...(template ? { template } : {}) })
  // A chart that was fetched lies in a folder of its own name, as unpacking it gives it.
  const folder = isLocal ? target : join(target, name)
  makeRoom(host, folder, resolve(file.workingDir, outputDir))
  writeChart(host, chart, folder)
  return { release: release.id, chart: name, version, folder }
}

/** Takes away what an earlier run put there: a chart inside of the output folder, and nothing else. */
function makeRoom({ fs }: Host, folder: string, outputDir: string): void {
  if ((fs.readDir(folder) ?? []).length === 0) return
  if (!folder.startsWith(`${outputDir}/`) || fs.stat(join(folder, 'Chart.yaml'))?.kind !== 'file') {
    throw failure('supply/occupied', `${folder} is not empty, and holds no chart that was fetched before`, { hint: 'name another folder' })
  }
  fs.remove(folder)
}

/** The chart's files, and dependencies that were brought in from elsewhere. */
function writeChart(host: Host, chart: Chart, folder: string): void {
  for (const { name, data } of chart.raw) host.fs.writeFile(join(folder, name), data)
  for (const dependency of chart.dependencies) {
    const { name, version } = dependency.metadata
    if (!liesIn(chart, dependency)) writeChart(host, dependency, join(folder, 'charts', `${name}-${version}`))
  }
}

/** Whether a dependency is among the chart's own files. */
function liesIn(chart: Chart, { origin }: Chart): boolean {
  return origin.startsWith(`${chart.origin}/charts/`)
}

/** Folders are named as the output folder was: relative ones can be carried elsewhere with the state. */
function withFolders(file: StateFile, charts: ReadonlyMap<Release, FetchedChart>, { outputDir = '' }: FetchChartsOptions): StateFile {
  const moved = (release: Release): Release => {
    const folder = charts.get(release)?.folder
    if (folder === undefined) return release
    const chart = isAbsolute(outputDir) ? folder : relative(file.workingDir, folder)
    return { ...release, preparedChart: undefined, spec: { ...release.spec, chart } }
  }
  return { ...file, selected: file.selected.map(moved) }
}
