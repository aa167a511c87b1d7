import { resolve } from 'node:path'
import type { Diagnostic } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import { withoutUndefined } from '../base/without-undefined.ts'
import type { Chart } from '../chart/chart.ts'
import type { ChartPolicy } from '../supply/chart-policy.ts'
import type { RepositorySettings } from '../supply/chart-source.ts'
import { type ChartOrder, type ChartSupply, openSupply, type SupplyScope } from '../supply/chart-supply.ts'
import { helmRepositories } from '../supply/helm-repositories.ts'
import type { ServerSettings } from '../supply/server-settings.ts'

/** How a chart is reached that a command line names. */
export interface ChartAccess {
  /** A version or range of versions; the newest where it is absent. */
  readonly version?: string
  /** Pre-releases count, too. */
  readonly devel?: boolean
  /** URL of the repository that the chart's name is looked up in. */
  readonly repo?: string
  readonly username?: string
  readonly password?: string
  /** User and password also go to where a repository says its charts are. */
  readonly passCredentials?: boolean
  readonly caFile?: string
  readonly certFile?: string
  readonly keyFile?: string
  readonly skipTlsVerify?: boolean
  readonly plainHttp?: boolean
  /** It must be signed by somebody of `keyring`. */
  readonly verify?: boolean
  /** The machine's own where it is absent. */
  readonly keyring?: string
  /** Bring in what the chart of a folder depends on. */
  readonly dependencyUpdate?: boolean
  /** What was fetched before is enough; no server is asked. */
  readonly skipRefresh?: boolean
  readonly policy?: ChartPolicy
  /** How servers are reached. */
  readonly servers?: ServerSettings
  readonly signal?: AbortSignal
  readonly warn?: (diagnostic: Diagnostic) => void
}

/** A chart asked for by name, and whom to ask. */
export interface NamedChart {
  readonly supply: ChartSupply
  readonly scope: SupplyScope
  readonly order: ChartOrder
}

/** The name under which a repository given on the command line is known while the command runs. */
const GIVEN = 'given'

function repositoriesOf(reference: string, access: ChartAccess): readonly RepositorySettings[] {
  const { repo, username, password, passCredentials, caFile, certFile, keyFile, skipTlsVerify, plainHttp } = access
  const url = repo ?? (reference.includes('://') ? reference.replace(/^(oci:.*?)(?::[^:/@]+)?(?:@[^/]+)?$/, '$1') : undefined)
  if (url === undefined) return []
  const more = withoutUndefined({
    ...{ username, password, caFile, certFile, keyFile },
    passCredentials: passCredentials || undefined,
    skipTlsVerify: skipTlsVerify || undefined,
    plainHttp: plainHttp || undefined,
  })
  // Without anything to add, what Helm's own list of repositories says of a server counts.
  return repo === undefined && Object.keys(more).length === 0 ? [] : [{ name: repo === undefined ? '' : GIVEN, url, ...more }]
}

/** Hands the chart that `reference` names (a folder, archive, URL, `oci://…` or `repository/name`) to `work`, and closes connections after. */
export async function withNamedChart<T>(host: Host, reference: string, access: ChartAccess, work: (named: NamedChart) => Promise<T>): Promise<T> {
  const { version = '', devel, repo, verify, keyring = '', plainHttp, skipTlsVerify, dependencyUpdate, policy, servers, signal, warn } = access
  const offline = access.skipRefresh ?? false
  const supply = openSupply(host, { offline, ...withoutUndefined({ policy, servers, signal, warn }) })
  const order: ChartOrder = {
    chart: repo === undefined ? reference : `${GIVEN}/${reference}`,
    version,
    devel: devel ?? false,
    skipDeps: !dependencyUpdate,
    keyring: verify ? keyring : undefined,
    plainHttp,
    skipTlsVerify,
  }
  try {
    return await work({ supply, order, scope: { repositories: repositoriesOf(reference, access), baseDir: host.cwd, pins: [] } })
  } finally {
    supply.close()
  }
}

/**
 * The chart that `reference` names.
 *
 * @throws DiagnosticError `supply/…`, `chart/…`
 */
export function namedChart(host: Host, reference: string, access: ChartAccess): Promise<Chart> {
  return withNamedChart(host, reference, access, ({ supply, scope, order }) => supply.chart(scope, order))
}

/**
 * Whether `reference` is to be looked for elsewhere than on this machine: a URL, a name with a repository, or one of a repository that
 * Helm knows.
 */
export function isElsewhere(host: Host, reference: string, { repo }: Pick<ChartAccess, 'repo'>): boolean {
  if (repo !== undefined || (reference.includes('://') && !reference.startsWith('file://'))) return true
  if (host.fs.stat(resolve(host.cwd, reference)) !== undefined) return false
  const owner = reference.slice(0, Math.max(0, reference.indexOf('/')))
  return owner !== '' && helmRepositories(host).some(({ name }) => name === owner)
}
