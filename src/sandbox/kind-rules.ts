import type { JsonObject } from '../base/json.ts'
import type { Cluster } from './cluster.ts'
import { prepareOf } from './prepare/prepare-object.ts'
import type { ResourceType } from './resource-type.ts'
import type { Cause } from './status.ts'
import { validationOf } from './validation/validation-of.ts'

/** What a kind does beyond what every object does. */
export interface KindRules {
  /** Sets what the server itself decides: addresses, generated selectors. `live` is undefined on creation. */
  prepare?(object: JsonObject, live: JsonObject | undefined, cluster: Cluster): JsonObject
  /** Rules for the object itself. */
  validate?(object: JsonObject, cluster: Cluster, version: string): readonly Cause[]
  /** Rules for changing `live` into the object. */
  validateUpdate?(object: JsonObject, live: JsonObject): readonly Cause[]
}

/** The rules of a resource's kind. */
export function rulesOf(type: ResourceType): KindRules {
  const prepare = prepareOf(type)
  return { ...validationOf(type), ...(prepare ? { prepare } : {}) }
}
