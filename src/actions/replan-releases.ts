import type { Host } from '../base/host.ts'
import type { State } from '../state/state.ts'
import type { Clusters } from './clusters.ts'
import { type Plan, type PlanStateOptions, planState } from './plan-state.ts'

/**
 * Plans only `releases` of `state`. All releases' values are read first, as planning all would, so that the same secrets are met.
 *
 * @throws DiagnosticError as `planState`
 */
export async function replanReleases(
  host: Host,
  state: State,
  clusters: Clusters,
  releases: ReadonlySet<string>,
  options: PlanStateOptions,
): Promise<Plan> {
  const selected = state.files.flatMap((file) => file.selected)
  await Promise.all(selected.filter(({ installed }) => installed).map((release) => release.layers()))
  const files = state.files.map((file) => ({ ...file, selected: file.selected.filter(({ id }) => releases.has(id)) }))
  return planState(host, { files }, clusters, options)
}
