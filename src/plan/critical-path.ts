import type { StoredRecord } from '../release/storage.ts'
import type { ReleasePlan } from './plan.ts'

/** What a release is taken to last of which nobody knows. */
const UNKNOWN_MS = 1000
/** In whole seconds, less says nothing. */
const SHORTEST_MS = 3000
/** A record that was written again long after is no measure. */
const LONGEST_MS = 2 * 60 * 60 * 1000

/**
 * How long the newest success took, in milliseconds by whole seconds: from the record's creation to its last writing, when it
 * became deployed. Absent where no record tells, or it was over at once.
 */
export function expected(history: readonly StoredRecord[]): Pick<ReleasePlan, 'expectedMs'> {
  const deployed = history.findLast(({ status }) => status === 'deployed')
  if (!deployed) return {}
  const { creationTimestamp = '', labels } = deployed.object.metadata
  const ms = Number(labels?.['modifiedAt']) * 1000 - Date.parse(creationTimestamp)
  return ms >= SHORTEST_MS && ms <= LONGEST_MS ? { expectedMs: ms } : {}
}

/**
 * By id: how long everything takes from the start of a release to the end of the longest chain that waits for it. Whoever starts
 * what has most behind it first ends first. O(releases and waits).
 */
export function remainingPaths(releases: readonly Pick<ReleasePlan, 'id' | 'after' | 'action' | 'expectedMs'>[]): ReadonlyMap<string, number> {
  const longest = new Map<string, number>()
  // Whatever a release waits for stands before it.
  for (const { id, after, action, expectedMs = UNKNOWN_MS } of releases.toReversed()) {
    const own = (action === 'none' ? 0 : expectedMs) + (longest.get(id) ?? 0)
    longest.set(id, own)
    for (const earlier of after) longest.set(earlier, Math.max(longest.get(earlier) ?? 0, own))
  }
  return longest
}
