import type { Diagnostic } from '../base/diagnostic.ts'
import { sameJson } from '../base/json.ts'
import { mapLimited } from '../base/pool.ts'
import type { KubeObject, ObjectRef } from '../kinds/kube-object.ts'
import type { Discovery, KubeClient } from '../kube/client.ts'
import { checkMetadata } from '../release/check-metadata.ts'
import { newRevision } from '../release/new-revision.ts'
import { identityOf, isNamed, refOf } from '../release/object-names.ts'
import type { ReleaseOperation } from '../release/operation.ts'
import { withOwnershipMarks } from '../release/ownership.ts'
import { flattenList, knownDocuments, parseManifest } from '../release/parse-manifest.ts'
import { placeObject, scopeFrom } from '../release/place-objects.ts'
import type { Revision } from '../release/record.ts'
import { recordSizeProblem } from '../release/record-size.ts'
import { recordsOf } from '../release/records/choose-records.ts'
import { inServedForm } from '../release/served-form.ts'
import type { Hook, HookEvent } from '../render/rendered.ts'
import type { Release } from '../state/state.ts'
import { conflictPolicy } from './conflict-policy.ts'
import { expected } from './critical-path.ts'
import { type DefinitionRule, definitionRuleFor } from './definitions/definition-rule.ts'
import { type PlannedDefinitions, planDefinitions } from './definitions/plan-definitions.ts'
import type { FindPlannedKind } from './definitions/planned-kinds.ts'
import { ignoringFields } from './ignore-fields.ts'
import type { LiveObjects } from './live-objects.ts'
import type { DesiredRelease, ObjectChange, PlanOptions, ReleasePlan } from './plan.ts'
import { chartOf, lifecycleOptions } from './plan-facts.ts'
import { blockersOfHook, isSecret, type ObjectsContext, type PlannedObject, planObject } from './plan-objects.ts'
import { planAllRemovals } from './plan-removals.ts'
import { notesOnRandom, type RandomPlaces, randomPlaces, randomValues } from './random-values.ts'
import { type ReleaseBase, versionsToForget } from './release-base.ts'
import { seenObjects } from './seen-objects.ts'
import { undoOperation } from './undo-operation.ts'

/** One release before anything live was looked at: what it is and what it should be. */
export interface ReleaseDraft {
  readonly release: Release
  readonly client: KubeClient
  readonly base: ReleaseBase
  readonly desired: DesiredRelease
  /** With namespaces and ownership marks, in install order. */
  readonly objects: readonly KubeObject[]
  readonly crds: readonly KubeObject[]
  readonly definitionRule: DefinitionRule
  /** With namespaces, without marks. */
  readonly placed: (objects: readonly KubeObject[]) => readonly KubeObject[]
  /** Objects of the hooks that installing or upgrading runs. */
  readonly hooks: readonly KubeObject[]
  /** What the current revision applied, likewise. */
  readonly recorded: readonly KubeObject[]
  /** What later revisions, which did not succeed, may have left. */
  readonly leftovers: readonly KubeObject[]
  readonly isServed: (object: KubeObject) => boolean
}

/** Puts the texts of a draft into objects: namespaces where none are given, marks of ownership. */
export function draftRelease(
  release: Release,
  {
    client,
    discovery,
    definitions = [],
  }: { readonly client: KubeClient; readonly discovery: Discovery; readonly definitions?: readonly DefinitionRule[] },
  base: ReleaseBase,
  desired: DesiredRelease,
): ReleaseDraft {
  const rendered = desired.rendered.objects.flatMap((object) => flattenList(object.object))
  const crds = desired.rendered.crds.flatMap((object) => flattenList(object.object))
  for (const object of rendered) checkMetadata(object)
  const scopeOf = scopeFrom(discovery, [...crds, ...rendered])
  const owner = { name: release.name, namespace: base.current?.namespace ?? release.namespace }
  const place = (objects: readonly KubeObject[]): readonly KubeObject[] =>
    objects.map((object) => withOwnershipMarks(placeObject(object, scopeOf, owner.namespace), owner))
  const earlier = (manifest: string): readonly KubeObject[] =>
    place(parseManifest(manifest, knownDocuments(desired.rendered.objects)).map((object) => inServedForm(object, discovery)))
  const objects = place(rendered)
  const sameText = base.current?.manifest === desired.rendered.manifest
  return {
    release,
    client,
    base,
    desired,
    objects,
    crds,
    definitionRule: definitionRuleFor(definitions, release),
    placed: (objects) => objects.map((object) => placeObject(object, scopeOf, owner.namespace)),
    hooks: hooksThatRun(base, desired).map((object) => placeObject(object, scopeOf, owner.namespace)),
    recorded: sameText ? objects : earlier(base.current?.manifest ?? ''),
    leftovers: base.unfinished.flatMap((revision) => (revision.manifest === desired.rendered.manifest ? objects : earlier(revision.manifest))),
    isServed: ({ apiVersion, kind }) => discovery.find(apiVersion, kind) !== undefined,
  }
}

