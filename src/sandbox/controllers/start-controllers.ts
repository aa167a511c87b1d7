import type { Cluster } from '../cluster.ts'
import { ApiError } from '../status.ts'
import type { Controller } from './controller.ts'
import { namespaceController } from './namespace.ts'

function controllers(_readyAfterMs: number): readonly Controller[] {
  return [namespaceController]
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

/** A controller may lose a race against a request, as real ones do; it is asked again by the change that beat it. */
function reconcileSafely(cluster: Cluster, controller: Controller, key: string): void {
  try {
    controller.reconcile(cluster, key)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
  }
}
