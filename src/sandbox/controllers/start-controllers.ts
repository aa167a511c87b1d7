import type { Cluster } from '../cluster.ts'
import type { Controller } from './controller.ts'
import { daemonSetController } from './daemon-set.ts'
import { deploymentController } from './deployment.ts'
import { disruptionBudgetController } from './disruption-budget.ts'
import { garbageCollector } from './garbage-collector.ts'
import { goOn } from './go-on.ts'
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
    endpointsController(),
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
      for (const key of now) if (!isStopped) goOn(() => controller.reconcile(cluster, key))
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
