import { createHash } from 'node:crypto'
import { groupByRelease, lastRecord, listRecords, type StoredRecord } from '../../release/storage.ts'
import type { ClientFor } from '../plan.ts'
import type { ReleaseBinding } from './plan-file.ts'

/** Records by the id of their release, each oldest first. */
export type Histories = ReadonlyMap<string, readonly StoredRecord[]>

/** The records there are now of all releases in `bindings`. Lists them once for each cluster. */
export async function readHistories(bindings: readonly ReleaseBinding[], clientFor: ClientFor): Promise<Histories> {
  const contexts = [...new Set(bindings.map(({ kubeContext }) => kubeContext))]
  const found = await Promise.all(
    contexts.map(async (context) => {
      const own = bindings.filter(({ kubeContext }) => kubeContext === context)
      const namespaces = own.map(({ namespace }) => namespace)
      const records = groupByRelease(await listRecords(await clientFor(context ?? undefined), namespaces))
      return own.map(({ release, namespace, name }) => [release, records.get(`${namespace}/${name}`) ?? []] as const)
    }),
  )
  return new Map(found.flat())
}

/**
 * What of the newest record of each of `histories` makes the key of digests: who has the plan file but cannot read the cluster's
 * records cannot try guesses of former values.
 */
export function keyMaterialOf(histories: Iterable<readonly StoredRecord[]>): readonly string[] {
  return [...histories].flatMap((history) => {
    const newest = lastRecord(history)
    return newest
      ? [
          createHash('sha256')
            .update(JSON.stringify(newest.object['data'] ?? null))
            .digest('hex'),
        ]
      : []
  })
}
