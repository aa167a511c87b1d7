import type { ObjectRemoval } from '../release/operation.ts'
import type { ReleaseStatus, Revision } from '../release/record.ts'
import { DEFAULT_HISTORY_MAX, deployedRecord, lastRecord, revisionOf, type StoredRecord, versionsToPrune, withStatus } from '../release/storage.ts'

/** Where a release starts from, read off its history. */
export interface ReleaseBase {
  readonly history: readonly StoredRecord[]
  readonly last: Revision | undefined
  /** What an upgrade starts from: the deployed revision, or the last where none is; undefined: it is an install. */
  readonly current: Revision | undefined
  /** Revisions since the last that was deployed, none of which succeeded: they may have left objects behind. */
  readonly unfinished: readonly Revision[]
  /** The number of the next revision. */
  readonly version: number
  /** Records to be settled before the next is written. */
  readonly settle: readonly Revision[]
  /** Why there must be a new revision whatever the objects look like; undefined when there need not be. */
  readonly reason: string | undefined
  readonly notes: readonly string[]
}

/** True for a revision that somebody began and has not ended. */
export function isPending(status: ReleaseStatus): boolean {
  return status.startsWith('pending-')
}

/**
 * Where the release with this history starts from. A revision that is still pending was abandoned: it is settled as failed, and
 * what it was to change is planned again.
 *
 * @throws DiagnosticError `release/corrupt-record` when a record that is needed cannot be read
 */
export function releaseBase(history: readonly StoredRecord[]): ReleaseBase {
  const newest = lastRecord(history)
  if (!newest) return { history, last: undefined, current: undefined, unfinished: [], version: 1, settle: [], reason: 'not installed', notes: [] }
  const last = revisionOf(newest)
  const version = last.version + 1
  const { status } = last.info
  if (status === 'uninstalled') {
    const settle = [withStatus(last, 'superseded', 'superseded by new release')]
    return { history, last, current: undefined, unfinished: [], version, settle, reason: 'not installed, its history was kept', notes: [] }
  }
  const settled = isPending(status)
    ? withStatus(last, 'failed', `${describeAbandoned(status)} was interrupted; taken up again by revision ${version}`)
    : last
  const deployed = deployedRecord(history)
  const current = deployed ? revisionOf(deployed) : settled
  // Where nothing is deployed, nobody knows which of the earlier ones took away what those before them had left.
  const unfinished = history.filter((record) => record.version > (deployed?.version ?? 0) && record !== newest).map(revisionOf)
  return {
    history,
    last: settled,
    current,
    unfinished: current.version === last.version ? unfinished : [...unfinished, settled],
    version,
    settle: settled === last ? [] : [settled],
    reason: deployed === newest ? undefined : reasonFor(last),
    notes: settled === last ? [] : [`revision ${last.version} was left in ${status}; this takes it over`],
  }
}

function describeAbandoned(status: ReleaseStatus): string {
  if (status === 'pending-install') return 'Install'
  return status === 'pending-rollback' ? 'Rollback' : 'Upgrade'
}

function reasonFor(last: Revision): string | undefined {
  const { status } = last.info
  if (status === 'failed') return `revision ${last.version} failed`
  return isPending(status) ? `revision ${last.version} is stuck in ${status}` : `revision ${last.version} is ${status}`
}

/**
 * Versions of the records over the limit (Helm's own where `max` is undefined), oldest first; but none that alone knows of objects
 * which a failed revision left and which are still to go: `left`.
 */
export function versionsToForget(base: ReleaseBase, max: number = DEFAULT_HISTORY_MAX, left: readonly ObjectRemoval[] = []): readonly number[] {
  const versions = versionsToPrune(base.history, max)
  if (left.length === 0) return versions
  const unfinished = new Set(base.unfinished.map((revision) => revision.version))
  return versions.filter((version) => !unfinished.has(version))
}
