import { type JsonObject, objectOf, valueAt } from '../../base/json.ts'
import { timestamp } from '../cluster.ts'
import { selectsLabels } from '../selectors.ts'
import { setStatus } from './as-controller.ts'
import { withCondition } from './conditions.ts'
import type { Controller } from './controller.ts'
import { hasCondition, isActive, isSameHealth, namespaceOf, shareOf } from './owned.ts'

const BUDGETS = 'policy/poddisruptionbudgets'

/** Counts for every PodDisruptionBudget of a namespace how many of its pods are healthy. */
export const disruptionBudgetController: Controller = {
  resources: [BUDGETS, '/pods'],
  keyOf: (change) => (change.resource === '/pods' && isSameHealth(change) ? '' : namespaceOf(change.object)),
  reconcile: (cluster, namespace) => {
    for (const budget of cluster.storage.list(BUDGETS, namespace)) {
      const pods = cluster.storage
        .list('/pods', namespace)
        .filter((pod) => isActive(pod) && selectsLabels(valueAt(budget, 'spec', 'selector'), objectOf(valueAt(pod, 'metadata', 'labels'))))
      setStatus(cluster, BUDGETS, budget, statusOf(budget, pods, timestamp(cluster)))
    }
  },
}

function statusOf(budget: JsonObject, pods: readonly JsonObject[], now: string): JsonObject {
  const healthy = pods.filter((pod) => hasCondition(pod, 'Ready')).length
  const most = valueAt(budget, 'spec', 'maxUnavailable')
  const desired =
    most === undefined
      ? shareOf(valueAt(budget, 'spec', 'minAvailable'), pods.length, Math.ceil)
      : Math.max(0, pods.length - shareOf(most, pods.length, Math.ceil))
  const allowed = Math.max(0, healthy - desired)
  const condition =
    allowed > 0
      ? ({ type: 'DisruptionAllowed', status: 'True', reason: 'SufficientPods', message: '' } as const)
      : ({ type: 'DisruptionAllowed', status: 'False', reason: 'InsufficientPods', message: '' } as const)
  return {
    observedGeneration: valueAt(budget, 'metadata', 'generation'),
    disruptionsAllowed: allowed,
    currentHealthy: healthy,
    desiredHealthy: desired,
    expectedPods: pods.length,
    conditions: withCondition(valueAt(budget, 'status', 'conditions'), condition, now),
  }
}
