import { type Diagnostic, failure } from '../base/diagnostic.ts'
import { sameJson } from '../base/json.ts'
import type { KubeObject } from '../kinds/kube-object.ts'
import { type KubeClient, KubeError } from '../kube/client.ts'
import { type FieldConflict, fieldConflicts, withoutFields } from '../kube/field-conflicts.ts'
import { immutableFields } from '../kube/immutable-fields.ts'
import { threeWayMerge } from '../kube/three-way-merge.ts'
import { conflictText } from '../release/conflict-text.ts'
import { appliedFields, FIELD_MANAGER, hasClientSideFields } from '../release/field-managers.ts'
import { displayName, identityOf, refOf } from '../release/object-names.ts'
import type { ObjectWrite } from '../release/operation.ts'
import { foreignOwner, ownershipProblem, type ReleaseRef } from '../release/ownership.ts'
import { cleanObject } from './clean-object.ts'
import type { DecideConflict } from './conflict-policy.ts'
import type { FindPlannedKind } from './definitions/planned-kinds.ts'
import { notesOnOwners } from './field-owners.ts'
import type { LiveObjects } from './live-objects.ts'
import { overlaid } from './overlaid.ts'
import type { ChangeAction, ObjectChange, Refusals } from './plan.ts'
import { namelessObjection, type Objection, objectionAnywhere, objectionIn, objectionsOfDefinition } from './refusals.ts'
import { isProvenUnchanged } from './unchanged.ts'

/** What deciding about the objects of one release takes. */
export interface ObjectsContext {
  readonly client: KubeClient
  readonly live: LiveObjects
  readonly release: ReleaseRef
  readonly kind: 'install' | 'upgrade' | 'rollback'
  readonly serverSide: boolean
  readonly forceReplace: boolean
  readonly forceConflicts: boolean
  readonly takeOwnership: boolean
  /** It may be deleted and made anew where a field cannot change. */
  readonly mayRecreate: boolean
  readonly decideConflict: DecideConflict
  /** What the release applied before, by identity; a value of undefined: later revisions failed, so nobody knows what is applied. */
  readonly recorded: ReadonlyMap<string, KubeObject>
  readonly recordedIsApplied: boolean
  /** Kinds that are not served yet get this note. */
  readonly isServed: (object: KubeObject) => boolean
  /** What the plan makes of a kind; where it changes a definition, the server does not know yet. */
  readonly plannedKind: FindPlannedKind
  /** What becomes of refusals that are final. */
  readonly refusals: Refusals
  readonly signal: AbortSignal | undefined
}

/** One object, decided: what to show, what to do, and what stands against it. */
export interface PlannedObject {
  readonly change: ObjectChange
  readonly write: ObjectWrite
  readonly blockers?: readonly Diagnostic[]
  /** The server's own answer to what would be written; absent where nothing would change or it refused. */
  readonly result?: KubeObject
}

/** Decides about one object (with namespace and ownership marks). Asks the server only where its answer is needed. */
export async function planObject(context: ObjectsContext, object: KubeObject): Promise<PlannedObject> {
  const ref = refOf(object)
  const live = object.metadata.name ? context.live.find(ref) : undefined
  if (!live || live.metadata.deletionTimestamp) return planNew(context, object, live !== undefined)
  const recorded = context.recorded.get(identityOf(ref))
  const blocker = ownershipBlocker(context, object, live, recorded !== undefined)
  const owned = recorded !== undefined || ownershipProblem(live, context.release) === undefined
  const planned = context.serverSide
    ? await planApply(context, object, live, { recorded, adopted: recorded === undefined })
    : await planPatch(context, object, live, recorded)
  const action: ChangeAction = !owned ? 'adopt' : planned.change.action
  const blockers = [...(blocker ? [blocker] : []), ...(planned.blockers ?? [])]
  return { ...planned, change: { ...planned.change, action }, blockers }
}

function changeOf(
  object: KubeObject,
  action: ChangeAction,
  sides: Pick<ObjectChange, 'before' | 'after'>,
  notes: readonly string[] = [],
): ObjectChange {
  return { ref: refOf(object), action, origin: 'manifest', secret: isSecret(object), notes, ...sides }
}

