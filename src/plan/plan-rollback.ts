import { failure } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import { mapLimited } from '../base/pool.ts'
import type { KubeObject } from '../kinds/kube-object.ts'
import type { Discovery, KubeClient } from '../kube/client.ts'
import { rollbackRevision } from '../release/new-revision.ts'
import { identityOf, isNamed, refOf } from '../release/object-names.ts'
import type { ReleaseOperation } from '../release/operation.ts'
import { withOwnershipMarks } from '../release/ownership.ts'
import { parseManifest } from '../release/parse-manifest.ts'
import { placeObject, scopeFrom } from '../release/place-objects.ts'
import type { Revision } from '../release/record.ts'
import { inServedForm } from '../release/served-form.ts'
import { lastRecord, readHistory, revisionOf, type StoredRecord, withStatus } from '../release/storage.ts'
import type { Release } from '../state/state.ts'
import { conflictPolicy } from './conflict-policy.ts'
import { readLiveObjects } from './live-objects.ts'
import { PLAN_FORMAT_VERSION, type Plan, type PlanInput, type PlanOptions, type ReleasePlan } from './plan.ts'
import { chartOf, inNamespace, lifecycleOptions } from './plan-facts.ts'
import { type PlannedObject, planObject } from './plan-objects.ts'
import { planAllRemovals } from './plan-removals.ts'
import { isPending, type ReleaseBase, releaseBase, versionsToForget } from './release-base.ts'

const DEFAULT_CONCURRENCY = 16

/** Which release goes back to where. */
export type RollbackInput = Omit<PlanInput, 'desire' | 'releases'> & {
  readonly release: Release
  /** 0: the revision before the last. */
  readonly revision: number
}

/** From where a rollback goes to where. */
interface Ends {
  readonly history: readonly StoredRecord[]
  readonly last: Revision
  readonly target: Revision
  readonly base: ReleaseBase
}

/** What a rollback changes in the cluster. */
interface Changed {
  readonly planned: readonly PlannedObject[]
  readonly removed: ReturnType<typeof planAllRemovals>
}

/**
 * Plans going back to an earlier revision: a new revision with what that one had.
 *
 * @throws DiagnosticError `plan/not-installed`, `plan/no-revision`, `release/corrupt-record`
 * Source: Helm 4.3.1 pkg/action/rollback.go
 */
export async function planRollback(_host: Host, input: RollbackInput, options: PlanOptions = {}): Promise<Plan> {
  const client = await input.clientFor(input.release.kubeContext)
  const release = inNamespace(input.release, client)
  const ends = findEnds(release, await readHistory(client, release), input.revision)
  const serverSide = isServerSide(release, ends.target)
  const changed = await compare(client, release, ends, { serverSide, options })
  const plan = releasePlan(release, ends, changed, operationFor(release, ends, changed, serverSide))
  options.onPlanned?.(plan)
  return { formatVersion: PLAN_FORMAT_VERSION, environment: input.environment, releases: [plan] }
}

function findEnds(release: Release, history: readonly StoredRecord[], wanted: number): Ends {
  const newest = lastRecord(history)
  const subject = `release ${release.id}`
  if (!newest) throw failure('plan/not-installed', `release ${release.name} is not installed in namespace ${release.namespace}`, { subject })
  const version = wanted === 0 ? newest.version - 1 : wanted
  const record = history.find((candidate) => candidate.version === version)
  if (!record) {
    const versions = history.map((candidate) => candidate.version).join(', ')
    throw failure('plan/no-revision', `release has no ${version} version`, { subject, hint: `choose one of these revisions: ${versions}` })
  }
  return { history, last: revisionOf(newest), target: revisionOf(record), base: releaseBase(history) }
}

function isServerSide(release: Release, target: Revision): boolean {
  const wanted = release.options.serverSide ?? 'auto'
  return wanted === 'auto' ? target.applyMethod === 'ssa' : wanted === 'true'
}

