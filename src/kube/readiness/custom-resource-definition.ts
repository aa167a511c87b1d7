import type { KubeObject } from '../../kinds/kube-object.ts'
import { conditionsOf, failed, progressing, type Readiness, ready } from './readiness.ts'

/**
 * Ready when its kind is served; failed when its names are taken.
 *
 * Source: fluxcd/cli-utils 1.2.2 pkg/kstatus/status/core.go
 */
export function customResourceDefinitionReadiness(object: KubeObject): Readiness {
  for (const condition of conditionsOf(object)) {
    if (condition.type === 'NamesAccepted' && condition.status === 'False') return failed(condition.message)
    if (condition.type !== 'Established') continue
    if (condition.status === 'True') return ready('CRD is established')
    if (condition.status === 'False' && condition.reason !== 'Installing') return failed(condition.message)
  }
  return progressing('Install in progress')
}
