import type { JsonObject } from '../base/json.ts'
import type { BuiltinSubresource } from './schema/builtin.ts'
import type { Schema } from './schema/schema.ts'

/** One resource the server serves, in all its versions. */
export interface ResourceType {
  /** `group/plural`: its place in the storage. */
  readonly key: string
  readonly group: string
  /** The versions that are served, the preferred one first. */
  readonly versions: readonly string[]
  readonly storageVersion: string
  readonly plural: string
  readonly singular: string
  readonly kind: string
  readonly namespaced: boolean
  readonly verbs: readonly string[]
  readonly shortNames: readonly string[]
  readonly categories: readonly string[]
  readonly subresources: readonly BuiltinSubresource[]
  schemaOf(version: string): Schema
  /** Set for custom resources: the schema as their definition gives it, by version. */
  readonly custom?: ReadonlyMap<string, CustomVersion>
}

/** What a custom resource definition says of one version. */
export interface CustomVersion {
  readonly schema: JsonObject | undefined
  readonly selectableFields: readonly string[]
  readonly scale: JsonObject | undefined
}

/** `group/version`, or the version alone for the core group. */
export function apiVersionOf(group: string, version: string): string {
  return group === '' ? version : `${group}/${version}`
}

export function hasSubresource(type: ResourceType, name: string): boolean {
  return type.subresources.some((s) => s.name === name)
}
