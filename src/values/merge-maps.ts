import type { GoList, GoMap, GoValue } from '../go/values.ts'

/**
 * How a list meets a list: `sparse` merges by index when the upper list holds a null and replaces otherwise,
 * `by-index` always merges by index, `replace` always replaces.
 */
export type ListRule = 'sparse' | 'by-index' | 'replace'

function isMap(value: GoValue | undefined): value is GoMap {
  return value instanceof Map
}

function isList(value: GoValue | undefined): value is GoList {
  return Array.isArray(value)
}

/**
 * `upper` laid over `lower`: maps merge key by key, lists by `rule`, a null fills a missing key but never replaces a value.
 * Inputs are not changed; untouched subtrees are shared. O(keys of both).
 * Source: Helmfile 1.8 pkg/maputil MergeMaps
 */
export function mergeMaps(lower: GoMap, upper: GoMap, rule: ListRule = 'sparse'): GoMap {
  const merged: GoMap = new Map(lower)
  for (const [key, value] of upper) {
    const below = merged.get(key)
    if (value === null) {
      if (!merged.has(key)) merged.set(key, null)
    } else if (isMap(value) && isMap(below)) merged.set(key, mergeMaps(below, value, rule))
    else if (isList(value) && isList(below)) merged.set(key, mergeLists(below, value, rule))
    else merged.set(key, value)
  }
  return merged
}

function mergeLists(lower: GoList, upper: GoList, rule: ListRule): GoList {
  if (rule === 'replace' || (rule === 'sparse' && !upper.includes(null))) return upper
  const merged: GoList = Array.from({ length: Math.max(lower.length, upper.length) }, (_, i) => lower[i] ?? null)
  for (const [i, value] of upper.entries()) {
    if (value === null) continue
    const below = lower[i]
    merged[i] = isMap(value) && isMap(below) ? mergeMaps(below, value, rule) : value
  }
  return merged
}

/**
 * `upper` laid over `lower` where later always wins: maps merge, everything else, null and empty values included, replaces.
 * Inputs are not changed. Source: dario.cat/mergo 1.0.2 deepMerge of `map[string]any` with override, as Helmfile 1.8 uses it.
 */
export function overrideMaps(lower: GoMap, upper: GoMap): GoMap {
  const merged: GoMap = new Map(lower)
  for (const [key, value] of upper) {
    const below = merged.get(key)
    merged.set(key, isMap(value) && isMap(below) ? overrideMaps(below, value) : value)
  }
  return merged
}
