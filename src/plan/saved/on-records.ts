import type { Discovery } from '../../kube/client.ts'
import type { ReleaseOperation } from '../../release/operation.ts'
import { withOwnershipMarks } from '../../release/ownership.ts'
import { parseManifest } from '../../release/parse-manifest.ts'
import { placeObject, scopeFrom } from '../../release/place-objects.ts'
import type { Revision } from '../../release/record.ts'
import { inServedForm } from '../../release/served-form.ts'
import { lastRecord, revisionOf, type StoredRecord } from '../../release/storage.ts'
import { supersededBy } from '../plan-release.ts'
import { supersededByRemoval } from '../plan-removal.ts'
import { releaseBase } from '../release-base.ts'
import { undoOperation } from '../undo-operation.ts'

type FromRecords = 'revision' | 'current' | 'settle' | 'supersede' | 'onFailure'

/** An operation without anything that the release's records hold already: nothing of former revisions. */
export interface OperationOnRecords extends Omit<ReleaseOperation, FromRecords> {
  /** The new one; absent for a removal, which works on the last. */
  readonly revision?: Revision
  /** A failure is taken back, to what the records say. */
  readonly undo?: true
}

/** True for what begins with a revision of its own, or removes: rollbacks and tests do again what a record says. */
export function restsOnRecords({ kind }: ReleaseOperation): boolean {
  return kind === 'install' || kind === 'upgrade' || kind === 'uninstall'
}

/** What is left of `operation` (an install, an upgrade or a removal) without its records. */
export function withoutRecords(operation: ReleaseOperation): OperationOnRecords {
  const { revision, current: _current, settle: _settle, supersede: _supersede, onFailure, ...rest } = operation
  return {
    ...rest,
    objects: rest.objects.map(({ original: _original, ...write }) => write),
    ...(operation.kind !== 'uninstall' && { revision }),
    ...(onFailure && { undo: true as const }),
  }
}

/**
 * The operation that `withoutRecords` made `saved` of, given the same records. Bases of patches that were worked out are not
 * needed and do not come back.
 *
 * @throws DiagnosticError `release/corrupt-record`
 */
export function withRecords(saved: OperationOnRecords, history: readonly StoredRecord[], discovery: Discovery): ReleaseOperation {
  const { undo, revision, ...rest } = saved
  if (!revision) {
    const last = revisionOf(lastRecord(history) as StoredRecord)
    return { ...rest, revision: last, settle: [], supersede: supersededByRemoval(history, rest.options) }
  }
  const base = releaseBase(history)
  const operation: ReleaseOperation = {
    ...rest,
    revision,
    ...(base.current && { current: base.current }),
    settle: base.settle,
    supersede: supersededBy(base),
  }
  const objects = rest.objects.map(({ object }) => object)
  const recorded = base.current?.manifest === revision.manifest ? objects : formerObjects(operation, discovery)
  const onFailure = undo && undoOperation(operation, base, { objects, recorded })
  return onFailure ? { ...operation, onFailure } : operation
}

function formerObjects({ current, crds, objects }: ReleaseOperation, discovery: Discovery): ReturnType<typeof parseManifest> {
  if (!current) return []
  const former = parseManifest(current.manifest).map((object) => inServedForm(object, discovery))
  const scopeOf = scopeFrom(discovery, [...crds, ...objects.map(({ object }) => object)])
  return former.map((object) => withOwnershipMarks(placeObject(object, scopeOf, current.namespace), current))
}
