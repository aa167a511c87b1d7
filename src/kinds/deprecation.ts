import { DEPRECATED_KINDS } from './deprecated-kinds.generated.ts'

/** `1.25` as numbers that compare. */
function rank(version: string): number {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major * 1000 + minor
}

/**
 * What Kubernetes says about a kind that is out of use in its version `1.33`; undefined for kinds in use and such it does not know.
 *
 * Source: k8s.io/apiserver 0.37.1 pkg/endpoints/deprecation (WarningMessage)
 */
export function deprecationWarning(apiVersion: string, kind: string, kubeVersion: string): string | undefined {
  const key = `${apiVersion} ${kind}`
  const known = Object.hasOwn(DEPRECATED_KINDS, key) ? DEPRECATED_KINDS[key] : undefined
  if (known === undefined) return undefined
  const [since = '', ...rest] = known.split(' ')
  if (rank(since) > rank(kubeVersion)) return undefined
  const until = /^[0-9.]+$/.test(rest[0] ?? '') ? rest.shift() : undefined
  const gone = until === undefined ? '' : `, unavailable in v${until}+`
  return `${key} is deprecated in v${since}+${gone}${rest.length > 0 ? `; use ${rest.join(' ')}` : ''}`
}

/** Kinds whose group or version the generated table does not know, or knows without what became of it. */
const OTHER_SUCCESSORS: Readonly<Record<string, string>> = {
  'autoscaling/v2beta1 HorizontalPodAutoscaler': 'autoscaling/v2',
  'autoscaling/v2beta2 HorizontalPodAutoscaler': 'autoscaling/v2',
  'batch/v2alpha1 CronJob': 'batch/v1',
  'networking.k8s.io/v1beta1 IngressClass': 'networking.k8s.io/v1',
  'node.k8s.io/v1beta1 RuntimeClass': 'node.k8s.io/v1',
  'rbac.authorization.k8s.io/v1alpha1 ClusterRole': 'rbac.authorization.k8s.io/v1',
  'rbac.authorization.k8s.io/v1alpha1 ClusterRoleBinding': 'rbac.authorization.k8s.io/v1',
  'rbac.authorization.k8s.io/v1alpha1 Role': 'rbac.authorization.k8s.io/v1',
  'rbac.authorization.k8s.io/v1alpha1 RoleBinding': 'rbac.authorization.k8s.io/v1',
  'scheduling.k8s.io/v1alpha1 PriorityClass': 'scheduling.k8s.io/v1',
  'apiextensions.k8s.io/v1beta1 CustomResourceDefinition': 'apiextensions.k8s.io/v1',
  'apiregistration.k8s.io/v1beta1 APIService': 'apiregistration.k8s.io/v1',
}

/** The API version under which a kind that is out of use goes on; undefined where there is none, and for kinds in use. */
export function successorOf(apiVersion: string, kind: string): string | undefined {
  const key = `${apiVersion} ${kind}`
  if (Object.hasOwn(OTHER_SUCCESSORS, key)) return OTHER_SUCCESSORS[key]
  const known = Object.hasOwn(DEPRECATED_KINDS, key) ? DEPRECATED_KINDS[key] : undefined
  const [successor, sameKind] = known?.split(' ').slice(-2) ?? []
  return sameKind === kind ? successor : undefined
}
