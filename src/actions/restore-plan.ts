import { isAbsolute, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { failure } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import type { KubeClient } from '../kube/client.ts'
import type { Plan, ReleasePlan } from '../plan/plan.ts'
import { mutationsOfRelease } from '../plan/saved/bind-plan.ts'
import { ageProblem, clusterProblems, historyProblems, objectProblems, type Staleness } from '../plan/saved/check-bindings.ts'
import { type Digest, digestWith } from '../plan/saved/digest.ts'
import { decodePlanFile } from '../plan/saved/encode-plan-file.ts'
import { admitting, guardedClient } from '../plan/saved/guard-client.ts'
import { withRecords } from '../plan/saved/on-records.ts'
import type { Mutation, PlanFile, PlanWork } from '../plan/saved/plan-file.ts'
import { type Histories, keyMaterialOf, readHistories } from '../plan/saved/read-histories.ts'
import { displayName } from '../release/object-names.ts'
import type { ReleaseOperation } from '../release/operation.ts'
import { ageIdentities } from '../secrets/age-identities.ts'
import { unseal } from '../secrets/age-seal.ts'
import type { Clusters } from './clusters.ts'
import { digestKey, KEY_CHECK } from './digest-key.ts'

export type { PlanFile } from '../plan/saved/plan-file.ts'

/** What planning the withheld releases again brought, and every secret value that was met. */
export interface Replanned {
  readonly plan: Plan
  readonly secrets: readonly string[]
}

/** Plans these releases again as the saved plan was made; asked only when the plan withholds some. */
export type Replan = (releases: ReadonlySet<string>) => Promise<Replanned>

/** A saved plan ready to be carried out, and connections that send nothing else. */
export interface RestoredPlan {
  readonly plan: Plan
  readonly clusters: Clusters
}

/** Reads a saved plan: enough to look at it. @throws DiagnosticError `plan/no-plan-file`, `plan/other-format`, `plan/damaged-file` */
export function readPlanFile(host: Host, path: string): PlanFile {
  const full = isAbsolute(path) ? path : join(host.cwd, path)
  if (host.fs.stat(full)?.kind !== 'file') {
    throw failure('plan/no-plan-file', 'there is no such file', { subject: path, hint: 'name a file that "flotilla plan -o FILE" wrote' })
  }
  return decodePlanFile(host.fs.readFile(full), path)
}

/**
 * Makes sure that nothing the plan rests on has changed, and gives the plan back with its work. Reads only.
 *
 * @throws DiagnosticError `plan/stale` with a note for each thing that has changed; `secrets/no-identity`; those of `replan`
 */
export async function restorePlan(
  host: Host,
  file: PlanFile,
  clusters: Clusters,
  options: { readonly path: string; readonly replan: Replan },
): Promise<RestoredPlan> {
  const { path } = options
  refuseIf(ageProblem(file, host.now()), path)
  refuseIf(await clusterProblems(file, clusters.clientFor), path)
  const work = await workIn(host, file, path)
  const histories = await readHistories(work.bindings, clusters.clientFor)
  refuseIf(historyProblems(work.bindings, histories), path)
  const withheld = new Set(work.operations.flatMap((saved) => ('withheld' in saved ? [saved.release] : [])))
  const replanned = withheld.size > 0 ? await options.replan(withheld) : undefined
  const digest = digestWith(await digestKey(work.salt, [...(replanned?.secrets ?? []), ...keyMaterialOf(histories.values())]))
  if (digest(KEY_CHECK) !== work.keyCheck) refuseIf([{ subject: 'secrets', text: 'decrypted again, they are not what the plan was made with' }], path)
  refuseIf(await objectProblems(work.bindings, file.plan, clusters.clientFor, digest), path)
  const plan = await withOperations(file.plan, work, { replanned: replanned?.plan, histories, clusters })
  refuseIf(await otherMutations(plan, remadeIn(work), work, clusters, digest), path)
  return { plan, clusters: guarded(clusters, plan, work, digest) }
}

function refuseIf(problems: readonly Staleness[], path: string): void {
  if (problems.length === 0) return
  throw failure('plan/stale', 'what this plan rests on is no longer so; nothing was changed', {
    subject: path,
    notes: problems.map(({ subject, text }) => ({ text: `${subject}: ${text}` })),
    hint: 'make a new plan, look at it, and apply that',
  })
}

async function workIn(host: Host, file: PlanFile, path: string): Promise<PlanWork> {
  if ('clear' in file.work) return file.work.clear
  const { sealed, recipients } = file.work
  const bytes = await unseal(Buffer.from(sealed, 'base64'), recipients, ageIdentities(host), path)
  return JSON.parse(gunzipSync(bytes).toString('utf8')) as PlanWork
}

async function withOperations(
  plan: Plan,
  { operations }: PlanWork,
  from: { readonly replanned: Plan | undefined; readonly histories: Histories; readonly clusters: Clusters },
): Promise<Plan> {
  const { replanned, histories, clusters } = from
  const again = new Map(replanned?.releases.map((release) => [release.id, release.operation]))
  const saved = new Map(operations.map((entry) => [entry.release, entry]))
  const operationOf = async ({ id, kubeContext }: ReleasePlan): Promise<ReleaseOperation | undefined> => {
    const entry = saved.get(id)
    if (!entry || 'withheld' in entry) return entry && again.get(id)
    if ('operation' in entry) return entry.operation
    return withRecords(entry.onRecords, histories.get(id) ?? [], await (await clusters.clientFor(kubeContext)).discovery())
  }
  const restored = async (release: ReleasePlan): Promise<ReleasePlan> => {
    const operation = await operationOf(release)
    return operation ? { ...release, operation } : release
  }
  return { ...plan, releases: await Promise.all(plan.releases.map(restored)) }
}

/** Releases whose work is not as saved: planned again, or with a way back that was worked out again. */
function remadeIn({ operations }: PlanWork): ReadonlySet<string> {
  return new Set(operations.filter((saved) => 'withheld' in saved || ('onRecords' in saved && saved.onRecords.undo)).map(({ release }) => release))
}

/** Releases whose work was made again must come to exactly what was reviewed. */
async function otherMutations(
  plan: Plan,
  remade: ReadonlySet<string>,
  { mutations }: PlanWork,
  clusters: Clusters,
  digest: Digest,
): Promise<readonly Staleness[]> {
  const releases = plan.releases.filter(({ id }) => remade.has(id))
  const found = await Promise.all(
    releases.map(async (release) => {
      const now = release.operation ? await mutationsOfRelease(release, await clusters.clientFor(release.kubeContext), digest) : []
      return differenceIn(
        release,
        mutations.filter(({ release: id }) => id === release.id),
        now,
      )
    }),
  )
  return found.flat()
}

function differenceIn({ id }: ReleasePlan, planned: readonly Mutation[], now: readonly Mutation[]): readonly Staleness[] {
  const key = (mutation: Mutation): string => JSON.stringify([mutation.method, mutation.object, mutation.digest])
  const [then, today] = [new Set(planned.map(key)), new Set(now.map(key))]
  const other = [...now.filter((mutation) => !then.has(key(mutation))), ...planned.filter((mutation) => !today.has(key(mutation)))]
  if (other.length === 0) return []
  const names = [...new Set(other.map(({ object }) => displayName(object)))]
  const text = `made again, because the plan keeps no secrets, it comes to other changes of ${names.join(', ')}; give the same options as for the plan`
  return [{ subject: `release ${id}`, text }]
}

function guarded(clusters: Clusters, plan: Plan, { mutations }: PlanWork, digest: Digest): Clusters {
  const clients = new Map<string | undefined, Promise<KubeClient>>()
  const guard = async (kubeContext: string | undefined): Promise<KubeClient> => {
    const own = new Set(plan.releases.filter((release) => release.kubeContext === kubeContext).map(({ id }) => id))
    const listed = mutations.filter(({ release }) => own.has(release))
    return guardedClient(await clusters.clientFor(kubeContext), admitting(listed, digest))
  }
  return {
    ...clusters,
    clientFor: (kubeContext) => {
      const known = clients.get(kubeContext) ?? guard(kubeContext)
      clients.set(kubeContext, known)
      return known
    },
  }
}
