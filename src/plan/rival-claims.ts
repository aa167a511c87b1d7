import { type Diagnostic, failure } from '../base/diagnostic.ts'
import { displayName, identityOf } from '../release/object-names.ts'
import type { ReleasePlan } from './plan.ts'

/**
 * The same plans, with a blocker where an object is wanted by a release before it in the list, too: both would write it, and
 * either's removal would take it from the other. Objects in different clusters do not meet. `mayTake` says who may all the same.
 */
export function withRivalClaims(releases: readonly ReleasePlan[], mayTake: (release: ReleasePlan) => boolean): readonly ReleasePlan[] {
  const claims = new Map<string, string>()
  return releases.map((release) => {
    const rivals = claim(claims, release)
    return rivals.length === 0 || mayTake(release) || !release.operation ? release : { ...release, blockers: [...release.blockers, ...rivals] }
  })
}

function claim(claims: Map<string, string>, release: ReleasePlan): readonly Diagnostic[] {
  const rivals: Diagnostic[] = []
  for (const { origin, action, ref } of release.changes) {
    if (origin !== 'manifest' || action === 'delete' || action === 'keep' || ref.name === '') continue
    const key = `${release.kubeContext ?? ''} ${identityOf(ref)}`
    const owner = claims.get(key)
    if (owner === undefined) claims.set(key, release.id)
    else if (owner !== release.id) rivals.push(rivalry(displayName(ref), owner, release))
  }
  return rivals
}

function rivalry(object: string, owner: string, release: ReleasePlan): Diagnostic {
  return failure('plan/rival-release', `${object} is part of release ${owner}, too`, {
    subject: `release ${release.id}`,
    hint: 'give it another name in one of the two, or set takeOwnership',
  }).diagnostics[0] as Diagnostic
}
