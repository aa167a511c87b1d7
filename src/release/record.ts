import type { ChartFile, ChartLock, ChartMetadata } from '../chart/chart.ts'
import type { Plain } from '../go/plain.ts'
import type { HookDeletePolicy, HookEvent, HookOutputLogPolicy } from '../render/rendered.ts'

/** Helm's release states (pkg/release/common/status.go). */
export type ReleaseStatus =
  | 'unknown'
  | 'deployed'
  | 'uninstalled'
  | 'superseded'
  | 'failed'
  | 'uninstalling'
  | 'pending-install'
  | 'pending-upgrade'
  | 'pending-rollback'

/** One revision of a release, as Helm stores it (pkg/release/v1/release.go); JSON names in `release/codec.ts`. Times are RFC 3339 texts as stored. */
export interface Revision {
  readonly name: string
  readonly namespace: string
  /** The revision number, from 1. */
  readonly version: number
  readonly info: RevisionInfo
  /** Undefined only in records that lack it. */
  readonly chart: StoredChart | undefined
  /** The values the user gave: what `helm get values` shows. */
  readonly config: { readonly [key: string]: Plain }
  readonly manifest: string
  readonly hooks: readonly StoredHook[]
  /** Labels of the storage object that the user set. */
  readonly labels: Readonly<Record<string, string>>
  /** `ssa` or `csa`; absent in Helm 3's records. */
  readonly applyMethod?: string
}

export interface RevisionInfo {
  readonly firstDeployed: string
  readonly lastDeployed: string
  readonly deleted: string
  readonly description: string
  readonly status: ReleaseStatus
  readonly notes?: string
  readonly [other: string]: unknown
}

/** A chart inside a record. */
export interface StoredChart {
  readonly metadata: ChartMetadata
  readonly lock: ChartLock | null
  readonly templates: readonly ChartFile[]
  readonly values: { readonly [key: string]: Plain }
  readonly schema: Uint8Array | null
  readonly files: readonly ChartFile[]
}

export interface StoredHook {
  readonly name: string
  readonly kind: string
  readonly path: string
  readonly manifest: string
  readonly events: readonly HookEvent[]
  readonly lastRun: { readonly startedAt: string; readonly completedAt: string; readonly phase: string }
  readonly weight?: number
  readonly deletePolicies?: readonly HookDeletePolicy[]
  readonly outputLogPolicies?: readonly HookOutputLogPolicy[]
}
