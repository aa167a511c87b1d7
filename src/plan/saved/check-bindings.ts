import type { KubeObject } from '../../kinds/kube-object.ts'
import type { KubeClient } from '../../kube/client.ts'
import { managedFieldsOf } from '../../release/field-managers.ts'
import { displayName } from '../../release/object-names.ts'
import type { StoredRecord } from '../../release/storage.ts'
import { cleanObject } from '../clean-object.ts'
import { type LiveObjects, readLiveObjects } from '../live-objects.ts'
import type { ClientFor, Plan } from '../plan.ts'
import { bindRecord, contentDigest, identifyClusters } from './bind-plan.ts'
import { differingPaths } from './differing-paths.ts'
import type { Digest } from './digest.ts'
import type { ClusterIdentity, ObjectBinding, PlanFile, ReleaseBinding } from './plan-file.ts'
import type { Histories } from './read-histories.ts'

const CONCURRENCY = 16
/** More fields than this say no more. */
const MAX_PATHS = 5
/** Something that is no longer as it was, in words. */
export interface Staleness {
  /** `release shop/web`, `Deployment shop/web of release shop/web`, … */
  readonly subject: string
  readonly text: string
}

/** Why the plan is too old, if it is. */
export function ageProblem(file: PlanFile, now: number): readonly Staleness[] {
  if (now <= file.expiresAt) return []
  const made = new Date(file.createdAt).toISOString()
  return [
    { subject: `environment ${file.environment}`, text: `the plan was made at ${made} and was good until ${new Date(file.expiresAt).toISOString()}` },
  ]
}

/** The contexts that lead to other clusters than they did. */
export async function clusterProblems(file: PlanFile, clientFor: ClientFor): Promise<readonly Staleness[]> {
  const now = new Map((await identifyClusters(file.plan, clientFor)).map((cluster) => [cluster.kubeContext, cluster]))
  return file.clusters.flatMap((planned) => {
    const found = now.get(planned.kubeContext)
    return found && isSameCluster(planned, found) ? [] : [otherCluster(planned, found)]
  })
}

function isSameCluster(planned: ClusterIdentity, found: ClusterIdentity): boolean {
  return planned.uid !== null && found.uid !== null ? planned.uid === found.uid : planned.server === found.server
}

function otherCluster({ kubeContext, server, uid }: ClusterIdentity, found: ClusterIdentity | undefined): Staleness {
  const known = (cluster: Pick<ClusterIdentity, 'server' | 'uid'>): string => `${cluster.server}${cluster.uid ? ` (${cluster.uid})` : ''}`
  return {
    subject: kubeContext === null ? 'the current kubeconfig context' : `kubeconfig context ${kubeContext}`,
    text: `the plan is for the cluster ${known({ server, uid })}, and this is ${found ? known(found) : 'none'}`,
  }
}

/** Revisions that came, went or changed since. Whoever wrote a revision wrote its objects too, which then say no more. */
export function historyProblems(bindings: readonly ReleaseBinding[], histories: Histories): readonly Staleness[] {
  return bindings.flatMap((binding) => recordProblems(binding, histories.get(binding.release) ?? []))
}

/**
 * Objects that came, went, were replaced, or whose fields that matter have other values than `bindings` say. Reads each kind of
 * object once per cluster.
 */
export async function objectProblems(
  bindings: readonly ReleaseBinding[],
  plan: Pick<Plan, 'releases'>,
  clientFor: ClientFor,
  digest: Digest,
): Promise<readonly Staleness[]> {
  const contexts = [...new Set(bindings.map(({ kubeContext }) => kubeContext))]
  const found = await Promise.all(
    contexts.map(async (context) => {
      const own = bindings.filter(({ kubeContext }) => kubeContext === context)
      return inCluster(own, plan, await clientFor(context ?? undefined), digest)
    }),
  )
  return found.flat()
}

async function inCluster(
  bindings: readonly ReleaseBinding[],
  plan: Pick<Plan, 'releases'>,
  client: KubeClient,
  digest: Digest,
): Promise<readonly Staleness[]> {
  const refs = bindings.flatMap(({ objects }) => objects.map(({ object }) => object))
  const live = await readLiveObjects(client, refs, { concurrency: CONCURRENCY, namespaces: [] })
  const known = new Map(plan.releases.map((release) => [release.id, new Map(release.changes.map(({ ref, before }) => [displayName(ref), before]))]))
  return bindings.flatMap((binding) => {
    const before = known.get(binding.release)
    return binding.objects.flatMap((object) => objectProblem(binding, object, { live, digest, before: before?.get(displayName(object.object)) }))
  })
}

/** Names the first record that differs, from the newest on: later ones explain earlier ones. */
function recordProblems({ release, records }: ReleaseBinding, history: readonly StoredRecord[]): readonly Staleness[] {
  const subject = `release ${release}`
  const planned = new Map(records.map((record) => [record.version, record]))
  const added = history.findLast(({ version }) => !planned.has(version))
  if (added) return [{ subject, text: `revision ${added.version} (${added.status}) has come` }]
  const there = new Map(history.map((record) => [record.version, record]))
  const gone = records.findLast(({ version }) => !there.has(version))
  if (gone) return [{ subject, text: `revision ${gone.version} has gone` }]
  const changed = history.findLast((record) => {
    const [then, now] = [planned.get(record.version), bindRecord(record)]
    return then?.uid !== now.uid || then.resourceVersion !== now.resourceVersion
  })
  return changed ? [{ subject, text: `revision ${changed.version} was written again, and is ${changed.status} now` }] : []
}

function objectProblem(
  { release }: ReleaseBinding,
  { object, uid, fields, digest: planned }: ObjectBinding,
  context: { readonly live: LiveObjects; readonly digest: Digest; readonly before: KubeObject | undefined },
): readonly Staleness[] {
  const live = context.live.find(object)
  const subject = `${displayName(object)} of release ${release}`
  if (!live) return uid === undefined ? [] : [{ subject, text: 'it is gone' }]
  if (uid === undefined) return [{ subject, text: `it was not there, and ${lastWriter(live)} has created it` }]
  if (live.metadata.uid !== uid) return [{ subject, text: `it was deleted and created again, by ${lastWriter(live)}` }]
  if (contentDigest(live, fields, context.digest) === planned) return []
  return [{ subject, text: `${changedPaths(context.before, live)} changed, by ${lastWriter(live)}` }]
}

/** A field that is masked in the plan tells nothing. */
function changedPaths(before: KubeObject | undefined, live: KubeObject): string {
  const paths = before ? differingPaths(before, cleanObject(live)) : []
  if (paths.length === 0) return 'its fields'
  return paths.length > MAX_PATHS ? `${paths.slice(0, MAX_PATHS).join(', ')} and ${paths.length - MAX_PATHS} more fields` : paths.join(', ')
}

/** Who wrote last, by the managed fields, but for status. */
function lastWriter(live: KubeObject): string {
  const writers = managedFieldsOf(live).filter(({ subresource }) => subresource !== 'status')
  const times = writers.map((entry) => ({ manager: entry.manager ?? 'somebody', time: String(entry['time'] ?? '') }))
  const last = times.toSorted((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0)).at(-1)
  return last?.manager ?? 'somebody'
}
