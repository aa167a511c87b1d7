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

/** Who wrote whole objects client-side: when one of theirs becomes part of a release, so does what they wrote. */
const KUBECTL: ReadonlySet<string> = new Set(['kubectl-client-side-apply', 'kubectl-create', 'kubectl-replace'])

/** Whose client-side writes count as ours; for an object that is adopted, kubectl's too. */
export interface HandOver {
  readonly adopted: boolean
}

function isOurs(entry: ManagedFieldsEntry, operation: 'Apply' | 'Update'): boolean {
  return entry.manager === FIELD_MANAGER && entry.operation === operation && !entry.subresource
}

function isHandedOver(entry: ManagedFieldsEntry, { adopted }: HandOver): boolean {
  const isKubectl = adopted && KUBECTL.has(entry.manager ?? '') && entry.operation === 'Update' && !entry.subresource
  return isKubectl || isOurs(entry, 'Update')
}

/** What Helm applied by server-side apply; undefined when it never did. */
export function appliedFields(live: KubeObject): FieldsV1 | undefined {
  return managedFieldsOf(live).find((entry) => isOurs(entry, 'Apply'))?.fieldsV1
}

/** True when fields are owned by client-side writes that count as ours: those would conflict with our server-side apply. */
export function hasClientSideFields(live: KubeObject, handOver: HandOver): boolean {
  return managedFieldsOf(live).some((entry) => isHandedOver(entry, handOver))
}

/** Every field of either. */
export function union(a: FieldsV1, b: FieldsV1): FieldsV1 {
  const result: Record<string, FieldsV1> = { ...a }
  for (const [field, below] of Object.entries(b)) result[field] = result[field] ? union(result[field], below) : below
  return result
}

/**
 * The JSON patch after which what was written client-side counts as applied server-side; undefined when there is nothing to do.
 * It carries the resource version, so that it fails when someone else wrote meanwhile.
 *
 * Source: k8s.io/client-go util/csaupgrade/upgrade.go.
 */
export function fieldManagerUpgrade(live: KubeObject, handOver: HandOver): readonly unknown[] | undefined {
  const entries = managedFieldsOf(live)
  const clientSide = entries.filter((entry) => isHandedOver(entry, handOver))
  if (clientSide.length === 0) return undefined
  const target = entries.find((entry) => isOurs(entry, 'Apply')) ?? (clientSide[0] as ManagedFieldsEntry)
  const sameVersion = clientSide.filter((entry) => entry.apiVersion === target.apiVersion)
  const fieldsV1 = sameVersion.reduce((fields, entry) => union(fields, entry.fieldsV1 ?? {}), target.fieldsV1 ?? {})
  const merged = { ...target, manager: FIELD_MANAGER, operation: 'Apply', fieldsV1 }
  const kept = entries.flatMap((entry) => (entry === target ? [merged] : clientSide.includes(entry) ? [] : [entry]))
  return [
    { op: 'replace', path: '/metadata/managedFields', value: kept },
    { op: 'replace', path: '/metadata/resourceVersion', value: live.metadata.resourceVersion },
  ]
}
