import type { GoMap } from '../go/values.ts'

/**
 * `upper` laid over `lower`: maps merge key by key, everything else (null too) replaces. Inputs are not changed; untouched
 * subtrees are shared.
 * Source: Helm 4.3.1 pkg/chart/v2/loader/load.go (MergeMaps)
 */
export function mergeValues(lower: GoMap, upper: GoMap): GoMap {
  const merged: GoMap = new Map(lower)
  for (const [key, value] of upper) {
    const below = merged.get(key)
    merged.set(key, value instanceof Map && below instanceof Map ? mergeValues(below, value) : value)
  }
  return merged
}
