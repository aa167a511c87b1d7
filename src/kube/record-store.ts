import type { KubeObject } from '../kinds/kube-object.ts'

/** Which records are wanted; absent: all namespaces, all releases. */
export interface RecordQuery {
  readonly namespace?: string
  readonly release?: string
  readonly signal?: AbortSignal
}

/**
 * Keeps the records of releases. A record travels as the Secret that Helm's default driver would write: labels for what is asked
 * often, `data.release` for all of it. What is listed may be of another kind, which says where it lies; `decodeRecord` of
 * release/codec.ts reads all of them.
 */
export interface RecordStore {
  list(query: RecordQuery): Promise<readonly KubeObject[]>
  /** False when there is a record of that name. */
  create(record: KubeObject): Promise<boolean>
  update(record: KubeObject): Promise<void>
  /** False when it was not there. */
  delete(namespace: string, name: string): Promise<boolean>
  /** What a record's packed text may take. */
  readonly maxBytes: number
  /** The kind of API object that a record is; undefined where it is none. */
  readonly kind: 'Secret' | 'ConfigMap' | undefined
}
