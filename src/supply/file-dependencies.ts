import { isAbsolute, resolve } from 'node:path'
import { failure } from '../base/diagnostic.ts'
import type { Chart, ChartDependency } from '../chart/chart.ts'
import { isCompatible } from '../chart/compatible-version.ts'
import { missingDependencies } from '../chart/process-dependencies.ts'

/** Loads the chart of an absolute folder or archive as it lies there. */
export type LoadAt = (path: string) => Promise<Chart>

const FILE_URL = 'file://'

/**
 * `chart` with those of its missing dependencies filled in that name a `file://` folder, as `helm dependency build` would put
 * them into charts/; paths are relative to the folder the chart was loaded from. Other missing dependencies stay missing.
 *
 * @param loadAt gives charts without their own file dependencies
 * @throws DiagnosticError `supply/dependency-version`, `supply/dependency-cycle`, and what loading them throws
 * Source: Helm 4.3.1 pkg/downloader/manager.go
 */
export async function withFileDependencies(chart: Chart, loadAt: LoadAt, parents: readonly string[] = []): Promise<Chart> {
  const missing = new Set(missingDependencies(chart))
  const wanted = (chart.metadata.dependencies ?? []).filter(({ name, repository = '' }) => missing.has(name) && repository.startsWith(FILE_URL))
  if (wanted.length === 0) return chart
  const path = [...parents, chart.origin]
  const added = new Map<string, Chart>()
  for (const dependency of wanted) added.set(dependency.name, await loadDependency(chart, dependency, loadAt, path))
  return { ...chart, dependencies: [...chart.dependencies, ...added.values()] }
}

async function loadDependency(parent: Chart, dependency: ChartDependency, loadAt: LoadAt, parents: readonly string[]): Promise<Chart> {
  const target = (dependency.repository ?? '').slice(FILE_URL.length)
  const folder = isAbsolute(target) ? target : resolve(parent.origin, target)
  const subject = `chart ${parent.metadata.name}`
  if (parents.includes(folder))
    throw failure('supply/dependency-cycle', `charts depend on one another: ${[...parents, folder].join(' -> ')}`, { subject })
  const chart = await loadAt(folder)
  const { version } = chart.metadata
  if (dependency.version && !isCompatible(dependency.version, version)) {
    throw failure(
      'supply/dependency-version',
      `dependency ${dependency.name} at ${dependency.repository} has version ${version}, which does not match ${dependency.version}`,
      { subject },
    )
  }
  return withFileDependencies(chart, loadAt, parents)
}
