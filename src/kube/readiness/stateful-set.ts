import { valueAt } from '../../base/json.ts'
import type { KubeObject } from '../../kinds/kube-object.ts'
import { countAt, progressing, type Readiness, ready, shortfall } from './readiness.ts'

/**
 * Ready when all replicas are ready and of the new revision, or those that the partition lets through.
 *
 * Source: fluxcd/cli-utils 1.2.2 pkg/kstatus/status/core.go
 */
export function statefulSetReadiness(object: KubeObject): Readiness {
  if (valueAt(object, 'spec', 'updateStrategy', 'type') === 'OnDelete') return ready('StatefulSet is using the ondelete update strategy')
  const wanted = countAt(object, ['spec', 'replicas'], 1)
  const count = (name: string) => countAt(object, ['status', name])
  const early = shortfall([
    ['Replicas', count('replicas'), wanted],
    ['Ready', count('readyReplicas'), wanted],
  ])
  if (early) return early
  if (count('replicas') > wanted) return progressing(`Pending termination: ${count('replicas') - wanted}`)
  const partition = countAt(object, ['spec', 'updateStrategy', 'rollingUpdate', 'partition'], -1)
  if (partition >= 0)
    return (
      shortfall([['updated', count('updatedReplicas'), wanted - partition]]) ??
      ready(`Partition rollout complete. updated: ${count('updatedReplicas')}`)
    )
  return shortfall([['current', count('currentReplicas'), wanted]]) ?? byRevision(object)
}

function byRevision(object: KubeObject): Readiness {
  const isCurrent = valueAt(object, 'status', 'currentRevision') === valueAt(object, 'status', 'updateRevision')
  return isCurrent
    ? ready(`All replicas scheduled as expected. Replicas: ${countAt(object, ['status', 'replicas'])}`)
    : progressing('Waiting for updated revision to match current')
}
