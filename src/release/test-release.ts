import type { ReleaseOperation } from './operation.ts'
import type { OperationContext } from './operation-context.ts'
import type { LifecycleOutcome } from './progress.ts'
import { runHooks } from './run-hooks.ts'
import { updateRecord } from './storage.ts'

/** Runs the test hooks of what is deployed and records how they ended; the release's status stays. */
export async function testRelease(context: OperationContext, operation: ReleaseOperation): Promise<LifecycleOutcome> {
  const record = (revision: ReleaseOperation['revision']): Promise<void> => updateRecord(context.host, context.client, revision)
  const { tests } = operation.options
  await context.lock()
  const outcome = await runHooks(context, operation.revision, 'test', {
    timeoutMs: operation.options.timeoutMs,
    serverSide: operation.revision.applyMethod === 'ssa',
    record,
    ...(tests ? { filter: (hook) => tests.includes(hook.name) } : {}),
  })
  await record(outcome.revision)
  return {
    revision: outcome.revision.version,
    status: outcome.revision.info.status,
    diagnostics: outcome.error?.diagnostics ?? [],
    interrupted: context.signal?.aborted ?? false,
  }
}
