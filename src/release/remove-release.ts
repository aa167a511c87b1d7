import type { DiagnosticError } from '../base/diagnostic.ts'
import { diagnosticsOf, errorText } from './error-text.ts'
import type { ReleaseOperation } from './operation.ts'
import { type OperationContext, timestamp } from './operation-context.ts'
import type { LifecycleOutcome } from './progress.ts'
import type { Revision } from './record.ts'
import { removeObjects } from './remove-objects.ts'
import { type HookOutcome, runHooks } from './run-hooks.ts'
import { deleteRecord, updateRecord, withStatus } from './storage.ts'
import { waitUntilGone } from './waiting.ts'

/** Removes a release: hooks, objects, then its records, or with kept history its status. */
export async function removeRelease(context: OperationContext, operation: ReleaseOperation): Promise<LifecycleOutcome> {
  const { host, client } = context
  await context.lock()
  const before = await hooks(context, operation, removing(context, operation.revision), 'pre-delete')
  if (before.error) return notRemoved(context, { ...operation.revision, hooks: before.revision.hooks }, before.error)
  if (context.signal?.aborted)
    return { revision: operation.revision.version, status: operation.revision.info.status, diagnostics: [], interrupted: true }
  let revision = before.revision
  await updateRecord(host, client, revision)
  try {
    await remove(context, operation)
    const after = await hooks(context, operation, revision, 'post-delete')
    revision = after.revision
    if (after.error) throw after.error
  } catch (error) {
    const diagnostics = diagnosticsOf(error, `release ${revision.namespace}/${revision.name}`)
    await updateRecord(host, client, withStatus(revision, 'uninstalling', `Uninstall "${revision.name}" failed: ${errorText(error)}`))
    return { revision: revision.version, status: 'uninstalling', diagnostics, interrupted: context.signal?.aborted ?? false }
  }
  return operation.options.keepHistory ? keepRecords(context, operation, revision) : deleteRecords(context, operation)
}

function removing(context: OperationContext, revision: Revision): Revision {
  const info = {
    ...revision.info,
    status: 'uninstalling' as const,
    deleted: timestamp(context.host),
    description: 'Deletion in progress (or silently failed)',
  }
  return { ...revision, info }
}

async function hooks(
  context: OperationContext,
  operation: ReleaseOperation,
  revision: Revision,
  event: 'pre-delete' | 'post-delete',
): Promise<HookOutcome> {
  if (operation.options.disableHooks) return { revision }
  return runHooks(context, revision, event, {
    timeoutMs: operation.options.timeoutMs,
    serverSide: true,
    legacyWait: false,
    record: (changed) => updateRecord(context.host, context.client, changed),
  })
}

/** Nothing was deleted yet: the release goes on as what it was. */
async function notRemoved(context: OperationContext, revision: Revision, error: DiagnosticError): Promise<LifecycleOutcome> {
  await updateRecord(
    context.host,
    context.client,
    withStatus(revision, revision.info.status, `Uninstall "${revision.name}" failed: ${errorText(error)}`),
  )
  const interrupted = context.signal?.aborted ?? false
  return { revision: revision.version, status: revision.info.status, diagnostics: error.diagnostics, interrupted }
}

async function remove(context: OperationContext, operation: ReleaseOperation): Promise<void> {
  context.onProgress({ type: 'phase', phase: 'removing' })
  const { error } = await removeObjects(context, operation.removals, operation.options.propagation)
  if (error) throw error
  if (!operation.options.wait) return
  context.onProgress({ type: 'phase', phase: 'waiting' })
  await waitUntilGone(
    context,
    operation.removals.map((removal) => removal.ref),
    operation.options.timeoutMs,
  )
}

async function deleteRecords(context: OperationContext, operation: ReleaseOperation): Promise<LifecycleOutcome> {
  for (const version of operation.prune) await deleteRecord(context.client, operation.revision, version)
  return { revision: undefined, status: undefined, diagnostics: [] }
}

async function keepRecords(context: OperationContext, operation: ReleaseOperation, revision: Revision): Promise<LifecycleOutcome> {
  const { host, client } = context
  const done = withStatus(revision, 'uninstalled', operation.options.description ?? 'Uninstallation complete')
  await updateRecord(host, client, done)
  for (const older of operation.supersede) await updateRecord(host, client, withStatus(older, 'superseded'))
  return { revision: done.version, status: 'uninstalled', diagnostics: [] }
}
