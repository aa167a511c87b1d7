import type { KubeObject, ObjectRef } from '../kinds/kube-object.ts'
import type { PatchType } from '../kube/client.ts'
import type { FieldSteps } from '../kube/field-conflicts.ts'
import type { Revision } from './record.ts'

/** How one object of a release gets its new form. What is `keep` was proven to be as wanted and is only waited for. */
export type WriteMode = 'server-side-apply' | 'three-way-patch' | 'create' | 'replace' | 'keep'

/** One object to be brought into its desired form. */
export interface ObjectWrite {
  readonly mode: WriteMode
  /** With namespace and ownership marks. */
  readonly object: KubeObject
  /** True when planning saw nothing under that name: messages then speak of creating. */
  readonly isNew: boolean
  /** An object of that name is being deleted: it has to be gone first. */
  readonly afterGone?: boolean
  /** What the release applied last time; the base of a three-way patch. Absent: the live object is the base. */
  readonly original?: KubeObject
  /** For a three-way patch: the patch itself, where planning saw the live object; sent as it is. */
  readonly patch?: { readonly type: PatchType; readonly patch: unknown }
  /** Take the fields over that Helm's client-side writes own, before applying. */
  readonly upgradeFieldManager?: boolean
  /** The release did not have it before: what kubectl wrote becomes the release's too. */
  readonly adopts?: boolean
  /** Write over what other managers own. */
  readonly takesFields?: boolean
  /** Fields that are not in `object` because they are left to their owners. */
  readonly leavesFields?: readonly FieldSteps[]
  /** The object of that name, of that uid where it is known, is deleted first: a field of it cannot change. */
  readonly recreate?: { readonly uid?: string }
}

/** One object to be deleted. */
export interface ObjectRemoval {
  readonly ref: ObjectRef
  /** Of the object that was seen while planning: another one of the same name stays. */
  readonly uid?: string
}

export interface LifecycleOptions {
  /** Wait until objects are ready; hooks are always waited for. */
  readonly wait: boolean
  readonly waitForJobs: boolean
  /** Wait as Helm 3 did, for hooks too. */
  readonly legacyWait?: boolean
  /** For each waiting on its own. */
  readonly timeoutMs: number
  readonly cleanupOnFail: boolean
  readonly disableHooks: boolean
  readonly forceConflicts: boolean
  readonly keepHistory: boolean
  readonly propagation: 'Background' | 'Foreground' | 'Orphan'
  /** Instead of Helm's own `Install complete` and the like. */
  readonly description?: string
  /** For `test`: the names of the hooks to run; absent: all. */
  readonly tests?: readonly string[]
  /** For `test`: the logs of their pods are told however they end. */
  readonly testLogs?: boolean
}

/**
 * Everything that has to be done to one release, settled while planning: the differences between install, upgrade, rollback,
 * removal and test are differences of this data, not of the code that carries it out.
 */
export interface ReleaseOperation {
  readonly kind: 'install' | 'upgrade' | 'rollback' | 'uninstall' | 'test'
  /** The record to be created (pending-*), or for `uninstall` and `test` the last one, which is updated. */
  readonly revision: Revision
  /** The revision that counts as current until this operation succeeds. */
  readonly current?: Revision
  /** Older records to be written before the new one, in their final form: stuck ones that are given up, removed ones that are replaced. */
  readonly settle: readonly Revision[]
  /** Older records whose status becomes `superseded` when all has gone well. */
  readonly supersede: readonly Revision[]
  /** Records that go before the new one is written, to keep the history limit; for `uninstall` all that go after it. */
  readonly prune: readonly number[]
  readonly createNamespace: boolean
  /** In order; those that exist already are left alone. */
  readonly crds: readonly KubeObject[]
  /** In order; written over those that exist. */
  readonly crdUpgrades: readonly KubeObject[]
  /** In install order. */
  readonly objects: readonly ObjectWrite[]
  /** In removal order. */
  readonly removals: readonly ObjectRemoval[]
  readonly options: LifecycleOptions
  /** What answers a failure: a rollback or a removal. */
  readonly onFailure?: ReleaseOperation
}
