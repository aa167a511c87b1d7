import { failure } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import { mapLimited } from '../base/pool.ts'
import type { KubeObject } from '../kinds/kube-object.ts'
import type { Discovery } from '../kube/client.ts'
import { rollbackRevision } from '../release/new-revision.ts'
import { identityOf, refOf } from '../release/object-names.ts'
import type { ReleaseOperation } from '../release/operation.ts'
import { withOwnershipMarks } from '../release/ownership.ts'
import { parseManifest } from '../release/parse-manifest.ts'
import { placeObject, scopeFrom } from '../release/place-objects.ts'
import type { Revision } from '../release/record.ts'
import { DEFAULT_HISTORY_MAX, lastRecord, readHistory, revisionOf, versionsToPrune, withStatus, type StoredRecord } from '../release/storage.ts'
import type { Release } from '../state/state.ts'
import { readLiveObjects } from './live-objects.ts'
import { chartOf, lifecycleOptions } from './plan-facts.ts'
import { planObject } from './plan-objects.ts'
import { planRemovals } from './plan-removals.ts'
import { PLAN_FORMAT_VERSION, type Plan, type PlanInput, type PlanOptions, type ReleasePlan } from './plan.ts'
import { isPending } from './release-base.ts'

/** Which release goes back to where. */
export type RollbackInput = Omit<PlanInput, 'desire' | 'releases'> & {
  readonly release: Release
  /** 0: the revision before the last. */
  readonly revision: number
}

/**
 * Plans going back to an earlier revision: a new revision with what that one had.
 *
 * @throws DiagnosticError `plan/not-installed`, `plan/no-revision`, `release/corrupt-record`
 * Source: Helm 4.3.1 pkg/action/rollback.go
 */
export async function planRollback(_host: Host, input: RollbackInput, options: PlanOptions = {}): Promise<Plan> {
  const { release } = input
  const client = await input.clientFor(release.kubeContext)
  const history = await readHistory(client, release)
  const discovery = await client.discovery()
  const { last, target } = ends(release, history, input.revision)
  const objects = placed(target, discovery)
  const recorded = placed(last, discovery)
  const concurrency = options.concurrency ?? 16
  const refs = [...objects, ...recorded].filter((object) => object.metadata.name).map(refOf)
  const live = await readLiveObjects(client, refs, { concurrency, namespaces: [] })
  const serverSide = (release.options.serverSide ?? 'auto') === 'auto' ? target.applyMethod === 'ssa' : release.options.serverSide === 'true'
  const index = new Map(recorded.map((object) => [identityOf(refOf(object)), object]))
  const planned = await mapLimited(objects, concurrency, (object) =>
    planObject(
      {
        client, live, serverSide,
        release: target,
        kind: 'rollback',
        forceReplace: !serverSide && (release.options.force ?? false),
        forceConflicts: release.options.forceConflicts ?? false,
        takeOwnership: true,
        recorded: index,
        recordedIsApplied: last.info.status === 'deployed',
        isServed: ({ apiVersion, kind }) => discovery.find(apiVersion, kind) !== undefined,
        signal: options.signal,
      },
      object,
    ),
  )
  const wanted = new Set(objects.map((object) => identityOf(refOf(object))))
  const removed = planRemovals(recorded.filter((object) => !wanted.has(identityOf(refOf(object)))), live, target, { mustBeMarked: false })
  const operation = rollbackOperation(release, { history, last, target, serverSide }, planned.map((object) => object.write), removed.removals)
  const plan: ReleasePlan = {
    id: release.id,
    name: release.name,
    namespace: release.namespace,
    kubeContext: release.kubeContext,
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
    suppressDiff: false,
    operation,
  }
  options.onPlanned?.(plan)
  return { formatVersion: PLAN_FORMAT_VERSION, environment: input.environment, releases: [plan] }
}

function ends(release: Release, history: readonly StoredRecord[], wanted: number): { readonly last: Revision; readonly target: Revision } {
  const newest = lastRecord(history)
  const subject = `release ${release.id}`
  if (!newest) throw failure('plan/not-installed', `release ${release.name} is not installed in namespace ${release.namespace}`, { subject })
  const version = wanted === 0 ? newest.version - 1 : wanted
  const record = history.find((candidate) => candidate.version === version)
  if (!record) {
    const versions = history.map((candidate) => candidate.version).join(', ')
    throw failure('plan/no-revision', `release has no ${version} version`, { subject, hint: `choose one of these revisions: ${versions}` })
  }
  return { last: revisionOf(newest), target: revisionOf(record) }
}

function placed(revision: Revision, discovery: Discovery): readonly KubeObject[] {
  const objects = parseManifest(revision.manifest)
  const scopeOf = scopeFrom(discovery, objects)
  return objects.map((object) => withOwnershipMarks(placeObject(object, scopeOf, revision.namespace), revision))
}

function rollbackOperation(
  release: Release,
  from: { readonly history: readonly StoredRecord[]; readonly last: Revision; readonly target: Revision; readonly serverSide: boolean },
  objects: ReleaseOperation['objects'],
  removals: ReleaseOperation['removals'],
): ReleaseOperation {
  const { history, last, target, serverSide } = from
  const lifecycle = lifecycleOptions(release)
  const revision = rollbackRevision(target, { version: last.version, firstDeployed: last.info.firstDeployed }, serverSide ? 'ssa' : 'csa', lifecycle.description)
  const abandoned = isPending(last.info.status) ? [withStatus(last, 'failed', `Interrupted; taken over by revision ${revision.version}`)] : []
  return {
    kind: 'rollback',
    revision,
    current: abandoned[0] ?? last,
    settle: abandoned,
    supersede: history.filter((record) => record.status === 'deployed').map(revisionOf),
    prune: versionsToPrune(history, release.options.historyMax ?? DEFAULT_HISTORY_MAX),
    createNamespace: false,
    crds: [],
    objects,
    removals,
    options: lifecycle,
  }
}
