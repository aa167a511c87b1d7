import type { Diagnostic } from '../base/diagnostic.ts'
import type { ObjectRef } from '../kinds/kube-object.ts'
import type { HookEvent } from '../render/rendered.ts'

/** The stations of one release on its way into a cluster or out of it; a release skips those it has no work for. */
export type Phase =
  | 'checking'
  | 'creating-namespace'
  | 'applying-crds'
  | 'recording'
  | 'running-hooks'
  | 'applying'
  | 'waiting'
  | 'removing'
  | 'cleaning-up'
  | 'rolling-back'

/** What a release reports while it is worked on; `plan/events.ts` adds which release and when. */
export type Progress =
  | { readonly type: 'phase'; readonly phase: Phase; readonly hookEvent?: HookEvent }
  | {
      readonly type: 'object-written'
      readonly ref: ObjectRef
      readonly origin: 'manifest' | 'hook' | 'crd' | 'namespace'
      readonly write: ObjectWritten
    }
  | { readonly type: 'waiting-on'; readonly objects: readonly WaitingObject[] }
  | { readonly type: 'hook-started'; readonly hook: string; readonly kind: string; readonly event: HookEvent }
  | { readonly type: 'hook-finished'; readonly hook: string; readonly kind: string; readonly event: HookEvent; readonly succeeded: boolean }
  | { readonly type: 'log'; readonly pod: string; readonly container: string; readonly text: string }
  | { readonly type: 'note'; readonly severity: 'info' | 'warning'; readonly text: string }
  | { readonly type: 'record-written'; readonly revision: number; readonly status: string }

export type ObjectWritten = 'created' | 'changed' | 'replaced' | 'deleted' | 'kept'

/** An object that is not ready yet, and why. */
export interface WaitingObject {
  readonly ref: ObjectRef
  readonly message: string
}

/** Takes progress as it happens; must not throw. */
export type OnProgress = (progress: Progress) => void

/** How the work on one release ended. */
export interface LifecycleOutcome {
  /** The revision that is current afterwards; undefined when nothing is recorded (any more). */
  readonly revision: number | undefined
  readonly status: string | undefined
  /** Empty when all went well. */
  readonly diagnostics: readonly Diagnostic[]
  /** NOTES.txt of what is deployed now. */
  readonly notes?: string
  /** Set when a failure was answered by going back: to this revision, or 0 for a removal. */
  readonly rolledBackTo?: number
  /** True when a signal stopped the work. */
  readonly interrupted?: boolean
}
