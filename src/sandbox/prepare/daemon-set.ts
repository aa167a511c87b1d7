import { type JsonObject, sameJson, valueAt } from '../../base/json.ts'
import { withAt } from '../json.ts'

const GENERATION = 'deprecated.daemonset.template.generation'

/** Daemon sets count the changes of their template in an annotation. Source: kubernetes pkg/registry/apps/daemonset/strategy.go */
export function prepareDaemonSet(object: JsonObject, live: JsonObject | undefined): JsonObject {
  const before = Number(valueAt(live, 'metadata', 'annotations', GENERATION) ?? 0)
  const isSame = live !== undefined && sameJson(valueAt(object, 'spec', 'template'), valueAt(live, 'spec', 'template'))
  return withAt(object, ['metadata', 'annotations', GENERATION], String(isSame ? before : before + 1))
}
