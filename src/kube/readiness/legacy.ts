import { objectOf, sameJson, textOf, valueAt } from '../../base/json.ts'
import type { KubeObject, ObjectRef } from '../../kinds/kube-object.ts'
import { conditionWith, countAt, failed, progressing, type Readiness, ready, shortfall } from './readiness.ts'

/** Judges one kind as Helm 3 did; `owned` are the objects of the kind's dependants that it controls. */
type LegacyJudge = (object: KubeObject, owned: readonly KubeObject[]) => Readiness

interface LegacyKind {
  readonly judge: LegacyJudge
  /** Dependants that have a say in it. */
  readonly dependants?: Pick<ObjectRef, 'apiVersion' | 'kind'>
}

const PODS = { apiVersion: 'v1', kind: 'Pod' }

/** Kinds that are not listed are ready once they are written. */
const KINDS: ReadonlyMap<string, LegacyKind> = new Map<string, LegacyKind>([
  ['v1 Pod', { judge: (object) => (isPodReady(object) ? ready('Pod is Ready') : progressing('Pod is not Ready')) }],
  ['v1 PersistentVolumeClaim', { judge: claimReadiness }],
  ['v1 Service', { judge: serviceReadiness }],
  ['v1 ReplicationController', { judge: ofPods, dependants: PODS }],
  ['apps/v1 ReplicaSet', { judge: ofPods, dependants: PODS }],
  ['apps/v1 Deployment', { judge: deploymentReadiness, dependants: { apiVersion: 'apps/v1', kind: 'ReplicaSet' } }],
  ['apps/v1 DaemonSet', { judge: daemonSetReadiness }],
  ['apps/v1 StatefulSet', { judge: statefulSetReadiness }],
  ['apiextensions.k8s.io/v1 CustomResourceDefinition', { judge: definitionReadiness }],
])

const JOB: LegacyKind = { judge: jobReadiness }

function kindOf({ apiVersion, kind }: Pick<ObjectRef, 'apiVersion' | 'kind'>, jobs: boolean): LegacyKind | undefined {
  return jobs && apiVersion === 'batch/v1' && kind === 'Job' ? JOB : KINDS.get(`${apiVersion} ${kind}`)
}

/** How Helm 3, and Helm 4 with `--wait=legacy`, wait for a kind: undefined where they do not; else of which kind dependants have a say. */
export function legacyWait(
  ref: Pick<ObjectRef, 'apiVersion' | 'kind'>,
  { jobs }: { readonly jobs: boolean },
): { readonly dependants?: Pick<ObjectRef, 'apiVersion' | 'kind'> } | undefined {
  return kindOf(ref, jobs)
}

/**
 * Whether `object` is ready as Helm 3 has it: fewer pods suffice than `deploymentReadiness` asks for, and conditions do not count.
 *
 * Source: Helm 4.3.1 pkg/kube/ready.go
 */
export function legacyReadiness(object: KubeObject, dependants: Iterable<KubeObject>, { jobs }: { readonly jobs: boolean }): Readiness {
  const uid = object.metadata.uid
  const owned = [...dependants].filter(({ metadata }) => metadata.ownerReferences?.some((owner) => owner.controller === true && owner.uid === uid))
  return kindOf(object, jobs)?.judge(object, owned) ?? ready('Resource is current')
}

/** Whether a hook has done its work, in the words of Helm 3. Source: Helm 4.3.1 pkg/kube/wait.go waitForJob, waitForPodSuccess */
export function legacyCompletion(object: KubeObject): Readiness {
  const name = object.metadata.name ?? ''
  if (object.kind === 'Job') {
    if (conditionWith(object, 'Complete', 'True')) return ready(`job ${name} succeeded`)
    const failure = conditionWith(object, 'Failed', 'True')
    return failure ? failed(`job ${name} failed: ${failure.reason}`) : progressing('Job in progress')
  }
  const phase = valueAt(object, 'status', 'phase')
  if (phase === 'Succeeded') return ready(`pod ${name} succeeded`)
  return phase === 'Failed' ? failed(`pod ${name} failed`) : progressing('Pod in progress')
}

function isPodReady(pod: KubeObject): boolean {
  return conditionWith(pod, 'Ready', 'True') !== undefined
}

function claimReadiness(object: KubeObject): Readiness {
  return valueAt(object, 'status', 'phase') === 'Bound' ? ready('PVC is Bound') : progressing('PersistentVolumeClaim is not bound')
}

function serviceReadiness(object: KubeObject): Readiness {
  const type = valueAt(object, 'spec', 'type')
  if (type === 'ExternalName') return ready('Service is ready')
  if (textOf(valueAt(object, 'spec', 'clusterIP')) === '') return progressing('Service does not have cluster IP address')
  const isBalanced = type !== 'LoadBalancer' || hasItems(object, 'spec', 'externalIPs') || hasItems(object, 'status', 'loadBalancer', 'ingress')
  return isBalanced ? ready('Service is ready') : progressing('Service does not have load balancer ingress IP address')
}

function hasItems(object: KubeObject, ...path: readonly string[]): boolean {
  const value = valueAt(object, ...path)
  return Array.isArray(value) && value.length > 0
}

function definitionReadiness(object: KubeObject): Readiness {
  const isSettled = conditionWith(object, 'Established', 'True') ?? conditionWith(object, 'NamesAccepted', 'False')
  return isSettled ? ready('CRD is established') : progressing('CustomResourceDefinition is not established')
}

