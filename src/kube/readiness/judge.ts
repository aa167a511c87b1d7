import type { KubeObject } from '../../kinds/kube-object.ts'
import { splitApiVersion } from '../paths.ts'
import { alwaysReady, podDisruptionBudgetReadiness } from './always-ready.ts'
import { customResourceDefinitionReadiness } from './custom-resource-definition.ts'
import { daemonSetReadiness } from './daemon-set.ts'
import { deploymentReadiness } from './deployment.ts'
import { commonReadiness, genericReadiness } from './generic.ts'
import { jobCompletion, jobReadiness } from './job.ts'
import { persistentVolumeClaimReadiness } from './persistent-volume-claim.ts'
import { podCompletion, podReadiness } from './pod.ts'
import { type Judge, type Readiness, ready } from './readiness.ts'
import { replicaSetReadiness } from './replica-set.ts'
import { serviceReadiness } from './service.ts'
import { statefulSetReadiness } from './stateful-set.ts'

/** By group and kind; kinds that are not listed go by their conditions. */
const JUDGES: ReadonlyMap<string, Judge> = new Map([
  ['/ConfigMap', alwaysReady],
  ['/Secret', alwaysReady],
  ['/Pod', podReadiness],
  ['/PersistentVolumeClaim', persistentVolumeClaimReadiness],
  ['/Service', serviceReadiness],
  ['apps/Deployment', deploymentReadiness],
  ['apps/StatefulSet', statefulSetReadiness],
  ['apps/DaemonSet', daemonSetReadiness],
  ['apps/ReplicaSet', replicaSetReadiness],
  ['extensions/Deployment', deploymentReadiness],
  ['extensions/DaemonSet', daemonSetReadiness],
  ['extensions/ReplicaSet', replicaSetReadiness],
  ['batch/Job', jobReadiness],
  ['batch/CronJob', alwaysReady],
  ['policy/PodDisruptionBudget', podDisruptionBudgetReadiness],
  ['apiextensions.k8s.io/CustomResourceDefinition', customResourceDefinitionReadiness],
])

/** Kinds of which more can be asked than to be ready. */
const COMPLETIONS: ReadonlyMap<string, Judge> = new Map([
  ['/Pod', podCompletion],
  ['batch/Job', jobCompletion],
])

/** Whether `object` is ready; with `jobs` a Job must have completed, otherwise it need only run. */
export function readinessOf(object: KubeObject, options: { readonly jobs?: boolean } = {}): Readiness {
  const key = keyOf(object)
  const judge = (options.jobs && key === 'batch/Job' ? jobCompletion : JUDGES.get(key)) ?? genericReadiness
  return commonReadiness(object) ?? judge(object)
}

/** Whether `object` has done its work, as hooks must: Jobs and Pods complete, all others are done as they are. */
export function completionOf(object: KubeObject): Readiness {
  const judge = COMPLETIONS.get(keyOf(object))
  return judge === undefined ? ready('Resource is current') : (commonReadiness(object) ?? judge(object))
}

/** True for kinds that do their work and end. */
export function canComplete(apiVersion: string, kind: string): boolean {
  return COMPLETIONS.has(keyOf({ apiVersion, kind }))
}

function keyOf(object: Pick<KubeObject, 'apiVersion' | 'kind'>): string {
  return `${splitApiVersion(object.apiVersion).group}/${object.kind}`
}
