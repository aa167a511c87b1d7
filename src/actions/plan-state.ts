import type { Diagnostic } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import { withoutUndefined } from '../base/without-undefined.ts'
import type { HelmCompat } from '../chart/helm-compat.ts'
import { PLAN_FORMAT_VERSION, type Plan, type PlanOptions } from '../plan/plan.ts'
import { planDestroy } from '../plan/plan-destroy.ts'
import { planReleases } from '../plan/plan-releases.ts'
import { planRollback } from '../plan/plan-rollback.ts'
import { planTest } from '../plan/plan-test.ts'
import type { Release, ReleaseOptions, State } from '../state/state.ts'
import type { Clusters } from './clusters.ts'
import { desireReleases } from './desire-release.ts'
import { findRelease } from './find-release.ts'
import { type ReleaseChartOptions, releaseCharts } from './release-charts.ts'

export type { Plan } from '../plan/plan.ts'
export type { ReleaseOptions } from '../state/state.ts'

export interface PlanStateOptions extends PlanOptions {
  /** Laid over every release's own options: what a person asks for on the command line. */
  readonly override?: ReleaseOptions
  /** Where charts may come from. */
  readonly charts?: Omit<ReleaseChartOptions, 'warn'>
  /** Releases of a file wait for those of all files before it. */
  readonly sequentialFiles?: boolean
  readonly warn?: (diagnostic: Diagnostic) => void
  /** What becomes of values that nothing reads: a warning each, or an error. Absent: nobody looks. */
  readonly unreadValues?: 'warn' | 'refuse'
  /** The Helm whose behaviour charts get; absent: the newest. */
  readonly helmCompat?: HelmCompat
  /** Keeps secret values out of the values that records store; gives every secret value that is known by then. */
  readonly omitSecrets?: () => readonly string[]
}

/** Nobody works out a patch where there is no server. */
const COMPARED_AS_APPLIED: ReleaseOptions = { serverSide: 'true', force: false }

function environmentOf(state: State): string {
  return state.files[0]?.environment ?? 'default'
}

function releasesOf(state: State, override: ReleaseOptions = {}): readonly Release[] {
  return state.files.flatMap((file) => file.selected).map((release) => ({ ...release, options: { ...release.options, ...override } }))
}

/** `plan` with the releases of each file of `state` after all of the files before it. */
function fileAfterFile(plan: Plan, state: State): Plan {
  const indexOf = new Map(state.files.flatMap((file, index) => file.selected.map(({ id }) => [id, index] as const)))
  const isBefore = (a: string, b: string): boolean => (indexOf.get(a) ?? 0) < (indexOf.get(b) ?? 0)
  const releases = plan.releases
    .map((release) => {
      const earlier = plan.releases.map(({ id }) => id).filter((id) => isBefore(id, release.id))
      return { ...release, after: [...new Set([...earlier, ...release.after])] }
    })
    .toSorted((a, b) => (indexOf.get(a.id) ?? 0) - (indexOf.get(b.id) ?? 0))
  return { ...plan, releases }
}

/**
 * What has to be done so that the cluster holds what `state` says of its selected releases: rendered, compared with Helm's
 * records and with what is live. Nothing is written.
 *
 * @throws DiagnosticError of rendering, of reading records, of an unreachable cluster
 */
export async function planState(host: Host, state: State, clusters: Clusters, options: PlanStateOptions = {}): Promise<Plan> {
  const { override, charts, sequentialFiles = false, warn, unreadValues, helmCompat, omitSecrets, ...planOptions } = options
  const chartOf = releaseCharts(host, { ...charts, ...(warn && { warn }) })
  const input = {
    environment: environmentOf(state),
    releases: releasesOf(state, clusters.offline ? { ...override, ...COMPARED_AS_APPLIED } : override),
    desire: desireReleases(host, chartOf, withoutUndefined({ warn, unreadValues, helmCompat, omitSecrets })),
    clientFor: clusters.clientFor,
  }
  // Who always writes wants refusals recorded, as Helm records them.
  const refusals = planOptions.always ? 'leave' : 'block'
  const compared = clusters.offline && { comparedWith: clusters.offline.records === undefined ? ('nothing' as const) : ('records' as const) }
  const plan = { ...(await planReleases(host, input, { refusals, ...planOptions })), ...compared }
  return sequentialFiles ? fileAfterFile(plan, state) : plan
}

/** A plan that removes the selected releases of `state`, dependants first. Nothing is rendered. */
export async function planRemoval(host: Host, state: State, clusters: Clusters, options: PlanStateOptions = {}): Promise<Plan> {
  const { override, charts: _charts, sequentialFiles = false, warn: _warn, ...planOptions } = options
  const input = { environment: environmentOf(state), releases: releasesOf(state, override), clientFor: clusters.clientFor }
  const plan = await planDestroy(host, input, planOptions)
  return sequentialFiles ? fileAfterFile(plan, state) : plan
}

/** A plan that brings one selected release back to an earlier revision (0: the one before). @throws DiagnosticError `plan/not-installed`, `plan/no-revision`, and as `findRelease` */
export async function planRollbackOf(
  host: Host,
  state: State,
  clusters: Clusters,
  target: { readonly release: string; readonly revision: number },
  options: PlanStateOptions = {},
): Promise<Plan> {
  const { override, charts: _charts, sequentialFiles: _sequentialFiles, warn: _warn, ...planOptions } = options
  const release = findRelease(releasesOf(state, override), target.release)
  // Read for what is secret in them: the differences must not show it.
  await release.layers()
  return planRollback(host, { environment: environmentOf(state), release, revision: target.revision, clientFor: clusters.clientFor }, planOptions)
}

/** A plan that runs the test hooks of every selected release that is to be installed. @throws DiagnosticError `plan/not-installed` */
export async function planTests(
  host: Host,
  state: State,
  clusters: Clusters,
  options: { readonly timeoutMs?: number; readonly filters?: readonly string[]; readonly logs?: boolean } = {},
): Promise<Plan> {
  const releases = state.files.flatMap((file) => file.selected).filter((release) => release.installed)
  const input = { environment: environmentOf(state), clientFor: clusters.clientFor, ...options }
  const plans = await Promise.all(releases.map((release) => planTest(host, { ...input, release })))
  return { formatVersion: PLAN_FORMAT_VERSION, environment: input.environment, releases: plans.flatMap((plan) => plan.releases) }
}
