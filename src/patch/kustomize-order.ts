import type { GoMap } from '../go/values.ts'
import { identityOf } from './identity.ts'

/** Source: sigs.k8s.io/kustomize/api 0.21.1 internal/builtins/SortOrderTransformer.go */
const FIRST: readonly string[] = [
  ...['Namespace', 'ResourceQuota', 'StorageClass', 'CustomResourceDefinition', 'ServiceAccount', 'PodSecurityPolicy', 'Role', 'ClusterRole'],
  ...['RoleBinding', 'ClusterRoleBinding', 'ConfigMap', 'Secret', 'Endpoints', 'Service', 'LimitRange', 'PriorityClass', 'PersistentVolume'],
  ...['PersistentVolumeClaim', 'Deployment', 'StatefulSet', 'CronJob', 'PodDisruptionBudget'],
]
const LAST: readonly string[] = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration']

function rank(kind: string): number {
  const first = FIRST.indexOf(kind)
  return first >= 0 ? first - FIRST.length : LAST.indexOf(kind) + 1
}

/** Where an object stands in what kustomize prints: known kinds by rank, then by group, version and kind, then by namespace and name. */
export function compareAsKustomize(a: GoMap, b: GoMap): number {
  const [left, right] = [identityOf(a), identityOf(b)]
  const byRank = rank(left.kind) - rank(right.kind)
  if (byRank !== 0) return byRank
  const [one, two] = [typeText(left), typeText(right)]
  if (one !== two) return one < two ? -1 : 1
  const [first, second] = [placeText(left), placeText(right)]
  return first === second ? 0 : first < second ? -1 : 1
}

function typeText({ group, version, kind }: ReturnType<typeof identityOf>): string {
  return `${group || '~G'}_${version || '~V'}_${kind || '~K'}`
}

function placeText({ namespace, name }: ReturnType<typeof identityOf>): string {
  return `${namespace || '~X'}|${name || '~N'}`
}
