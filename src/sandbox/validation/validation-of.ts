import type { KindRules } from '../kind-rules.ts'
import type { ResourceType } from '../resource-type.ts'
import {
  autoscalerRules,
  crdRules,
  disruptionBudgetRules,
  ingressRules,
  networkPolicyRules,
  priorityClassRules,
  roleBindingRules,
  roleRules,
  storageClassRules,
} from './cluster-kinds.ts'
import { claimRules, configMapRules, podRules, secretRules, serviceRules } from './core-kinds.ts'
import { validateCustom } from './custom-resource.ts'
import { cronJobRules, daemonSetRules, deploymentRules, jobRules, replicaSetRules, statefulSetRules } from './workloads.ts'

type Validation = Pick<KindRules, 'validate' | 'validateUpdate'>

const VALIDATION: Readonly<Record<string, Validation>> = {
  '/configmaps': configMapRules,
  '/persistentvolumeclaims': claimRules,
  '/pods': podRules,
  '/secrets': secretRules,
  '/services': serviceRules,
  'apps/daemonsets': daemonSetRules,
  'apps/deployments': deploymentRules,
  'apps/replicasets': replicaSetRules,
  'apps/statefulsets': statefulSetRules,
  'autoscaling/horizontalpodautoscalers': autoscalerRules,
  'batch/cronjobs': cronJobRules,
  'batch/jobs': jobRules,
  'apiextensions.k8s.io/customresourcedefinitions': crdRules,
  'networking.k8s.io/ingresses': ingressRules,
  'networking.k8s.io/networkpolicies': networkPolicyRules,
  'policy/poddisruptionbudgets': disruptionBudgetRules,
  'rbac.authorization.k8s.io/clusterrolebindings': roleBindingRules,
  'rbac.authorization.k8s.io/clusterroles': roleRules,
  'rbac.authorization.k8s.io/rolebindings': roleBindingRules,
  'rbac.authorization.k8s.io/roles': roleRules,
  'scheduling.k8s.io/priorityclasses': priorityClassRules,
  'storage.k8s.io/storageclasses': storageClassRules,
}

/** The rules that objects of a resource are checked by; custom resources by the schema of the version they are written in. */
export function validationOf(type: ResourceType): Validation {
  if (type.custom) return { validate: (object, _cluster, version) => validateCustom(object, type.custom?.get(version)?.schema) }
  return VALIDATION[type.key] ?? {}
}