function jobReadiness(object: KubeObject): Readiness {
  const { name = '', namespace = '' } = object.metadata
  if (countAt(object, ['status', 'failed']) > countAt(object, ['spec', 'backoffLimit'])) return failed(`job is failed: ${namespace}/${name}`)
  const completions = valueAt(object, 'spec', 'completions')
  const isShort = typeof completions === 'number' && countAt(object, ['status', 'succeeded']) < completions
  return isShort ? progressing('Job is not completed') : ready('Job is completed')
}

/** Undefined when the controller has seen the latest form. */
function unobserved(object: KubeObject): Readiness | undefined {
  const { generation = 0 } = object.metadata
  const observed = countAt(object, ['status', 'observedGeneration'])
  return observed === generation ? undefined : progressing(`observedGeneration ${observed} does not match spec generation ${generation}`)
}

function ofPods(object: KubeObject, pods: readonly KubeObject[]): Readiness {
  return unobserved(object) ?? (pods.every(isPodReady) ? ready('All pods are ready') : progressing('Not all pods are ready'))
}

function deploymentReadiness(object: KubeObject, replicaSets: readonly KubeObject[]): Readiness {
  if (valueAt(object, 'spec', 'paused') === true) return ready('Deployment is paused')
  const newest = newestReplicaSet(object, replicaSets)
  if (newest === undefined) return progressing('ReplicaSet is not there yet')
  const late = unobserved(newest) ?? unobserved(object)
  if (late) return late
  const wanted = countAt(object, ['spec', 'replicas'], 1)
  return shortfall([['Ready', countAt(newest, ['status', 'readyReplicas']), wanted - unavailableOf(object, wanted)]]) ?? ready('Deployment is ready')
}

/** The oldest of those with the Deployment's own template: the controller may have made one of them twice. */
function newestReplicaSet(object: KubeObject, replicaSets: readonly KubeObject[]): KubeObject | undefined {
  const template = valueAt(object, 'spec', 'template')
  return replicaSets
    .filter((one) => sameJson(withoutHash(valueAt(one, 'spec', 'template')), withoutHash(template)))
    .sort((a, b) => ((a.metadata.creationTimestamp ?? '') < (b.metadata.creationTimestamp ?? '') ? -1 : 1))[0]
}

function withoutHash(template: unknown): unknown {
  const { metadata, ...rest } = objectOf(template)
  const { labels, ...others } = objectOf(metadata)
  const { 'pod-template-hash': _hash, ...own } = objectOf(labels)
  return { ...rest, metadata: { ...others, labels: own } }
}

/** How many pods of a rolling update may be away. Source: Helm 4.3.1 internal/third_party/k8s.io/kubernetes/deployment/util MaxUnavailable */
function unavailableOf(object: KubeObject, replicas: number): number {
  if (valueAt(object, 'spec', 'strategy', 'type') !== 'RollingUpdate' || replicas === 0) return 0
  const surge = scaled(valueAt(object, 'spec', 'strategy', 'rollingUpdate', 'maxSurge'), replicas, Math.ceil)
  const unavailable = scaled(valueAt(object, 'spec', 'strategy', 'rollingUpdate', 'maxUnavailable'), replicas, Math.floor)
  return Math.min(surge === 0 && unavailable === 0 ? 1 : unavailable, replicas)
}

/** A number, or a share of `total` such as `25%`. */
function scaled(value: unknown, total: number, round: (count: number) => number): number {
  if (typeof value === 'number') return value
  const [, percent] = /^(\d{1,9})%$/.exec(textOf(value)) ?? []
  return percent === undefined ? 0 : round((Number(percent) * total) / 100)
}

function daemonSetReadiness(object: KubeObject): Readiness {
  const late = unobserved(object)
  if (late) return late
  if (valueAt(object, 'spec', 'updateStrategy', 'type') !== 'RollingUpdate') return ready('DaemonSet is ready')
  const wanted = countAt(object, ['status', 'desiredNumberScheduled'])
  const updated = countAt(object, ['status', 'updatedNumberScheduled'])
  if (updated !== wanted) return progressing(`Updated: ${updated}/${wanted}`)
  const unavailable = scaled(valueAt(object, 'spec', 'updateStrategy', 'rollingUpdate', 'maxUnavailable'), wanted, Math.ceil)
  return shortfall([['Ready', countAt(object, ['status', 'numberReady']), wanted - unavailable]]) ?? ready('DaemonSet is ready')
}

function statefulSetReadiness(object: KubeObject): Readiness {
  const late = unobserved(object)
  if (late) return late
  if (valueAt(object, 'spec', 'updateStrategy', 'type') !== 'RollingUpdate') return ready('StatefulSet is ready')
  const partition = countAt(object, ['spec', 'updateStrategy', 'rollingUpdate', 'partition'])
  const replicas = countAt(object, ['spec', 'replicas'], 1)
  const short = shortfall([['Updated', countAt(object, ['status', 'updatedReplicas']), replicas - partition]])
  if (short) return short
  const readyReplicas = countAt(object, ['status', 'readyReplicas'])
  if (readyReplicas !== replicas) return progressing(`Ready: ${readyReplicas}/${replicas}`)
  const isHalfway = partition === 0 && valueAt(object, 'status', 'currentRevision') !== valueAt(object, 'status', 'updateRevision')
  return isHalfway ? progressing('currentRevision does not match updateRevision') : ready('StatefulSet is ready')
}
