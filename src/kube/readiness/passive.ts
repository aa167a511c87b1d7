import { splitApiVersion } from '../paths.ts'

/** By group: kinds that no controller works on, so that they are ready once they are written. */
const PASSIVE: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['', new Set(['ConfigMap', 'Secret', 'ServiceAccount', 'LimitRange', 'PodTemplate'])],
  ['batch', new Set(['CronJob'])],
  ['rbac.authorization.k8s.io', new Set(['Role', 'RoleBinding', 'ClusterRole', 'ClusterRoleBinding'])],
  ['networking.k8s.io', new Set(['NetworkPolicy', 'IngressClass', 'Ingress'])],
  ['scheduling.k8s.io', new Set(['PriorityClass'])],
  ['storage.k8s.io', new Set(['StorageClass'])],
  ['admissionregistration.k8s.io', new Set(['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration'])],
])

/** True for kinds that need no waiting: what is written is ready. */
export function isPassive(apiVersion: string, kind: string): boolean {
  return PASSIVE.get(splitApiVersion(apiVersion).group)?.has(kind) ?? false
}
