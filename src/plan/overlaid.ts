import { isObject, type JsonObject } from '../base/json.ts'
import type { KubeObject } from '../kinds/kube-object.ts'
import { type MergeField, type MergeFields, mergeFields } from '../kinds/merge-fields.ts'
import { pairItems } from './diff/pair-items.ts'

/**
 * An idea of what `object` makes of `live` where the server gives none, as it refuses the write: every desired field over the live
 * one, elements of lists matched as in differences; elements that are not desired go, fields that nobody desires stay.
 */
export function overlaid(live: KubeObject, object: KubeObject): KubeObject {
  return overMap(live, object, mergeFields(object.apiVersion, object.kind)) as unknown as KubeObject
}

function over(live: unknown, desired: unknown, field: MergeField | undefined): unknown {
  if (isObject(live) && isObject(desired)) return overMap(live, desired, field?.fields)
  if (Array.isArray(live) && Array.isArray(desired)) return overList(live, desired, field)
  return desired
}

function overMap(live: JsonObject, desired: JsonObject, fields: MergeFields | undefined): JsonObject {
  const entries = Object.entries(desired).map(([key, value]) => [key, Object.hasOwn(live, key) ? over(live[key], value, fields?.get(key)) : value])
  return { ...live, ...Object.fromEntries(entries) }
}

function overList(live: readonly unknown[], desired: readonly unknown[], field: MergeField | undefined): readonly unknown[] {
  return pairItems(live, desired, field)
    .pairs.filter(({ after }) => after !== undefined)
    .map(({ before, after }) => (before === undefined ? after : over(before, after, field)))
}
