/*
 * Every request with which an operation may change the cluster, listed from its data: what `performOperation` sends, and no more.
 * In: an operation. Out: sendings, in no order that matters. Always true: a request that carrying out sends is in the list;
 * test/unit/plan/saved-plan.test.ts compares both on a server that keeps a log.
 */
import type { KubeObject, ObjectRef } from '../../kinds/kube-object.ts'
import type { DeleteOptions } from '../../kube/client.ts'
import { recordName } from '../../release/codec.ts'
import { DEPLOY_WORDS } from '../../release/deploy-words.ts'
import { FIELD_MANAGER } from '../../release/field-managers.ts'
import { refOf } from '../../release/object-names.ts'
import type { ObjectWrite, ReleaseOperation } from '../../release/operation.ts'
import { parseManifest } from '../../release/parse-manifest.ts'
import { placeObject, type ScopeOf } from '../../release/place-objects.ts'
import type { Revision } from '../../release/record.ts'
import { namespaceObject } from '../../release/release-namespace.ts'
import { withStatus } from '../../release/storage.ts'
import type { HookEvent } from '../../render/rendered.ts'
import { applySending, createSending, deleteSending, HANDING_OVER, patchSending, recordContent, replaceSending, type Sending } from './sending.ts'

/** A sending that an operation allows. */
export interface AllowedSending extends Sending {
  /** Any number of times: a record as the work goes on, a patch that is tried again. */
  readonly repeats?: true
  /** Compared loosely: the outcome of the work decides the rest. */
  readonly isLoose?: true
  /** Sent only when something has gone wrong. */
  readonly onFailure?: true
}

const STRICT = { fieldManager: FIELD_MANAGER, fieldValidation: 'Strict' } as const
const BACKGROUND = { propagation: 'Background' } as const

/** All that carrying out `operation` may send. `scopeOf` tells which kinds live in namespaces, for the objects of hooks. */
export function mutationsOf(operation: ReleaseOperation, scopeOf: ScopeOf): readonly AllowedSending[] {
  const answer = operation.onFailure ? mutationsOf(operation.onFailure, scopeOf).map(afterFailure) : []
  switch (operation.kind) {
    case 'install':
    case 'upgrade':
    case 'rollback':
      return [...deploying(operation, scopeOf), ...answer]
    case 'uninstall':
      return [...removing(operation, scopeOf), ...answer]
    case 'test':
      return [...hooks(operation, 'test', operation.revision.applyMethod === 'ssa', scopeOf), record(operation.revision)]
  }
}

function afterFailure(sending: AllowedSending): AllowedSending {
  return { ...sending, onFailure: true }
}

function deploying(operation: ReleaseOperation, scopeOf: ScopeOf): readonly AllowedSending[] {
  const { revision, options } = operation
  const words = DEPLOY_WORDS[operation.kind as 'install' | 'upgrade' | 'rollback']
  const serverSide = revision.applyMethod === 'ssa'
  const complete = options.description ?? words.complete ?? revision.info.description
  const events = options.disableHooks ? [] : [words.before, words.after]
  const run = events.flatMap((event) => hooks(operation, event, serverSide, scopeOf))
  const cleanUp = options.cleanupOnFail ? operation.objects.filter(({ isNew }) => isNew) : []
  return [
    ...operation.crds.map((crd) => applySending(crd, STRICT)),
    ...operation.crdUpgrades.map((crd) => applySending(crd, { ...STRICT, force: true })),
    ...(operation.createNamespace ? [namespaceSending(revision, serverSide)] : []),
    ...operation.prune.map((version) => deletion(recordRef(revision, version), {})),
    ...operation.settle.filter(({ version }) => !operation.prune.includes(version)).map(record),
    { method: 'POST', ref: recordRef(revision, revision.version), ...recordContent(revision) },
    ...(run.length > 0 ? [record(revision), ...run] : []),
    ...operation.objects.flatMap((write) => writing(write, options.forceConflicts)),
    ...operation.removals.map(({ ref, uid }) => deletion(ref, { ...BACKGROUND, ...(uid === undefined ? {} : { uid }) })),
    ...operation.supersede.map((older) => record(withStatus(older, 'superseded'))),
    record(withStatus(revision, 'deployed', complete)),
    anyRecord(withStatus(revision, 'failed')),
    ...(operation.current ? [afterFailure(record(withStatus(operation.current, 'superseded')))] : []),
    ...cleanUp.map(({ object }) => afterFailure(deletion(refOf(object), BACKGROUND))),
  ]
}

