import { type Diagnostic, DiagnosticError, failure } from '../base/diagnostic.ts'
import type { Chart } from '../chart/chart.ts'
import { coalesceValues } from '../chart/coalesce-values.ts'
import { isCompatible } from '../chart/compatible-version.ts'
import { crdFiles } from '../chart/crd-files.ts'
import type { HelmCompat } from '../chart/helm-compat.ts'
import { mergeValues } from '../chart/merge-values.ts'
import { prefixed } from '../chart/prefixed-error.ts'
import { missingDependencies, processDependencies } from '../chart/process-dependencies.ts'
import { validateValues } from '../chart/validate-values.ts'
import { toPlain } from '../go/plain.ts'
import type { GoMap } from '../go/values.ts'
import type { KubeObject } from '../kinds/kube-object.ts'
import type { ListNode } from '../template/ast.ts'
import type { Layer } from '../values/layer.ts'
import { decodeYamlAll } from '../yaml/decode.ts'
import { isTooDeep, renderDeeply } from './deep-render.ts'
import { explainFailure } from './explain-failure.ts'
import { type AsyncOracle, type Oracle, withAnswers } from './lookup.ts'
import { type PostRenderer, postRender } from './post-render.ts'
import { recordValues } from './recorded-values.ts'
import type { RenderError } from './render-error.ts'
import { type RenderContext, renderTemplates } from './render-templates.ts'
import type { Rendered, RenderedObject } from './rendered.ts'
import { replayable } from './replay.ts'
import { sortManifests } from './sort-manifests.ts'
import { unreadValues } from './unread-values.ts'

/** What a chart gives before it is taken apart into objects: templates by path without notes, and the files under `crds/`. */
export interface RenderedFiles {
  readonly templates: ReadonlyMap<string, string>
  readonly crds: readonly { readonly path: string; readonly text: string }[]
}

/** Makes other files of those that were rendered. */
export type Rework = (files: RenderedFiles) => RenderedFiles

/** How a chart is rendered. */
export interface RenderOptions extends Omit<RenderContext, 'executed' | 'onTraced'> {
  /** Where the user's values come from, lowest first; for messages. Asked for when there is something to say. */
  readonly layers?: () => readonly Layer[]
  /** What becomes of values that the user gave and nothing reads: a warning each, or an error. Absent: nobody looks. */
  readonly unreadValues?: 'warn' | 'refuse'
  readonly skipSchemaValidation?: boolean
  /** Files under `crds/` go into the manifest, before everything else. */
  readonly includeCrds?: boolean
  /** Notes of subcharts go behind the chart's own. */
  readonly subchartNotes?: boolean
  /** Changes what is rendered before it is sorted and printed. */
  readonly rework?: Rework
  /** Told of everything odd as it is found; the result lists it too. */
  readonly onWarning?: (warning: Diagnostic) => void
}

/** A chart made ready for one set of values. */
export interface PreparedChart {
  /** Dependencies switched on or off, renamed, values imported. */
  readonly chart: Chart
  /** What the templates see as `.Values`; fresh, theirs to change. */
  readonly values: GoMap
}

const NOTES = 'NOTES.txt'

type Warn = (warning: Diagnostic) => void

/** @throws DiagnosticError `chart/not-installable`, `chart/missing-dependency` */
function checkChart(chart: Chart, warn: Warn): void {
  const type = chart.metadata.type ?? ''
  if (type !== '' && type !== 'application')
    throw failure('chart/not-installable', `${type} charts are not installable`, { subject: `chart ${chart.metadata.name}` })
  if (chart.metadata.deprecated)
    warn({ code: 'chart/deprecated', severity: 'warning', summary: 'this chart is deprecated', subject: `chart ${chart.metadata.name}` })
  const missing = missingDependencies(chart)
  if (missing.length === 0) return
  const summary = `found in Chart.yaml, but missing in charts/ directory: ${missing.join(', ')}`
  throw failure(
    'chart/missing-dependency',
    `an error occurred while checking for chart dependencies. You may need to run 'helm dependency build' to fetch missing dependencies: ${summary}`,
    { subject: `chart ${chart.metadata.name}`, hint: 'fetch the dependencies into charts/' },
  )
}

/**
 * The chart with its dependencies settled and the values its templates see, for user values `asked`.
 *
 * @throws DiagnosticError `chart/subchart-values`, `chart/schema`, `render/kube-version`, in Helm's words
 * Source: Helm 4.3.1 pkg/action/install.go (RunWithContext), pkg/chart/common/util/values.go; chartify 0.28.2 replace.go
 */
