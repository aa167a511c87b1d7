import { type Diagnostic, failure } from '../base/diagnostic.ts'
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
import { cleanObject, sameJson } from './clean-object.ts'
import type { DecideConflict } from './conflict-policy.ts'
import type { LiveObjects } from './live-objects.ts'
import type { ChangeAction, ObjectChange } from './plan.ts'
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
  readonly signal: AbortSignal | undefined
}

/** One object, decided: what to show, what to do, and what stands against it. */
export interface PlannedObject {
  readonly change: ObjectChange
  readonly write: ObjectWrite
  readonly blocker?: Diagnostic
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
  const planned = context.serverSide ? await planApply(context, object, live, recorded) : await planPatch(context, object, live, recorded)
  const action: ChangeAction = !owned ? 'adopt' : planned.change.action
  return { ...planned, change: { ...planned.change, action }, ...(blocker ? { blocker } : {}) }
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
  const notes = isGoing ? ['the present object is being deleted'] : await refusals(context, object)
  const mode = context.serverSide && object.metadata.name ? 'server-side-apply' : 'create'
  return {
    change: changeOf(object, 'create', { after: cleanObject(object) }, notes),
    write: { mode, object, isNew: true, ...(isGoing ? { afterGone: true } : {}) },
  }
}

/** What the server says against a new object. Where its kind or its namespace is yet to come, the server cannot be asked. */
async function refusals(context: ObjectsContext, object: KubeObject): Promise<readonly string[]> {
  if (!context.isServed(object)) return [`kind ${object.kind} of ${object.apiVersion} is not served yet`]
  const { name, namespace } = object.metadata
  if (namespace !== undefined && context.live.isMissingNamespace(namespace)) return []
  const options = {
    dryRun: true,
    fieldManager: FIELD_MANAGER,
    fieldValidation: 'Strict',
    ...(context.signal ? { signal: context.signal } : {}),
  } as const
  try {
    await (name ? context.client.apply(object, options) : context.client.create(object, options))
    return []
  } catch (error) {
    if (!(error instanceof KubeError)) throw error
    // A namespace that another object of the plan will make.
    return error.status === 404 ? [] : [wouldRefuse(error)]
  }
}

function wouldRefuse(error: KubeError): string {
  return `the server would refuse this: ${error.message}`
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

async function planApply(context: ObjectsContext, object: KubeObject, live: KubeObject, recorded: KubeObject | undefined): Promise<PlannedObject> {
  const upgradeFieldManager = hasClientSideFields(live)
  const write: ObjectWrite = { mode: 'server-side-apply', object, isNew: false, ...(upgradeFieldManager ? { upgradeFieldManager } : {}) }
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
  const write: ObjectWrite = {
    mode: context.forceReplace ? 'replace' : 'three-way-patch',
    object,
    isNew: false,
    ...(recorded ? { original: recorded } : {}),
  }
  const merge = threeWayMerge({ original: recorded ?? live, target: object, live }, { threeWayForCustomKinds: true })
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

/** What the server would make of it. Where it refuses, that is a note: executing will say so again, and record it. */
async function askServer(context: ObjectsContext, attempt: Attempt, dryRun: DryRun): Promise<PlannedObject> {
  const { object, live, write } = attempt
  try {
    return answered(attempt, await dryRun(object, false))
  } catch (error) {
    if (!(error instanceof KubeError)) throw error
    const conflicts = fieldConflicts(error, object, live)
    if (conflicts.length > 0) return settleConflicts(context, attempt, conflicts, dryRun)
    const expected = bothSides(live, overlaid(live, object))
    const immutable = immutableFields(error)
    if (immutable && context.mayRecreate) return recreated(attempt, immutable)
    return { change: changeOf(object, 'change', expected, [wouldRefuse(error), ...(immutable ? [recreateHint(object)] : [])]), write }
  }
}

function answered(
  { object, live, write }: Attempt,
  result: KubeObject,
  problems: readonly string[] = [],
  notes: readonly string[] = [],
): PlannedObject {
  const sides = bothSides(live, result)
  const action = problems.length === 0 && sameJson(sides.before, sides.after) ? 'none' : 'change'
  return { change: changeOf(object, action, sides, [...problems, ...notes]), write, result }
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
  if (failing.length > 0) return answered(attempt, await dryRun(object, true), failing)
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
  return answered({ ...attempt, write: settled }, await dryRun(sent, takes), [], notes)
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

/** An idea of the result where the server gives none: what is live, with each top-level part that is desired in its desired form. */
function overlaid(live: KubeObject, object: KubeObject): KubeObject {
  return { ...live, ...object, metadata: { ...live.metadata, ...object.metadata } }
}
