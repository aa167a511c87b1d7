import { isObject, type JsonObject, sameJson } from '../../base/json.ts'
import { badMerge } from './element-order.ts'
import { type PatchMap, patchMap } from './strategic-diff.ts'

/** The JSON merge patch from `original` to `modified`: deleted fields are null, lists are replaced whole (RFC 7386). */
export function jsonDiff(original: JsonObject, modified: JsonObject): PatchMap {
  const patch = patchMap()
  for (const [name, value] of Object.entries(modified)) {
    const old = Object.hasOwn(original, name) ? original[name] : undefined
    if (isObject(old) && isObject(value)) {
      const inner = jsonDiff(old, value)
      if (Object.keys(inner).length > 0) patch[name] = inner
    } else if (!Object.hasOwn(original, name) || !sameJson(old, value)) patch[name] = value
  }
  for (const name of Object.keys(original)) if (!Object.hasOwn(modified, name)) patch[name] = null
  return patch
}

/**
 * The JSON merge patch that brings `live` to `modified` and removes what `original` had and `modified` has not; what others added stays.
 *
 * @throws DiagnosticError `kube/bad-merge` when a field is taken away and given at once
 * Source: k8s.io/apimachinery 0.37 pkg/util/jsonmergepatch/patch.go
 */
export function jsonThreeWay(original: JsonObject, modified: JsonObject, live: JsonObject): PatchMap {
  return joined(onlyNulls(jsonDiff(original, modified)), withoutNulls(jsonDiff(live, modified)))
}

function withoutNulls(patch: JsonObject): PatchMap {
  const kept = patchMap()
  for (const [name, value] of Object.entries(patch)) {
    if (!isObject(value)) {
      if (value !== null) kept[name] = value
      continue
    }
    const inner = withoutNulls(value)
    // A map that was empty from the start is a value, not a patch that came to nothing.
    if (Object.keys(value).length === 0 || Object.keys(inner).length > 0) kept[name] = inner
  }
  return kept
}

function onlyNulls(patch: JsonObject): PatchMap {
  const kept = patchMap()
  for (const [name, value] of Object.entries(patch)) {
    const inner = isObject(value) ? onlyNulls(value) : patchMap()
    if (value === null) kept[name] = null
    else if (Object.keys(inner).length > 0) kept[name] = inner
  }
  return kept
}

function joined(deletions: JsonObject, additions: JsonObject): PatchMap {
  const result = patchMap(deletions)
  for (const [name, value] of Object.entries(additions)) {
    const old = Object.hasOwn(deletions, name) ? deletions[name] : undefined
    if (isObject(old) && !isObject(value)) throw badMerge(`the field "${name}" changes its type`)
    result[name] = isObject(old) && isObject(value) ? joined(old, value) : pruned(value)
  }
  return result
}

/** The merge of the two patches drops nulls inside of lists too, where they are values. */
function pruned(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => item !== null).map(pruned)
  if (!isObject(value)) return value
  return patchMap(
    Object.fromEntries(
      Object.entries(value)
        .filter(([, inner]) => inner !== null)
        .map(([name, inner]) => [name, pruned(inner)]),
    ),
  )
}
