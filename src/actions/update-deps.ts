import { DiagnosticError } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import { mapLimited } from '../base/pool.ts'
import { withoutUndefined } from '../base/without-undefined.ts'
import { visitState } from '../state/load-state.ts'
import { ownerOf } from '../state/locked-version.ts'
import { fetchRemoteEntries } from '../state/remote-entries.ts'
import type { StateRequest } from '../state/request.ts'
import type { ChartSources, Release, StateFile } from '../state/state.ts'
import { type ChartSupply, openSupply } from '../supply/chart-supply.ts'
import { helmfileLockText, type LockableChart, type LockedVersion, lockableName, readHelmfileLock } from '../supply/helmfile-lock.ts'
import { type PinnedSource, pinKey, pinsText, readPins } from '../supply/pins.ts'
import { FETCHES_AT_ONCE, type LockedScope, lockedScopes, orderOf, type ReleaseChartOptions } from './release-charts.ts'
import { whileDoing } from './while-doing.ts'

export interface UpdateDepsOptions extends Omit<ReleaseChartOptions, 'skipDeps' | 'locked' | 'skipRefresh'> {
  /** Releases at once; 0 or absent: a few. */
  readonly concurrency?: number
}

/** What became of the locks of one state file. */
export interface UpdatedLock {
  readonly stateFile: string
  /** Absolute paths of the lock files; empty when nothing had to be locked. */
  readonly written: readonly string[]
  readonly charts: readonly PinnedSource[]
}

/**
 * Fetches the charts that the selected releases want now, whatever the locks say, and writes down what they are: Helmfile's lock
 * file with versions, Flotilla's beside it with digests, commits and subcharts. Entries of releases that are not selected stay.
 *
 * @throws DiagnosticError `supply/…` of the first chart that cannot be had; then nothing is written for its file
 * Source: Helmfile 1.8 pkg/state/chart_dependency.go
 */
export async function updateDeps(host: Host, request: StateRequest, options: UpdateDepsOptions = {}): Promise<readonly UpdatedLock[]> {
  const { warn, policy, servers, signal, ociPlainHttp = false } = options
  const supply = openSupply(host, withoutUndefined({ warn, policy, servers, signal }))
  const scopes = lockedScopes(host, { ignoreLocks: true, ociPlainHttp })
  const updated: UpdatedLock[] = []
  const work: Work = { host, supply, options, locks: new Map() }
  try {
    await visitState(host, { ...request, selection: 'planned', ignoreLocks: true }, async (file) => {
      updated.push(await updateFile(work, file, scopes))
    })
  } finally {
    supply.close()
  }
  return updated
}

interface Work {
  readonly host: Host
  readonly supply: ChartSupply
  readonly options: UpdateDepsOptions
  /** What this run has put into each lock: files from elsewhere share that of the file that names them. */
  readonly locks: Map<string, OpenLock>
}

interface OpenLock {
  /** What was there when the run began. */
  readonly before: readonly PinnedSource[]
  readonly pins: PinnedSource[]
  /** Whether releases were left out, so that what was there stays. */
  isPartial: boolean
}

/** Releases whose charts are needed: those to be removed need none. */
function fetchable(releases: readonly Release[]): readonly Release[] {
  return releases.filter(({ installed }) => installed)
}

async function updateFile(work: Work, file: StateFile, scopes: (sources: Release['sources']) => LockedScope): Promise<UpdatedLock> {
  const releases = fetchable(file.selected)
  const isPartial = releases.length < fetchable(file.releases).length
  await Promise.all(releases.map((release) => fetchRemoteEntries(file, release)))
  const remote = file.remote.pins()
  const ofCharts = releases[0]?.sources ? await lockCharts(work, { sources: releases[0].sources, releases, isPartial }, scopes) : undefined
  const written = [writePins(work, file.pinsFile, remote, isPartial), ...(ofCharts?.written ?? [])].filter((path) => path !== undefined)
  return { stateFile: file.name, written: [...new Set(written)], charts: [...(ofCharts?.charts ?? []), ...remote] }
}

