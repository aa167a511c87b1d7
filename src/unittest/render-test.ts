import { posix } from 'node:path'
import { DiagnosticError } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import type { Chart, ChartMetadata } from '../chart/chart.ts'
import { coalesceValues } from '../chart/coalesce-values.ts'
import { processDependencies } from '../chart/process-dependencies.ts'
import { schemaFaults } from '../chart/validate-values.ts'
import { compileRegexp, findAll } from '../go/regexp.ts'
import { GoFailure, type GoMap, type GoValue } from '../go/values.ts'
import { type Capabilities, offlineCapabilities } from '../render/capabilities.ts'
import type { Oracle } from '../render/lookup.ts'
import { checkReleaseName } from '../render/release-name.ts'
import { renderTemplates } from '../render/render-templates.ts'
import { TemplateError } from '../template/engine.ts'
import { YamlError } from '../yaml/yaml-error.ts'
import { templatePath, withTemplates } from './select-templates.ts'
import type { CapabilitySettings, FakeCluster, ReleaseSettings, Suite, Test } from './suite.ts'

/** What rendering a test's chart gave: texts by template, or what went wrong. */
export type TestRendering =
  | { readonly kind: 'texts'; readonly texts: ReadonlyMap<string, string> }
  /** A template failed, and there is one to blame: its error by path. */
  | { readonly kind: 'failed'; readonly errors: ReadonlyMap<string, string> }
  | { readonly kind: 'error'; readonly error: string }

/** How a test's chart is rendered. */
export interface TestSetting {
  readonly suite: Suite
  readonly test: Test
  readonly chart: Chart
  readonly values: GoMap
  /** Templates that the suite is about. */
  readonly wanted: readonly string[]
  readonly skipSchemaValidation: boolean
  /** No assertion of the test is about failing. */
  readonly mustRender: boolean
}

/** The error as Helm 3 words it, which suites are written for. */
export function errorText(error: unknown): string {
  for (let level = error; level instanceof Error; level = level.cause) if (level instanceof GoFailure) return (error as Error).message
  if (error instanceof YamlError) return error.goMessage
  const { cause } = error as { readonly cause?: unknown }
  if (cause instanceof TemplateError) return cause.goMessage
  if (error instanceof DiagnosticError && error.name === 'DiagnosticError') return error.diagnostics.map(({ summary }) => summary).join('\n')
  return error instanceof Error ? error.message : String(error)
}

function either<T>(own: T, fallback: T): T {
  return own || fallback
}

function releaseOf({ release: own }: Test, { release: common }: Suite): ReleaseSettings {
  return {
    name: either(own.name, common.name),
    namespace: either(own.namespace, common.namespace),
    revision: either(own.revision, common.revision),
    upgrade: either(own.upgrade, common.upgrade),
  }
}

function capabilitiesOf(test: Test, suite: Suite): Capabilities {
  const usual = offlineCapabilities()
  const word = (key: keyof Omit<CapabilitySettings, 'apiVersions'>): string => either(test.capabilities[key], suite.capabilities[key])
  const major = word('majorVersion') || usual.kubeVersion.major
  const minor = word('minorVersion') || usual.kubeVersion.minor
  const version = `v${major}.${minor}.0`
  const apiVersions = [...test.capabilities.apiVersions, ...(test.takesApiVersions ? suite.capabilities.apiVersions : [])]
  return { ...usual, kubeVersion: { version, normalized: version, major, minor }, apiVersions }
}

/** Version and appVersion as suite and test want them, of the chart and of what it depends on. */
function withVersions(chart: Chart, test: Test, suite: Suite): Chart {
  const version = either(test.chart.version, suite.chart.version)
  const appVersion = either(test.chart.appVersion, suite.chart.appVersion)
  const changed = (metadata: ChartMetadata): ChartMetadata => ({
    ...metadata,
    ...(version !== '' && { version }),
    ...(appVersion !== '' && { appVersion }),
  })
  const dependencies = chart.dependencies.map((dependency) => ({ ...dependency, metadata: changed(dependency.metadata) }))
  return { ...chart, metadata: changed(chart.metadata), dependencies }
}

function field(object: GoMap, ...path: readonly string[]): GoValue | undefined {
  return path.reduce<GoValue | undefined>((value, key) => (value instanceof Map ? value.get(key) : undefined), object)
}

