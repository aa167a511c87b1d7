import { type Diagnostic, failure } from '../base/diagnostic.ts'
import { mapLimited } from '../base/pool.ts'
import { type DeleteOptions, type KubeClient, KubeError } from '../kube/client.ts'
import { displayName, refOf } from '../release/object-names.ts'
import type { ObjectRemoval, ReleaseOperation } from '../release/operation.ts'
import type { ReleasePlan } from './plan.ts'
import { DENIED, isAgainstTheObject, isDenial } from './refusals.ts'

/**
 * The same plans, with a blocker for each object that the server would not let go, be it because it is no longer wanted or because
 * it is to be made anew: every deletion is asked for in a dry run. What may pass at another time is left to happen.
 */
export async function withRefusedRemovals(
  releases: readonly ReleasePlan[],
  clientOf: (release: ReleasePlan) => KubeClient,
  options: { readonly concurrency: number; readonly signal?: AbortSignal },
): Promise<readonly ReleasePlan[]> {
  const asked = releases.flatMap((release) => deletionsOf(release.operation).map((removal) => ({ release, removal })))
  const refused = await mapLimited(asked, options.concurrency, async ({ release, removal }) => {
    const propagation = release.operation?.kind === 'uninstall' ? release.operation.options.propagation : 'Background'
    const blocker = await refusalOf(clientOf(release), removal, { propagation, ...(options.signal && { signal: options.signal }) })
    return blocker ? [{ release, blocker }] : []
  })
  return releases.map((release) => {
    const blockers = refused.flat().filter((one) => one.release === release)
    return blockers.length === 0 ? release : { ...release, blockers: [...release.blockers, ...blockers.map(({ blocker }) => blocker)] }
  })
}

function deletionsOf(operation: ReleaseOperation | undefined): readonly ObjectRemoval[] {
  const remade = (operation?.objects ?? []).flatMap(({ object, recreate }) => (recreate ? [{ ref: refOf(object), ...recreate }] : []))
  return [...remade, ...(operation?.removals ?? [])]
}

async function refusalOf(client: KubeClient, { ref, uid }: ObjectRemoval, options: DeleteOptions): Promise<Diagnostic | undefined> {
  try {
    await client.delete(ref, { ...options, dryRun: true, ...(uid !== undefined && { uid }) })
    return undefined
  } catch (error) {
    if (!(error instanceof KubeError)) throw error
    if (error.status !== 403 && error.status !== 405 && !isAgainstTheObject(error)) return undefined
    return failure(isDenial(error) ? DENIED : 'plan/refused', `the server would refuse to delete this: ${error.message}`, {
      subject: displayName(ref),
      hint: 'have it allowed, or keep the object: annotate it with helm.sh/resource-policy=keep',
    }).diagnostics[0]
  }
}