interface Lockable {
  readonly sources: ChartSources
  readonly releases: readonly Release[]
  readonly isPartial: boolean
}

async function lockCharts(
  work: Work,
  { sources, releases, isPartial }: Lockable,
  scopes: (sources: Release['sources']) => LockedScope,
): Promise<{ readonly written: readonly (string | undefined)[]; readonly charts: readonly PinnedSource[] }> {
  const { host, supply, options } = work
  const locked = scopes(sources)
  const fetched = await mapLimited(releases, options.concurrency || FETCHES_AT_ONCE, async (release) => {
    try {
      return { release, chart: await supply.chart(locked.scope, orderOf(release, locked)) }
    } catch (error) {
      throw whileDoing('fetching the chart of', release, error)
    }
  })
  const charts = await supply.pinsOf(locked.scope)
  const versions = new Map(fetched.map(({ release, chart }) => [release, chart.metadata.version]))
  const pins = writePins(work, sources.pinsFiles[0], charts, isPartial)
  // Beside a state file from elsewhere nothing is written; the versions of its charts stand in the other lock.
  const isFetched = sources.lockFile.startsWith(`${supply.line.cache.folder}/`)
  return { charts, written: [pins, isFetched ? undefined : writeVersions(host, { lockFile: sources.lockFile, locked, versions, isPartial })] }
}

function writePins({ host, supply, locks }: Work, path: string | undefined, pins: readonly PinnedSource[], isPartial: boolean): string | undefined {
  if (path === undefined || path.startsWith(`${supply.line.cache.folder}/`)) return undefined
  const lock = locks.get(path) ?? { before: pinsBefore(host, path, isPartial), pins: [], isPartial: false }
  locks.set(path, lock)
  lock.pins.push(...pins)
  lock.isPartial ||= isPartial
  const merged = new Map([...(lock.isPartial ? lock.before : []), ...lock.pins].map((pinned) => [pinKey(pinned.source, pinned.wanted), pinned]))
  if (merged.size === 0 && host.fs.stat(path) === undefined) return undefined
  return writeChanged(host, path, pinsText([...merged.values()]))
}

/** A damaged lock is replaced, unless a part of it has to stay. */
function pinsBefore(host: Host, path: string, isPartial: boolean): readonly PinnedSource[] {
  try {
    return readPins(host, path) ?? []
  } catch (error) {
    if (isPartial || !(error instanceof DiagnosticError)) throw error
    return []
  }
}

interface Versions {
  readonly lockFile: string
  readonly locked: LockedScope
  readonly versions: ReadonlyMap<Release, string>
  readonly isPartial: boolean
}

function writeVersions(host: Host, { lockFile, locked, versions, isPartial }: Versions): string | undefined {
  const entries = [...versions].flatMap(([release, version]): (LockableChart & LockedVersion)[] => {
    const owner = ownerOf(locked.scope.repositories, release.chart)
    if (!owner || release.chartPath !== undefined) return []
    const { name, repository } = lockableName(owner.repository, owner.name)
    return [{ name, repository, version, constraint: release.version || '*', alias: `${release.namespace}-${release.name}` }]
  })
  if (entries.length === 0) return undefined
  const before = host.fs.stat(lockFile)?.kind === 'file' ? host.fs.readText(lockFile) : undefined
  const kept = isPartial ? (readHelmfileLock(host, lockFile) ?? []) : []
  const text = helmfileLockText(entries, [...kept, ...entries], { now: host.now(), ...(before === undefined ? {} : { before }) })
  return writeChanged(host, lockFile, text)
}

/** Writing what is there already would only change its date. */
function writeChanged(host: Host, path: string, text: string): string {
  const isSame = host.fs.stat(path)?.kind === 'file' && host.fs.readText(path) === text
  if (!isSame) host.fs.writeFile(path, text)
  return path
}
