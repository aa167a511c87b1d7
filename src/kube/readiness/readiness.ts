import { objectsOf, textOf, valueAt } from '../../base/json.ts'
import type { KubeObject } from '../../kinds/kube-object.ts'

/** How far an object has come, and why, in words for people. */
export interface Readiness {
  readonly state: 'ready' | 'progressing' | 'failed' | 'terminating'
  readonly message: string
}

/** Judges one kind. */
export type Judge = (object: KubeObject) => Readiness

/** One entry of `status.conditions`. */
export interface Condition {
  readonly type: string
  readonly status: string
  readonly reason: string
  readonly message: string
}

/** The object is as it shall be. */
export function ready(message: string): Readiness {
  return { state: 'ready', message }
}

/** The object is on its way. */
export function progressing(message: string): Readiness {
  return { state: 'progressing', message }
}

/** The object will not get there by itself. */
export function failed(message: string): Readiness {
  return { state: 'failed', message }
}

/** The conditions of an object, in their order. */
export function conditionsOf(object: KubeObject): readonly Condition[] {
  return objectsOf(valueAt(object, 'status', 'conditions')).map((condition) => ({
    type: textOf(condition['type']),
    status: textOf(condition['status']),
    reason: textOf(condition['reason']),
    message: textOf(condition['message']),
  }))
}

/** The condition of this type with this status. */
export function conditionWith(object: KubeObject, type: string, status: 'True' | 'False'): Condition | undefined {
  return conditionsOf(object).find((condition) => condition.type === type && condition.status === status)
}

/** The number under `path`, or `otherwise`. */
export function countAt(object: KubeObject, path: readonly string[], otherwise = 0): number {
  const value = valueAt(object, ...path)
  return typeof value === 'number' ? value : otherwise
}

/** `name: is/wanted` of the first count that falls short, as a state on the way; undefined when all suffice. */
export function shortfall(counts: readonly (readonly [name: string, is: number, wanted: number])[]): Readiness | undefined {
  const short = counts.find(([, is, wanted]) => is < wanted)
  return short && progressing(`${short[0]}: ${short[1]}/${short[2]}`)
}