export function prepareChart(chart: Chart, asked: GoMap, options: RenderOptions): PreparedChart {
  // What is reworked is rendered with the chart's own values given once more: nulls among them stay.
  const given = options.rework ? mergeValues(chart.values, asked) : asked
  const warn = (summary: string): void =>
    options.onWarning?.({ code: 'chart/values', severity: 'warning', summary, subject: `chart ${chart.metadata.name}` })
  const { kubeVersion, helmCompat } = options.capabilities
  let processed: Chart
  try {
    processed = processDependencies(chart, given, warn, helmCompat)
  } catch (error) {
    throw prefixed('chart dependencies processing failed', error)
  }
  const values = coalesceValues(processed, given, warn, helmCompat)
  if (!options.skipSchemaValidation) validateValues(processed, values, warn)
  const wanted = processed.metadata.kubeVersion ?? ''
  if (wanted !== '' && !isCompatible(wanted, kubeVersion.normalized)) {
    throw failure('render/kube-version', `chart requires kubeVersion: ${wanted} which is incompatible with Kubernetes ${kubeVersion.version}`, {
      subject: `chart ${chart.metadata.name}`,
    })
  }
  return { chart: processed, values }
}

/** Helm takes subcharts' notes in random order; here they come by path. */
function takeNotes(
  chart: Chart,
  rendered: ReadonlyMap<string, string>,
  withSubcharts: boolean,
): { readonly notes: string; readonly others: ReadonlyMap<string, string> } {
  const own = `${chart.metadata.name}/templates/${NOTES}`
  const all = [...rendered].filter(([path]) => path.endsWith(NOTES))
  const wanted = all.filter(([path]) => path === own || withSubcharts).sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1))
  return { notes: wanted.map(([, text]) => text).join('\n'), others: new Map([...rendered].filter(([path]) => !path.endsWith(NOTES))) }
}

/** @throws YamlError when the file is no YAML */
function crdObjects(path: string, text: string): readonly RenderedObject[] {
  return decodeYamlAll({ name: path, text }, 'helm').flatMap((value) =>
    value instanceof Map ? [{ path, text, object: toPlain(value) as unknown as KubeObject }] : [],
  )
}

function section(path: string, text: string): string {
  return `---\n# Source: ${path}\n${text}\n`
}

/** Makes `crds` when first asked for: printing takes the files as they are, and they are large. */
function withLazyCrds(rendered: Omit<Rendered, 'crds'>, files: RenderedFiles['crds']): Rendered {
  let known: readonly RenderedObject[] | undefined
  return Object.defineProperty(rendered, 'crds', {
    enumerable: true,
    get: () => {
      known ??= files.flatMap(({ path, text }) => crdObjects(path, text))
      return known
    },
  }) as Rendered
}

/** A chart rendered, before its texts are split and sorted. */
interface RenderedTexts extends RenderedFiles {
  readonly notes: string
  /** Grows until all is sorted. */
  readonly warnings: string[]
  readonly onWarning: Warn
  readonly compat: HelmCompat | undefined
}

/** One render that can be done again to look into a failure. */
interface Attempt {
  readonly chart: Chart
  readonly given: GoMap
  readonly options: RenderOptions
}

function layersOf({ given, options }: Attempt): readonly Layer[] {
  return options.layers?.() ?? [{ name: 'the given values', tree: given, secret: false, placeOf: () => undefined }]
}

/** What `work` gives; what it throws is explained by rendering again with the same answers from outside. */
function explaining<T>(attempt: Attempt, work: (options: RenderOptions) => T): T {
  const { chart, given, options } = attempt
  const replay = replayable(options.host)
  try {
    return work({ ...options, host: replay.host })
  } catch (error) {
    throw explainFailure(error, () => {
      const { onWarning: _told, ...quiet } = options
      const context = { ...quiet, host: replay.again() }
      return { ...prepareChart(chart, given, { ...context, skipSchemaValidation: true }), context, layers: layersOf(attempt) }
    })
  }
}

/** As `renderWatched`, also where templates run deeper inside one another than this thread's stack goes; nothing is reported then. */
function renderAnyDepth(prepared: PreparedChart, attempt: Attempt, onWarning: Warn): ReadonlyMap<string, string> {
  try {
    return renderWatched(prepared, attempt, onWarning)
  } catch (error) {
    if (!isTooDeep(error)) throw error
    return renderDeeply(attempt.chart, attempt.given, attempt.options, error as RenderError)
  }
}

