/*
 * Carries out what was planned for one release: records, CRDs, hooks, objects, waiting, and the answer to a failure.
 * In: a ReleaseOperation, which is data. Out: how it ended; it rejects only for errors of ours.
 * Always true: whatever happens after a record was created, the record ends up as deployed, failed or gone, never as pending.
 * Source: Helm 4.3.1 pkg/action/{install,upgrade,rollback,uninstall,release_testing}.go; cases: test/corpus/release-records.test.ts.
 */
import { deployRelease } from './deploy-release.ts'
import type { OperationContext } from './operation-context.ts'
import type { ReleaseOperation } from './operation.ts'
import type { LifecycleOutcome } from './progress.ts'
import { removeRelease } from './remove-release.ts'
import { testRelease } from './test-release.ts'

/** Carries out `operation`; how it ended, failures included. */
export async function performOperation(context: OperationContext, operation: ReleaseOperation): Promise<LifecycleOutcome> {
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
