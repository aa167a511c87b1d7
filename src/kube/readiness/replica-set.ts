import type { KubeObject } from '../../kinds/kube-object.ts'
import { conditionWith, countAt, progressing, type Readiness, ready, shortfall } from './readiness.ts'

/**
 * Ready when all replicas are available.
 *
 * Source: fluxcd/cli-utils 1.2.2 pkg/kstatus/status/core.go
 */
export function replicaSetReadiness(object: KubeObject): Readiness {
  if (conditionWith(object, 'ReplicaFailure', 'True')) return progressing('Replica Failure condition. Check Pods')
  const wanted = countAt(object, ['spec', 'replicas'], 1)
  const count = (name: string) => countAt(object, ['status', name])
  const short = shortfall([
    ['Labelled', count('fullyLabeledReplicas'), wanted],
    ['Available', count('availableReplicas'), wanted],
    ['Ready', count('readyReplicas'), wanted],
  ])
  if (short) return short
  if (count('replicas') > wanted) return progressing(`Pending termination: ${count('replicas') - wanted}`)
  return ready(`ReplicaSet is available. Replicas: ${count('replicas')}`)
}
