import { isObject, type JsonObject } from '../../base/json.ts'
import { listOf } from '../json.ts'

/** A condition before it gets its times. */
export interface ConditionState {
  readonly type: string
  readonly status: 'True' | 'False' | 'Unknown'
  readonly reason: string
  readonly message: string
}

/**
 * The conditions with one set; its transition time moves when its status does. `updated` conditions (those of deployments) also
 * carry when their reason last changed.
 */
export function withCondition(
  conditions: unknown,
  next: ConditionState,
  now: string,
  kind: 'plain' | 'updated' | 'probed' = 'plain',
): readonly unknown[] {
  const list = listOf(conditions)
  const before = list.find((c) => isObject(c) && c['type'] === next.type) as JsonObject | undefined
  const isSame = before?.['status'] === next.status
  const isUnchanged = isSame && before?.['reason'] === next.reason && before?.['message'] === next.message
  const condition = {
    type: next.type,
    status: next.status,
    ...(kind === 'updated' ? { lastUpdateTime: isUnchanged ? before?.['lastUpdateTime'] : now } : {}),
    ...(kind === 'probed' ? { lastProbeTime: isUnchanged ? before?.['lastProbeTime'] : now } : {}),
    lastTransitionTime: isSame ? before?.['lastTransitionTime'] : now,
    reason: next.reason,
    message: next.message,
  }
  return before ? list.map((c) => (c === before ? condition : c)) : [...list, condition]
}