function removing(operation: ReleaseOperation, scopeOf: ScopeOf): readonly AllowedSending[] {
  const { revision, options } = operation
  const events: readonly HookEvent[] = options.disableHooks ? [] : ['pre-delete', 'post-delete']
  return [
    anyRecord(revision),
    record(withStatus(revision, 'uninstalling', 'Deletion in progress (or silently failed)')),
    anyRecord(withStatus(revision, 'uninstalling')),
    ...events.flatMap((event) => hooks(operation, event, true, scopeOf)),
    ...operation.removals.map(({ ref, uid }) => deletion(ref, { propagation: options.propagation, ...(uid === undefined ? {} : { uid }) })),
    ...(options.keepHistory ? [record(withStatus(revision, 'uninstalled', options.description ?? 'Uninstallation complete'))] : []),
    ...operation.supersede.map((older) => record(withStatus(older, 'superseded'))),
    ...operation.prune.map((version) => deletion(recordRef(revision, version), {})),
  ]
}

/** A deletion that met somebody else's write goes again; a second one does nothing. */
function deletion(ref: ObjectRef, options: DeleteOptions): AllowedSending {
  return { ...deleteSending(ref, options), repeats: true }
}

function recordRef({ name, namespace }: Revision, version: number): ObjectRef {
  return { apiVersion: 'v1', kind: 'Secret', namespace, name: recordName(name, version) }
}

function record(revision: Revision): AllowedSending {
  return { method: 'PUT', ref: recordRef(revision, revision.version), ...recordContent(revision), repeats: true }
}

function anyRecord(revision: Revision): AllowedSending {
  return { ...record(revision), isLoose: true, onFailure: true }
}

function namespaceSending(revision: Revision, serverSide: boolean): Sending {
  const object = namespaceObject(revision.namespace)
  const options = { fieldManager: FIELD_MANAGER }
  return serverSide ? applySending(object, options) : createSending(object, options)
}

function writing({ recreate, ...write }: ObjectWrite, force: boolean): readonly AllowedSending[] {
  if (!recreate) return writingOver(write, force)
  return [deletion(refOf(write.object), { ...BACKGROUND, ...recreate }), ...writingOver(write, force)]
}

function writingOver({ mode, object, upgradeFieldManager, patch, takesFields }: ObjectWrite, force: boolean): readonly AllowedSending[] {
  const ref = refOf(object)
  switch (mode) {
    case 'keep':
      return []
    case 'create':
      return [createSending(object, { fieldManager: FIELD_MANAGER })]
    case 'replace':
      return [replaceSending(object, STRICT)]
    case 'server-side-apply':
      return [
        ...(upgradeFieldManager ? [{ method: 'PATCH' as const, ref, content: HANDING_OVER, repeats: true as const }] : []),
        applySending(object, { ...STRICT, force: force || (takesFields ?? false) }),
      ]
    case 'three-way-patch':
      return patch ? [patchSending(ref, patch.type, patch.patch, { fieldManager: FIELD_MANAGER })] : patchingWhatIsThere(object)
  }
}

/** Taking back what failed on the way starts from what is live then. */
function patchingWhatIsThere(object: KubeObject): readonly AllowedSending[] {
  const types = ['application/strategic-merge-patch+json', 'application/merge-patch+json'] as const
  const patches = types.map((type): AllowedSending => ({ ...patchSending(refOf(object), type, null, {}), isLoose: true }))
  return [...patches, createSending(object, { fieldManager: FIELD_MANAGER })]
}

function hooks(operation: ReleaseOperation, event: HookEvent, serverSide: boolean, scopeOf: ScopeOf): readonly AllowedSending[] {
  const { revision, options } = operation
  const wanted = event === 'test' ? options.tests : undefined
  const run = revision.hooks.filter((hook) => hook.events.includes(event) && (wanted?.includes(hook.name) ?? true))
  return run.flatMap((hook) => {
    const objects = parseManifest(hook.manifest).map((object) => placeObject(object, scopeOf, revision.namespace))
    const policies = hook.kind === 'CustomResourceDefinition' ? [] : (hook.deletePolicies ?? ['before-hook-creation'])
    const deletions = policies.flatMap(() => objects.map((object) => deletion(refOf(object), BACKGROUND)))
    const creations = objects.map((object) => (serverSide ? applySending(object, STRICT) : createSending(object, { fieldManager: FIELD_MANAGER })))
    return [...deletions, ...creations]
  })
}
