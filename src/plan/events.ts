import type { Diagnostic } from '../base/diagnostic.ts'
import type { Progress } from '../release/progress.ts'
import type { PlanAction, ReleasePlan } from './plan.ts'

/** Which release and when: milliseconds since the epoch. Every event has it. */
interface EventBase {
  readonly at: number
  /** The id of the release in the plan. */
  readonly release: string
}

/**
 * What happens while a plan is executed, in order. Each release that is not skipped sends `release-started`, any number of
 * progress events, and one `release-finished`; a skipped one sends only `release-finished`.
 */
export type PlanEvent = EventBase & (ReleaseStarted | Progress | ReleaseFinished)

export interface ReleaseStarted {
  readonly type: 'release-started'
  readonly action: PlanAction
  readonly toRevision?: number
}

export interface ReleaseFinished {
  readonly type: 'release-finished'
  readonly result: ReleaseResult
}

/** How it went for one release: a line of the results table. */
export interface ReleaseResult {
  readonly id: string
  readonly name: string
  readonly namespace: string
  readonly kubeContext: string | undefined
  readonly action: PlanAction
  /** `none`: nothing was to be done. `interrupted`: a signal came while it was worked on, or before. */
  readonly result: 'done' | 'none' | 'failed' | 'skipped' | 'interrupted'
  readonly chart?: { readonly name: string; readonly version: string; readonly appVersion?: string }
  /** The revision that is current afterwards. */
  readonly revision?: number
  readonly durationMs: number
  readonly diagnostics: readonly Diagnostic[]
  /** For `skipped`: the id of the release whose failure is the root cause. */
  readonly causedBy?: string
  /** Set when a failure was answered by going back: to this revision, or 0 for a removal. */
  readonly rolledBackTo?: number
  readonly notes?: string
}

/** How it went altogether. `releases` in the order of the plan. */
export interface PlanResult {
  /** True when every release is `done` or `none`. */
  readonly succeeded: boolean
  readonly interrupted: boolean
  readonly durationMs: number
  readonly releases: readonly ReleaseResult[]
}

/** Takes events as they happen; must not throw. */
export type OnPlanEvent = (event: PlanEvent) => void

export interface ExecuteOptions {
  /** Releases worked on at once; absent or 0: all, as most of the time a release only waits, and requests are bounded by the client. */
  readonly concurrency?: number
  /** Aborted: nothing new is started, what runs ends its write, is recorded as failed and reported as interrupted. */
  readonly signal?: AbortSignal
  /** Nothing at all is started when a release of the plan cannot be carried out. */
  readonly allOrNothing?: boolean
  /** After the first failure nothing new is started. */
  readonly failFast?: boolean
  readonly onEvent?: OnPlanEvent
  /** Hides secrets in what is said of a failure in the release's record, which others read too. */
  readonly conceal?: (text: string) => string
  /** Runs before and after the work on each release that is not `none`, as commands around a release want it. A rejection fails the release. */
  readonly around?: {
    readonly before?: (release: ReleasePlan) => Promise<void>
    /** `failed` is empty when all went well. */
    readonly after?: (release: ReleasePlan, failed: readonly Diagnostic[]) => Promise<void>
  }
}
