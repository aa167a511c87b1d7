import type { ObjectChange } from '../plan/plan.ts'
import type { ValueDifference } from './value-differences.ts'

/** Something of both environments; a side that has none is absent. */
export interface Both<T> {
  readonly source?: T
  readonly target?: T
}

/** The last revision of a release in a cluster. */
export interface Deployed {
  /** Helm's word for it; `not installed` where there is none. */
  readonly status: string
  readonly revision: number | undefined
  /** Name and version. */
  readonly chart: string | undefined
  /** When it was written (RFC 3339). */
  readonly updated: string | undefined
}

/** One release in two environments. */
export interface ReleaseComparison {
  readonly name: string
  readonly namespace: Both<string>
  readonly kubeContext: Both<string>
  /** Of the environments that have the release. */
  readonly chart: Both<{ readonly name: string; readonly version: string }>
  readonly values: readonly ValueDifference[]
  /** From the source's objects to the target's; equal ones are left out. */
  readonly objects: readonly ObjectChange[]
  /** What the clusters hold; absent where nobody asked. */
  readonly deployed?: Both<Deployed>
}

/** A chart that the lock files of the environments pin otherwise. */
export interface LockDifference extends Both<string> {
  readonly name: string
}

/** In what two environments differ. */
export interface Comparison {
  readonly source: string
  readonly target: string
  /** Values of the environments themselves: `.Values` of state templates. */
  readonly values: readonly ValueDifference[]
  readonly releases: readonly ReleaseComparison[]
  readonly locks: readonly LockDifference[]
  /** In how many values and fields only the environments' names differ; these are in no list. */
  readonly folded: number
}
