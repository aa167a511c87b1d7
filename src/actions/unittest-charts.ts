import { join, resolve } from 'node:path'
import type { Diagnostic } from '../base/diagnostic.ts'
import { glob } from '../base/glob.ts'
import type { Host } from '../base/host.ts'
import type { Chart } from '../chart/chart.ts'
import { loadChart } from '../chart/load-chart.ts'
import type { GoMap, GoValue } from '../go/values.ts'
import { decodeSuite } from '../unittest/decode-suite.ts'
import { errorText } from '../unittest/render-test.ts'
import { brokenSuite, runSuite } from '../unittest/run-suite.ts'
import type { Suite } from '../unittest/suite.ts'
import type { ChartResult, SuiteResult } from '../unittest/test-result.ts'
import { decodeYaml } from '../yaml/decode.ts'

export type { ChartResult } from '../unittest/test-result.ts'

/** How suites are found and run. */
export interface UnittestOptions {
  /** Patterns for files of suites, seen from the chart; `tests/*_test.yaml` where there are none. */
  readonly files?: readonly string[]
  /** Values files for every test, above those of suites. */
  readonly valuesFiles?: readonly string[]
  /** Values for every test, above those files. */
  readonly values?: GoMap
  /** Write snapshots that differ. */
  readonly update?: boolean
  /** Unknown keys of suites are errors. */
  readonly strict?: boolean
  /** Stop at the first failure. */
  readonly failFast?: boolean
  readonly skipSchemaValidation?: boolean
  /** Leave out the suites of charts under charts/. */
  readonly withoutSubcharts?: boolean
  /** Takes out of snapshots what may not be written. */
  readonly hide?: (text: string) => string
  readonly onWarning?: (warning: Diagnostic) => void
}

const DEFAULT_FILES = ['tests/*_test.yaml']

/** Documents of a file of suites; `---` cuts them wherever it starts a line. */
function documentsOf(text: string): readonly string[] {
  return text.split(/(?:^|(?<!\s)\s*\n)---\s*/).filter((part) => part.trim() !== '')
}

/** The folder and all below it. */
function foldersBelow(host: Host, folder: string): readonly string[] {
  const names = (host.fs.readDir(folder) ?? []).filter((name) => {
    const path = join(folder, name)
    return host.fs.stat(path)?.kind === 'directory' && !host.fs.isLink(path)
  })
  return [folder, ...names.flatMap((name) => foldersBelow(host, join(folder, name)))]
}

/** As `glob`, where a name of two stars stands for any number of folders. */
function deepGlob(host: Host, pattern: string): readonly string[] {
  const at = pattern.indexOf('/**/')
  if (at < 0) return glob(host.fs, pattern)
  const folders = glob(host.fs, pattern.slice(0, at)).flatMap((folder) => foldersBelow(host, folder))
  return folders.flatMap((folder) => deepGlob(host, join(folder, pattern.slice(at + '/**/'.length))))
}

function suitesIn(host: Host, folder: string, route: string, { files = DEFAULT_FILES, strict = false }: UnittestOptions): readonly Suite[] {
  const found = [...new Set(files.length > 0 ? files : DEFAULT_FILES)].flatMap((pattern) => deepGlob(host, join(folder, pattern)))
  return found.flatMap((file) => suitesOf(host, file, route, strict))
}

/** A file of suites that cannot be read. */
class BrokenFile extends Error {
  readonly file: string

  constructor(file: string, cause: unknown) {
    super(errorText(cause), { cause })
    this.file = file
  }
}

/** @throws BrokenFile */
function suitesOf(host: Host, file: string, route: string, strict: boolean): readonly Suite[] {
  try {
    return documentsOf(host.fs.readText(file)).flatMap((text) => decodeSuite({ name: file, text }, { file, route, strict }) ?? [])
  } catch (error) {
    if (error instanceof Error && 'diagnostics' in error) throw new BrokenFile(file, error)
    throw error
  }
}

