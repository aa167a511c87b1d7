import type { KubeObject } from '../kinds/kube-object.ts'

/** Under which name objects are written: Helm's own, so that either program can go on where the other stopped. */
export const FIELD_MANAGER = 'helm'

/** One entry of `metadata.managedFields`. */
export interface ManagedFieldsEntry {
  readonly manager?: string
  readonly operation?: string
  readonly subresource?: string
  readonly apiVersion?: string
  readonly fieldsV1?: FieldsV1
  readonly [other: string]: unknown
}

/** A tree of field names: `f:NAME`, `k:{KEYS}`, `v:VALUE`, `.`. */
export interface FieldsV1 {
  readonly [field: string]: FieldsV1
}

/** The managed fields of a live object; empty where the server gave none. */
export function managedFieldsOf(live: KubeObject): readonly ManagedFieldsEntry[] {
  return (live.metadata.managedFields ?? []) as readonly ManagedFieldsEntry[]
}

function isOurs(entry: ManagedFieldsEntry, operation: 'Apply' | 'Update'): boolean {
  return entry.manager === FIELD_MANAGER && entry.operation === operation && !entry.subresource
}

/** What Helm applied by server-side apply; undefined when it never did. */
export function appliedFields(live: KubeObject): FieldsV1 | undefined {
  return managedFieldsOf(live).find((entry) => isOurs(entry, 'Apply'))?.fieldsV1
}

/** True when Helm also owns fields by client-side writes: those would conflict with its own server-side apply. */
export function hasClientSideFields(live: KubeObject): boolean {
  return managedFieldsOf(live).some((entry) => isOurs(entry, 'Update'))
}

/** Every field of either. */
export function union(a: FieldsV1, b: FieldsV1): FieldsV1 {
  const result: Record<string, FieldsV1> = { ...a }
  for (const [field, below] of Object.entries(b)) result[field] = result[field] ? union(result[field], below) : below
  return result
}

/**
 * The JSON patch after which what Helm wrote client-side counts as applied server-side; undefined when there is nothing to do.
 * It carries the resource version, so that it fails when someone else wrote meanwhile.
 *
 * Source: k8s.io/client-go util/csaupgrade/upgrade.go.
 */
export function fieldManagerUpgrade(live: KubeObject): readonly unknown[] | undefined {
  const entries = managedFieldsOf(live)
  const clientSide = entries.filter((entry) => isOurs(entry, 'Update'))
  if (clientSide.length === 0) return undefined
  const target = entries.find((entry) => isOurs(entry, 'Apply')) ?? (clientSide[0] as ManagedFieldsEntry)
  const sameVersion = clientSide.find((entry) => entry.apiVersion === target.apiVersion)
  const merged = { ...target, operation: 'Apply', fieldsV1: union(target.fieldsV1 ?? {}, sameVersion?.fieldsV1 ?? {}) }
  const kept = entries.flatMap((entry) => (entry === target ? [merged] : isOurs(entry, 'Update') ? [] : [entry]))
  return [
    { op: 'replace', path: '/metadata/managedFields', value: kept },
    { op: 'replace', path: '/metadata/resourceVersion', value: live.metadata.resourceVersion },
  ]
}
