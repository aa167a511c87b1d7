/*
 * Revisions to storage objects and back: Secrets of type helm.sh/release.v1 named sh.helm.release.v1.NAME.vN, whose data is
 * base64 of gzip of JSON (and base64 once more, as every Secret's data). Reads what Helm 3 and Helm 4 write; writes what
 * Helm 4 writes, byte for byte inside the JSON. Source: Helm 4.3.1 pkg/storage/driver/{util,secrets}.go, pkg/release/v1,
 * pkg/chart/v2. Cases: test/corpus/release-records.test.ts.
 */
import { gunzipSync, gzipSync } from 'node:zlib'
import type { KubeObject } from '../kinds/kube-object.ts'
import { corruptRecord, decodeRevision, type RecordPlace } from './decode-revision.ts'
import { encodeRevision } from './encode-revision.ts'
import type { Revision } from './record.ts'

/** A record is at most 1 MiB in the cluster; what unpacks to more than this is no honest record. */
const MAX_RECORD_BYTES = 256 * 1024 * 1024
const SYSTEM_LABELS: ReadonlySet<string> = new Set(['name', 'owner', 'status', 'version', 'createdAt', 'modifiedAt'])

/** The name of the storage object of one revision. */
export function recordName(release: string, version: number): string {
  return `sh.helm.release.v1.${release}.v${version}`
}

/** The type of the Secrets that hold records. */
const RECORD_TYPE = 'helm.sh/release.v1'

/** True for the storage object of a revision. */
export function isRecord(object: KubeObject): boolean {
  if (object.kind === 'Secret') return object['type'] === RECORD_TYPE
  return object.kind === 'ConfigMap' && object.metadata.labels?.['owner'] === 'helm' && isRecordName(object.metadata.name ?? '')
}

/** True for names that `recordName` gives. */
export function isRecordName(name: string): boolean {
  return name.startsWith('sh.helm.release.v1.')
}

/** True for label keys that Helm keeps for itself. */
export function isSystemLabel(key: string): boolean {
  return SYSTEM_LABELS.has(key)
}

/** The storage object of `revision`. `stamp` says when it is written, in seconds since the epoch. */
export function encodeRecord(revision: Revision, stamp: { readonly label: 'createdAt' | 'modifiedAt'; readonly seconds: number }): KubeObject {
  const payload = gzipSync(Buffer.from(encodeRevision(revision), 'utf8'), { level: 9 }).toString('base64')
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: recordName(revision.name, revision.version),
      namespace: revision.namespace,
      labels: {
        ...revision.labels,
        name: revision.name,
        owner: 'helm',
        status: revision.info.status,
        version: String(revision.version),
        [stamp.label]: String(stamp.seconds),
      },
    },
    type: RECORD_TYPE,
    data: { release: Buffer.from(payload, 'latin1').toString('base64') },
  }
}

/**
 * The revision in a storage object.
 *
 * @throws DiagnosticError `release/corrupt-record` when the payload is not what Helm writes
 */
export function decodeRecord(secret: KubeObject): Revision {
  const place = { kind: secret.kind, namespace: secret.metadata.namespace ?? '', name: secret.metadata.name ?? '' }
  const json = readJson(secret, place)
  const labels = Object.fromEntries(Object.entries(secret.metadata.labels ?? {}).filter(([key]) => !isSystemLabel(key)))
  return decodeRevision(json, { place, labels })
}

function readJson(secret: KubeObject, place: RecordPlace): unknown {
  const data = secret['data'] as { readonly release?: unknown } | undefined
  if (typeof data?.release !== 'string') throw corruptRecord(place, 'it has no data.release')
  // What a Secret holds is base64 of its text; a ConfigMap holds the text.
  const text = secret.kind === 'ConfigMap' ? data.release : Buffer.from(data.release, 'base64').toString('latin1')
  const bytes = Buffer.from(text, 'base64')
  try {
    return JSON.parse(unzip(bytes).toString('utf8'))
  } catch (error) {
    throw corruptRecord(place, error instanceof Error ? error.message : String(error), error)
  }
}

/** Records older than Helm's compression are plain JSON. */
function unzip(bytes: Buffer): Buffer {
  const zipped = bytes.length > 3 && bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 0x08
  return zipped ? gunzipSync(bytes, { maxOutputLength: MAX_RECORD_BYTES }) : bytes
}
