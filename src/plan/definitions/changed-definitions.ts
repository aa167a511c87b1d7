import { sameJson } from '../../base/json.ts'
import type { KubeObject } from '../../kinds/kube-object.ts'
import { definitionSpec } from './planned-kinds.ts'

/** True when `desired`, a CustomResourceDefinition, is new or gives its kind other versions or schemas than `live` has. */
export function bringsDefinition(desired: KubeObject, live: KubeObject | undefined): boolean {
  const spec = definitionSpec(desired)
  if (!spec) return false
  const there = new Map((live && definitionSpec(live)?.versions)?.map((version) => [version.name, version]))
  return (spec.versions ?? []).some((version) => {
    const known = there.get(version.name)
    return !known || !sameJson(known.schema, version.schema) || (known.served ?? true) !== (version.served ?? true)
  })
}