/** True for kinds whose values are never shown. */
export function isSecret(object: { readonly kind: string; readonly apiVersion: string }): boolean {
  return object.kind === 'Secret' && object.apiVersion === 'v1'
}

async function planNew(context: ObjectsContext, object: KubeObject, isGoing: boolean): Promise<PlannedObject> {
  const { notes, blockers } = isGoing ? { notes: ['the present object is being deleted'], blockers: [] } : await askAboutNew(context, object)
  const mode = context.serverSide ? 'server-side-apply' : 'create'
  return {
    change: changeOf(object, 'create', { after: cleanObject(object) }, notes),
    write: { mode, object, isNew: true, ...(isGoing ? { afterGone: true } : {}) },
    blockers,
  }
}

/** Objections as they are told. */
interface Told {
  readonly notes: readonly string[]
  readonly blockers: readonly Diagnostic[]
}

function tell({ refusals }: ObjectsContext, objections: readonly Objection[]): Told {
  const isBlocker = ({ final }: Objection): boolean => final && refusals === 'block'
  return {
    notes: objections.filter((objection) => !isBlocker(objection)).map(({ text }) => text),
    blockers: objections.filter(isBlocker).map(({ diagnostic }) => diagnostic),
  }
}

/** What stands against a new object: as the server says, or, where its kind or its namespace is yet to come, as far as can be known. */
async function askAboutNew(context: ObjectsContext, object: KubeObject): Promise<Told> {
  const { namespace } = object.metadata
  if (!object.metadata.name && (context.serverSide || context.kind !== 'install')) return tell(context, [namelessObjection(object)])
  if (!context.isServed(object)) return tellOfUnserved(context, object)
  if (context.refusals === 'leave') return { notes: [], blockers: [] }
  if (namespace !== undefined && context.live.isMissingNamespace(namespace)) {
    const objection = await objectionAnywhere(context.client, object, context.signal)
    return tell(context, toPlanned(context, object, objection))
  }
  const options = {
    dryRun: true,
    fieldManager: FIELD_MANAGER,
    fieldValidation: 'Strict',
    ...(context.signal ? { signal: context.signal } : {}),
  } as const
  try {
    await (object.metadata.name ? context.client.apply(object, options) : context.client.create(object, options))
    return tell(context, toPlanned(context, object, undefined))
  } catch (error) {
    return tell(context, toPlanned(context, object, objectionIn(error, object)))
  }
}

/** What stands for sure against the object of a hook, which is made anew whenever it runs. */
export async function blockersOfHook(context: ObjectsContext, object: KubeObject): Promise<readonly Diagnostic[]> {
  const { namespace } = object.metadata
  const isNowhere = !context.isServed(object) || (namespace !== undefined && context.live.isMissingNamespace(namespace))
  if (isNowhere) return (await askAboutNew(context, object)).blockers
  const signal = context.signal ? { signal: context.signal } : {}
  try {
    await context.client.create(object, { dryRun: true, fieldManager: FIELD_MANAGER, fieldValidation: 'Strict', ...signal })
    return []
  } catch (error) {
    return tell(context, toPlanned(context, object, objectionIn(error, object))).blockers
  }
}

function tellOfUnserved(context: ObjectsContext, object: KubeObject): Told {
  const kind = context.plannedKind(object)
  const { notes, blockers } = tell(context, kind ? objectionsOfDefinition(kind, object, context.serverSide) : [])
  return { notes: [`kind ${object.kind} of ${object.apiVersion} is not served yet`, ...notes], blockers }
}

/** Where the plan brings another definition, that counts instead of what the server has now. */
function toPlanned(context: ObjectsContext, object: KubeObject, objection: Objection | undefined): readonly Objection[] {
  const kind = objection && !objection.final ? undefined : context.plannedKind(object)
  if (kind) return objectionsOfDefinition(kind, object, context.serverSide)
  return objection ? [objection] : []
}

