import { numberOf, valueAt } from '../../base/json.ts'
import type { KubeObject } from '../../kinds/kube-object.ts'
import { conditionsOf, failed, progressing, type Readiness, ready } from './readiness.ts'

/**
 * What every kind's metadata and standard conditions tell: terminating, a generation that nobody has looked at, Reconciling,
 * Stalled; undefined when they tell nothing.
 *
 * Source: fluxcd/cli-utils 1.2.2 pkg/kstatus/status/generic.go
 */
export function commonReadiness(object: KubeObject): Readiness | undefined {
  if (object.metadata.deletionTimestamp) return { state: 'terminating', message: 'Resource scheduled for deletion' }
  const { generation } = object.metadata
  const observed = numberOf(valueAt(object, 'status', 'observedGeneration'))
  if (generation !== undefined && observed !== undefined && observed !== generation) {
    return progressing(`${object.kind} generation is ${generation}, but latest observed generation is ${observed}`)
  }
  for (const condition of conditionsOf(object)) {
    if (condition.status !== 'True') continue
    if (condition.type === 'Reconciling') return progressing(condition.message)
    if (condition.type === 'Stalled') return failed(condition.message)
  }
  return undefined
}

const KNOWN_STATUSES = new Set(['True', 'False', 'Unknown'])

/**
 * Kinds without rules of their own go by their Ready condition; without one they are ready.
 *
 * Source: fluxcd/cli-utils 1.2.2 pkg/kstatus/status/status.go
 */
export function genericReadiness(object: KubeObject): Readiness {
  const condition = conditionsOf(object).find(({ type, status }) => type === 'Ready' && KNOWN_STATUSES.has(status))
  if (condition === undefined) return ready('Resource is current')
  return condition.status === 'True' ? ready('Resource is Ready') : progressing(condition.message)
}
