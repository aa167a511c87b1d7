import type { ExecuteOptions, PlanResult } from '../../src/plan/events.ts'
import { executePlan } from '../../src/plan/execute-plan.ts'
import type { DesiredRelease, Plan, PlanOptions } from '../../src/plan/plan.ts'
import { planDestroy } from '../../src/plan/plan-destroy.ts'
import { planReleases } from '../../src/plan/plan-releases.ts'
import { planRollback } from '../../src/plan/plan-rollback.ts'
import { readHistory, revisionOf } from '../../src/release/storage.ts'
import type { Release } from '../../src/state/state.ts'
import type { Cluster } from './desired-release.ts'

/** Plans and executions in one cluster, as tests want them. */
export interface PlanRuns {
  plan(releases: readonly Release[], wanted: Readonly<Record<string, DesiredRelease>>, options?: PlanOptions): Promise<Plan>
  destroy(releases: readonly Release[]): Promise<Plan>
  rollback(release: Release, revision: number): Promise<Plan>
  execute(plan: Plan, options?: ExecuteOptions): Promise<PlanResult>
  /** Plans and executes. */
  sync(releases: readonly Release[], wanted: Readonly<Record<string, DesiredRelease>>, options?: PlanOptions): Promise<PlanResult>
  /** `VERSION STATUS DESCRIPTION` of each record, oldest first. */
  history(namespace: string, name: string): Promise<readonly string[]>
}

export function planRuns(cluster: () => Cluster): PlanRuns {
  const clientFor = async () => cluster().client
  const runs: PlanRuns = {
    plan: (releases, wanted, options) =>
      planReleases(cluster().host, { environment: 'default', releases, desire: async ({ id }) => wanted[id] as DesiredRelease, clientFor }, options),
    destroy: (releases) => planDestroy(cluster().host, { environment: 'default', releases, clientFor }),
    rollback: (release, revision) => planRollback(cluster().host, { environment: 'default', release, revision, clientFor }),
    execute: (plan, options) => executePlan(cluster().host, clientFor, plan, options),
    sync: async (releases, wanted, options) => runs.execute(await runs.plan(releases, wanted, options)),
    history: async (namespace, name) => {
      const records = await readHistory(cluster().client, { namespace, name })
      return records.map(revisionOf).map(({ version, info }) => `${version} ${info.status} ${info.description}`)
    },
  }
  return runs
}

/** A plan as text: a line for each release, each object that changes and each blocker. */
export function planText(plan: Plan): string {
  return plan.releases
    .flatMap((release) => [
      `${release.action} ${release.id}: ${release.reason}`,
      ...release.changes
        .filter((change) => change.action !== 'none')
        .map(
          (change) =>
            `  ${change.action} ${change.origin === 'manifest' ? '' : `${change.origin} `}${change.ref.kind} ${change.ref.name}${change.notes.map((note) => ` (${note})`).join('')}`,
        ),
      ...release.notes.map((note) => `  note: ${note}`),
      ...release.blockers.map((blocker) => `  blocked: ${blocker.summary}`),
    ])
    .join('\n')
}

/** A result as text: a line for each release, in the order of the plan. */
export function resultText(result: PlanResult): string {
  return result.releases
    .map((release) => {
      const why = release.causedBy ? ` because of ${release.causedBy}` : ''
      const back = release.rolledBackTo === undefined ? '' : ` (back to ${release.rolledBackTo})`
      return `${release.result} ${release.id}${why}${back}${release.diagnostics.map((d) => `\n  ${d.summary}`).join('')}`
    })
    .join('\n')
}