function hooksThatRun({ current }: ReleaseBase, { rendered }: DesiredRelease): readonly KubeObject[] {
  const events: readonly HookEvent[] = current ? ['pre-upgrade', 'post-upgrade'] : ['pre-install', 'post-install']
  return rendered.hooks.filter((hook) => hook.events.some((event) => events.includes(event))).map((hook) => hook.object)
}

/** Definitions of the chart's `crds/` that this release may write. */
export function crdsToApply({
  base,
  crds,
  definitionRule: { policy },
}: Pick<ReleaseDraft, 'base' | 'crds' | 'definitionRule'>): readonly KubeObject[] {
  if (policy === 'skip') return []
  return base.current && policy === 'create' ? [] : crds
}

/** Everything whose live form has to be known to plan this release. */
export function refsOf(draft: ReleaseDraft): readonly ObjectRef[] {
  const crds = crdsToApply(draft)
  return [...draft.objects, ...draft.recorded, ...draft.leftovers, ...crds].filter((object) => object.metadata.name).map(refOf)
}

export interface PlanReleaseOptions {
  readonly always: boolean
  readonly concurrency: number
  readonly needs: readonly string[]
  readonly after: readonly string[]
  readonly signal?: AbortSignal
  readonly ignore?: PlanOptions['ignore']
  readonly hooks?: PlanOptions['hooks']
  readonly conflicts?: PlanOptions['conflicts']
  readonly recreate?: PlanOptions['recreate']
  readonly refusals?: PlanOptions['refusals']
  readonly plannedKind: FindPlannedKind
}

/** Decides what happens to one release. */
export async function planRelease(draft: ReleaseDraft, live: LiveObjects, options: PlanReleaseOptions): Promise<ReleasePlan> {
  const { release, base, desired } = draft
  const serverSide = isServerSide(release, base)
  const without = ignoringFields(options.ignore ?? [])
  const context = objectsContext(draft, live, serverSide, options)
  const planned = (await planObjects(draft, context, options)).map((object) => withoutChange(object, without))
  const removed = removalsOf(draft, live)
  const definitions = await planDefinitions(context, crdsToApply(draft), draft.definitionRule)
  const hooks = hookChanges(base.current, desired.rendered.hooks, options.hooks).map(without)
  const changes = [...definitions.changes.map(without), ...planned.map((object) => object.change), ...removed.changes, ...hooks]
  const reason = reasonFor(base, changes, options.always)
  const from = base.current ?? base.last
  const shared = {
    id: release.id,
    name: release.name,
    namespace: release.namespace,
    kubeContext: release.kubeContext,
    needs: options.needs,
    after: options.after,
    chart: chartOf(desired.chart.metadata),
    ...(from ? { fromRevision: from.version } : {}),
    ...(base.current?.chart ? { fromChart: chartOf(base.current.chart.metadata) } : {}),
    changes,
    notes: [...base.notes, ...desired.rendered.warnings],
    suppressDiff: release.options.suppressDiff ?? false,
    ...expected(base.history),
    basis: {
      history: base.history,
      objects: seenObjects(refsOf(draft), live, planned),
      ...(reusesValues(draft) && { reusesValues: true }),
    },
  }
  if (reason === undefined) return { ...shared, action: 'none', reason: 'nothing changed', blockers: [] }
  const operation = operationFor(draft, { planned, removed, definitions, serverSide, createNamespace: needsNamespace(draft, live) })
  const random = await randomIn(draft)
  return {
    ...shared,
    notes: [...shared.notes, ...notesOnRandom(random, changes)],
    ...(random.size > 0 && { randomValues: randomValues(random) }),
    action: operation.kind === 'install' ? 'install' : 'upgrade',
    reason,
    toRevision: base.version,
    blockers: [
      ...definitions.blockers,
      ...blockersOf(draft, planned, serverSide),
      ...sizeBlockers(draft.client, operation.revision),
      ...(await refusedHooks(draft, context, options)),
    ],
    operation,
  }
}

