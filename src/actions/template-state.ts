import { type Diagnostic, withNote } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import type { HelmCompat } from '../chart/helm-compat.ts'
import { checkReleaseName } from '../render/release-name.ts'
import { type RenderOptions, renderChart, renderChartWithLookup } from '../render/render-chart.ts'
import type { OutputOptions } from '../render/template-output.ts'
import { visitState } from '../state/load-state.ts'
import type { StateRequest } from '../state/request.ts'
import type { Release, StateFile } from '../state/state.ts'
import type { Layer } from '../values/layer.ts'
import { mergeLayers } from '../values/merge-layers.ts'
import { type AlteredChart, alteredChart } from './altered-chart.ts'
import { betweenHooks, type CommandHookOptions, type CommandHooks, commandHooks } from './command-hooks.ts'
import { beginFetching, type ChartOf, type ReleaseChartOptions, releaseCharts } from './release-charts.ts'
import { renderOptionsOf, type Templated, templated, templateJob } from './template-job.ts'
import { isWorthAThread, type ReadyRelease, type Turn, templateTogether } from './template-together.ts'
import { watchUnread } from './unread-values.ts'

export interface TemplateStateOptions extends OutputOptions {
  readonly includeCrds?: boolean
  readonly skipSchemaValidation?: boolean
  readonly skipDeps?: boolean
  /** Refuse charts that the lock files do not name. */
  readonly locked?: boolean
  /** Take what was fetched before; ask no server. */
  readonly skipRefresh?: boolean
  /** Speak plain HTTP with every OCI registry. */
  readonly ociPlainHttp?: boolean
  /** What charts from elsewhere must be. */
  readonly policy?: NonNullable<ReleaseChartOptions['policy']>
  readonly servers?: NonNullable<ReleaseChartOptions['servers']>
  /** Ends what is being fetched. */
  readonly signal?: AbortSignal
  /** 1 renders in this thread only. */
  readonly concurrency?: number
  readonly kubeVersion?: string
  /** The Helm whose behaviour charts get; absent: the newest. */
  readonly helmCompat?: HelmCompat
  /** What becomes of values that nothing reads: a warning each, or an error. Absent: nobody looks. */
  readonly unreadValues?: 'warn' | 'refuse'
  readonly warn?: (diagnostic: Diagnostic) => void
  readonly hookLog?: CommandHookOptions['log']
  readonly hookConnect?: CommandHookOptions['connect']
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
    throw noted(error, release)
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
    throw noted(error, release)
  }
}

function noted(error: unknown, release: Release): unknown {
  return withNote(error, { text: `while rendering release ${release.id}`, ...(release.at && { at: release.at }) })
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
      print(`${output}\n`, release, file)
      await hooks.cleanupReleases([release.id])
    }
  } finally {
    // What was odd about a chart that could not be read after all.
    for (const diagnostic of run.takeWarnings()) warn?.(diagnostic)
  }
}

/**
 * Renders every selected release without a cluster, file by file, and hands each release's manifests to `print` as
 * `helm template` prints them, one blank line after each. Prepare and cleanup command hooks run as Helmfile runs them. Many
 * releases are rendered by two threads.
 *
 * @throws DiagnosticError of the first thing that is wrong; what was printed before stays printed
 */
export async function templateState(host: Host, request: StateRequest, options: TemplateStateOptions, print: PrintManifests): Promise<void> {
  const run = startRun(host, options)
  const { warn, hookLog: log, hookConnect: connect } = options
  await visitState(host, request, async (file) => {
    const hooks = commandHooks(
      host,
      { files: [file] },
      {
        command: 'template',
        ...(log && { log }),
        ...(warn && { warn }),
        ...(connect && { connect }),
      },
    )
    await betweenHooks(hooks, () => printAll(run, file, hooks, print))
  })
}
