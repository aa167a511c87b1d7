import { DiagnosticError } from '../base/diagnostic.ts'
import { blockedDiagnostic } from './explain-blocked.ts'
import type { WaitedObject, WaitOptions, WaitResult } from './wait.ts'

/** What Helm calls the states. */
const HELM_STATES = { ready: 'Current', progressing: 'InProgress', failed: 'Failed', terminating: 'Terminating' } as const

/**
 * A wait that did not succeed as Helm words it, for a release's description: a line for each object, then `context deadline
 * exceeded` after a timeout.
 *
 * Source: Helm 4.3.1 pkg/kube/statuswait.go
 */
export function helmWaitText(result: WaitResult, { until, legacy }: Pick<WaitOptions, 'until' | 'legacy'>): string {
  const pending = result.objects.filter((one) => (until === 'deleted' ? one.readiness !== undefined : one.readiness?.state !== 'ready'))
  if (legacy) return legacyText(result, pending, until)
  return [...pending.map((one) => helmLine(one, until)), ...(result.outcome === 'timeout' ? ['context deadline exceeded'] : [])].join('\n')
}

/** Helm 3 names only what has failed. Source: Helm 4.3.1 pkg/kube/wait.go */
function legacyText({ outcome }: WaitResult, pending: readonly WaitedObject[], until: WaitOptions['until']): string {
  const failed = pending.find(({ readiness }) => readiness?.state === 'failed')?.readiness
  if (failed && outcome === 'failed') return failed.message
  return until === 'complete' ? 'timed out waiting for the condition' : 'context deadline exceeded'
}

function helmLine({ ref, readiness }: WaitedObject, until: WaitOptions['until']): string {
  const state = readiness === undefined ? 'NotFound' : HELM_STATES[readiness.state]
  const complaint = until === 'deleted' ? 'still exists' : 'not ready'
  return `resource ${ref.kind}/${ref.namespace ?? ''}/${ref.name} ${complaint}. status: ${state}, message: ${readiness?.message ?? 'Resource not found'}`
}

/** The error for a wait that did not succeed: a `kube/not-ready` or `kube/not-deleted` diagnostic for each blocked object. */
export function waitError(result: WaitResult, until: WaitOptions['until']): DiagnosticError {
  return new DiagnosticError(result.blocked.map((blocked) => blockedDiagnostic(blocked, until)))
}
