import { basename, resolve } from 'node:path'
import type { Diagnostic } from '../base/diagnostic.ts'
import { failure } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import type { Span } from '../base/source.ts'
import type { Chart } from '../chart/chart.ts'
import { loadChart } from '../chart/load-chart.ts'
import { openCache } from './cache.ts'
import { cacheLimit } from './cache-space.ts'
import { withDependencies } from './chart-dependencies.ts'
import { type ChartPolicy, checkSource } from './chart-policy.ts'
import { type ChartSource, chartSource, dependencySource, type RepositorySettings, type SourceContext, sourceName } from './chart-source.ts'
import { constraintOf, type VersionWish } from './choose-version.ts'
import { digestOf } from './digest.ts'
import { type FetcherOptions, makeFetcher } from './fetcher.ts'
import { helmRepositories } from './helm-repositories.ts'
import { defaultKeyring, readKeyring } from './keyring.ts'
import { findLocalChart, requireLocalChart } from './local-chart.ts'
import { type ObtainedChart, obtainCharts, type Pin } from './obtain-chart.ts'
import { type PinnedSource, pinKey } from './pins.ts'
import type { SupplyLine } from './remote-content.ts'
import { type ServerSettings, serverDetails } from './server-settings.ts'
import { verifyProvenance } from './verify-provenance.ts'

/*
 * Brings charts here. In: a chart as a release names it, the repositories that are known, what a lock says. Out: a Chart in
 * memory with its dependencies. What must stay true: nothing is written outside the cache; each archive and index is fetched
 * once per run; what a lock names is what is used, byte by byte; no secret leaves for anywhere but the server it is for.
 */

/** Settings of a run. */
export interface SupplyOptions extends FetcherOptions {
  /** Take charts as they lie, without bringing in what they depend on. */
  readonly skipDeps?: boolean
  /** Take what is in the cache; ask no server. */
  readonly offline?: boolean
  /** Refuse whatever a lock does not name. */
  readonly locked?: boolean
  readonly policy?: ChartPolicy
  readonly servers?: ServerSettings
  readonly warn?: (diagnostic: Diagnostic) => void
}

/** What charts of one state file are seen from. */
export interface SupplyScope {
  readonly repositories: readonly RepositorySettings[]
  readonly baseDir: string
  /** What a lock says; empty without one. */
  readonly pins: readonly PinnedSource[]
}

/** A chart as a release asks for it. */
export interface ChartOrder extends VersionWish {
  readonly chart: string
  /** Where it lies, when that is known already. */
  readonly path?: string | undefined
  /** What the lock was asked, when that is not `version`. */
  readonly wanted?: string | undefined
  readonly skipDeps?: boolean | undefined
  /** The chart must be signed by somebody of this keyring; of the machine's own when it is empty. */
  readonly keyring?: string | undefined
  readonly plainHttp?: boolean | undefined
  readonly skipTlsVerify?: boolean | undefined
  readonly at?: Span | undefined
}

/** Charts of one run. */
export interface ChartSupply {
  /** @throws DiagnosticError `supply/…`, `chart/…` */
  chart(scope: SupplyScope, order: ChartOrder): Promise<Chart>
  /** The archive or folder itself, for charts from elsewhere; undefined for what lies on this machine. */
  obtain(scope: SupplyScope, order: ChartOrder): Promise<ObtainedChart | undefined>
  /** Everything fetched for `scope` so far. */
  pinsOf(scope: SupplyScope): Promise<readonly PinnedSource[]>
  /** For fetching other things than charts. */
  readonly line: SupplyLine
  close(): void
}

/** A supply for one run; connections close with it. */
export function openSupply(host: Host, options: SupplyOptions = {}): ChartSupply {
  const line: SupplyLine = {
    host,
    cache: openCache(host, { limit: cacheLimit(host, options.servers?.cacheMegabytes) }),
    fetcher: makeFetcher(host, options),
    offline: options.offline ?? false,
    fetched: new Map(),
    ...serverDetails(host, options.servers),
  }
  const run: Run = { host, options, line, obtain: obtainCharts(line), load: chartLoader(host, options), taken: new Map(), known: undefined }
  return {
    line,
    chart: (scope, order) => loadOrder(run, scope, order),
    obtain: async (scope, order) => (isLocal(host, scope, order) ? undefined : (await obtainOrder(run, scope, order)).obtained),
    pinsOf: (scope) => Promise.all(run.taken.get(scope)?.values() ?? []),
    close: () => line.fetcher.close(),
  }
}

interface Run {
  readonly host: Host
  readonly line: SupplyLine
  readonly options: SupplyOptions
  readonly obtain: ReturnType<typeof obtainCharts>
  readonly load: (path: string, links: 'follow' | 'inside') => Promise<Chart>
  /** What was fetched for a scope, by pin key. */
  readonly taken: Map<SupplyScope, Map<string, Promise<PinnedSource>>>
  known: readonly RepositorySettings[] | undefined
}

