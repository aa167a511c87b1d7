import type { JsonObject } from '../../base/json.ts'
import type { Cluster } from '../cluster.ts'
import { setStatus } from './as-controller.ts'
import type { Controller } from './controller.ts'
import { controllerPlace, isDeleting, objectAt, placeOf } from './owned.ts'

/** What sets one kind of set of pods apart from the others. */
export interface SetRules {
  readonly resource: string
  readonly kind: string
  /** Makes and removes pods until they are what the set asks for. */
  readonly act: (cluster: Cluster, set: JsonObject) => void
  readonly statusOf: (cluster: Cluster, set: JsonObject) => JsonObject
}

/** A controller of sets of pods: acts on a set unless it is going, then reports the status of what it is by then. */
export function setController({ resource, kind, act, statusOf }: SetRules): Controller {
  return {
    resources: [resource, '/pods'],
    keyOf: (change) => (change.resource === '/pods' ? controllerPlace(change.object, kind) : placeOf(change.object)),
    reconcile: (cluster, place) => {
      const set = objectAt(cluster, resource, place)
      if (!set) return
      if (!isDeleting(set)) act(cluster, set)
      const live = objectAt(cluster, resource, place)
      if (live) setStatus(cluster, resource, live, statusOf(cluster, live))
    },
  }
}
