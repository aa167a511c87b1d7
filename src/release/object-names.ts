import type { KubeObject, ObjectRef } from '../kinds/kube-object.ts'

/** The reference of an object that has a name. */
export function refOf(object: KubeObject): ObjectRef {
  const { name = '', namespace } = object.metadata
  return { apiVersion: object.apiVersion, kind: object.kind, ...(namespace ? { namespace } : {}), name }
}

/** The API group: empty for the core group. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/')
  return slash < 0 ? '' : apiVersion.slice(0, slash)
}

/** Equal for references to the same stored object: the version does not count, as one object is served in several. */
export function identityOf(ref: ObjectRef): string {
  return `${groupOf(ref.apiVersion)}/${ref.kind}/${ref.namespace ?? ''}/${ref.name}`
}

/** `apps/v1, Kind=Deployment`, `/v1, Kind=Service`: how Go prints a GroupVersionKind. */
export function goKindText(object: { readonly apiVersion: string; readonly kind: string }): string {
  const version = object.apiVersion.includes('/') ? object.apiVersion : `/${object.apiVersion}`
  return `${version}, Kind=${object.kind}`
}

/** `Deployment shop/web`, or `ClusterRole web`: for people. */
export function displayName(ref: ObjectRef): string {
  return `${ref.kind} ${ref.namespace ? `${ref.namespace}/` : ''}${ref.name}`
}

/** True when one of `names` means the object: `kind/name`, or `namespace/kind/name`, in any case. */
export function isNamed(names: readonly string[] | undefined, { kind, metadata }: KubeObject): boolean {
  if (!names) return false
  const own = `${kind}/${metadata.name ?? ''}`.toLowerCase()
  return names.some((name) => name.toLowerCase() === own || name.toLowerCase() === `${metadata.namespace ?? ''}/${own}`)
}