/** Places that come out otherwise when the release is rendered again. */
async function randomIn({ desired, placed }: ReleaseDraft): Promise<RandomPlaces> {
  const again = await desired.renderAgain?.()
  if (!again) return new Map()
  const objectsOf = ({ objects }: DesiredRelease['rendered']): readonly KubeObject[] =>
    placed(objects.flatMap((object) => flattenList(object.object)))
  return randomPlaces(objectsOf(desired.rendered), objectsOf(again))
}

/** Whether the new values are made of former ones. */
function reusesValues({ base, release: { options } }: ReleaseDraft): boolean {
  return base.current !== undefined && !options.resetValues && ((options.reuseValues || options.resetThenReuseValues) ?? false)
}

function isServerSide(release: Release, base: ReleaseBase): boolean {
  const wanted = release.options.serverSide ?? 'auto'
  if (wanted !== 'auto') return wanted === 'true'
  return base.current ? base.last?.applyMethod === 'ssa' : true
}

/** What deciding about each object takes; ownership is the object's own matter. */
type SharedContext = Omit<ObjectsContext, 'takeOwnership' | 'mayRecreate'>

function objectsContext(draft: ReleaseDraft, live: LiveObjects, serverSide: boolean, options: PlanReleaseOptions): SharedContext {
  const { release, base } = draft
  return {
    client: draft.client,
    live,
    release: { name: release.name, namespace: base.current?.namespace ?? release.namespace },
    kind: base.current ? 'upgrade' : 'install',
    serverSide,
    forceReplace: !serverSide && (release.options.force ?? false),
    forceConflicts: release.options.forceConflicts ?? false,
    decideConflict: conflictPolicy(options.conflicts ?? []),
    recorded: recordedIndex(draft),
    recordedIsApplied: base.unfinished.length === 0 && base.current?.info.status === 'deployed',
    isServed: draft.isServed,
    plannedKind: options.plannedKind,
    refusals: options.refusals ?? 'note',
    signal: options.signal,
  }
}

async function planObjects(
  { release, objects }: ReleaseDraft,
  context: SharedContext,
  options: PlanReleaseOptions,
): Promise<readonly PlannedObject[]> {
  return mapLimited(objects, options.concurrency, (object) =>
    planObject(
      {
        ...context,
        takeOwnership: release.options.takeOwnership || isNamed(release.options.adopt, object),
        mayRecreate: isNamed(options.recreate, object),
      },
      object,
    ),
  )
}

/** Hooks and definitions that the server would refuse; what only might be refused is left to happen. */
async function refusedHooks(draft: ReleaseDraft, context: SharedContext, options: PlanReleaseOptions): Promise<readonly Diagnostic[]> {
  if (options.refusals !== 'block') return []
  const hooks = draft.release.options.disableHooks ? [] : draft.hooks
  const refused = await mapLimited(hooks, options.concurrency, (object) =>
    blockersOfHook({ ...context, takeOwnership: true, mayRecreate: false }, object),
  )
  return refused.flat()
}

const indexes = new WeakMap<readonly KubeObject[], ReadonlyMap<string, KubeObject>>()

function recordedIndex(draft: ReleaseDraft): ReadonlyMap<string, KubeObject> {
  const known = indexes.get(draft.recorded)
  if (known) return known
  const index = new Map(draft.recorded.map((object) => [identityOf(refOf(object)), object]))
  indexes.set(draft.recorded, index)
  return index
}

function removalsOf(draft: ReleaseDraft, live: LiveObjects): ReturnType<typeof planAllRemovals> {
  const { release, base } = draft
  const wanted = new Set(draft.objects.map((object) => identityOf(refOf(object))))
  return planAllRemovals(draft, wanted, live, { name: release.name, namespace: base.current?.namespace ?? release.namespace })
}

/** An object that differs in ignored fields only stays as it is. */
function withoutChange(object: PlannedObject, without: (change: ObjectChange) => ObjectChange): PlannedObject {
  const change = without(object.change)
  return change.action === object.change.action ? { ...object, change } : { ...object, change, write: { ...object.write, mode: 'keep' } }
}

