import { uninstallOrder } from '../kinds/install-order.ts'
import type { KubeObject } from '../kinds/kube-object.ts'
import { identityOf, refOf } from '../release/object-names.ts'
import type { ObjectRemoval } from '../release/operation.ts'
import { foreignOwner, isKept, ownershipProblem, type ReleaseRef } from '../release/ownership.ts'
import { cleanObject } from './clean-object.ts'
import type { LiveObjects } from './live-objects.ts'
import type { ObjectChange } from './plan.ts'
import { isSecret } from './plan-objects.ts'

/** Objects that a release lets go of. */
export interface PlannedRemovals {
  readonly changes: readonly ObjectChange[]
  readonly removals: readonly ObjectRemoval[]
}

/** Objects by kind in Helm's order of removal; unknown kinds last, by name of the kind. */
export function inRemovalOrder(objects: readonly KubeObject[]): readonly KubeObject[] {
  const rank = new Map(uninstallOrder.map((kind, index) => [kind, index]))
  const of = (object: KubeObject): number => rank.get(object.kind) ?? uninstallOrder.length
  return [...objects].sort((a, b) => of(a) - of(b) || (rank.has(a.kind) || a.kind === b.kind ? 0 : a.kind < b.kind ? -1 : 1))
}

/**
 * Which of `candidates` go: those that are there, belong to the release and are not to be kept. With `mustBeMarked` an object
 * without any owner's mark stays too: so removing a release wants it, while an upgrade trusts its own record.
 */
export function planRemovals(
  candidates: readonly KubeObject[],
  live: LiveObjects,
  release: ReleaseRef,
  options: { readonly mustBeMarked: boolean },
): PlannedRemovals {
  const changes: ObjectChange[] = []
  const removals: ObjectRemoval[] = []
  const seen = new Set<string>()
  for (const object of inRemovalOrder(candidates)) {
    const ref = refOf(object)
    const there = live.find(ref)
    if (!there || seen.has(identityOf(ref))) continue
    seen.add(identityOf(ref))
    const note = staysBecause(object, there, release, options.mustBeMarked)
    const before = cleanObject(there)
    changes.push({
      ref,
      action: note ? 'keep' : 'delete',
      origin: 'manifest',
      before,
      ...(note ? { after: before } : {}),
      secret: isSecret(object),
      notes: note ? [note] : [],
    })
    if (!note) removals.push({ ref, ...(there.metadata.uid ? { uid: there.metadata.uid } : {}) })
  }
  return { changes, removals }
}

/**
 * What goes of what a release applied (`recorded`), and of what revisions that did not succeed may have left: all but what is
 * `wanted`, by identity. Only what bears the release's marks is taken for something it left.
 */
export function planAllRemovals(
  known: { readonly recorded: readonly KubeObject[]; readonly leftovers: readonly KubeObject[] },
  wanted: ReadonlySet<string>,
  live: LiveObjects,
  release: ReleaseRef,
): PlannedRemovals & { readonly left: readonly ObjectRemoval[] } {
  const recorded = planRemovals(without(known.recorded, wanted), live, release, { mustBeMarked: false })
  const told = new Set(recorded.changes.map((change) => identityOf(change.ref)))
  const left = planRemovals(without(without(known.leftovers, wanted), told), live, release, { mustBeMarked: true })
  return { changes: [...recorded.changes, ...left.changes], removals: [...recorded.removals, ...left.removals], left: left.removals }
}

function without(objects: readonly KubeObject[], identities: ReadonlySet<string>): readonly KubeObject[] {
  return objects.filter((object) => !identities.has(identityOf(refOf(object))))
}

function staysBecause(object: KubeObject, live: KubeObject, release: ReleaseRef, mustBeMarked: boolean): string | undefined {
  if (isKept(object) || isKept(live)) return 'kept due to the resource policy'
  const owner = foreignOwner(live, release)
  if (owner) return `not deleted because it belongs to release ${owner.namespace}/${owner.name}`
  return mustBeMarked && ownershipProblem(live, release) ? 'not deleted because it is not owned by this release' : undefined
}
