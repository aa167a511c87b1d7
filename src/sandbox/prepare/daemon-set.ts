import { at, isEqual, type JsonObject, withAt } from '../json.ts'

const GENERATION = 'deprecated.daemonset.template.generation'

/** Daemon sets count the changes of their template in an annotation. Source: kubernetes pkg/registry/apps/daemonset/strategy.go */
export function prepareDaemonSet(object: JsonObject, live: JsonObject | undefined): JsonObject {
  const before = Number(at(live, 'metadata', 'annotations', GENERATION) ?? 0)
  const isSame = live !== undefined && isEqual(at(object, 'spec', 'template'), at(live, 'spec', 'template'))
  return withAt(object, ['metadata', 'annotations', GENERATION], String(isSame ? before : before + 1))
}