function ownershipBlocker(context: ObjectsContext, object: KubeObject, live: KubeObject, isRecorded: boolean): Diagnostic | undefined {
  if (context.takeOwnership || context.kind === 'rollback') return undefined
  const owner = foreignOwner(live, context.release)
  const problem = isRecorded && !owner ? undefined : ownershipProblem(live, context.release)
  if (!problem) return undefined
  const verb = context.kind === 'install' ? 'install' : 'update'
  const { kind, metadata } = object
  const summary =
    `unable to continue with ${verb}: ${kind} "${metadata.name ?? ''}" in namespace "${metadata.namespace ?? ''}" ` +
    `exists and cannot be imported into the current release: ${problem}`
  return failure('plan/foreign-owner', summary, {
    subject: displayName(refOf(object)),
    hint: owner
      ? `remove it from release ${owner.namespace}/${owner.name}, rename it here, or set takeOwnership`
      : 'delete it, mark it as belonging to this release, or set takeOwnership',
  }).diagnostics[0]
}

async function planApply(
  context: ObjectsContext,
  object: KubeObject,
  live: KubeObject,
  { recorded, adopted }: { readonly recorded: KubeObject | undefined; readonly adopted: boolean },
): Promise<PlannedObject> {
  const upgradeFieldManager = hasClientSideFields(live, { adopted })
  const write: ObjectWrite = {
    mode: 'server-side-apply',
    object,
    isNew: false,
    ...(upgradeFieldManager ? { upgradeFieldManager, ...(adopted ? { adopts: adopted } : {}) } : {}),
  }
  const owned = appliedFields(live)
  const sameAsApplied = context.recordedIsApplied && recorded !== undefined && sameJson(recorded, object)
  if (owned && !upgradeFieldManager && isProvenUnchanged(object, live, owned, sameAsApplied)) {
    return { change: changeOf(object, 'none', bothSides(live, live)), write: { ...write, mode: 'keep' } }
  }
  const force = upgradeFieldManager || context.forceConflicts
  return askServer(context, { object, live, write }, (asked, again) =>
    context.client.apply(asked, {
      dryRun: true,
      fieldManager: FIELD_MANAGER,
      force: force || again,
      ...(context.signal ? { signal: context.signal } : {}),
    }),
  )
}

async function planPatch(context: ObjectsContext, object: KubeObject, live: KubeObject, recorded: KubeObject | undefined): Promise<PlannedObject> {
  // What an object that is taken over has beside the chart's fields stays; on the way back it goes, as with Helm.
  const original = recorded ?? (context.kind === 'rollback' ? live : object)
  const write: ObjectWrite = { mode: context.forceReplace ? 'replace' : 'three-way-patch', object, isNew: false, original }
  const merge = threeWayMerge({ original, target: object, live }, { threeWayForCustomKinds: true })
  if (merge.isEmpty) return { change: changeOf(object, 'none', bothSides(live, live)), write: { ...write, mode: 'keep' } }
  const exact = context.forceReplace ? write : { ...write, patch: { type: merge.type, patch: merge.patch } }
  const planned = await askServer(context, { object, live, write: exact }, () =>
    context.client.patch(refOf(object), merge.type, merge.patch, {
      dryRun: true,
      fieldManager: FIELD_MANAGER,
      ...(context.signal ? { signal: context.signal } : {}),
    }),
  )
  return context.forceReplace ? { ...planned, change: { ...planned.change, action: 'replace' } } : planned
}

function bothSides(before: KubeObject, after: KubeObject): Pick<ObjectChange, 'before' | 'after'> {
  return { before: cleanObject(before), after: cleanObject(after) }
}

/** What is to be written over what, and how. */
interface Attempt {
  readonly object: KubeObject
  readonly live: KubeObject
  readonly write: ObjectWrite
}

/** Asks the server without writing; `again` takes what others own. */
type DryRun = (object: KubeObject, again: boolean) => Promise<KubeObject>

