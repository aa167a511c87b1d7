import { isAbsolute, resolve } from 'node:path'
import { failure } from '../base/diagnostic.ts'
import type { Chart, ChartDependency, ChartLock } from '../chart/chart.ts'
import { isCompatible } from '../chart/compatible-version.ts'
import { lockDigest, oldLockDigest } from './lock-digest.ts'

/** What bringing in dependencies needs; it decides where they come from. */
export interface DependencyLoader {
  /** A folder or archive here, without what it depends on. */
  readonly loadAt: (path: string) => Promise<Chart>
  /** A chart from elsewhere. @param version exact when it is locked, else a constraint */
  readonly loadRemote: (parent: Chart, dependency: ChartDependency, version: string) => Promise<Chart>
  /** The URL that `@name` or `alias:name` stands for; other URLs as they are. */
  readonly repositoryUrl: (url: string) => string
  readonly isFolder: (path: string) => boolean
}

const FILE_URL = 'file://'

/**
 * `chart` with its dependencies brought in as `helm dependency build` would put them into charts/, in memory only: folders are
 * taken as they are now, what lies in charts/ and fits Chart.yaml is kept, the rest comes from its repository, in the version that
 * Chart.lock names.
 *
 * @throws DiagnosticError `supply/lock-out-of-sync`, `supply/dependency-version`, `supply/dependency-cycle`, and what loading throws
 * Source: Helm 4.3.1 pkg/downloader/manager.go (Build)
 */
export async function withDependencies(chart: Chart, loader: DependencyLoader, parents: readonly string[] = []): Promise<Chart> {
  const declared = chart.metadata.dependencies ?? []
  if (declared.every((dependency) => isVendored(chart, dependency))) return chart
  const wanted = wantedDependencies(chart, loader)
  const path = [...parents, chart.origin]
  const found = await Promise.all(wanted.map((dependency) => loadDependency(chart, dependency, loader, path)))
  const added = unique(found.filter((dependency) => dependency !== undefined))
  if (added.length === 0) return chart
  const replaced = new Set(added.map(({ metadata }) => metadata.name))
  const declaredNames = new Set(declared.map(({ name }) => name))
  const kept = chart.dependencies.filter((present) => !(replaced.has(present.metadata.name) && isOutdated(present, declaredNames, found, wanted)))
  return { ...chart, dependencies: [...kept, ...added] }
}

/** True when what lies in charts/ is what Chart.yaml asks for: then nobody is asked, whatever Chart.lock once resolved it to. */
function isVendored({ metadata, dependencies }: Chart, { name, repository = '' }: ChartDependency): boolean {
  if (repository.startsWith(FILE_URL)) return false
  const constraints = (metadata.dependencies ?? []).filter((declared) => declared.name === name).map(({ version = '' }) => version)
  return dependencies.some((present) => present.metadata.name === name && constraints.some((range) => isCompatible(range, present.metadata.version)))
}

/** A present chart goes when all declarations of its name were answered from elsewhere. */
function isOutdated(
  { metadata }: Chart,
  declared: ReadonlySet<string>,
  found: readonly (Chart | undefined)[],
  wanted: readonly ChartDependency[],
): boolean {
  return declared.has(metadata.name) && wanted.every(({ name }, i) => name !== metadata.name || found[i] !== undefined)
}

function unique(charts: readonly Chart[]): readonly Chart[] {
  const seen = new Map(charts.map((chart) => [`${chart.metadata.name} ${chart.metadata.version}`, chart]))
  return [...seen.values()]
}

/** The declared dependencies, with exact versions where a lock gives them. */
function wantedDependencies(chart: Chart, loader: DependencyLoader): readonly ChartDependency[] {
  const declared = chart.metadata.dependencies ?? []
  if (!chart.lock) return declared
  const { lock } = chart
  checkLock(chart, lock, loader)
  return declared.map((dependency, i) => {
    const inPlace = lock.dependencies[i]?.name === dependency.name ? lock.dependencies[i] : undefined
    const locked = inPlace ?? lock.dependencies.find(({ name }) => name === dependency.name)
    return locked?.version ? { ...dependency, version: locked.version } : dependency
  })
}

function checkLock({ metadata }: Chart, lock: ChartLock, { repositoryUrl }: DependencyLoader): void {
  const declared = metadata.dependencies
  const resolved = declared?.map((dependency) => ({ ...dependency, repository: repositoryUrl(dependency.repository ?? '') }))
  if (lockDigest(resolved, lock.dependencies) === lock.digest) return
  const isOld = metadata.apiVersion === 'v1'
  if (isOld && oldLockDigest(declared) === lock.digest) return
  const summary = isOld
    ? 'the lock file (requirements.lock) is out of sync with the dependencies file (requirements.yaml). Please update the dependencies'
    : "the lock file (Chart.lock) is out of sync with the dependencies file (Chart.yaml). Please update the dependencies with 'helm dependency update'"
  throw failure('supply/lock-out-of-sync', summary, { subject: `chart ${metadata.name}` })
}

/** The chart that takes the place of what lies in charts/; undefined where that is what is wanted. */
async function loadDependency(
  parent: Chart,
  dependency: ChartDependency,
  loader: DependencyLoader,
  parents: readonly string[],
): Promise<Chart | undefined> {
  const { repository = '', version = '' } = dependency
  if (repository.startsWith(FILE_URL)) return loadFolder(parent, dependency, loader, parents)
  // Without a repository a dependency lies in charts/ or nowhere; rendering says so.
  if (isVendored(parent, dependency) || repository === '') return undefined
  return loader.loadRemote(parent, dependency, version)
}

async function loadFolder(
  parent: Chart,
  dependency: ChartDependency,
  loader: DependencyLoader,
  parents: readonly string[],
): Promise<Chart | undefined> {
  const target = (dependency.repository ?? '').slice(FILE_URL.length)
  const folder = isAbsolute(target) ? target : resolve(parent.origin, target)
  const subject = `chart ${parent.metadata.name}`
  if (parents.includes(folder))
    throw failure('supply/dependency-cycle', `charts depend on one another: ${[...parents, folder].join(' -> ')}`, { subject })
  // An archive carries its dependencies with it, and the folders it was made from may be gone.
  if (!loader.isFolder(folder) && parent.dependencies.some(({ metadata }) => metadata.name === dependency.name)) return undefined
  const chart = await loader.loadAt(folder)
  const { version } = chart.metadata
  if (dependency.version && !isCompatible(dependency.version, version)) {
    throw failure(
      'supply/dependency-version',
      `dependency ${dependency.name} at ${dependency.repository} has version ${version}, which does not match ${dependency.version}`,
      { subject },
    )
  }
  return withDependencies(chart, loader, parents)
}
