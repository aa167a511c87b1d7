import { type Diagnostic, failure } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import { nodeHost } from '../base/host-node.ts'
import type { Chart } from '../chart/chart.ts'
import type { HelmCompat } from '../chart/helm-compat.ts'
import { type ChartInput, loadChart } from '../chart/load-chart.ts'
import type { GoMap } from '../go/values.ts'
import { type Capabilities, offlineCapabilities } from '../render/capabilities.ts'
import { helmFacts } from '../render/helm-facts.ts'
import { type AsyncOracle, type Oracle, withAnswers } from '../render/lookup.ts'
import type { PostRenderer } from '../render/post-render.ts'
import { checkReleaseName } from '../render/release-name.ts'
import { prepareChart, type RenderOptions, renderChartWithLookup } from '../render/render-chart.ts'
import { renderTemplates as renderEach } from '../render/render-templates.ts'
import type { Rendered } from '../render/rendered.ts'
import { templateOutput } from '../render/template-output.ts'
import { mergeUserValues, type UserValues } from './user-values.ts'

/** One chart, rendered without a cluster, as `helm template` does. */
export interface TemplateChartOptions extends UserValues {
  /** A folder, an archive, the chart's files by path, or the chart itself. */
  readonly chart: ChartInput | Chart
  /** The release's name; `release-name` where none is given. */
  readonly name?: string
  /** The release's namespace; `default` where none is given. */
  readonly namespace?: string
  readonly includeCrds?: boolean
  /** As `1.33` or `v1.33.4`: what the chart takes for the cluster's version. */
  readonly kubeVersion?: string
  /** API versions beside those that Helm knows. */
  readonly apiVersions?: readonly string[]
  readonly isUpgrade?: boolean
  /** From 1. */
  readonly revision?: number
  readonly showOnly?: readonly string[]
  readonly skipTests?: boolean
  readonly noHooks?: boolean
  readonly skipSchemaValidation?: boolean
  /** The output is for files: every document to its last line break. */
  readonly forFiles?: boolean
  /** What becomes of given values that nothing reads: a warning each, or an error. Absent: nobody looks. */
  readonly unreadValues?: 'warn' | 'refuse'
  /** Answers `getHostByName` with what the system's resolver says; otherwise no host has an address. */
  readonly enableDns?: boolean
  /** Answers `lookup`; otherwise the cluster is empty. */
  readonly lookup?: AsyncOracle
  readonly postRenderer?: PostRenderer
  /** What `.Capabilities.HelmVersion.Version` says. */
  readonly helmVersion?: string
  /** The Helm whose behaviour the chart gets: 3.18, 4.2, or 4.3, which is what `4` and nothing mean. */
  readonly helmCompat?: HelmCompat
  /** What a cluster can do, where one was asked; `kubeVersion` and `apiVersions` are for when none is. */
  readonly capabilities?: Capabilities
  /** Told of everything that was odd but no error, as it is found. */
  readonly onWarning?: (warning: Diagnostic) => void
  /** The machine to read from; the real one where none is given. */
  readonly host?: Host
}

/** A rendered chart with its output and everything else it gave. */
export interface TemplatedChart {
  /** What `helm template` prints on standard output. */
  readonly output: string
  readonly rendered: Rendered
  readonly chart: Chart
  readonly warnings: readonly string[]
}

interface Loaded {
  readonly host: Host
  readonly chart: Chart
  readonly values: GoMap
  readonly render: Omit<RenderOptions, 'lookup' | 'hosts'>
  readonly warnings: string[]
}

/** What Helm says of a chart it can neither find on disk nor take for the name of one in a repository. */
function missingChart(path: string): Error {
  if (path.startsWith('/') || path.startsWith('.')) return failure('chart/not-found', `path ${JSON.stringify(path)} not found`)
  const slash = path.indexOf('/')
  if (slash < 0) return failure('chart/not-found', `non-absolute URLs should be in form of repo_name/path_to_chart, got: ${path}`)
  return failure('chart/not-found', `repo ${path.slice(0, slash)} not found`)
}

