import type { ResourceType } from './resource-type.ts'
import { apiVersionOf } from './resource-type.ts'
import type { Subject } from './status.ts'

/** What a request is about: a resource in one version, and, as far as the path says, a namespace, a name and a subresource. */
export interface Target {
  readonly type: ResourceType
  readonly version: string
  /** Empty: all namespaces, or none. */
  readonly namespace: string
  /** Empty: the whole collection. */
  readonly name: string
  readonly subresource: string
}

/** The target as refusals name it: by its plural. */
export function subjectOf(target: Target, name: string = target.name): Subject {
  return { group: target.type.group, kind: target.type.plural, name }
}

/** The target as validation errors name it: by its kind. */
export function kindSubjectOf(target: Target, name: string = target.name): Subject {
  return { group: target.type.group, kind: target.type.kind, name }
}

export function targetApiVersion(target: Target): string {
  return apiVersionOf(target.type.group, target.version)
}
