import type { Diagnostic } from '../base/diagnostic.ts'
import type { KubeObject, ObjectRef } from '../kinds/kube-object.ts'
import { type BlockedObject, blockedDiagnostic } from '../kube/explain-blocked.ts'
import { type WaitOptions, type WaitResult, waitFor } from '../kube/wait.ts'
import { helmWaitText, waitError } from '../kube/wait-error.ts'
import { displayName, refOf } from './object-names.ts'
import type { OperationContext } from './operation-context.ts'
import { WaitFailure } from './wait-failure.ts'

/** For how long, and whether as Helm 3 did. */
interface HowLong {
  readonly timeoutMs: number
  readonly legacy: boolean
}

/** Waits until objects are ready, each as its kind is; with `jobs`, until Jobs have completed. @throws WaitFailure */
export async function waitUntilReady(
  context: OperationContext,
  objects: readonly KubeObject[],
  options: HowLong & { readonly jobs: boolean },
): Promise<void> {
  await wait(context, named(objects), { until: 'ready', ...options })
}

/** Waits until Jobs and Pods have done their work; other kinds have none. @throws WaitFailure */
export async function waitUntilCompleted(context: OperationContext, objects: readonly KubeObject[], howLong: HowLong): Promise<void> {
  await wait(context, named(objects), { until: 'complete', ...howLong })
}

/** Waits until objects are gone. @throws WaitFailure */
export async function waitUntilGone(context: OperationContext, refs: readonly ObjectRef[], timeoutMs: number): Promise<void> {
  await wait(context, refs, { until: 'deleted', timeoutMs })
}

/** Waits until the kinds that CRDs define are served. @throws WaitFailure */
export async function waitUntilEstablished(context: OperationContext, crds: readonly KubeObject[], timeoutMs: number): Promise<void> {
  await wait(context, named(crds), { until: 'ready', timeoutMs })
}

function named(objects: readonly KubeObject[]): readonly ObjectRef[] {
  return objects.filter((object) => object.metadata.name).map(refOf)
}

async function wait(
  context: OperationContext,
  refs: readonly ObjectRef[],
  options: Pick<WaitOptions, 'until' | 'jobs' | 'legacy' | 'timeoutMs'>,
): Promise<void> {
  const result = await waitFor(context.client, refs, {
    ...options,
    onTrouble: (blocked) => context.onProgress({ type: 'note', severity: 'warning', text: troubleText(blocked, options.until) }),
    ...(context.signal ? { signal: context.signal } : {}),
    onProgress: ({ pending }) =>
      context.onProgress({ type: 'waiting-on', objects: pending.map(({ ref, readiness }) => ({ ref, message: readiness?.message ?? 'not there' })) }),
  })
  if (result.outcome !== 'done') throw new WaitFailure(helmWaitText(result, options), explained(result, options))
}

/** What is in the way of an object, each thing on a line of its own. */
function troubleText(blocked: BlockedObject, until: WaitOptions['until']): string {
  const { summary, notes = [] } = blockedDiagnostic(blocked, until)
  return [`${displayName(blocked.ref)}: ${summary}`, ...notes.map(({ text }) => `  ${text}`)].join('\n')
}

/** What is known of each object that did not get there, told as what did not happen to it. */
function explained(result: WaitResult, options: Pick<WaitOptions, 'until' | 'timeoutMs'>): readonly Diagnostic[] {
  return waitError(result, options.until).diagnostics.map((diagnostic, index) => {
    const blocked = result.blocked[index]
    if (!blocked) return diagnostic
    const held = blocked.finalizers.length > 0 ? `, held by ${blocked.finalizers.join(', ')}` : ''
    return { ...diagnostic, summary: `${displayName(blocked.ref)} ${shortcoming(blocked.state, options)}: ${blocked.message}${held}` }
  })
}

function shortcoming(state: WaitResult['blocked'][number]['state'], { until, timeoutMs }: Pick<WaitOptions, 'until' | 'timeoutMs'>): string {
  const after = timeoutMs % 60_000 === 0 ? `${timeoutMs / 60_000}m` : `${timeoutMs / 1000}s`
  if (until === 'deleted') return `is still there after ${after}`
  if (state === 'failed') return 'has failed'
  return until === 'complete' ? `has not completed after ${after}` : `is not ready after ${after}`
}
