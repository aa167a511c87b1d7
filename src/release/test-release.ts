import type { ReleaseOperation } from './operation.ts'
import type { OperationContext } from './operation-context.ts'
import type { LifecycleOutcome } from './progress.ts'
import type { Revision } from './record.ts'
import { runHooks } from './run-hooks.ts'
import { updateRecord } from './storage.ts'

/** Runs the test hooks of what is deployed and records how they ended; the release's status stays. */
export async function testRelease(context: OperationContext, operation: ReleaseOperation): Promise<LifecycleOutcome> {
  const record = (revision: Revision): Promise<void> => updateRecord(context.host, context.client, withPolicies(revision, operation.revision))
  const { tests } = operation.options
  await context.lock()
  const outcome = await runHooks(context, operation.options.testLogs ? withLogs(operation.revision) : operation.revision, 'test', {
    timeoutMs: operation.options.timeoutMs,
    serverSide: operation.revision.applyMethod === 'ssa',
    legacyWait: false,
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

/** As if every test asked for its logs itself: they are read before a delete policy takes the pods. */
function withLogs(revision: Revision): Revision {
  const hooks = revision.hooks.map((hook) => ({ ...hook, outputLogPolicies: ['hook-succeeded' as const, 'hook-failed' as const] }))
  return { ...revision, hooks }
}

/** What was asked for this time is not recorded. */
function withPolicies(revision: Revision, stored: Revision): Revision {
  const hooks = revision.hooks.map((hook, index) => {
    const { outputLogPolicies: _asked, ...rest } = hook
    const policies = stored.hooks[index]?.outputLogPolicies
    return policies ? { ...rest, outputLogPolicies: policies } : rest
  })
  return { ...revision, hooks }
}
