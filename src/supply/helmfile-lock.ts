import { basename } from 'node:path'
import { failure } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import type { ChartDependency } from '../chart/chart.ts'
import { type Plain, toPlain } from '../go/plain.ts'
import { compareBytes, type GoValue } from '../go/values.ts'
import { decodeYaml } from '../yaml/decode.ts'
import { encodeYaml } from '../yaml/encode.ts'
import { chooseVersion } from './choose-version.ts'
import { lockDigest } from './lock-digest.ts'

/** One chart of Helmfile's lock file. */
export interface LockedVersion {
  readonly name: string
  readonly repository: string
  readonly version: string
}

/** A chart of a declared repository as Helmfile's lock file names it. */
export interface LockableChart {
  readonly name: string
  readonly repository: string
  /** `*` where nothing is asked for. */
  readonly constraint: string
  /** `namespace-release`. */
  readonly alias: string
}

/** Helmfile's own version stands in its lock files; this is the one whose format this is. */
const FORMAT_OF = '1.8.0'

/** The name of Helmfile's lock file beside a state file. Source: Helmfile 1.8 pkg/state/chart_dependency.go */
export function helmfileLockName(stateFile: string): string {
  const stem = basename(stateFile)
    .replace(/\.gotmpl$/, '')
    .replace(/\.yaml$/, '')
    .replace(/\.yml$/, '')
  return `${stem}.lock`
}

/**
 * How the lock file names chart `chart` of a declared repository: for registries the folders belong to the repository.
 * Source: Helmfile 1.8 pkg/state/chart_dependency.go (getUnresolvedDependenciess)
 */
export function lockableName(
  repository: { readonly url: string; readonly oci?: boolean },
  chart: string,
): { readonly name: string; readonly repository: string } {
  if (!repository.oci) return { name: chart, repository: repository.url }
  const slash = chart.lastIndexOf('/')
  const base = `oci://${repository.url}`
  return slash < 0
    ? { name: chart, repository: base }
    : { name: chart.slice(slash + 1), repository: `${base.replace(/\/$/, '')}/${chart.slice(0, slash)}` }
}

/** The charts of a lock file; undefined where there is none. @throws DiagnosticError `supply/bad-lock` */
export function readHelmfileLock(host: Host, path: string): readonly LockedVersion[] | undefined {
  if (host.fs.stat(path)?.kind !== 'file') return undefined
  let content: Plain
  try {
    content = toPlain(decodeYaml({ name: path, text: host.fs.readText(path) }, 'helmfile') as GoValue)
  } catch (cause) {
    throw failure('supply/bad-lock', `${path} cannot be read`, { cause, hint: 'remove it and run "flotilla deps"' })
  }
  const list = (content as { readonly dependencies?: Plain } | null)?.dependencies
  return Array.isArray(list) ? list.flatMap(lockedVersion) : []
}

function lockedVersion(entry: Plain): LockedVersion[] {
  const { name, repository, version } = (entry ?? {}) as { readonly [field: string]: Plain }
  return typeof name === 'string' && version !== undefined && version !== null
    ? [{ name, repository: String(repository ?? ''), version: String(version) }]
    : []
}

/**
 * The version that the lock file has for a chart.
 * @throws DiagnosticError `supply/not-locked` in Helmfile's words
 * Source: Helmfile 1.8 pkg/state/chart_dependency.go (Get)
 */
export function lockedVersionOf(locked: readonly LockedVersion[], chart: string, constraint: string): string {
  const found = chooseVersion(
    locked.filter(({ name }) => name === chart),
    { version: constraint || '*' },
  )
  if (found) return found.version
  throw failure('supply/not-locked', `no resolved dependency found for "${chart}", running "helmfile deps" may resolve the issue`, {
    hint: 'run "flotilla deps"',
  })
}

/** The text of a lock file for `charts`, chosen in their order; that of `before` when it says the same. */
export function helmfileLockText(
  charts: readonly LockableChart[],
  chosen: readonly LockedVersion[],
  options: { readonly before?: string; readonly now: number },
): string {
  const seen = new Set<string>()
  const sorted = chosen.toSorted((a, b) => compareBytes(a.name, b.name))
  const kept = sorted.filter((entry) => {
    const key = `${entry.name}|${entry.repository}|${entry.version}`
    const isNew = !seen.has(key)
    seen.add(key)
    return isNew
  })
  const wanted = charts.map(({ name, repository, constraint, alias }): ChartDependency => ({ name, repository, version: constraint, alias }))
  const resolved = chosen.map(({ name, repository, version }): ChartDependency => ({ name, repository, version }))
  const fields: readonly (readonly [string, GoValue])[] = [
    ['version', FORMAT_OF],
    ['dependencies', kept.map(({ name, repository, version }) => new Map<string, GoValue>(Object.entries({ name, repository, version })))],
    ['digest', lockDigest(wanted, resolved)],
  ]
  const body = encodeYaml(new Map(fields), 'helmfile', { keepOrder: true })
  // A lock that says what it said before keeps its date, so that nothing changes in version control.
  if (options.before !== undefined && options.before.replace(/^generated:.*\n/m, '') === body) return options.before
  return body + encodeYaml(new Map([['generated', new Date(options.now).toISOString()]]), 'helmfile')
}
