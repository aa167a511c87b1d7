import type { JsonObject } from '../base/json.ts'
import { convertAutoscaler } from './convert-autoscaler.ts'
import { apiVersionOf, type ResourceType } from './resource-type.ts'

const converted = new WeakMap<JsonObject, Map<string, JsonObject>>()

/** An object in another version of its resource. Custom resources change their `apiVersion` only. */
export function convertObject(object: JsonObject, type: ResourceType, version: string): JsonObject {
  const apiVersion = apiVersionOf(type.group, version)
  if (object['apiVersion'] === apiVersion) return object
  const known = converted.get(object)?.get(version)
  if (known) return known
  const result = { ...(type.key === 'autoscaling/horizontalpodautoscalers' ? convertAutoscaler(object, version) : object), apiVersion }
  const versions = converted.get(object) ?? new Map<string, JsonObject>()
  converted.set(object, versions.set(version, result))
  return result
}
