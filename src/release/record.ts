import type { ChartLock, ChartMetadata } from '../chart/chart.ts'
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

/**
 * One revision of a release, as Helm stores it (pkg/release/v1/release.go); JSON names in `release/encode-revision.ts`. Plain data.
 * Times are RFC 3339 texts as stored; an empty text is a time that was never set.
 */
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
  /** The revision that a rollback went back to. */
  readonly rollbackRevision?: number
}

/** A file inside a record. */
export interface StoredFile {
  readonly name: string
  /** Base64. */
  readonly data: string
  /** When it was last changed; Helm 3 does not store it. */
  readonly modtime?: string
}

/** A chart inside a record: without its subcharts, which Helm does not store. */
export interface StoredChart {
  readonly metadata: ChartMetadata
  readonly lock: ChartLock | null
  readonly templates: readonly StoredFile[]
  /** values.yaml; null where the chart has none. */
  readonly values: { readonly [key: string]: Plain } | null
  /** Base64. */
  readonly schema: string | null
  readonly schemaModtime?: string
  readonly files: readonly StoredFile[]
  readonly modtime?: string
}

export interface StoredHook {
  readonly name: string
  readonly kind: string
  readonly path: string
  readonly manifest: string
  readonly events: readonly HookEvent[]
  readonly lastRun: HookRun
  readonly weight?: number
  readonly deletePolicies?: readonly HookDeletePolicy[]
  readonly outputLogPolicies?: readonly HookOutputLogPolicy[]
}

/** `phase` is `Unknown`, `Running`, `Succeeded`, `Failed`, or empty for a hook that never ran. */
export interface HookRun {
  readonly startedAt: string
  readonly completedAt: string
  readonly phase: string
}
