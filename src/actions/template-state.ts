import type { Diagnostic } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import type { HelmCompat } from '../chart/helm-compat.ts'
import { checkReleaseName } from '../render/release-name.ts'
import { type RenderOptions, renderChart, renderChartWithLookup } from '../render/render-chart.ts'
import type { OutputOptions } from '../render/template-output.ts'
import type { StateRequest } from '../state/request.ts'
import type { Release, StateFile } from '../state/state.ts'
import type { Layer } from '../values/layer.ts'
import { mergeLayers } from '../values/merge-layers.ts'
import { type AlteredChart, alteredChart } from './altered-chart.ts'
import type { CommandHooks, HookOptions } from './command-hooks.ts'
import { beginFetching, type ChartOf, type ReleaseChartOptions, releaseCharts } from './release-charts.ts'
import { renderOptionsOf, type Templated, templated, templateJob } from './template-job.ts'
import { isWorthAThread, type ReadyRelease, type Turn, templateTogether } from './template-together.ts'
import { watchUnread } from './unread-values.ts'
import { visitHooked } from './visit-hooked.ts'
import { whileDoing } from './while-doing.ts'

export interface TemplateStateOptions extends OutputOptions, ReleaseChartOptions {
  readonly includeCrds?: boolean
  readonly skipSchemaValidation?: boolean
  /** 1 renders in this thread only. */
  readonly concurrency?: number
  readonly kubeVersion?: string
  /** The Helm whose behaviour charts get; absent: the newest. */
  readonly helmCompat?: HelmCompat
  /** What becomes of values that nothing reads: a warning each, or an error. Absent: nobody looks. */
  readonly unreadValues?: 'warn' | 'refuse'
  readonly hooks?: HookOptions
}

/** Gets the manifests of one release. */
export type PrintManifests = (text: string, release: Release, file: StateFile) => void

interface Ready extends ReadyRelease, AlteredChart {
  readonly layers: readonly Layer[]
  /** What reading the chart gave. */
  readonly warnings: readonly Diagnostic[]
}

/** What all releases of a run have in common. */
interface Run {
  readonly host: Host
  readonly options: TemplateStateOptions
  readonly chartOf: ChartOf
  /** Takes what reading charts has given since it was last asked. */
  readonly takeWarnings: () => readonly Diagnostic[]
}

function startRun(host: Host, options: TemplateStateOptions): Run {
  const warnings: Diagnostic[] = []
  const chartOf = releaseCharts(host, { ...options, warn: (diagnostic) => warnings.push(diagnostic) })
  return { host, options, chartOf, takeWarnings: () => warnings.splice(0) }
}

async function prepare({ host, options, chartOf, takeWarnings }: Run, release: Release): Promise<Ready> {
  try {
    checkReleaseName(release.name)
    const altered = await alteredChart(host, release, chartOf)
    const layers = await release.layers()
    const values = mergeLayers(layers).tree
    const staysHere = altered.rework !== undefined || altered.postRenderer !== undefined
    return { ...altered, layers, values, job: templateJob(release, options), staysHere, warnings: takeWarnings() }
  } catch (error) {
    throw whileDoing('rendering', release, error)
  }
}

/** There is no cluster to ask. */
const nobody = async (): Promise<string> => ''

async function render({ host, options }: Run, release: Release, ready: Ready): Promise<Templated> {
  const { chart, values, job, layers, rework, postRenderer } = ready
  const watched = watchUnread(release, options.unreadValues, options.warn)
  const renderOptions: RenderOptions = { ...renderOptionsOf(host, job), layers: () => layers, ...watched, ...(rework && { rework }) }
  try {
    const rendered = postRenderer
      ? await renderChartWithLookup(chart, values, { ...renderOptions, enableLookup: false, postRenderer }, nobody)
      : renderChart(chart, values, renderOptions)
    return templated(rendered, job)
  } catch (error) {
    throw whileDoing('rendering', release, error)
  }
}

function hasHooks({ hooks, releases }: StateFile): boolean {
  return hooks.length > 0 || releases.some((release) => release.hooks.length > 0)
}

async function* oneByOne(run: Run, releases: readonly Release[]): AsyncGenerator<Turn<Ready>> {
  for (const release of releases) {
    const ready = await prepare(run, release)
    yield [release, ready, () => render(run, release, ready)]
  }
}

/** By two threads where that pays. Values that nothing reads are told of while rendering, and hooks may change what is rendered next. */
function renderAll(run: Run, releases: readonly Release[], hasHooks: boolean): AsyncGenerator<Turn<Ready>> {
  const { unreadValues, concurrency } = run.options
  if (hasHooks || unreadValues || concurrency === 1 || !isWorthAThread(releases)) return oneByOne(run, releases)
  return templateTogether(run.host, releases, {
    prepare: (release) => prepare(run, release),
    render: (release, ready) => render(run, release, ready),
  })
}

async function printAll(run: Run, file: StateFile, hooks: CommandHooks, print: PrintManifests): Promise<void> {
  const { warn } = run.options
  const releases = file.selected.filter(({ installed }) => installed)
  if (!hasHooks(file)) beginFetching(run.chartOf, releases)
  try {
    for await (const [release, ready, rendered] of renderAll(run, releases, hasHooks(file))) {
      for (const diagnostic of ready.warnings) warn?.(diagnostic)
      const { output, warnings } = await rendered()
      for (const summary of warnings) warn?.({ code: 'render/warning', severity: 'warning', summary, subject: `release ${release.id}` })
      print(run.options.forFiles ? output : `${output}\n`, release, file)
      await hooks.cleanupReleases([release.id])
    }
  } finally {
    // What was odd about a chart that could not be read after all.
    for (const diagnostic of run.takeWarnings()) warn?.(diagnostic)
  }
}

/**
 * Renders every selected release without a cluster, file by file, and hands each release's manifests to `print` as
 * `helm template` prints them, one blank line after each that is not for files. Prepare and cleanup command hooks run as Helmfile runs them. Many
 * releases are rendered by two threads.
 *
 * @throws DiagnosticError of the first thing that is wrong; what was printed before stays printed
 */
export async function templateState(host: Host, request: StateRequest, options: TemplateStateOptions, print: PrintManifests): Promise<void> {
  const run = startRun(host, options)
  await visitHooked(host, request, { ...options.hooks, command: 'template' }, (file, hooks) => printAll(run, file, hooks, print))
}