function chartLoader(host: Host, { warn }: SupplyOptions): Run['load'] {
  const known = new Map<string, Promise<Chart>>()
  return (path, links) => {
    const pending = known.get(path) ?? loadChart(host, path, { links, ...(warn ? { onWarning: warn } : {}) })
    known.set(path, pending)
    return pending
  }
}

function isLocal({ fs }: Host, { baseDir }: SupplyScope, { chart, path }: ChartOrder): boolean {
  return path !== undefined || chart === '' || findLocalChart(fs, { chart, baseDir }) !== undefined
}

async function loadOrder(run: Run, scope: SupplyScope, order: ChartOrder): Promise<Chart> {
  const skipDeps = run.options.skipDeps || order.skipDeps
  if (isLocal(run.host, scope, order)) {
    const path = requireLocalChart(run.host, { chart: order.chart, path: order.path, baseDir: scope.baseDir, at: order.at })
    if (order.keyring !== undefined) await verifyLocal(run, scope, order, path)
    const chart = await run.load(path, 'follow')
    return skipDeps || run.host.fs.stat(path)?.kind !== 'directory' ? chart : complete(run, scope, order, { chart })
  }
  const taken = await obtainOrder(run, scope, order)
  const { chart, obtained } = taken
  if (order.keyring !== undefined) await verifyObtained(run, scope, order, taken)
  return skipDeps || obtained.kind === 'archive' ? chart : complete(run, scope, order, { chart, root: obtained.root })
}

async function verifyLocal(run: Run, scope: SupplyScope, { keyring = '', at }: ChartOrder, path: string): Promise<void> {
  const { fs } = run.host
  const provenance = fs.stat(path)?.kind === 'file' && fs.stat(`${path}.prov`) ? fs.readFile(`${path}.prov`) : undefined
  await verify(run.host, keysOf(run, scope, keyring), { fileName: basename(path), path, provenance, at })
}

/** What a lock names does not change: the provenance file that these keys were once found to have signed is checked again as it was. */
async function verifyObtained(run: Run, scope: SupplyScope, order: ChartOrder, { chart, obtained, isLocked }: Taken): Promise<void> {
  const { host, line } = run
  const { name, version } = chart.metadata
  const keys = keysOf(run, scope, order.keyring ?? '')
  const known = `${obtained.pin.digest ?? ''} ${digestOf(keys)}`
  const remembered = isLocked || run.options.offline ? knownProvenance(line, known) : undefined
  const provenance = remembered ?? (await obtained.provenance?.())
  await verify(host, keys, { fileName: `${name}-${version}.tgz`, path: obtained.path, provenance, at: order.at })
  if (remembered === undefined && provenance && obtained.pin.digest !== undefined)
    line.cache.learn('provenance', known, { digest: line.cache.store(provenance, `${name}-${version}.tgz.prov`).digest })
}

function knownProvenance({ cache, host }: SupplyLine, key: string): Uint8Array | undefined {
  const { digest } = (cache.fact('provenance', key) ?? {}) as { readonly digest?: unknown }
  const path = typeof digest === 'string' ? cache.find(digest) : undefined
  return path === undefined ? undefined : host.fs.readFile(path)
}

function keysOf({ host }: Run, { baseDir }: SupplyScope, keyring: string): Uint8Array {
  return readKeyring(host, keyring === '' ? defaultKeyring(host) : resolve(baseDir, keyring))
}

interface Unverified {
  readonly fileName: string
  readonly path: string
  readonly provenance: Uint8Array | undefined
  readonly at: Span | undefined
}

async function verify({ fs }: Host, keys: Uint8Array, { fileName, path, provenance, at }: Unverified): Promise<void> {
  if (provenance === undefined) {
    throw failure('supply/not-signed', `${fileName} must be signed (verify), and has no provenance file`, {
      ...(at ? { at } : {}),
      hint: 'name a signed archive, or do without verify',
    })
  }
  await verifyProvenance({ fileName, archive: fs.readFile(path), provenance, keys })
}

interface Taken {
  readonly chart: Chart
  readonly obtained: ObtainedChart
  /** Whether a lock says what it is. */
  readonly isLocked: boolean
}

function contextOf(run: Run, scope: SupplyScope, order: ChartOrder): SourceContext {
  run.known ??= helmRepositories(run.host)
  const { plainHttp, skipTlsVerify, at } = order
  return {
    host: run.host,
    repositories: [...scope.repositories, ...run.known],
    baseDir: scope.baseDir,
    at,
    ...(plainHttp ? { plainHttp } : {}),
    ...(skipTlsVerify ? { skipTlsVerify } : {}),
  }
}

