import { relative } from 'node:path'
import type { Diagnostic } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import type { Chart } from '../chart/chart.ts'
import { ownerOf } from '../state/locked-version.ts'
import type { ChartSources, Release, Repository, StateFile } from '../state/state.ts'
import type { ChartPolicy } from '../supply/chart-policy.ts'
import type { RepositorySettings } from '../supply/chart-source.ts'
import { type ChartOrder, openSupply, type SupplyScope } from '../supply/chart-supply.ts'
import { constraintOf } from '../supply/choose-version.ts'
import { lockableName, lockedVersionOf, readHelmfileLock } from '../supply/helmfile-lock.ts'
import { readPins } from '../supply/pins.ts'
import type { ServerSettings } from '../supply/server-settings.ts'

export interface ReleaseChartOptions {
  /** Take charts as they lie, without bringing in what they depend on. */
  readonly skipDeps?: boolean
  /** Refuse charts that the lock files do not name. */
  readonly locked?: boolean
  /** Take what was fetched before; ask no server. */
  readonly skipRefresh?: boolean
  /** Speak plain HTTP with every OCI registry. */
  readonly ociPlainHttp?: boolean
  readonly policy?: ChartPolicy
  /** How servers are reached. */
  readonly servers?: ServerSettings
  /** Ends what is being fetched. */
  readonly signal?: AbortSignal
  readonly warn?: (diagnostic: Diagnostic) => void
}

/** What of a release says which chart it has. */
export type ChartUser = Pick<Release, 'chart' | 'chartPath' | 'at' | 'options'> & Partial<Pick<Release, 'version' | 'sources' | 'spec'>>

/** Gives the chart of a release; each chart is loaded once per run, and the same Chart is given again. */
export type ChartOf = (release: ChartUser) => Promise<Chart>

/**
 * Charts of the releases of one run, from wherever they come, in the versions that the lock files name.
 * @throws (later) DiagnosticError `supply/…` when a chart cannot be fetched or is not what a lock says, and what loading throws
 */
export function releaseCharts(host: Host, options: ReleaseChartOptions = {}): ChartOf {
  const { skipRefresh = false, ociPlainHttp = false, ...rest } = options
  const supply = openSupply(host, { ...rest, offline: skipRefresh })
  const scopes = lockedScopes(host, { ociPlainHttp })
  return async (release) => {
    const locked = scopes(release.sources)
    return supply.chart(locked.scope, orderOf(release, locked))
  }
}

/** As people name the chart of a release: its path from the state file's folder, or its reference. */
export function shownChart({ chart, chartPath }: Release, { baseDir }: StateFile): string {
  return chartPath === undefined ? chart : relative(baseDir, chartPath) || '.'
}

/** Where nobody says how many. */
export const FETCHES_AT_ONCE = 8

/**
 * Begins to fetch the charts of `releases` from elsewhere, some at once, before they are asked for one by one. What goes wrong is told
 * to whoever asks for the chart.
 */
export function beginFetching(chartOf: ChartOf, releases: readonly ChartUser[]): void {
  const waiting = releases.filter(({ chart, chartPath }) => chartPath === undefined && chart !== '')
  const next = async (): Promise<void> => {
    for (let release = waiting.shift(); release; release = waiting.shift()) await Promise.allSettled([chartOf(release)])
  }
  for (let i = 0; i < FETCHES_AT_ONCE; i++) void next()
}

/** What a file's charts are seen from, with Helmfile's lock. */
export interface LockedScope {
  readonly scope: SupplyScope
  /** Gives the version Helmfile's lock has for a chart of a declared repository; undefined without a lock. */
  readonly versionOf: (chart: string, constraint: string) => string | undefined
  /** Speak plain HTTP with every OCI registry. */
  readonly plainHttp: boolean
}

interface ScopeOptions {
  readonly ignoreLocks?: boolean
  readonly ociPlainHttp?: boolean
}

/** The scopes of a run, each made once: locks are read when the first chart of a file is asked for. */
export function lockedScopes(host: Host, options: ScopeOptions = {}): (sources: ChartSources | undefined) => LockedScope {
  const known = new Map<ChartSources | undefined, LockedScope>()
  return (sources) => {
    const scope = known.get(sources) ?? lockedScope(host, sources, options)
    known.set(sources, scope)
    return scope
  }
}

function lockedScope(
  host: Host,
  sources: ChartSources | undefined,
  { ignoreLocks = false, ociPlainHttp: plainHttp = false }: ScopeOptions,
): LockedScope {
  if (!sources) return { scope: { repositories: [], baseDir: host.cwd, pins: [] }, versionOf: () => undefined, plainHttp }
  const { baseDir, lockFile, pinsFiles } = sources
  const repositories = sources.repositories.map(settingsOf)
  const pins = ignoreLocks ? [] : pinsFiles.flatMap((path) => readPins(host, path) ?? [])
  const locked = ignoreLocks ? undefined : readHelmfileLock(host, lockFile)
  return {
    scope: { repositories, baseDir, pins },
    plainHttp,
    versionOf: (chart, constraint) => {
      const owner = locked && ownerOf(repositories, chart)
      return owner && lockedVersionOf(locked, lockableName(owner.repository, owner.name).name, constraint)
    },
  }
}

/** What a release asks for. */
export function orderOf(release: ChartUser, { versionOf, plainHttp }: Pick<LockedScope, 'versionOf' | 'plainHttp'>): ChartOrder {
  const { chart, chartPath, at, version = '', spec = {}, options } = release
  const defaults = release.sources?.helmDefaults ?? {}
  const devel = spec.devel ?? defaults.devel ?? false
  const isLocal = chartPath !== undefined
  const locked = isLocal ? undefined : versionOf(chart, version)
  return {
    chart,
    path: chartPath,
    version: locked ?? version,
    devel,
    ...(locked === undefined ? {} : { wanted: constraintOf({ version, devel }) }),
    skipDeps: options.skipDeps,
    keyring: keyringOf(release),
    plainHttp: plainHttp || (spec.plainHttp ?? defaults.plainHttp),
    skipTlsVerify: spec.insecureSkipTLSVerify ?? defaults.insecureSkipTLSVerify,
    at,
  }
}

/** The keyring of a chart that must be signed; undefined for others. Source: Helmfile 1.8 pkg/state/state.go (appendVerifyFlags, appendKeyringFlags) */
function keyringOf({ chart, spec = {}, sources }: ChartUser): string | undefined {
  const owner = sources?.repositories.find(({ name }) => chart.startsWith(`${name}/`))
  const defaults = sources?.helmDefaults ?? {}
  const isWanted = spec.verify ?? (owner?.['verify'] === true || (defaults.verify ?? false))
  const ofRepository = typeof owner?.['keyring'] === 'string' ? owner['keyring'] : ''
  return isWanted ? spec.keyring || ofRepository || defaults.keyring || '' : undefined
}

function settingsOf(repository: Repository): RepositorySettings {
  const { name, url, oci, username, password } = repository
  const text = (field: string): object => (typeof repository[field] === 'string' && repository[field] !== '' ? { [field]: repository[field] } : {})
  const flag = (field: string, as: string): object => (repository[field] === true ? { [as]: true } : {})
  return {
    name,
    url,
    oci,
    ...(username ? { username } : {}),
    ...(password ? { password } : {}),
    ...text('caFile'),
    ...text('certFile'),
    ...text('keyFile'),
    ...text('managed'),
    ...flag('passCredentials', 'passCredentials'),
    ...flag('skipTLSVerify', 'skipTlsVerify'),
    ...flag('plainHttp', 'plainHttp'),
  }
}
