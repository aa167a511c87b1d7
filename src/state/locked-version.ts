import type { Host } from '../base/host.ts'
import { type LockedVersion, lockableName, lockedVersionOf, readHelmfileLock } from '../supply/helmfile-lock.ts'
import { looksLocal } from '../supply/local-chart.ts'
import type { ReleaseSpec } from './spec.ts'
import type { ChartSources, Repository } from './state.ts'

/**
 * Gives the version that Helmfile's lock file has for a release's chart, and the release's own where there is no lock, or where its
 * chart is of no declared repository. The lock is read when the first release asks.
 * @throws (later) DiagnosticError `supply/bad-lock`, `supply/not-locked`
 * Source: Helmfile 1.8 pkg/state/chart_dependency.go (resolveDependencies)
 */
export function versionLocker(
  host: Host,
  { lockFile, repositories }: Pick<ChartSources, 'lockFile' | 'repositories'>,
): (release: ReleaseSpec) => string | undefined {
  let known: { readonly versions: readonly LockedVersion[] | undefined } | undefined
  return (release) => {
    const owner = ownerOf(repositories, release.chart ?? '')
    if (!owner) return release.version
    known ??= { versions: readHelmfileLock(host, lockFile) }
    if (!known.versions) return release.version
    const name = lockableName(owner.repository, owner.name).name
    return lockedVersionOf(known.versions, name, release.version ?? '')
  }
}

/** The declared repository that `repo/chart` names, and the chart's name in it; undefined for anything else. Source: Helmfile 1.8 pkg/state/util.go (resolveRemoteChart) */
export function ownerOf<T extends Pick<Repository, 'name'>>(
  repositories: readonly T[],
  chart: string,
): { readonly repository: T; readonly name: string } | undefined {
  if (looksLocal(chart) || chart.includes('://')) return undefined
  const slash = chart.indexOf('/')
  const repository = repositories.find(({ name }) => name === chart.slice(0, slash))
  return repository && { repository, name: chart.slice(slash + 1) }
}
