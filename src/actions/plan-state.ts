import type { Diagnostic } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import { PLAN_FORMAT_VERSION, type Plan, type PlanOptions } from '../plan/plan.ts'
import { planDestroy } from '../plan/plan-destroy.ts'
import { planReleases } from '../plan/plan-releases.ts'
import { planRollback } from '../plan/plan-rollback.ts'
import { planTest } from '../plan/plan-test.ts'
import type { ReleaseOptions, State } from '../state/state.ts'
import type { Clusters } from './clusters.ts'
import { desireReleases } from './desire-release.ts'
import { findRelease } from './find-release.ts'
import { releaseCharts } from './release-charts.ts'

export type { Plan } from '../plan/plan.ts'
export type { ReleaseOptions } from '../state/state.ts'

export interface PlanStateOptions extends PlanOptions {
  /** Laid over every release's own options: what a person asks for on the command line. */
  readonly override?: ReleaseOptions
  readonly skipDeps?: boolean
  readonly warn?: (diagnostic: Diagnostic) => void
}

function environmentOf(state: State): string {
  return state.files[0]?.environment ?? 'default'
}

/**
 * What has to be done so that the cluster holds what `state` says of its selected releases: rendered, compared with Helm's
 * records and with what is live. Nothing is written.
 *
 * @throws DiagnosticError of rendering, of reading records, of an unreachable cluster
 */
export async function planState(host: Host, state: State, clusters: Clusters, options: PlanStateOptions = {}): Promise<Plan> {
  const { override = {}, skipDeps = false, warn, ...planOptions } = options
  const releases = state.files.flatMap((file) => file.selected).map((release) => ({ ...release, options: { ...release.options, ...override } }))
  const chartOf = releaseCharts(host, { skipDeps, ...(warn && { warn }) })
  return planReleases(
    host,
    { environment: environmentOf(state), releases, desire: desireReleases(host, chartOf, warn), clientFor: clusters.clientFor },
    planOptions,
  )
}

/** A plan that removes the selected releases of `state`, dependants first. Nothing is rendered. */
export async function planRemoval(host: Host, state: State, clusters: Clusters, options: PlanStateOptions = {}): Promise<Plan> {
  const { override = {}, skipDeps: _skipDeps, warn: _warn, ...planOptions } = options
  const releases = state.files.flatMap((file) => file.selected).map((release) => ({ ...release, options: { ...release.options, ...override } }))
  return planDestroy(host, { environment: environmentOf(state), releases, clientFor: clusters.clientFor }, planOptions)
}

/** A plan that brings one selected release back to an earlier revision (0: the one before). @throws DiagnosticError `plan/not-installed`, `plan/no-revision`, and as `findRelease` */
export async function planRollbackOf(
  host: Host,
  state: State,
  clusters: Clusters,
  target: { readonly release: string; readonly revision: number },
  options: PlanStateOptions = {},
): Promise<Plan> {
  const { override = {}, skipDeps: _skipDeps, warn: _warn, ...planOptions } = options
  const found = findRelease(
    state.files.flatMap((file) => file.selected),
    target.release,
  )
  const release = { ...found, options: { ...found.options, ...override } }
  return planRollback(host, { environment: environmentOf(state), release, revision: target.revision, clientFor: clusters.clientFor }, planOptions)
}

/** A plan that runs the test hooks of every selected release that is to be installed. @throws DiagnosticError `plan/not-installed` */
export async function planTests(host: Host, state: State, clusters: Clusters, options: { readonly timeoutMs?: number } = {}): Promise<Plan> {
  const releases = state.files.flatMap((file) => file.selected).filter((release) => release.installed)
  const input = { environment: environmentOf(state), clientFor: clusters.clientFor, ...options }
  const plans = await Promise.all(releases.map((release) => planTest(host, { ...input, release })))
  return { formatVersion: PLAN_FORMAT_VERSION, environment: input.environment, releases: plans.flatMap((plan) => plan.releases) }
}
