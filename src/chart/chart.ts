import type { Source } from '../base/source.ts'
import type { GoMap } from '../go/values.ts'

/** A file of a chart, `name` relative to the chart's root with forward slashes. */
export interface ChartFile {
  readonly name: string
  readonly data: Uint8Array
  /** Milliseconds since the epoch; Helm 4 stores it in release records (`modtime`). */
  readonly modified?: number
}

/** Chart.yaml. Field names and JSON form are Helm's (pkg/chart/v2/metadata.go). */
export interface ChartMetadata {
  readonly name: string
  readonly home?: string
  readonly sources?: readonly string[]
  readonly version: string
  readonly description?: string
  readonly keywords?: readonly string[]
  readonly maintainers?: readonly { readonly name?: string; readonly email?: string; readonly url?: string }[]
  readonly icon?: string
  readonly apiVersion: string
  readonly condition?: string
  readonly tags?: string
  readonly appVersion?: string
  readonly deprecated?: boolean
  readonly annotations?: Readonly<Record<string, string>>
  readonly kubeVersion?: string
  readonly dependencies?: readonly ChartDependency[]
  readonly type?: string
}

/** One entry of Chart.yaml's `dependencies` (or of requirements.yaml). */
export interface ChartDependency {
  readonly name: string
  readonly version?: string
  readonly repository?: string
  readonly condition?: string
  readonly tags?: readonly string[]
  readonly enabled?: boolean
  readonly 'import-values'?: readonly unknown[]
  readonly alias?: string
}

/** Chart.lock or requirements.lock. */
export interface ChartLock {
  readonly generated: string
  readonly digest: string
  readonly dependencies: readonly ChartDependency[]
}

/**
 * A chart as it lies on disk, before any values are known. Conditions, tags, aliases and import-values are applied by
 * `chart/process-dependencies.ts`, which gives another Chart and never changes this one.
 */
export interface Chart {
  readonly metadata: ChartMetadata
  readonly lock: ChartLock | null
  /** values.yaml as decoded by the `helm` dialect; an empty map where the file is missing. */
  readonly values: GoMap
  /** values.yaml's own text, for positions; null where the file is missing. */
  readonly valuesSource: Source | null
  readonly schema: Uint8Array | null
  /** Everything under templates/. */
  readonly templates: readonly ChartFile[]
  /** All other files that .helmignore leaves, without charts/. */
  readonly files: readonly ChartFile[]
  /** Every file as found, in Helm's order, subcharts included. */
  readonly raw: readonly ChartFile[]
  readonly dependencies: readonly Chart[]
  /** The folder or archive it came from, for messages. */
  readonly origin: string
}
