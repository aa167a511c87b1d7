import type { KubeObject } from '../kinds/kube-object.ts'
import { withoutFields } from '../kube/field-conflicts.ts'
import { rollbackRevision } from '../release/new-revision.ts'
import { identityOf, refOf } from '../release/object-names.ts'
import type { ObjectWrite, ReleaseOperation } from '../release/operation.ts'
import { isKept, withOwnershipMarks } from '../release/ownership.ts'
import { parseManifest } from '../release/parse-manifest.ts'
import type { Revision } from '../release/record.ts'
import { revisionOf } from '../release/storage.ts'
import type { ReleaseDraft } from './plan-release.ts'
import { inRemovalOrder } from './plan-removals.ts'
import type { ReleaseBase } from './release-base.ts'

/** What takes a failed `operation` back: a removal after an install, a rollback to the last success after an upgrade; undefined where there was none. */
export function undoOperation(
  operation: ReleaseOperation,
  base: ReleaseBase,
  draft: Pick<ReleaseDraft, 'recorded' | 'objects'>,
): ReleaseOperation | undefined {
  if (operation.kind === 'install') return undoInstall(operation, base)
  const target = lastSuccess(base)
  return target && undoUpgrade(operation, target, base, draft)
}

function undoInstall(operation: ReleaseOperation, base: ReleaseBase): ReleaseOperation {
  const written = inRemovalOrder(operation.objects.map((write) => write.object).filter((object) => object.metadata.name && !isKept(object)))
  return {
    kind: 'uninstall',
    revision: operation.revision,
    settle: [],
    supersede: [],
    prune: [...base.history.map((record) => record.version), operation.revision.version],
    createNamespace: false,
    crds: [],
    crdUpgrades: [],
    objects: [],
    removals: written.map((object) => ({ ref: refOf(object) })),
    options: { ...operation.options, keepHistory: false },
  }
}

/** Failed revisions are superseded only by a success, so a superseded one most likely succeeded. Source: Helm 4.3.1 pkg/action/upgrade.go failRelease. */
function lastSuccess(base: ReleaseBase): Revision | undefined {
  const record = base.history.findLast(({ status }) => status === 'superseded' || status === 'deployed')
  return record && revisionOf(record)
}

function undoUpgrade(
  operation: ReleaseOperation,
  target: Revision,
  base: ReleaseBase,
  draft: Pick<ReleaseDraft, 'recorded' | 'objects'>,
): ReleaseOperation {
  const owner = { name: target.name, namespace: target.namespace }
  const scopes = new Map(draft.objects.map((object) => [`${object.apiVersion}/${object.kind}`, object.metadata.namespace !== undefined]))
  const place = (object: KubeObject): KubeObject =>
    object.metadata.namespace || scopes.get(`${object.apiVersion}/${object.kind}`) === false
      ? object
      : { ...object, metadata: { ...object.metadata, namespace: target.namespace } }
  const objects = target === base.current ? draft.recorded : parseManifest(target.manifest).map((object) => withOwnershipMarks(place(object), owner))
  const kept = new Set(objects.map((object) => identityOf(refOf(object))))
  const added = operation.objects
    .map((write) => write.object)
    .filter((object) => object.metadata.name && !isKept(object) && !kept.has(identityOf(refOf(object))))
  const tried = new Map(operation.objects.map((write) => [identityOf(refOf(write.object)), write]))
  return {
    kind: 'rollback',
    revision: rollbackRevision(
      target,
      { version: operation.revision.version, firstDeployed: operation.revision.info.firstDeployed },
      operation.revision.applyMethod === 'ssa' ? 'ssa' : 'csa',
    ),
    settle: [],
    supersede: base.history.filter((record) => record.status === 'deployed').map(revisionOf),
    prune: [],
    createNamespace: false,
    crds: [],
    crdUpgrades: [],
    objects: objects.map((object) => writeBack(object, tried.get(identityOf(refOf(object))), operation)),
    // What earlier failures had left was to go with this upgrade; after a success nobody looks for it any more.
    removals: [
      ...inRemovalOrder(added).map((object) => ({ ref: refOf(object) })),
      ...operation.removals.filter(({ ref }) => !kept.has(identityOf(ref))),
    ],
    options: { ...operation.options, cleanupOnFail: false },
  }
}

/** What was settled about fields that others own counts on the way back too; so does that an object has to be made anew. */
function writeBack(object: KubeObject, tried: ObjectWrite | undefined, operation: ReleaseOperation): ObjectWrite {
  const isServerSide = operation.revision.applyMethod === 'ssa'
  if (tried?.recreate) return { mode: isServerSide ? 'server-side-apply' : 'create', object, isNew: false, recreate: {} }
  if (!isServerSide) return { mode: 'three-way-patch', object, isNew: false, ...(tried ? { original: tried.object } : {}) }
  const { takesFields, leavesFields } = tried ?? {}
  return {
    mode: 'server-side-apply',
    object: withoutFields(object, leavesFields ?? []),
    isNew: false,
    ...(takesFields ? { takesFields } : {}),
    ...(leavesFields ? { leavesFields } : {}),
  }
}
