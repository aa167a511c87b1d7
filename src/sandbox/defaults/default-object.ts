import type { JsonObject } from '../../base/json.ts'
import { defaultAutoscaler, defaultCrd, defaultNetworkPolicy, defaultRoleBinding, defaultStorageClass, defaultWebhooks } from './cluster-kinds.ts'
import { defaultClaim, defaultLimitRange, defaultNamespace, defaultSecret, defaultService, defaultVolume } from './core-kinds.ts'
import { mapMember } from './fill.ts'
import { defaultPod, defaultTemplate } from './pod-spec.ts'
import {
  defaultCronJob,
  defaultDaemonSet,
  defaultDeployment,
  defaultJob,
  defaultReplicaSet,
  defaultReplicationController,
  defaultStatefulSet,
} from './workloads.ts'

type Defaulter = (object: JsonObject) => JsonObject

/** What decoding adds to an object of a kind, by `apiVersion/kind` of the storage version. */
const DEFAULTERS: Readonly<Record<string, Defaulter>> = {
  'v1/LimitRange': defaultLimitRange,
  'v1/Namespace': defaultNamespace,
  'v1/PersistentVolume': defaultVolume,
  'v1/PersistentVolumeClaim': defaultClaim,
  'v1/Pod': defaultPod,
  'v1/PodTemplate': (object) => mapMember(object, 'template', defaultTemplate),
  'v1/ReplicationController': defaultReplicationController,
  'v1/Secret': defaultSecret,
  'v1/Service': defaultService,
  'apps/v1/DaemonSet': defaultDaemonSet,
  'apps/v1/Deployment': defaultDeployment,
  'apps/v1/ReplicaSet': defaultReplicaSet,
  'apps/v1/StatefulSet': defaultStatefulSet,
  'batch/v1/CronJob': defaultCronJob,
  'batch/v1/Job': defaultJob,
  'autoscaling/v2/HorizontalPodAutoscaler': defaultAutoscaler,
  'networking.k8s.io/v1/NetworkPolicy': defaultNetworkPolicy,
  'rbac.authorization.k8s.io/v1/ClusterRoleBinding': defaultRoleBinding,
  'rbac.authorization.k8s.io/v1/RoleBinding': defaultRoleBinding,
  'scheduling.k8s.io/v1/PriorityClass': (object) => ({ preemptionPolicy: 'PreemptLowerPriority', ...object }),
  'storage.k8s.io/v1/StorageClass': defaultStorageClass,
  'admissionregistration.k8s.io/v1/MutatingWebhookConfiguration': defaultWebhooks,
  'admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration': defaultWebhooks,
  'apiextensions.k8s.io/v1/CustomResourceDefinition': defaultCrd,
}

/** The object with the members its kind has by default. Source: kubernetes pkg/apis (defaults.go of each group) */
export function defaultObject(object: JsonObject): JsonObject {
  return DEFAULTERS[`${String(object['apiVersion'])}/${String(object['kind'])}`]?.(object) ?? object
}
