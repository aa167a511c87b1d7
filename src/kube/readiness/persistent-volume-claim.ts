import { textOf, valueAt } from '../../base/json.ts'
import type { KubeObject } from '../../kinds/kube-object.ts'
import { progressing, type Readiness, ready } from './readiness.ts'

/**
 * Ready when it is bound.
 *
 * Source: fluxcd/cli-utils 1.2.2 pkg/kstatus/status/core.go
 */
export function persistentVolumeClaimReadiness(object: KubeObject): Readiness {
  const phase = textOf(valueAt(object, 'status', 'phase')) || 'unknown'
  return phase === 'Bound' ? ready('PVC is Bound') : progressing(`PVC is not Bound. phase: ${phase}`)
}