/** Whether a dependency takes part under the chart's own values: what its condition says, else one of its tags. */
function isEnabled(parent: Chart, name: string, values: GoMap): boolean {
  const dependency = parent.metadata.dependencies?.find((one) => (one.alias || one.name) === name)
  if (!dependency) return true
  const at = (path: string): GoValue | undefined =>
    path.split('.').reduce<GoValue | undefined>((value, key) => (value instanceof Map ? value.get(key) : undefined), values)
  if (dependency.condition) return at(dependency.condition) !== false
  const { tags = [] } = dependency
  return tags.length === 0 || !(at('tags') instanceof Map) || tags.some((tag) => at(`tags.${tag}`) === true)
}

function allSuites(
  host: Host,
  chart: Chart,
  place: { readonly folder: string; readonly route: string },
  values: GoMap,
  options: UnittestOptions,
): readonly Suite[] {
  const own = suitesIn(host, place.folder, place.route, options)
  if (options.withoutSubcharts) return own
  const below = chart.dependencies.flatMap((dependency) => {
    const { name } = dependency.metadata
    const inner = { folder: join(place.folder, 'charts', name), route: `${place.route}/charts/${name}` }
    return isEnabled(chart, name, values) && host.fs.stat(inner.folder)?.kind === 'directory'
      ? allSuites(host, dependency, inner, values, options)
      : []
  })
  return [...own, ...below]
}

function readValues(host: Host, path: string): GoMap {
  const content = decodeYaml({ name: path, text: host.fs.readText(resolve(host.cwd, path)) }, 'helmfile')
  return content instanceof Map ? content : new Map()
}

async function runAll(host: Host, chart: Chart, suites: readonly Suite[], options: UnittestOptions): Promise<readonly SuiteResult[]> {
  const { update = false, failFast = false, skipSchemaValidation = false, valuesFiles = [], hide = (text: string): string => text } = options
  const values = [...valuesFiles.map((path) => readValues(host, path)), ...(options.values ? [options.values] : [])]
  const results: SuiteResult[] = []
  for (const suite of suites) {
    const result = await runSuite({ host, update, failFast, skipSchemaValidation, values, hide }, suite, chart)
    results.push(result)
    if (!result.passed && failFast) break
  }
  return results
}

/** Runs the suites of a loaded chart whose files lie in `folder` (absolute). */
export async function unittestFolder(host: Host, chart: Chart, folder: string, path: string, options: UnittestOptions): Promise<ChartResult> {
  const { name } = chart.metadata
  try {
    const suites = allSuites(host, chart, { folder, route: name }, chart.values, options)
    const results = await runAll(host, chart, suites, options)
    return { name, path, suites: results, passed: results.every(({ passed }) => passed) }
  } catch (error) {
    if (!(error instanceof BrokenFile)) throw error
    return { name, path, suites: [brokenSuite({ name: '', file: error.file }, error.cause)], passed: false, error: error.message }
  }
}

/**
 * Runs the suites of the charts in `paths` (folders), one after the other, as helm-unittest does.
 *
 * Source: helm-unittest 1.1.2 pkg/unittest/test_runner.go (RunV3)
 */
export async function unittestCharts(host: Host, paths: readonly string[], options: UnittestOptions): Promise<readonly ChartResult[]> {
  const results: ChartResult[] = []
  for (const path of paths) {
    const folder = resolve(host.cwd, path)
    const warn = options.onWarning ? { onWarning: options.onWarning } : {}
    try {
      results.push(await unittestFolder(host, await loadChart(host, folder, warn), folder, path, options))
    } catch (error) {
      if (!(error instanceof Error && 'diagnostics' in error)) throw error
      results.push({ name: '', path, suites: [], passed: false, error: errorText(error) })
    }
    if (options.failFast && !results.at(-1)?.passed) break
  }
  return results
}
