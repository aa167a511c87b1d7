import type { GoMap, GoValue } from '../../go/values.ts'

/** `upper` over `lower`: maps key by key, everything else replaced; null changes nothing. Source: Helmfile 1.8 pkg/hcllang ctyMergeValues */
export function mergeInto(lower: GoValue, upper: GoValue): GoValue {
  if (upper === null) return lower
  if (!(lower instanceof Map) || !(upper instanceof Map)) return upper
  const merged: GoMap = new Map(lower)
  for (const [key, value] of upper) {
    const old = merged.get(key)
    merged.set(key, old === undefined ? value : mergeInto(old, value))
  }
  return merged
}
