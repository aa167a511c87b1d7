import { type Diagnostic, failure } from '../base/diagnostic.ts'
import type { KubeObject } from '../kinds/kube-object.ts'
import { type KubeClient, KubeError } from '../kube/client.ts'
import { threeWayMerge } from '../kube/three-way-merge.ts'
import { appliedFields, FIELD_MANAGER, hasClientSideFields } from '../release/field-managers.ts'
import { displayName, identityOf, refOf } from '../release/object-names.ts'
import type { ObjectWrite } from '../release/operation.ts'
import { foreignOwner, ownershipProblem, type ReleaseRef } from '../release/ownership.ts'
import { cleanObject, sameJson } from './clean-object.ts'
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
  return askServer(object, live, write, (again) =>
    context.client.apply(object, {
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
  const planned = await askServer(object, live, exact, () =>
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

/** What the server would make of it. Where it refuses, that is a note: executing will say so again, and record it. */
async function askServer(
  object: KubeObject,
  live: KubeObject,
  write: ObjectWrite,
  dryRun: (again: boolean) => Promise<KubeObject>,
): Promise<PlannedObject> {
  const decide = (result: KubeObject, notes: readonly string[]): PlannedObject => {
    const sides = bothSides(live, result)
    const action = notes.length === 0 && sameJson(sides.before, sides.after) ? 'none' : 'change'
    return { change: changeOf(object, action, sides, notes), write, result }
  }
  try {
    return decide(await dryRun(false), [])
  } catch (error) {
    if (!(error instanceof KubeError)) throw error
    const notes = [wouldRefuse(error)]
    if (error.status !== 409) return { change: changeOf(object, 'change', bothSides(live, overlaid(live, object)), notes), write }
    return decide(await dryRun(true), notes)
  }
}

/** An idea of the result where the server gives none: what is live, with each top-level part that is desired in its desired form. */
function overlaid(live: KubeObject, object: KubeObject): KubeObject {
  return { ...live, ...object, metadata: { ...live.metadata, ...object.metadata } }
}