/** Hooks are compared as written: they leave no state behind to compare with. Tests count only where that is wanted. */
function hookChanges(current: Revision | undefined, hooks: readonly Hook[], which: PlanOptions['hooks']): readonly ObjectChange[] {
  if (which === 'none') return []
  const counts = (hook: { readonly events: readonly string[] }): boolean => which === 'with-tests' || !hook.events.includes('test')
  const wanted = new Map(hooks.filter(counts).map((hook) => [`${hook.kind}/${hook.name}`, hook.object]))
  const stored = (current?.hooks ?? []).filter(counts)
  const before = new Map(stored.map((hook) => [`${hook.kind}/${hook.name}`, parseManifest(hook.manifest)[0]]))
  const change = (key: string): ObjectChange => {
    const [old, next] = [before.get(key), wanted.get(key)]
    const object = (next ?? old) as KubeObject
    const action = !old ? 'create' : !next ? 'delete' : sameJson(old, next) ? 'none' : 'change'
    return {
      ref: refOf(object),
      action,
      origin: 'hook',
      ...(old ? { before: old } : {}),
      ...(next ? { after: next } : {}),
      secret: isSecret(object),
      notes: [],
    }
  }
  return [...new Set([...wanted.keys(), ...before.keys()])].filter((key) => (wanted.get(key) ?? before.get(key)) !== undefined).map(change)
}

function reasonFor(base: ReleaseBase, changes: readonly ObjectChange[], always: boolean): string | undefined {
  const count = changes.filter((change) => change.action !== 'none' && change.action !== 'keep').length
  if (base.reason !== undefined) return base.reason
  if (count > 0) return count === 1 ? '1 object changes' : `${count} objects change`
  return always ? 'nothing changed, but sync always upgrades' : undefined
}

function needsNamespace(draft: ReleaseDraft, live: LiveObjects): boolean {
  const { release, base } = draft
  return !base.current && release.options.createNamespace !== false && live.isMissingNamespace(release.namespace)
}

function blockersOf(draft: ReleaseDraft, planned: readonly PlannedObject[], serverSide: boolean): readonly Diagnostic[] {
  const blockers = planned.flatMap((object) => object.blockers ?? [])
  if (!serverSide || !draft.release.options.force || !draft.base.current) return blockers
  const summary = 'invalid operation: cannot use server-side apply and force replace together'
  const hint = "drop force, or set serverSide: 'false' for this release"
  return [...blockers, { code: 'plan/force-replace', severity: 'error', summary, subject: `release ${draft.release.id}`, hint }]
}

function sizeBlockers(client: KubeClient, revision: Revision): readonly Diagnostic[] {
  const problem = recordSizeProblem(revision, recordsOf(client).maxBytes)
  return problem ? [problem] : []
}

function operationFor(
  draft: ReleaseDraft,
  parts: {
    readonly planned: readonly PlannedObject[]
    readonly removed: ReturnType<typeof planAllRemovals>
    readonly definitions: PlannedDefinitions
    readonly serverSide: boolean
    readonly createNamespace: boolean
  },
): ReleaseOperation {
  const { release, base, desired } = draft
  const revision = newRevision({
    name: release.name,
    namespace: release.namespace,
    version: base.version,
    chart: desired.chart,
    config: desired.config,
    rendered: desired.rendered,
    applyMethod: parts.serverSide ? 'ssa' : 'csa',
    ...(base.current ? { current: base.current } : {}),
    ...(base.last ? { last: base.last } : {}),
    ...(release.options.recordLabels ? { labels: release.options.recordLabels } : {}),
  })
  const operation: ReleaseOperation = {
    kind: base.current ? 'upgrade' : 'install',
    revision,
    ...(base.current ? { current: base.current } : {}),
    settle: base.settle,
    supersede: supersededBy(base),
    prune: base.current ? versionsToForget(base, release.options.historyMax, parts.removed.left) : [],
    createNamespace: parts.createNamespace,
    crds: parts.definitions.crds,
    crdUpgrades: parts.definitions.crdUpgrades,
    objects: parts.planned.map((object) => object.write),
    removals: parts.removed.removals,
    options: lifecycleOptions(release),
  }
  const onFailure = release.options.atomic ? undoOperation(operation, base, draft) : undefined
  return onFailure ? { ...operation, onFailure } : operation
}

/** What is no longer deployed once the new revision is: what was current. */
export function supersededBy(base: ReleaseBase): readonly Revision[] {
  return base.current ? [base.current] : []
}
