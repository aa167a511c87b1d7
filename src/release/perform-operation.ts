/*
 * Carries out what was planned for one release: records, CRDs, hooks, objects, waiting, and the answer to a failure.
 * In: a ReleaseOperation, which is data. Out: how it ended; it rejects only for errors of ours.
 * Always true: whatever happens after a record was created, the record ends up as deployed, failed or gone, never as pending.
 * Source: Helm 4.3.1 pkg/action/{install,upgrade,rollback,uninstall,release_testing}.go; cases: test/corpus/release-scenarios.test.ts.
 */
import { deployRelease } from './deploy-release.ts'
import { diagnosticsOf } from './error-text.ts'
import type { ReleaseOperation } from './operation.ts'
import type { OperationContext } from './operation-context.ts'
import type { LifecycleOutcome } from './progress.ts'
import { type ReleaseLock, releaseLock } from './release-lock.ts'
import { removeRelease } from './remove-release.ts'
import { testRelease } from './test-release.ts'

/** Carries out `operation`, and what was planned to answer its failure; how it ended, failures included. */
export async function performOperation(context: Omit<OperationContext, 'lock'>, operation: ReleaseOperation): Promise<LifecycleOutcome> {
  const lock = releaseLock(context, operation.revision)
  try {
    return await performLocked(lock, operation)
  } catch (error) {
    if (!context.signal?.aborted) throw error
    const { current = operation.revision } = operation
    return { revision: current.version, status: current.info.status, diagnostics: diagnosticsOf(error), interrupted: true }
  } finally {
    await lock.release()
  }
}

async function performLocked({ context, lost }: ReleaseLock, operation: ReleaseOperation): Promise<LifecycleOutcome> {
  const outcome = await carryOut(context, operation)
  const isRecorded = outcome.revision === operation.revision.version
  // Whoever has the lock now goes on from here.
  if (lost.aborted) return { ...outcome, diagnostics: [...diagnosticsOf(lost.reason), ...outcome.diagnostics], interrupted: false }
  if (outcome.diagnostics.length === 0 || !operation.onFailure || !isRecorded) return outcome
  return goBack({ ...context, signal: undefined }, operation.onFailure, outcome)
}

async function carryOut(context: OperationContext, operation: ReleaseOperation): Promise<LifecycleOutcome> {
  switch (operation.kind) {
    case 'install':
    case 'upgrade':
    case 'rollback':
      return deployRelease(context, operation)
    case 'uninstall':
      return removeRelease(context, operation)
    case 'test':
      return testRelease(context, operation)
  }
}

/** Undoing is not itself interrupted; but whoever interrupts wants to leave, so that the former state is written and not waited for. */
async function goBack(context: OperationContext, onFailure: ReleaseOperation, failed: LifecycleOutcome): Promise<LifecycleOutcome> {
  context.onProgress({ type: 'phase', phase: 'rolling-back' })
  const interrupted = failed.interrupted ?? false
  const operation = interrupted ? { ...onFailure, options: { ...onFailure.options, wait: false } } : onFailure
  const outcome = await carryOut(context, operation)
  const backTo = operation.kind === 'uninstall' ? 0 : (operation.revision.info.rollbackRevision ?? 0)
  return {
    ...outcome,
    diagnostics: [...failed.diagnostics, ...outcome.diagnostics],
    interrupted,
    ...(outcome.diagnostics.length === 0 ? { rolledBackTo: backTo } : {}),
  }
}
