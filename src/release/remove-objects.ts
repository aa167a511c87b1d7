import { DiagnosticError, failure } from '../base/diagnostic.ts'
import { mapLimited } from '../base/pool.ts'
import { KubeError } from '../kube/client.ts'
import { diagnosticsOf } from './error-text.ts'
import { displayName } from './object-names.ts'
import type { ObjectRemoval } from './operation.ts'
import type { OperationContext } from './operation-context.ts'

const REMOVALS_AT_ONCE = 16
/** How often a removal is tried again that only failed because someone else wrote at the same moment. */
const CONFLICT_RETRIES = 5

type Propagation = 'Background' | 'Foreground' | 'Orphan'

/** Neighbours of equal kind go at the same time. */
function waves(removals: readonly ObjectRemoval[]): readonly (readonly ObjectRemoval[])[] {
  const result: ObjectRemoval[][] = []
  for (const removal of removals) {
    const wave = result.at(-1)
    if (wave?.[0]?.ref.kind === removal.ref.kind) wave.push(removal)
    else result.push([removal])
  }
  return result
}

/** Deletes objects in their order; one that is gone already counts as deleted. Goes on after failures and tells them all. */
export async function removeObjects(
  context: OperationContext,
  removals: readonly ObjectRemoval[],
  propagation: Propagation,
): Promise<{ readonly error?: DiagnosticError }> {
  const errors: unknown[] = []
  for (const wave of waves(removals)) {
    const failures = await mapLimited(wave, REMOVALS_AT_ONCE, (removal) => tryRemove(context, removal, propagation))
    errors.push(...failures.filter((error) => error !== undefined))
  }
  if (errors.length === 0) return {}
  return {
    error: new DiagnosticError(
      errors.flatMap((error) => diagnosticsOf(error)),
      { cause: errors[0] },
    ),
  }
}

async function tryRemove(context: OperationContext, removal: ObjectRemoval, propagation: Propagation): Promise<unknown> {
  const { ref } = removal
  try {
    if (await deleteOnce(context, removal, propagation)) context.onProgress({ type: 'object-written', ref, origin: 'manifest', write: 'deleted' })
    return undefined
  } catch (error) {
    if (!(error instanceof KubeError)) return error
    const summary = `failed to delete resource namespace=${ref.namespace ?? ''}, name=${ref.name}, kind=${ref.kind}: ${error.message}`
    return failure('release/delete-refused', summary, { subject: displayName(ref), cause: error })
  }
}

/** False where nothing was deleted. A conflict may mean that another object has the name now, or only that somebody wrote at the same moment. */
async function deleteOnce(context: OperationContext, { ref, uid }: ObjectRemoval, propagation: Propagation): Promise<boolean> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await context.client.delete(ref, { propagation, ...(uid === undefined ? {} : { uid }) })
    } catch (error) {
      if (!(error instanceof KubeError) || error.status !== 409 || attempt === CONFLICT_RETRIES) throw error
      const live = uid === undefined ? undefined : await context.client.get(ref)
      if (live === undefined || live.metadata.uid === uid) continue
      context.onProgress({
        type: 'note',
        severity: 'warning',
        text: `${displayName(ref)} was replaced since it was planned to be deleted, and stays`,
      })
      return false
    }
  }
}