/** Answers from the objects that suite and test name. */
function fakeLookup(clusters: readonly FakeCluster[]): Oracle | undefined {
  const objects = clusters.flatMap((cluster) => cluster.objects)
  if (objects.length === 0) return undefined
  const scheme = new Map(clusters.toReversed().flatMap((cluster) => [...cluster.scheme]))
  return (question) => {
    if (question.kind === 'host') return ''
    const { apiVersion, resource, namespace, name } = question
    const isNamespaced = scheme.get(`${apiVersion}/${resource}`)
    if (isNamespaced === undefined) return new Map()
    const found = objects.filter(
      (object) =>
        object.get('apiVersion') === apiVersion &&
        object.get('kind') === resource &&
        (!isNamespaced || namespace === '' || field(object, 'metadata', 'namespace') === namespace),
    )
    if (name === '') {
      const metadata: GoMap = new Map([
        ['continue', ''],
        ['resourceVersion', String(objects.filter((object) => object.get('kind') === resource).length + 1)],
      ])
      const head: GoMap = new Map<string, GoValue>([
        ['apiVersion', apiVersion],
        ['kind', `${resource}List`],
        ['metadata', metadata],
      ])
      return head.set('items', found)
    }
    return found.find((object) => field(object, 'metadata', 'name') === name) ?? new Map()
  }
}

/** Path and message of a template that failed, in an error of the template engine. Source: helm-unittest 1.1.2 pkg/unittest/test_job.go (regexPattern) */
const BLAME = '(?msU)^(?:.+: |.+ \\()(?:(.+):\\d+:\\d+).+(?:.+>)*: (.+)$'

function blamed(error: string): { readonly path: string; readonly message: string } | undefined {
  const [match] = findAll(compileRegexp(BLAME), error, 1)
  if (!match) return undefined
  const group = (number: number): string => error.slice(match[number * 2] as number, match[number * 2 + 1] as number)
  const lineEnd = error.indexOf('\n')
  return { path: group(1), message: lineEnd < 0 ? group(2) : error.slice(lineEnd + 1) }
}

function failed(error: string, { suite, wanted, mustRender }: TestSetting): TestRendering {
  const blame = mustRender ? undefined : blamed(error)
  if (!blame || (blame.path === '' && blame.message === '')) return { kind: 'error', error }
  const isPartial = posix.basename(blame.path).startsWith('_')
  const paths = isPartial ? wanted.map((name) => posix.join(suite.route, templatePath(name))) : [blame.path]
  return { kind: 'failed', errors: new Map(paths.map((path) => [path, blame.message])) }
}

/** The chart as the test's values leave it, for what lies beside its templates. */
export function settledChart({ chart, values, test, suite }: TestSetting): Chart {
  return withVersions(
    processDependencies(chart, values, () => {}),
    test,
    suite,
  )
}

/**
 * Renders a test's chart with its values, release and cluster; `required` and `fail` fail as in Helm.
 *
 * Source: helm-unittest 1.1.2 pkg/unittest/test_job.go (renderV3Chart, translateErrorToOutputFiles)
 */
export function renderTest(host: Host, setting: TestSetting): TestRendering {
  const { suite, test, wanted, values: given, skipSchemaValidation } = setting
  const { name, namespace, revision, upgrade } = releaseOf(test, suite)
  const lookup = fakeLookup([test.cluster, suite.cluster])
  try {
    if (name !== '') checkReleaseName(name)
    const chart = settledChart(setting)
    const values = coalesceValues(chart, given, () => {})
    const faults = skipSchemaValidation ? undefined : schemaFaults(chart, values, () => {})
    if (faults !== undefined) return { kind: 'error', error: faults }
    const release = { name: name || 'RELEASE-NAME', namespace: namespace || 'NAMESPACE', isUpgrade: upgrade, revision }
    const selected = withTemplates(chart, suite.route, wanted, suite.excludeTemplates)
    const context = { host, release, capabilities: capabilitiesOf(test, suite), ...(lookup && { lookup }) }
    return { kind: 'texts', texts: renderTemplates(selected, values, context) }
  } catch (error) {
    if (error instanceof DiagnosticError)
      return error.name === 'RenderError' ? failed(errorText(error), setting) : { kind: 'error', error: errorText(error) }
    throw error
  }
}
