import type { KubeObject } from '../../kinds/kube-object.ts'
import type { KubeClient } from '../../kube/client.ts'
import { unlessStatus } from '../../kube/unless-status.ts'
import { isRecordName } from '../../release/codec.ts'
import { scopeFrom } from '../../release/place-objects.ts'
import { recordsOf } from '../../release/records/choose-records.ts'
import type { StoredRecord } from '../../release/storage.ts'
import type { ClientFor, Plan, ReleasePlan, SeenObject } from '../plan.ts'
import type { Digest } from './digest.ts'
import { type AllowedSending, mutationsOf } from './mutations.ts'
import { ownedContent, ownedFields } from './owned-content.ts'
import type { ClusterIdentity, Mutation, ObjectBinding, RecordBinding, ReleaseBinding } from './plan-file.ts'

/** Which clusters the contexts of `plan` lead to. One small request each. */
export async function identifyClusters(plan: Pick<Plan, 'releases'>, clientFor: ClientFor): Promise<readonly ClusterIdentity[]> {
  const contexts = [...new Set(plan.releases.map(({ kubeContext }) => kubeContext))]
  return Promise.all(
    contexts.map(async (kubeContext) => ({ kubeContext: kubeContext ?? null, ...(await identityOfCluster(await clientFor(kubeContext))) })),
  )
}

/** The UID of kube-system stays the same for the life of a cluster, and no two have the same. */
async function identityOfCluster(client: KubeClient): Promise<Pick<ClusterIdentity, 'server' | 'uid'>> {
  // The rest of an address may let somebody in.
  const server = new URL(client.server).origin
  const namespace = await unlessStatus(client.get({ apiVersion: 'v1', kind: 'Namespace', name: 'kube-system' }), 403)
  return { server, uid: namespace?.metadata.uid ?? null }
}

/** What `release` was planned on, as it can be compared later. */
export function bindRelease(release: ReleasePlan, digest: Digest): ReleaseBinding {
  const { id, name, namespace, kubeContext, basis } = release
  return {
    release: id,
    kubeContext: kubeContext ?? null,
    name,
    namespace,
    records: (basis?.history ?? []).map(bindRecord),
    objects: (basis?.objects ?? []).map((seen) => bindObject(seen, digest)),
  }
}

/** Which record this is, and which writing of it. */
export function bindRecord({ version, object }: StoredRecord): RecordBinding {
  return { version, uid: object.metadata.uid ?? '', resourceVersion: object.metadata.resourceVersion ?? '' }
}

function bindObject({ ref, live, result }: SeenObject, digest: Digest): ObjectBinding {
  if (!live) return { object: ref }
  const fields = result ? ownedFields(result) : undefined
  return { object: ref, uid: live.metadata.uid ?? '', ...(fields && { fields }), digest: contentDigest(live, fields, digest) }
}

/** The digest of what is ours in `live`, or is to become ours. */
export function contentDigest(live: KubeObject, fields: ObjectBinding['fields'], digest: Digest): string {
  return digest(ownedContent(live, ownedFields(live, fields)))
}

/** Every request that carrying out `release` may change something with. */
export async function mutationsOfRelease(release: ReleasePlan, client: KubeClient, digest: Digest): Promise<readonly Mutation[]> {
  const { operation, id } = release
  if (!operation) return []
  const objects = [...operation.crds, ...operation.objects.map((write) => write.object)]
  const scopeOf = scopeFrom(await client.discovery(), objects)
  return mutationsOf(operation, scopeOf)
    .flatMap(whereRecordsLie(client))
    .map(({ method, ref, content, loosely, isLoose, repeats, onFailure }) => ({
      release: id,
      method,
      object: ref,
      digest: digest(isLoose ? loosely : content),
      ...(repeats && { repeats }),
      ...(onFailure && { onFailure }),
    }))
}

/** Records are listed as Secrets; where they are kept elsewhere they are other objects, or none. */
function whereRecordsLie(client: KubeClient): (sending: AllowedSending) => readonly AllowedSending[] {
  const { kind } = recordsOf(client)
  return (sending) => {
    if (sending.ref.kind !== 'Secret' || !isRecordName(sending.ref.name)) return [sending]
    return kind === undefined ? [] : [{ ...sending, ref: { ...sending.ref, kind } }]
  }
}
