import type { ObjectRef } from '../kinds/kube-object.ts'
import { identityOf } from '../release/object-names.ts'
import type { LiveObjects } from './live-objects.ts'
import type { SeenObject } from './plan.ts'
import type { PlannedObject } from './plan-objects.ts'

/** What there was of each of `refs`, and what the server said of those that were `planned`; each object once. */
export function seenObjects(refs: readonly ObjectRef[], live: LiveObjects, planned: readonly PlannedObject[] = []): readonly SeenObject[] {
  const results = new Map(planned.map(({ change, result }) => [identityOf(change.ref), result]))
  const distinct = new Map(refs.map((ref) => [identityOf(ref), ref]))
  return [...distinct].map(([identity, ref]) => {
    const [there, result] = [live.find(ref), results.get(identity)]
    return { ref, ...(there && { live: there }), ...(result && { result }) }
  })
}
