import { join } from 'node:path'
import { concealer } from '../base/conceal.ts'
import { failure } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import { withoutUndefined } from '../base/without-undefined.ts'
import type { Chart } from '../chart/chart.ts'
import type { StateRequest } from '../state/request.ts'
import type { Release, StateFile } from '../state/state.ts'
import { mergeLayers } from '../values/merge-layers.ts'
import type { CommandHooks, HookOptions } from './command-hooks.ts'
import { beginFetching, type ChartOf, type ReleaseChartOptions, releaseCharts, shownChart } from './release-charts.ts'
import { type ChartResult, type UnittestOptions, unittestFolder } from './unittest-charts.ts'
import { visitHooked } from './visit-hooked.ts'
import { whileDoing } from './while-doing.ts'

export interface UnittestStateOptions extends ReleaseChartOptions, Pick<UnittestOptions, 'update' | 'strict' | 'failFast' | 'skipSchemaValidation'> {
  readonly hooks?: HookOptions
}

/** How the unit tests of one release's chart went under its values. */
export interface ReleaseTests extends ChartResult {
  readonly release: string
}

/** What all releases of a run have in common. */
interface Run {
  readonly chartOf: ChartOf
  readonly options: UnittestStateOptions
  /** What was decrypted so far: it comes into no snapshot. */
  readonly secrets: ReadonlySet<string>
}

/** A path of `unitTests` as a pattern; a folder stands for the suites in it. @throws DiagnosticError `state/bad-unit-tests` */
function patternOf(path: string, { name, at }: Release): string {
  if (path.startsWith('/') || join(path, '.').split('/')[0] === '..') {
    throw failure('state/bad-unit-tests', `release "${name}": unitTests path "${path}" must be a relative path within the chart directory`, {
      ...(at && { at }),
    })
  }
  return /[*?[]/.test(path) || /\.ya?ml$/i.test(path) ? path : `${path.replace(/\/+$/, '')}/*_test.yaml`
}

/** Runs `work` with the chart's files in a folder: its own, or for charts from elsewhere one that goes again. */
async function inFolder<T>(host: Host, release: Release, chart: Chart, work: (folder: string) => Promise<T>): Promise<T> {
  const { chartPath } = release
  if (chartPath !== undefined && host.fs.stat(chartPath)?.kind === 'directory') return work(chartPath)
  const root = join(host.tempDir, `flotilla-unittest-${Buffer.from(host.randomBytes(6)).toString('hex')}`)
  const folder = join(root, chart.metadata.name)
  try {
    for (const { name, data } of chart.raw) host.fs.writeFile(join(folder, name), data)
    return await work(folder)
  } finally {
    host.fs.remove(root)
  }
}

async function testRelease(host: Host, file: StateFile, release: Release, { chartOf, options, secrets }: Run): Promise<ReleaseTests> {
  const { update, strict, failFast, skipSchemaValidation } = options
  const files = (release.spec.unitTests ?? []).map((path) => patternOf(path, release))
  const chart = await chartOf(release)
  const values = mergeLayers(await release.layers()).tree
  const result = await inFolder(host, release, chart, (folder) =>
    unittestFolder(host, chart, folder, shownChart(release, file), {
      files,
      values,
      hide: (text) => concealer(secrets, () => '(secret)')(text),
      ...withoutUndefined({ update, strict, failFast, skipSchemaValidation }),
    }),
  )
  return { release: release.id, ...result }
}

async function testFile(
  host: Host,
  file: StateFile,
  run: Run & { readonly hooks: CommandHooks },
  report: (tests: ReleaseTests) => void,
): Promise<void> {
  const releases = file.selected.filter(({ installed, spec }) => installed && (spec.unitTests ?? []).length > 0)
  beginFetching(run.chartOf, releases)
  for (const release of releases) {
    try {
      const tests = await testRelease(host, file, release, run)
      report(tests)
      if (run.options.failFast && !tests.passed) return
    } catch (error) {
      throw whileDoing('testing', release, error)
    }
    await run.hooks.cleanupReleases([release.id])
  }
}

/**
 * Runs the unit tests that the selected releases name (`unitTests`), each on its chart under the release's values, and hands the
 * results to `report`, release by release.
 *
 * @throws DiagnosticError where state files, charts or values cannot be read; `state/bad-unit-tests`
 * Source: Helmfile 1.8 pkg/state/state.go (UnittestReleases)
 */
export async function unittestState(
  host: Host,
  request: StateRequest,
  options: UnittestStateOptions,
  report: (tests: ReleaseTests) => void,
): Promise<void> {
  const chartOf = releaseCharts(host, options)
  const secrets = new Set<string>()
  const onSecrets = (values: readonly string[]): void => {
    for (const value of values) secrets.add(value)
    request.onSecrets?.(values)
  }
  const shared = { ...options.hooks, command: 'unittest' }
  await visitHooked(host, { ...request, onSecrets }, shared, (file, hooks) => testFile(host, file, { chartOf, options, secrets, hooks }, report))
}
