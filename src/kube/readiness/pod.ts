import { objectsOf, textOf, valueAt } from '../../base/json.ts'
import type { KubeObject } from '../../kinds/kube-object.ts'
import { conditionWith, failed, progressing, type Readiness, ready } from './readiness.ts'

/**
 * Ready when it runs and is ready, or has succeeded; failed when a container crashes again and again or the pod has failed.
 *
 * Source: fluxcd/cli-utils 1.2.2 pkg/kstatus/status/core.go, which counts failed pods as done, and unschedulable ones as failed
 * after 15 seconds; here they fail at once, and wait, because nodes can still be added
 */
export function podReadiness(object: KubeObject): Readiness {
  switch (textOf(valueAt(object, 'status', 'phase'))) {
    case 'Succeeded':
      return ready('Pod has completed successfully')
    case 'Failed':
      return failed('Pod has completed, but not successfully')
    case 'Running':
      return runningReadiness(object)
    case 'Pending':
      return conditionWith(object, 'PodScheduled', 'False')?.reason === 'Unschedulable'
        ? progressing('Pod could not be scheduled')
        : progressing('Pod is in the Pending phase')
    default:
      return progressing('Pod phase not available')
  }
}

function runningReadiness(object: KubeObject): Readiness {
  if (conditionWith(object, 'Ready', 'True')) return ready('Pod is Ready')
  const crashing = objectsOf(valueAt(object, 'status', 'containerStatuses')).filter(
    (status) => valueAt(status, 'state', 'waiting', 'reason') === 'CrashLoopBackOff',
  )
  if (crashing.length > 0) return failed(`Containers in CrashLoop state: ${crashing.map((status) => textOf(status['name'])).join(',')}`)
  return progressing('Pod is running but is not Ready')
}

/**
 * Ready when it has succeeded, failed when it has failed: what is asked of a pod that is a hook.
 *
 * Source: Helm 4.3.1 internal/statusreaders/pod_status_reader.go
 */
export function podCompletion(object: KubeObject): Readiness {
  const name = object.metadata.name ?? ''
  const phase = valueAt(object, 'status', 'phase')
  if (phase === 'Succeeded') return ready(`pod ${name} succeeded`)
  return phase === 'Failed' ? failed(`pod ${name} failed`) : progressing('Pod in progress')
}
