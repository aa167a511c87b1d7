import type { ObjectRef } from '../../kinds/kube-object.ts'
import type { FieldsV1 } from '../../release/field-managers.ts'
import type { ReleaseOperation } from '../../release/operation.ts'
import type { Plan } from '../plan.ts'
import type { OperationOnRecords } from './on-records.ts'

export const PLAN_FILE_FORMAT = 'flotilla-plan'
export const PLAN_FILE_VERSION = 1

/** A plan that was saved: docs/decisions/0016. All of it is JSON. */
export interface PlanFile {
  readonly format: typeof PLAN_FILE_FORMAT
  readonly formatVersion: typeof PLAN_FILE_VERSION
  /** Milliseconds since the epoch. */
  readonly createdAt: number
  readonly expiresAt: number
  readonly environment: string
  readonly clusters: readonly ClusterIdentity[]
  /** The Lease that keeps other runs away. */
  readonly leaseName: string
  /** For people: without operations, secret values replaced by marks. */
  readonly plan: Plan
  /** In clear, or encrypted for these recipients: base64 of an age file. */
  readonly work: { readonly clear: PlanWork } | { readonly sealed: string; readonly recipients: readonly string[] }
}

/** Which cluster a kubeconfig context led to. */
export interface ClusterIdentity {
  /** As releases name it; null: the current one. */
  readonly kubeContext: string | null
  /** For people. */
  readonly server: string
  /** The UID of the namespace kube-system; null where it may not be read: then the address counts. */
  readonly uid: string | null
}

/** What applying needs. */
export interface PlanWork {
  /** Hex. With the newest records and the decrypted values of withheld releases it makes the key of all digests. */
  readonly salt: string
  /** Tells a wrong key from a change. */
  readonly keyCheck: string
  readonly bindings: readonly ReleaseBinding[]
  readonly mutations: readonly Mutation[]
  readonly operations: readonly SavedOperation[]
}

/**
 * `onRecords`: what stands in clear, without former revisions. `withheld`: it holds secret values and there was nobody to encrypt it
 * for; it has to be planned again.
 */
export type SavedOperation =
  | { readonly release: string; readonly operation: ReleaseOperation }
  | { readonly release: string; readonly onRecords: OperationOnRecords }
  | { readonly release: string; readonly withheld: true }

/** What one release was planned on. */
export interface ReleaseBinding {
  readonly release: string
  readonly kubeContext: string | null
  readonly name: string
  readonly namespace: string
  /** Oldest first. */
  readonly records: readonly RecordBinding[]
  readonly objects: readonly ObjectBinding[]
}

export interface RecordBinding {
  readonly version: number
  readonly uid: string
  readonly resourceVersion: string
}

/** An object that was there, or, without `uid`, was not. */
export interface ObjectBinding {
  readonly object: ObjectRef
  readonly uid?: string
  /** What the plan makes ours beside what is ours. */
  readonly fields?: FieldsV1
  /** Of the values in all these fields. */
  readonly digest?: string
}

/** One request that changes something. */
export interface Mutation {
  readonly release: string
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly object: ObjectRef
  /** Of the body and the options that go with it. */
  readonly digest: string
  /** Any number of times. */
  readonly repeats?: true
  /** Only in answer to a failure. */
  readonly onFailure?: true
}