async function compare(
  client: KubeClient,
  release: Release,
  { last, target, base }: Ends,
  how: { readonly serverSide: boolean; readonly options: PlanOptions },
): Promise<Changed> {
  const { serverSide, options } = how
  const concurrency = options.concurrency ?? DEFAULT_CONCURRENCY
  const discovery = await client.discovery()
  const [objects, recorded] = [placed(target, discovery, { toWrite: true }), placed(last, discovery)]
  // Neither what was deployed nor what failed since is to leave anything.
  const leftovers = [...(base.current ? [base.current] : []), ...base.unfinished].flatMap((revision) => placed(revision, discovery))
  const refs = [...objects, ...recorded, ...leftovers].filter((object) => object.metadata.name).map(refOf)
  const live = await readLiveObjects(client, refs, { concurrency, namespaces: [], ...(options.signal ? { signal: options.signal } : {}) })
  const context = {
    client,
    live,
    serverSide,
    release: target,
    kind: 'rollback' as const,
    forceReplace: !serverSide && (release.options.force ?? false),
    forceConflicts: release.options.forceConflicts ?? false,
    takeOwnership: true,
    decideConflict: conflictPolicy(options.conflicts ?? []),
    recorded: new Map(recorded.map((object) => [identityOf(refOf(object)), object])),
    recordedIsApplied: last.info.status === 'deployed',
    plannedKind: () => undefined,
    refusals: options.refusals ?? ('note' as const),
    isServed: ({ apiVersion, kind }: KubeObject) => discovery.find(apiVersion, kind) !== undefined,
    signal: options.signal,
  }
  const planned = await mapLimited(objects, concurrency, (object) =>
    planObject({ ...context, mayRecreate: isNamed(options.recreate, object) }, object),
  )
  const wanted = new Set(objects.map((object) => identityOf(refOf(object))))
  return { planned, removed: planAllRemovals({ recorded, leftovers }, wanted, live, target) }
}

function placed(revision: Revision, discovery: Discovery, options: { readonly toWrite?: boolean } = {}): readonly KubeObject[] {
  const objects = parseManifest(revision.manifest).map((object) => inServedForm(object, discovery, options))
  const scopeOf = scopeFrom(discovery, objects)
  return objects.map((object) => withOwnershipMarks(placeObject(object, scopeOf, revision.namespace), revision))
}

function operationFor(release: Release, { history, base, last, target }: Ends, { planned, removed }: Changed, serverSide: boolean): ReleaseOperation {
  const lifecycle = lifecycleOptions(release)
  const revision = rollbackRevision(
    target,
    { version: last.version, firstDeployed: last.info.firstDeployed },
    serverSide ? 'ssa' : 'csa',
    lifecycle.description,
  )
  const abandoned = isPending(last.info.status) ? [withStatus(last, 'failed', `Interrupted; taken over by revision ${revision.version}`)] : []
  return {
    kind: 'rollback',
    revision,
    current: abandoned[0] ?? last,
    settle: abandoned,
    supersede: history.filter((record) => record.status === 'deployed').map(revisionOf),
    prune: versionsToForget(base, release.options.historyMax, removed.left),
    createNamespace: false,
    crds: [],
    crdUpgrades: [],
    objects: planned.map((object) => object.write),
    removals: removed.removals,
    options: lifecycle,
  }
}

function releasePlan(release: Release, { last, target }: Ends, { planned, removed }: Changed, operation: ReleaseOperation): ReleasePlan {
  const { id, name, namespace, kubeContext } = release
  return {
    id,
    name,
    namespace,
    kubeContext,
    needs: [],
    after: [],
    action: 'rollback',
    reason: `back to revision ${target.version}`,
    fromRevision: last.version,
    toRevision: operation.revision.version,
    ...(target.chart ? { chart: chartOf(target.chart.metadata) } : {}),
    ...(last.chart ? { fromChart: chartOf(last.chart.metadata) } : {}),
    changes: [...planned.map((object) => object.change), ...removed.changes],
    notes: isPending(last.info.status) ? [`revision ${last.version} was left in ${last.info.status}; this takes it over`] : [],
    blockers: [],
    suppressDiff: release.options.suppressDiff ?? false,
    operation,
  }
}