/** As `renderTemplates`; where it is asked for, values that nothing reads are reported. */
function renderWatched(prepared: PreparedChart, attempt: Attempt, onWarning: Warn): ReadonlyMap<string, string> {
  const { chart, given, options } = attempt
  if (!options.unreadValues) return renderTemplates(prepared.chart, prepared.values, options)
  const executed = new Set<ListNode>()
  const { values, root: reads } = recordValues(prepared.values)
  const texts = renderTemplates(prepared.chart, values, { ...options, executed })
  const found = unreadValues({ chart, processed: prepared.chart, given, layers: layersOf(attempt), reads, executed })
  if (options.unreadValues === 'warn') found.forEach(onWarning)
  else if (found.length > 0) throw new DiagnosticError(found.map((diagnostic) => ({ ...diagnostic, severity: 'error' })))
  return texts
}

function renderTexts(attempt: Attempt): RenderedTexts {
  const { chart, given, options } = attempt
  const warnings: string[] = []
  const onWarning: Warn = (warning) => {
    warnings.push(warning.summary)
    options.onWarning?.(warning)
  }
  checkChart(chart, onWarning)
  const prepared = prepareChart(chart, given, { ...options, onWarning })
  const templates = renderAnyDepth(prepared, attempt, options.onWarning ?? ((): void => {}))
  const { notes, others } = takeNotes(prepared.chart, templates, options.subchartNotes ?? false)
  const files: RenderedFiles = { templates: others, crds: crdFiles(prepared.chart) }
  return { ...(options.rework ? options.rework(files) : files), notes, warnings, onWarning, compat: options.capabilities.helmCompat }
}

function assemble({ templates, crds, notes, warnings, onWarning, compat }: RenderedTexts, includeCrds: boolean): Rendered {
  const { manifests, hooks } = sortManifests(templates, onWarning, compat)
  const sections = [...(includeCrds ? crds : []), ...manifests].map(({ path, text }) => section(path, text))
  return withLazyCrds({ objects: manifests.filter((manifest) => manifest.isObject), hooks, manifest: sections.join(''), notes, warnings }, crds)
}

/**
 * A chart under user values as ordered objects, hooks and notes.
 *
 * In come a chart as loaded, the values the user gave (files and `--set` already merged) and what the templates may know; out
 * come manifest, objects in install order, hooks, notes and warnings. Neither chart nor values are changed. Synchronous: what
 * must be asked from outside comes through `lookup` and `hosts`.
 *
 * @throws DiagnosticError in Helm's words; Unanswered when an oracle has no answer yet (see `renderChartWithLookup`)
 * Source: Helm 4.3.1 pkg/cmd/install.go (runInstall), pkg/action/install.go, pkg/action/action.go (renderResources)
 */
export function renderChart(chart: Chart, values: GoMap, options: RenderOptions): Rendered {
  return explaining({ chart, given: values, options }, (watched) => {
    return assemble(renderTexts({ chart, given: values, options: watched }), options.includeCrds ?? false)
  })
}

/** How a chart is rendered when there is time to wait for answers. */
export interface AsyncRenderOptions extends Omit<RenderOptions, 'lookup' | 'hosts'> {
  /** Host names are put to the oracle, too; otherwise no host has an address. */
  readonly enableDns?: boolean
  /** False: `lookup` finds nothing and nobody is asked. */
  readonly enableLookup?: boolean
  readonly postRenderer?: PostRenderer
}

/**
 * As `renderChart`, for oracles that have to wait for the cluster or the network, and with a post-renderer.
 *
 * @throws as `renderChart`, what `ask` and the post-renderer throw, `render/post-render`
 */
export async function renderChartWithLookup(chart: Chart, values: GoMap, options: AsyncRenderOptions, ask: AsyncOracle): Promise<Rendered> {
  const { enableDns = false, enableLookup = true, postRenderer, ...rest } = options
  const work = <T>(oracle: Oracle, step: (attempt: Attempt) => T): T => {
    const own = { ...rest, ...(enableLookup ? { lookup: oracle } : {}), ...(enableDns ? { hosts: oracle } : {}) }
    return explaining({ chart, given: values, options: own }, (watched) => step({ chart, given: values, options: watched }))
  }
  const includeCrds = options.includeCrds ?? false
  if (!postRenderer) return withAnswers((oracle) => work(oracle, (attempt) => assemble(renderTexts(attempt), includeCrds)), ask)
  const rendered = await withAnswers((oracle) => work(oracle, renderTexts), ask)
  return assemble({ ...rendered, templates: await postRender(rendered.templates, postRenderer) }, includeCrds)
}
