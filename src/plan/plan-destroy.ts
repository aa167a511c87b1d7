import type { Host } from '../base/host.ts'
import type { Plan, PlanInput, PlanOptions } from './plan.ts'
import { planAll } from './plan-releases.ts'

/** Plans the removal of all `input.releases`, dependants first; those that are not installed are `none`. Nothing is rendered. */
export async function planDestroy(_host: Host, input: Omit<PlanInput, 'desire'>, options: PlanOptions = {}): Promise<Plan> {
  return planAll(input, options, { isRemoved: () => true, reason: 'everything goes' })
}
