import { valueAt } from '../../base/json.ts'
import type { KubeObject } from '../../kinds/kube-object.ts'
import { conditionsOf, conditionWith, countAt, failed, progressing, type Readiness, ready, shortfall } from './readiness.ts'

/** Without a deadline, which this number means too, the controller does not report progress. */
const NO_DEADLINE = 2 ** 31 - 1

/**
 * Ready when all replicas are of the new template and available; failed when the progress deadline has passed. A paused Deployment
 * is not waited for.
 *
 * Source: fluxcd/cli-utils 1.2.2 pkg/kstatus/status/core.go; Helm 4.3.1 pkg/kube/statuswait.go for the pause
 */
export function deploymentReadiness(object: KubeObject): Readiness {
  if (valueAt(object, 'spec', 'paused') === true) return ready('Deployment is paused')
  if (conditionsOf(object).some((condition) => condition.type === 'Progressing' && condition.reason === 'ProgressDeadlineExceeded'))
    return failed('Progress deadline exceeded')
  const wanted = countAt(object, ['spec', 'replicas'], 1)
  const count = (name: string) => countAt(object, ['status', name])
  const early = shortfall([
    ['Replicas', count('replicas'), wanted],
    ['Updated', count('updatedReplicas'), wanted],
  ])
  if (early) return early
  if (count('replicas') > wanted) return progressing(`Pending termination: ${count('replicas') - wanted}`)
  return (
    shortfall([
      ['Available', count('availableReplicas'), count('updatedReplicas')],
      ['Ready', count('readyReplicas'), wanted],
    ]) ?? byConditions(object)
  )
}

function byConditions(object: KubeObject): Readiness {
  const hasDeadline = countAt(object, ['spec', 'progressDeadlineSeconds'], NO_DEADLINE) !== NO_DEADLINE
  if (hasDeadline && conditionWith(object, 'Progressing', 'True')?.reason !== 'NewReplicaSetAvailable') return progressing('ReplicaSet not Available')
  if (conditionWith(object, 'Available', 'True') === undefined) return progressing('Deployment not Available')
  return ready(`Deployment is available. Replicas: ${countAt(object, ['status', 'replicas'])}`)
}
