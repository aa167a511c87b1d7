import type { Cluster } from '../cluster.ts'
import { ApiError } from '../status.ts'
import type { Controller } from './controller.ts'
import { daemonSetController } from './daemon-set.ts'
import { deploymentController } from './deployment.ts'
import { disruptionBudgetController } from './disruption-budget.ts'
import { garbageCollector } from './garbage-collector.ts'
import { jobController } from './job.ts'
import { namespaceController } from './namespace.ts'
import { podController } from './pod.ts'
import { replicaSetController } from './replica-set.ts'
import { endpointsController, loadBalancerController } from './service.ts'
import { statefulSetController } from './stateful-set.ts'
import { volumeClaimController } from './volume-claim.ts'

function controllers(readyAfterMs: number): readonly Controller[] {
  return [
    namespaceController,
    deploymentController,
    replicaSetController,
    statefulSetController,
    daemonSetController,
    jobController,
    podController(readyAfterMs),
    volumeClaimController,
    loadBalancerController,
    endpointsController,
    disruptionBudgetController,
    garbageCollector,
  ]
}

/** Starts everything that makes a cluster move; the result stops it. What exists already is looked at once. */
export function startControllers(cluster: Cluster, readyAfterMs: number): () => void {
  const all = controllers(readyAfterMs)
  const waiting = new Map<Controller, Set<string>>(all.map((controller) => [controller, new Set<string>()]))
  let isScheduled = false
  let isStopped = false
  const work = (): void => {
    isScheduled = false
    for (const [controller, keys] of waiting) {
      const now = [...keys]
      keys.clear()
      for (const key of now) if (!isStopped) reconcileSafely(cluster, controller, key)
    }
  }
  const add = (controller: Controller, key: string): void => {
    if (key === '' || isStopped) return
    waiting.get(controller)?.add(key)
    if (isScheduled) return
    isScheduled = true
    setImmediate(work)
  }
  const unsubscribe = cluster.storage.subscribe((change) => {
    for (const controller of all) {
      if (controller.resources.includes(change.resource) || controller.resources.includes('*')) add(controller, controller.keyOf(change, cluster))
    }
  })
  for (const { resource, object } of cluster.storage.snapshot().objects) {
    for (const controller of all) {
      if (!controller.resources.includes(resource) && !controller.resources.includes('*')) continue
      add(controller, controller.keyOf({ type: 'ADDED', resource, version: 0, object, previous: undefined }, cluster))
    }
  }
  return () => {
    isStopped = true
    unsubscribe()
  }
}

/** Refusals that a controller may meet: it lost a race, its namespace is being deleted, or a template makes no valid object. */
const EXPECTED = new Set([403, 404, 409, 422])

/** Controllers go on after such a refusal; the change that settles the matter asks them again. */
function reconcileSafely(cluster: Cluster, controller: Controller, key: string): void {
  try {
    controller.reconcile(cluster, key)
  } catch (error) {
    if (!(error instanceof ApiError && EXPECTED.has(error.code))) throw error
  }
}
