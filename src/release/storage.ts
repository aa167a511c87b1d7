import { DiagnosticError, failure } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import type { KubeObject } from '../kinds/kube-object.ts'
import { type KubeClient, KubeError } from '../kube/client.ts'
import { decodeRecord, encodeRecord, recordName } from './codec.ts'
import type { ReleaseStatus, Revision } from './record.ts'
import { recordSizeProblem } from './record-size.ts'
import { recordsOf } from './records/choose-records.ts'

/** A record as listed: its labels say enough for most questions, its payload is decoded by `revisionOf` when it is needed. */
export interface StoredRecord {
  readonly name: string
  readonly namespace: string
  readonly version: number
  readonly status: ReleaseStatus
  readonly object: KubeObject
}

/** What Helm keeps of a release's history unless told otherwise (HELM_MAX_HISTORY). */
export const DEFAULT_HISTORY_MAX = 10

const decoded = new WeakMap<KubeObject, Revision>()

/**
 * The revision of a listed record, decoded once.
 *
 * @throws DiagnosticError `release/corrupt-record`
 */
export function revisionOf(record: StoredRecord): Revision {
  const known = decoded.get(record.object)
  if (known) return known
  const revision = decodeRecord(record.object)
  decoded.set(record.object, revision)
  return revision
}

function storedRecord(object: KubeObject): StoredRecord {
  const labels = object.metadata.labels ?? {}
  return {
    name: labels['name'] ?? '',
    namespace: object.metadata.namespace ?? '',
    version: Number(labels['version'] ?? 0),
    status: (labels['status'] ?? 'unknown') as ReleaseStatus,
    object,
  }
}

function byPlace(a: StoredRecord, b: StoredRecord): number {
  if (a.namespace !== b.namespace) return a.namespace < b.namespace ? -1 : 1
  if (a.name !== b.name) return a.name < b.name ? -1 : 1
  return a.version - b.version
}

/** The records that fit, by namespace, name and version. One request. */
export async function findRecords(
  client: KubeClient,
  options: { readonly namespace?: string; readonly release?: string; readonly signal?: AbortSignal } = {},
): Promise<StoredRecord[]> {
  const objects = await recordsOf(client).list(options)
  return objects
    .map(storedRecord)
    .filter((record) => record.name !== '' && record.version > 0)
    .sort(byPlace)
}

/**
 * The records of all releases in `namespaces`, by namespace, name and version: one request over the whole cluster where
 * several namespaces are asked for and that is allowed, else one per namespace.
 */
export async function listRecords(
  client: KubeClient,
  namespaces: readonly string[],
  options: { readonly signal?: AbortSignal } = {},
): Promise<readonly StoredRecord[]> {
  const wanted = [...new Set(namespaces)]
  if (wanted.length > 1) {
    try {
      const inside = new Set(wanted)
      return (await findRecords(client, options)).filter((record) => inside.has(record.namespace))
    } catch (error) {
      if (!(error instanceof KubeError) || error.status !== 403) throw error
    }
  }
  const lists = await Promise.all(wanted.map((namespace) => findRecords(client, { ...options, namespace })))
  return lists.flat().sort(byPlace)
}

/** The records of one release, oldest first; empty when there is none. One request. */
export async function readHistory(
  client: KubeClient,
  release: { readonly namespace: string; readonly name: string },
  options: { readonly signal?: AbortSignal } = {},
): Promise<readonly StoredRecord[]> {
  return findRecords(client, { ...options, namespace: release.namespace, release: release.name })
}

/** Records by release (`namespace/name`), each oldest first. */
export function groupByRelease(records: readonly StoredRecord[]): ReadonlyMap<string, readonly StoredRecord[]> {
  const groups = new Map<string, StoredRecord[]>()
  for (const record of records) {
    const key = `${record.namespace}/${record.name}`
    const group = groups.get(key)
    if (group) group.push(record)
    else groups.set(key, [record])
  }
  return groups
}

/** The newest record, whatever became of it. */
export function lastRecord(history: readonly StoredRecord[]): StoredRecord | undefined {
  return history.at(-1)
}

/** The newest record that counts as deployed: there is one at most, unless two writers raced. */
export function deployedRecord(history: readonly StoredRecord[]): StoredRecord | undefined {
  return history.findLast((record) => record.status === 'deployed')
}

/**
 * The versions to delete, oldest first, so that with one more record the history has at most `max`; the deployed one stays.
 * `max` of 0 or less: none. Source: Helm 4.3.1 pkg/storage/storage.go removeLeastRecent.
 */
export function versionsToPrune(history: readonly StoredRecord[], max: number): readonly number[] {
  if (max <= 0) return []
  const deployed = deployedRecord(history)
  const surplus = history.length - (max - 1)
  return history
    .filter((record) => record !== deployed)
    .slice(0, Math.max(0, surplus))
    .map((record) => record.version)
}

function stamp(host: Host, label: 'createdAt' | 'modifiedAt'): Parameters<typeof encodeRecord>[1] {
  return { label, seconds: Math.floor(host.now() / 1000) }
}

/**
 * Writes a new record. It is also the lock between writers: of two who plan the same revision, one fails here.
 *
 * @throws DiagnosticError `release/record-exists` when another writer was faster, `release/record-too-large`
 */
export async function createRecord(host: Host, client: KubeClient, revision: Revision): Promise<void> {
  const store = recordsOf(client)
  const tooLarge = recordSizeProblem(revision, store.maxBytes)
  if (tooLarge) throw new DiagnosticError(tooLarge)
  if (await store.create(encodeRecord(revision, stamp(host, 'createdAt')))) return
  throw failure('release/record-exists', `revision ${revision.version} of release ${revision.name} was written by someone else meanwhile`, {
    subject: `release ${revision.namespace}/${revision.name}`,
    hint: 'run again: the plan will start from what is there now',
  })
}

/** Writes a record over the one that is there. */
export async function updateRecord(host: Host, client: KubeClient, revision: Revision): Promise<void> {
  await recordsOf(client).update(encodeRecord(revision, stamp(host, 'modifiedAt')))
}

/** False when it was not there. */
export async function deleteRecord(
  client: KubeClient,
  release: { readonly namespace: string; readonly name: string },
  version: number,
): Promise<boolean> {
  return recordsOf(client).delete(release.namespace, recordName(release.name, version))
}

/** `revision` with another status and, where given, description. */
export function withStatus(revision: Revision, status: ReleaseStatus, description: string = revision.info.description): Revision {
  return { ...revision, info: { ...revision.info, status, description } }
}