/** What the server would make of it, or what it says against it. */
async function askServer(context: ObjectsContext, attempt: Attempt, dryRun: DryRun): Promise<PlannedObject> {
  const { object, live, write } = attempt
  try {
    return answered(context, attempt, await dryRun(object, false))
  } catch (error) {
    if (!(error instanceof KubeError)) throw error
    const conflicts = fieldConflicts(error, object, live)
    if (conflicts.length > 0) return settleConflicts(context, attempt, conflicts, dryRun)
    const expected = bothSides(live, overlaid(live, object))
    const immutable = immutableFields(error)
    if (immutable && context.mayRecreate) return recreated(attempt, immutable)
    const { notes, blockers } = tell(context, toPlanned(context, object, objectionIn(error, object)))
    return {
      change: changeOf(object, 'change', expected, [...notes, ...(immutable && notes.length > 0 ? [recreateHint(object)] : [])]),
      write,
      blockers,
    }
  }
}

function answered(
  context: ObjectsContext,
  { object, live, write }: Attempt,
  result: KubeObject,
  problems: readonly string[] = [],
  notes: readonly string[] = [],
): PlannedObject {
  const sides = bothSides(live, result)
  const action = problems.length === 0 && sameJson(sides.before, sides.after) ? 'none' : 'change'
  const onOwners = action === 'none' ? [] : notesOnOwners(live, result)
  const told = tell(context, toPlanned(context, object, undefined))
  return { change: changeOf(object, action, sides, [...problems, ...notes, ...onOwners, ...told.notes]), write, result, blockers: told.blockers }
}

/** Fields that are taken are written over, fields that are left are not sent at all; one that is neither stops the write. */
async function settleConflicts(
  context: ObjectsContext,
  attempt: Attempt,
  conflicts: readonly FieldConflict[],
  dryRun: DryRun,
): Promise<PlannedObject> {
  const { object, write } = attempt
  const ruled = conflicts.map((conflict) => ({ conflict, policy: context.decideConflict(object, conflict) }))
  const failing = ruled.filter(({ policy }) => policy === 'fail').map(({ conflict }) => `conflict: ${conflictText(conflict, object)}`)
  if (failing.length > 0) return conflicting(context, answered(context, attempt, await dryRun(object, true), failing), failing)
  const leaves = ruled.filter(({ policy }) => policy === 'leave').map(({ conflict }) => conflict.steps)
  const takes = leaves.length < ruled.length
  const sent = withoutFields(object, leaves)
  const notes = ruled.map(({ conflict, policy }) => `${policy === 'take' ? 'taken over' : 'left alone'}: ${conflictText(conflict, object)}`)
  const settled: ObjectWrite = {
    ...write,
    object: sent,
    ...(leaves.length > 0 ? { leavesFields: leaves } : {}),
    ...(takes ? { takesFields: true } : {}),
  }
  return answered(context, { ...attempt, write: settled }, await dryRun(sent, takes), [], notes)
}

/** Nothing is left to chance where refusals block: the same conflict would end the work. */
function conflicting(context: ObjectsContext, planned: PlannedObject, failing: readonly string[]): PlannedObject {
  if (context.refusals !== 'block') return planned
  const hint =
    'remove these fields from the chart, set forceConflicts to take them over, or say in apply.conflicts of the settings what becomes of them'
  const subject = displayName(planned.change.ref)
  const blockers = failing.flatMap((summary) => failure('plan/field-conflict', summary, { subject, hint }).diagnostics)
  const notes = planned.change.notes.filter((note) => !failing.includes(note))
  return { ...planned, change: { ...planned.change, notes }, blockers: [...(planned.blockers ?? []), ...blockers] }
}

function recreated({ object, live, write }: Attempt, fields: readonly string[]): PlannedObject {
  const notes = [`deleted and made anew: ${fields.join(', ') || 'a field'} cannot change`]
  const { uid } = live.metadata
  return {
    change: changeOf(object, 'replace', { before: cleanObject(live), after: cleanObject(object) }, notes),
    write: {
      mode: write.mode === 'server-side-apply' ? 'server-side-apply' : 'create',
      object,
      isNew: false,
      recreate: uid === undefined ? {} : { uid },
    },
  }
}

function recreateHint({ kind, metadata }: KubeObject): string {
  return `--recreate ${kind}/${metadata.name ?? ''} deletes it and makes it anew`
}
