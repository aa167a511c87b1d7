import { layersOf } from '../base/graph.ts'
import type { Release } from '../state/state.ts'

/** Who waits for whom among the releases of one plan. */
export interface ReleaseOrder {
  /** Ids in topological order. */
  readonly ids: readonly string[]
  /** By id: the needs that are in the plan. */
  readonly needs: ReadonlyMap<string, readonly string[]>
  /** By id: those that must have succeeded before. */
  readonly after: ReadonlyMap<string, readonly string[]>
}

/** Needs come first; what is removed goes before that which it needs, whatever becomes of the latter. */
export function orderReleases(releases: readonly Release[], isRemoved: (release: Release) => boolean): ReleaseOrder {
  const ids = new Set(releases.map((release) => release.id))
  const needs = new Map(releases.map((release) => [release.id, release.needs.filter((need) => ids.has(need) && need !== release.id)]))
  const after = new Map<string, string[]>(releases.map((release) => [release.id, []]))
  for (const release of releases) {
    for (const need of needs.get(release.id) ?? []) {
      if (isRemoved(release)) after.get(need)?.push(release.id)
      else after.get(release.id)?.push(need)
    }
  }
  return { ids: layersOf(after).flat(), needs, after }
}
