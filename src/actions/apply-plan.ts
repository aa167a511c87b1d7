import type { Host } from '../base/host.ts'
import type { ExecuteOptions, PlanResult } from '../plan/events.ts'
import { executePlan } from '../plan/execute-plan.ts'
import type { Plan } from '../plan/plan.ts'
import type { Clusters } from './clusters.ts'

export type { PlanEvent, PlanResult } from '../plan/events.ts'

/**
 * Carries a plan out: each release as soon as its own needs are done, as many at once as `concurrency` allows. A failure
 * cancels only what needs the failed release.
 *
 * @returns how it went for each release; failures are results, not rejections
 */
export async function applyPlan(host: Host, plan: Plan, clusters: Clusters, options: ExecuteOptions = {}): Promise<PlanResult> {
  return executePlan(host, clusters.clientFor, plan, options)
}
