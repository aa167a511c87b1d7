import { displayName, identityOf } from '../release/object-names.ts'
import { foreignOwner } from '../release/ownership.ts'
import type { ObjectChange, ReleasePlan } from './plan.ts'

/** An object that one release of a plan lets go of and another one wants. */
interface Move {
  readonly from: ReleasePlan
  readonly to: ReleasePlan
}

/**
 * The same plans, with objects that go from one release to another of the plan moved: the new owner takes over what the old one no
 * longer wants, and that does not delete it. Nothing is created or deleted in the cluster.
 */
export function withMoves(releases: readonly ReleasePlan[]): readonly ReleasePlan[] {
  const moves = findMoves(releases)
  if (moves.size === 0) return releases
  return releases.map((release) => {
    const changes = release.changes.map((change) => moved(release, change, moves.get(keyOf(release, change))))
    if (changes.every((change, index) => change === release.changes[index])) return release
    return { ...release, changes, blockers: blockersLeft(release, changes), ...operationLeft(release, changes) }
  })
}

function findMoves(releases: readonly ReleasePlan[]): ReadonlyMap<string, Move> {
  const byName = new Map(releases.map((release) => [`${release.kubeContext ?? ''} ${release.namespace}/${release.name}`, release]))
  const wanted = new Set(releases.flatMap((release) => release.changes.filter(isWanted).map((change) => `${release.id} ${keyOf(release, change)}`)))
  const moves = new Map<string, Move>()
  for (const to of releases) {
    for (const change of to.changes.filter((one) => one.action === 'adopt' && one.origin === 'manifest')) {
      const owner = change.before && foreignOwner(change.before, to)
      const from = owner && byName.get(`${to.kubeContext ?? ''} ${owner.namespace}/${owner.name}`)
      if (from && !wanted.has(`${from.id} ${keyOf(to, change)}`)) moves.set(keyOf(to, change), { from, to })
    }
  }
  return moves
}

function isWanted({ action, origin }: ObjectChange): boolean {
  return origin === 'manifest' && action !== 'delete' && action !== 'keep'
}

/** Objects in different clusters do not meet. */
function keyOf({ kubeContext = '' }: ReleasePlan, { ref }: ObjectChange): string {
  return `${kubeContext} ${identityOf(ref)}`
}

function moved(release: ReleasePlan, change: ObjectChange, move: Move | undefined): ObjectChange {
  if (!move || change.origin !== 'manifest') return change
  if (release.id === move.to.id) return { ...change, movedFrom: move.from.id }
  if (release.id !== move.from.id || !change.before) return change
  return { ...change, action: 'keep', after: change.before, movedTo: move.to.id }
}

/** That an object belongs to the release it comes from is nothing against it. */
function blockersLeft(release: ReleasePlan, changes: readonly ObjectChange[]): ReleasePlan['blockers'] {
  const moving = new Set(changes.filter(({ movedFrom }) => movedFrom !== undefined).map(({ ref }) => displayName(ref)))
  return release.blockers.filter(({ code, subject = '' }) => code !== 'plan/foreign-owner' || !moving.has(subject))
}

function operationLeft(release: ReleasePlan, changes: readonly ObjectChange[]): Pick<ReleasePlan, 'operation'> {
  if (!release.operation) return {}
  const leaving = new Set(changes.filter(({ movedTo }) => movedTo !== undefined).map(({ ref }) => identityOf(ref)))
  return { operation: { ...release.operation, removals: release.operation.removals.filter(({ ref }) => !leaving.has(identityOf(ref))) } }
}
