import type { KubeObject } from '../kinds/kube-object.ts'

/** Which release an object belongs to. */
export interface ReleaseRef {
  readonly name: string
  readonly namespace: string
}

const MANAGED_BY = 'app.kubernetes.io/managed-by'
const RELEASE_NAME = 'meta.helm.sh/release-name'
const RELEASE_NAMESPACE = 'meta.helm.sh/release-namespace'
const RESOURCE_POLICY = 'helm.sh/resource-policy'

/** `object` with the label and annotations by which Helm knows that it belongs to `release`. */
export function withOwnershipMarks(object: KubeObject, release: ReleaseRef): KubeObject {
  const { metadata } = object
  return {
    ...object,
    metadata: {
      ...metadata,
      labels: { ...withoutNull(metadata.labels), [MANAGED_BY]: 'Helm' },
      annotations: { ...withoutNull(metadata.annotations), [RELEASE_NAME]: release.name, [RELEASE_NAMESPACE]: release.namespace },
    },
  }
}

/** A text that is null counts as empty, as Go reads it. Source: k8s.io/apimachinery unstructured NestedNullCoercingStringMap */
function withoutNull(texts: Readonly<Record<string, string | null>> | null | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(texts ?? {}).map(([key, text]) => [key, text ?? '']))
}

function missingOrOther(kind: string, values: Readonly<Record<string, string>> | undefined, key: string, wanted: string): string[] {
  const actual = values?.[key]
  if (actual === wanted) return []
  if (actual === undefined) return [`${kind} validation error: missing key "${key}": must be set to "${wanted}"`]
  return [`${kind} validation error: key "${key}" must equal "${wanted}": current value is "${actual}"`]
}

/** Why `live` does not belong to `release`, in Helm's words; undefined when it does. Source: Helm 4.3.1 pkg/action/validate.go. */
export function ownershipProblem(live: KubeObject, release: ReleaseRef): string | undefined {
  const { labels, annotations } = live.metadata
  const problems = [
    ...missingOrOther('label', labels, MANAGED_BY, 'Helm'),
    ...missingOrOther('annotation', annotations, RELEASE_NAME, release.name),
    ...missingOrOther('annotation', annotations, RELEASE_NAMESPACE, release.namespace),
  ]
  return problems.length === 0 ? undefined : `invalid ownership metadata; ${problems.join('; ')}`
}

/** The other release that `live` says it belongs to; undefined when it names none, or `release` itself. */
export function foreignOwner(live: KubeObject, release: ReleaseRef): ReleaseRef | undefined {
  const name = live.metadata.annotations?.[RELEASE_NAME]
  if (name === undefined) return undefined
  const namespace = live.metadata.annotations?.[RELEASE_NAMESPACE] ?? ''
  return name === release.name && namespace === release.namespace ? undefined : { name, namespace }
}

/** True when the object is to stay when its release lets go of it. */
export function isKept(object: KubeObject): boolean {
  return object.metadata.annotations?.[RESOURCE_POLICY]?.trim().toLowerCase() === 'keep'
}
