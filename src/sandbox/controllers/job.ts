import { type JsonObject, valueAt } from '../../base/json.ts'
import { type Cluster, timestamp } from '../cluster.ts'
import { listOf } from '../json.ts'
import { setStatus } from './as-controller.ts'
import { type ConditionState, withCondition } from './conditions.ts'
import type { Controller } from './controller.ts'
import { deleteAs, deletePod } from './delete-pod.ts'
import { warn } from './events.ts'
import { controllerPlace, createPod, hasCondition, isActive, isDeleting, nameOf, objectAt, ownedBy, placeOf, uidOf } from './owned.ts'

const JOBS = 'batch/jobs'

/** Runs the pods of jobs until enough have ended well, or too many have not. */
export const jobController: Controller = {
  resources: [JOBS, '/pods'],
  keyOf: ({ resource, object }) => (resource === '/pods' ? controllerPlace(object, 'Job') : placeOf(object)),
  reconcile: (cluster, place) => {
    const job = objectAt(cluster, JOBS, place)
    if (!job || isDeleting(job) || isFinished(job)) return
    const failure = failureOf(cluster, job)
    if (failure) end(cluster, job, failure)
    else if (succeeded(cluster, job) >= wantedOf(job)) end(cluster, job, COMPLETE)
    else progress(cluster, job)
  },
}

const COMPLETE: ConditionState = {
  type: 'Complete',
  status: 'True',
  reason: 'CompletionsReached',
  message: 'Reached expected number of succeeded pods',
}

function isFinished(job: JsonObject): boolean {
  return hasCondition(job, 'Complete') || hasCondition(job, 'Failed')
}

function phaseCount(cluster: Cluster, job: JsonObject, phase: string): number {
  return ownedBy(cluster, job, '/pods').filter((pod) => valueAt(pod, 'status', 'phase') === phase).length
}

function succeeded(cluster: Cluster, job: JsonObject): number {
  return phaseCount(cluster, job, 'Succeeded')
}

function wantedOf(job: JsonObject): number {
  return Number(valueAt(job, 'spec', 'completions') ?? 1)
}

function failureOf(cluster: Cluster, job: JsonObject): ConditionState | undefined {
  const failed = phaseCount(cluster, job, 'Failed')
  if (failed > Number(valueAt(job, 'spec', 'backoffLimit'))) {
    return { type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded', message: 'Job has reached the specified backoff limit' }
  }
  const deadline = valueAt(job, 'spec', 'activeDeadlineSeconds')
  const started = valueAt(job, 'status', 'startTime')
  if (typeof deadline !== 'number' || typeof started !== 'string' || cluster.host.now() - Date.parse(started) < deadline * 1000) return undefined
  return { type: 'Failed', status: 'True', reason: 'DeadlineExceeded', message: 'Job was active longer than specified deadline' }
}

function progress(cluster: Cluster, job: JsonObject): void {
  if (valueAt(job, 'spec', 'suspend') !== true) startPods(cluster, job)
  const live = objectAt(cluster, JOBS, placeOf(job))
  if (!live) return
  const isFirst = valueAt(live, 'status', 'startTime') === undefined
  setStatus(cluster, JOBS, live, countsOf(cluster, live))
  const deadline = valueAt(job, 'spec', 'activeDeadlineSeconds')
  if (isFirst && typeof deadline === 'number') cluster.after(deadline * 1000 + 1000, () => jobController.reconcile(cluster, placeOf(job)))
}

function startPods(cluster: Cluster, job: JsonObject): void {
  const active = ownedBy(cluster, job, '/pods').filter(isActive).length
  const missing = Math.min(Number(valueAt(job, 'spec', 'parallelism')), wantedOf(job) - succeeded(cluster, job)) - active
  for (let n = 0; n < missing; n++) createPod(cluster, job, valueAt(job, 'spec', 'template'), { generateName: `${nameOf(job)}-` })
}

function countsOf(cluster: Cluster, job: JsonObject): JsonObject {
  const pods = ownedBy(cluster, job, '/pods')
  const active = pods.filter(isActive)
  const done = phaseCount(cluster, job, 'Succeeded')
  const failed = phaseCount(cluster, job, 'Failed')
  return {
    ...(valueAt(job, 'status', 'conditions') === undefined ? {} : { conditions: valueAt(job, 'status', 'conditions') }),
    startTime: valueAt(job, 'status', 'startTime') ?? timestamp(cluster),
    ...(active.length > 0 ? { active: active.length } : {}),
    ...(done > 0 ? { succeeded: done } : {}),
    ...(failed > 0 ? { failed } : {}),
    terminating: pods.filter(isDeleting).length,
    uncountedTerminatedPods: {},
    ready: active.filter((pod) => hasCondition(pod, 'Ready')).length,
  }
}

function end(cluster: Cluster, job: JsonObject, condition: ConditionState): void {
  const now = timestamp(cluster)
  const isComplete = condition.type === 'Complete'
  const interim = { ...condition, type: isComplete ? 'SuccessCriteriaMet' : 'FailureTarget' }
  const conditions = withCondition(withCondition(valueAt(job, 'status', 'conditions'), interim, now, 'probed'), condition, now, 'probed')
  for (const pod of ownedBy(cluster, job, '/pods').filter(isActive)) deletePod(cluster, pod)
  const { active: _active, ...counts } = countsOf(cluster, job)
  setStatus(cluster, JOBS, job, { ...counts, ready: 0, conditions, ...(isComplete ? { completionTime: now } : {}) })
  if (!isComplete) warn(cluster, job, 'job-controller', condition.reason, condition.message)
  removeLater(cluster, job)
}

function removeLater(cluster: Cluster, job: JsonObject): void {
  const seconds = valueAt(job, 'spec', 'ttlSecondsAfterFinished')
  if (typeof seconds !== 'number') return
  cluster.after(seconds * 1000, () => {
    const live = objectAt(cluster, JOBS, placeOf(job))
    if (live && uidOf(live) === uidOf(job) && listOf(valueAt(live, 'status', 'conditions')).length > 0) deleteAs(cluster, JOBS, live, 'Foreground')
  })
}