function obtainOrder(run: Run, scope: SupplyScope, order: ChartOrder): Promise<Taken> {
  const source = chartSource(contextOf(run, scope, order), order.chart)
  return take(run, scope, source, order)
}

/** What sources without versions are asked for under. */
function wantedOf(source: ChartSource, { version, devel }: VersionWish): string {
  return source.kind === 'repository' || source.kind === 'oci' ? constraintOf({ version, devel }) : ''
}

async function take(run: Run, scope: SupplyScope, source: ChartSource, order: ChartOrder): Promise<Taken> {
  const wanted = order.wanted ?? wantedOf(source, order)
  const name = sourceName(source)
  const { policy = {} } = run.options
  checkSource(policy, name)
  const pin = pinFor(run, scope, { name, wanted, order })
  const obtained = await run.obtain(source, order, pin)
  const chart = await run.load(obtained.path, 'inside')
  if (policy.keyring !== undefined)
    await verifyObtained(run, scope, { ...order, keyring: policy.keyring }, { chart, obtained, isLocked: pin !== undefined })
  const taken = run.taken.get(scope) ?? new Map<string, Promise<PinnedSource>>()
  run.taken.set(scope, taken)
  const version = obtained.kind === 'archive' ? { version: chart.metadata.version } : {}
  taken.set(pinKey(name, wanted), Promise.resolve({ source: name, wanted, pin: { ...obtained.pin, ...version }, subcharts: subchartsOf(chart) }))
  return { chart, obtained, isLocked: pin !== undefined }
}

function subchartsOf(chart: Chart, path = ''): readonly string[] {
  return chart.dependencies.flatMap((subchart) => {
    const name = `${path}${subchart.metadata.name}`
    return [`${name} ${subchart.metadata.version}`, ...subchartsOf(subchart, `${name}/`)]
  })
}

interface Asked {
  readonly name: string
  readonly wanted: string
  readonly order: ChartOrder
}

function pinFor(run: Run, scope: SupplyScope, { name, wanted, order }: Asked): Pin | undefined {
  const ofSource = scope.pins.filter(({ source }) => source === name)
  // Helmfile's lock may have said already which version a constraint stands for; that one is locked too.
  const pinned =
    ofSource.find((candidate) => candidate.wanted === wanted) ?? ofSource.find(({ pin: { version } }) => version && version === order.version)
  const pin = pinned?.pin
  // Helmfile's lock may be newer than ours: then it names another version.
  const isOverruled = pin?.version !== undefined && order.wanted !== undefined && order.version !== undefined && pin.version !== order.version
  if (pin !== undefined && !isOverruled) return pin
  if (!run.options.locked) return undefined
  const what = wanted === '' || wanted === '*' ? name : `${name} ${wanted}`
  const summary = isOverruled ? `the lock files disagree on ${what}: ${pin?.version} and ${order.version}` : `${what} is not locked`
  throw failure('supply/not-locked', summary, {
    ...(order.at ? { at: order.at } : {}),
    hint: 'run "flotilla deps", look at what changed, and keep the lock files with the state file',
  })
}

interface FolderChart {
  readonly chart: Chart
  /** The fetched tree that it may not leave; undefined for folders of this machine. */
  readonly root?: string | undefined
}

/** A folder's chart with what it depends on. */
function complete(run: Run, scope: SupplyScope, order: ChartOrder, { chart, root }: FolderChart): Promise<Chart> {
  const context = contextOf(run, scope, order)
  return withDependencies(chart, {
    loadAt: (path) => run.load(inside(run.host, path, root), root === undefined ? 'follow' : 'inside'),
    isFolder: (path) => run.host.fs.stat(path)?.kind === 'directory',
    repositoryUrl: (url) => {
      const alias = /^(?:@|alias:)(.*)$/.exec(url)?.[1]
      return alias === undefined ? url : (context.repositories.find(({ name }) => name === alias)?.url ?? url)
    },
    loadRemote: async (parent, dependency, version) => {
      const source = dependencySource(context, dependency.name, dependency.repository ?? '')
      const { at, plainHttp, skipTlsVerify } = order
      const taken = await take(run, scope, source, { chart: `${parent.metadata.name}/${dependency.name}`, version, at, plainHttp, skipTlsVerify })
      return taken.chart
    },
  })
}

function inside({ fs }: Host, path: string, root: string | undefined): string {
  if (root === undefined || !fs.stat(path) || fs.realPath(path).startsWith(`${fs.realPath(root)}/`)) return path
  throw failure('supply/outside', `a fetched chart depends on ${path}, which lies outside of what was fetched`, { hint: 'do not use this chart' })
}