function chartOf(host: Host, chart: ChartInput | Chart, onWarning: (warning: Diagnostic) => void): Promise<Chart> | Chart {
  if (typeof chart !== 'string' && 'metadata' in chart) return chart
  return loadChart(host, typeof chart === 'string' ? chart.trim() : chart, { onWarning })
}

async function load(options: TemplateChartOptions): Promise<Loaded> {
  const host = options.host ?? nodeHost()
  const warnings: string[] = []
  const onWarning = (warning: Diagnostic): void => {
    warnings.push(warning.summary)
    options.onWarning?.(warning)
  }
  const capabilities = options.capabilities ?? offlineCapabilities(options)
  const name = options.name ?? 'release-name'
  if (typeof options.chart === 'string' && host.fs.stat(options.chart.trim()) === undefined) throw missingChart(options.chart.trim())
  const { tree: values, layers } = mergeUserValues(host, options)
  const chart = await chartOf(host, options.chart, onWarning)
  const release = { name, namespace: options.namespace ?? 'default', isUpgrade: options.isUpgrade ?? false, revision: options.revision ?? 1 }
  const { skipSchemaValidation = false, includeCrds = false, unreadValues } = options
  const render = { host, release, capabilities, skipSchemaValidation, includeCrds, onWarning, layers, ...(unreadValues && { unreadValues }) }
  return { host, chart, values, render, warnings }
}

async function resolveHost(host: string): Promise<string> {
  const { lookup } = await import('node:dns/promises')
  return lookup(host).then(
    ({ address }) => address,
    () => '',
  )
}

/** Puts each question to whom the options name for it. */
function askerOf(options: TemplateChartOptions): AsyncOracle {
  return async (question) => (question.kind === 'host' ? resolveHost(question.host) : ((await options.lookup?.(question)) ?? new Map()))
}

/**
 * Renders a chart as `helm template` does and gives all there is to know about the result.
 *
 * @throws DiagnosticError whose message holds Helm's own cause text and position
 * Source: Helm 4.3.1 pkg/cmd/template.go
 */
export async function templateChartDetailed(options: TemplateChartOptions): Promise<TemplatedChart> {
  const loaded = await load({ helmVersion: helmFacts(options.helmCompat).built, ...options })
  checkReleaseName(loaded.render.release.name)
  const { enableDns = false, lookup, postRenderer } = options
  const render = { ...loaded.render, enableDns, enableLookup: lookup !== undefined, ...(postRenderer ? { postRenderer } : {}) }
  const rendered = await renderChartWithLookup(loaded.chart, loaded.values, render, askerOf(options))
  return { output: templateOutput(rendered, options), rendered, chart: loaded.chart, warnings: loaded.warnings }
}

/**
 * What `helm template` prints on standard output for a chart, byte for byte.
 *
 * @throws DiagnosticError whose message holds Helm's own cause text and position
 */
export async function templateChart(options: TemplateChartOptions): Promise<string> {
  return (await templateChartDetailed(options)).output
}

/**
 * The text of each template as rendered, before anything is split, dropped or sorted, by path: `chart/templates/x.yaml`,
 * `chart/charts/sub/templates/x.yaml`. Partials are left out, notes are there.
 *
 * @throws DiagnosticError whose message holds Helm's own cause text and position
 */
export async function renderTemplates(options: TemplateChartOptions): Promise<Record<string, string>> {
  const loaded = await load(options)
  const render = (oracle: Oracle): ReadonlyMap<string, string> => {
    const context = { ...loaded.render, ...(options.lookup ? { lookup: oracle } : {}), ...(options.enableDns ? { hosts: oracle } : {}) }
    const prepared = prepareChart(loaded.chart, loaded.values, context)
    return renderEach(prepared.chart, prepared.values, context)
  }
  return Object.fromEntries(await withAnswers(render, askerOf(options)))
}
