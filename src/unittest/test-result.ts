import type { SnapshotCount } from './snapshots.ts'

/** How one assertion went. */
export interface AssertionResult {
  /** From 0, in its test. */
  readonly index: number
  readonly type: string
  readonly not: boolean
  readonly passed: boolean
  readonly skipped: boolean
  /** Lines that tell what is wrong. */
  readonly lines: readonly string[]
}

export interface TestResult {
  readonly name: string
  readonly passed: boolean
  readonly skipped: boolean
  /** Why its assertions could not be looked at. */
  readonly error?: string
  readonly assertions: readonly AssertionResult[]
  readonly milliseconds: number
}

export interface SuiteResult {
  readonly name: string
  /** Absolute. */
  readonly file: string
  readonly passed: boolean
  readonly skipped: boolean
  /** Why its tests could not be run. */
  readonly error?: string
  readonly tests: readonly TestResult[]
  readonly snapshots: SnapshotCount
}

/** How the suites of one chart went. */
export interface ChartResult {
  readonly name: string
  /** As it was named. */
  readonly path: string
  readonly passed: boolean
  /** Why its suites could not be run. */
  readonly error?: string
  readonly suites: readonly SuiteResult[]
}
