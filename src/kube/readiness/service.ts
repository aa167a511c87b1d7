import { textOf, valueAt } from '../../base/json.ts'
import type { KubeObject } from '../../kinds/kube-object.ts'
import { progressing, type Readiness, ready } from './readiness.ts'

/**
 * Ready, but for a load balancer without its cluster address. That the balancer itself has an address is not waited for.
 *
 * Source: fluxcd/cli-utils 1.2.2 pkg/kstatus/status/core.go
 */
export function serviceReadiness(object: KubeObject): Readiness {
  const isBalancer = valueAt(object, 'spec', 'type') === 'LoadBalancer'
  if (isBalancer && textOf(valueAt(object, 'spec', 'clusterIP')) === '') return progressing('ClusterIP not set. Service type: LoadBalancer')
  return ready('Service is ready')
}
