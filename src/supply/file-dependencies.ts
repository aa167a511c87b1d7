import { isAbsolute, resolve } from 'node:path'
import { failure } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import type { Chart, ChartDependency } from '../chart/chart.ts'
import { isCompatible } from '../chart/compatible-version.ts'
import { loadChart } from '../chart/load-chart.ts'
import { missingDependencies } from '../chart/process-dependencies.ts'

const FILE_URL = 'file://'
/** How deep charts may depend on one another by files. */
const MAX_DEPTH = 16

/**
 * The chart of the folder `path` with those of its missing dependencies filled in that name a `file://` folder, as
 * `helm dependency build` would put them into charts/. Other missing dependencies stay missing.
 * @throws DiagnosticError `supply/dependency-version`, `supply/dependency-depth`, and what loading them throws
 * Source: Helm 4.3.1 pkg/downloader/manager.go
 */
export async function withFileDependencies(host: Host, chart: Chart, path: string, depth = 0): Promise<Chart> {
  const missing = new Set(missingDependencies(chart))
  const wanted = (chart.metadata.dependencies ?? []).filter((dependency) => missing.has(dependency.name) && dependency.repository?.startsWith(FILE_URL))
  if (wanted.length === 0) return chart
  if (depth >= MAX_DEPTH) throw failure('supply/dependency-depth', `file:// dependencies of chart ${chart.metadata.name} go deeper than ${MAX_DEPTH} charts`)
  const added = new Map<string, Chart>()
  for (const dependency of wanted) added.set(dependency.name, await loadDependency(host, chart, dependency, path, depth))
  return { ...chart, dependencies: [...chart.dependencies, ...added.values()] }
}

async function loadDependency(host: Host, parent: Chart, dependency: ChartDependency, path: string, depth: number): Promise<Chart> {
  const target = (dependency.repository ?? '').slice(FILE_URL.length)
  const folder = isAbsolute(target) ? target : resolve(path, target)
  const chart = await loadChart(host, folder)
  const { name, version } = chart.metadata
  if (dependency.version && !isCompatible(dependency.version, version)) {
    throw failure('supply/dependency-version', `dependency ${dependency.name} of chart ${parent.metadata.name} at ${dependency.repository}: version ${version} does not match ${dependency.version}`, {
      subject: `chart ${name}`,
    })
  }
  return withFileDependencies(host, chart, folder, depth + 1)
}
