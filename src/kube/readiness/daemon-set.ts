import { valueAt } from '../../base/json.ts'
import type { KubeObject } from '../../kinds/kube-object.ts'
import { countAt, progressing, type Readiness, ready, shortfall } from './readiness.ts'

/**
 * Ready when every node that should run a pod runs a ready one of the new template.
 *
 * Source: fluxcd/cli-utils 1.2.2 pkg/kstatus/status/core.go
 */
export function daemonSetReadiness(object: KubeObject): Readiness {
  if (object.metadata.generation === undefined) return progressing('DaemonSet metadata.generation not found')
  if (valueAt(object, 'status', 'observedGeneration') === undefined) return progressing('DaemonSet status.observedGeneration not found')
  const wanted = countAt(object, ['status', 'desiredNumberScheduled'], -1)
  if (wanted < 0) return progressing('Missing .status.desiredNumberScheduled')
  const count = (name: string) => countAt(object, ['status', name])
  return (
    shortfall([
      ['Current', count('currentNumberScheduled'), wanted],
      ['Updated', count('updatedNumberScheduled'), wanted],
      ['Available', count('numberAvailable'), wanted],
      ['Ready', count('numberReady'), wanted],
    ]) ?? ready(`All replicas scheduled as expected. Replicas: ${wanted}`)
  )
}
