import { type Diagnostic, DiagnosticError, failure } from '../base/diagnostic.ts'
import type { KubeObject } from '../kinds/kube-object.ts'
import type { HookEvent } from '../render/rendered.ts'
import { applyCrds, awaitDefinitions } from './apply-crds.ts'
import { DEPLOY_WORDS, type DeployWords } from './deploy-words.ts'
import { diagnosticsOf, errorText } from './error-text.ts'
import { refOf } from './object-names.ts'
import type { ReleaseOperation } from './operation.ts'
import { type OperationContext, timestamp } from './operation-context.ts'
import type { LifecycleOutcome } from './progress.ts'
import type { Revision } from './record.ts'
import { createNamespace } from './release-namespace.ts'
import { removeObjects } from './remove-objects.ts'
import { requireServedKinds } from './require-served-kinds.ts'
import { runHooks } from './run-hooks.ts'
import { createRecord, deleteRecord, updateRecord, withStatus } from './storage.ts'
import { waitUntilGone, waitUntilReady } from './waiting.ts'
import { writeObjects } from './write-objects.ts'

/** Why a deployment stopped: as Helm words it for the record, and for people. */
class Stopped extends Error {
  readonly description: string
  readonly diagnostics: readonly Diagnostic[]
  /** True when objects were left between two revisions. */
  readonly isHalfway: boolean

  constructor(description: string, diagnostics: readonly Diagnostic[], isHalfway = false) {
    super(description)
    this.description = description
    this.diagnostics = diagnostics
    this.isHalfway = isHalfway
  }
}

/** A deployment under way: the record as it is, and what was new in the cluster. */
interface Deployment {
  readonly context: OperationContext
  readonly operation: ReleaseOperation
  readonly words: DeployWords
  revision: Revision
  created: readonly KubeObject[]
}

/** Installs, upgrades or rolls back. */
export async function deployRelease(context: OperationContext, operation: ReleaseOperation): Promise<LifecycleOutcome> {
  const words = DEPLOY_WORDS[operation.kind as 'install' | 'upgrade' | 'rollback']
  const revision = stamped(context, operation.revision)
  const deployment: Deployment = { context, operation, words, revision, created: [] }
  try {
    await prepare(context, operation, revision)
  } catch (error) {
    return unrecorded(operation, error)
  }
  try {
    await deploy(deployment)
  } catch (error) {
    return answerFailure(deployment, error)
  }
  const { notes } = revision.info
  return { revision: revision.version, status: 'deployed', diagnostics: [], ...(notes ? { notes } : {}) }
}

/** A plan knows no times: they are those of the work. */
function stamped(context: OperationContext, revision: Revision): Revision {
  const now = timestamp(context.host)
  return { ...revision, info: { ...revision.info, firstDeployed: revision.info.firstDeployed || now, lastDeployed: now } }
}

/** Nothing was recorded, so nothing has to be put right. */
function unrecorded(operation: ReleaseOperation, error: unknown): LifecycleOutcome {
  const { revision, current } = operation
  return {
    revision: current?.version,
    status: current?.info.status,
    diagnostics: diagnosticsOf(error, `release ${revision.namespace}/${revision.name}`),
    interrupted: error instanceof DiagnosticError && error.diagnostics[0]?.code === 'release/interrupted',
  }
}

function checkInterrupted(context: OperationContext): void {
  if (context.signal?.aborted) throw failure('release/interrupted', 'interrupted')
}

async function prepare(context: OperationContext, operation: ReleaseOperation, pending: Revision): Promise<void> {
  const { host, client, onProgress } = context
  checkInterrupted(context)
  onProgress({ type: 'phase', phase: 'checking' })
  await applyCrds(context, operation, operation.options.timeoutMs)
  await requireServedKinds(
    client,
    operation.objects.map((write) => write.object),
  )
  if (operation.createNamespace) await createNamespace(context, operation.revision)
  checkInterrupted(context)
  await context.lock()
  onProgress({ type: 'phase', phase: 'recording' })
  for (const version of operation.prune) await deleteRecord(client, operation.revision, version)
  for (const revision of operation.settle) {
    if (!operation.prune.includes(revision.version)) await updateRecord(host, client, revision)
  }
  await createRecord(host, client, pending)
  onProgress({ type: 'record-written', revision: pending.version, status: pending.info.status })
}

async function deploy(deployment: Deployment): Promise<void> {
  const { context, operation, words } = deployment
  await hooks(deployment, words.before)
  await write(deployment)
  await remove(deployment)
  await wait(deployment)
  await hooks(deployment, words.after)
  for (const older of operation.supersede) await updateRecord(context.host, context.client, withStatus(older, 'superseded'))
  const description = operation.options.description ?? words.complete ?? deployment.revision.info.description
  await record(deployment, withStatus(deployment.revision, 'deployed', description))
}

async function record(deployment: Deployment, revision: Revision): Promise<void> {
  const { host, client, onProgress } = deployment.context
  deployment.revision = revision
  await updateRecord(host, client, revision)
  onProgress({ type: 'record-written', revision: revision.version, status: revision.info.status })
}

async function hooks(deployment: Deployment, event: HookEvent): Promise<void> {
  const { context, operation, words } = deployment
  if (operation.options.disableHooks) return
  const outcome = await runHooks(context, deployment.revision, event, {
    timeoutMs: operation.options.timeoutMs,
    serverSide: operation.revision.applyMethod === 'ssa',
    legacyWait: operation.options.legacyWait ?? false,
    record: (revision) => updateRecord(context.host, context.client, revision),
  })
  deployment.revision = outcome.revision
  if (outcome.error) {
    const text = words.hookFailed(event, errorText(outcome.error))
    throw new Stopped(words.failed(operation.revision.name, text), outcome.error.diagnostics)
  }
}

async function write(deployment: Deployment): Promise<void> {
  const { context, operation, words } = deployment
  checkInterrupted(context)
  context.onProgress({ type: 'phase', phase: 'applying' })
  const going = operation.objects.filter((write) => write.afterGone).map((write) => refOf(write.object))
  if (going.length > 0) await waitUntilGone(context, going, operation.options.timeoutMs)
  const outcome = await writeObjects(context.client, operation.objects, {
    install: operation.kind === 'install',
    forceConflicts: operation.options.forceConflicts,
    awaitGone: (object) => waitUntilGone(context, [refOf(object)], operation.options.timeoutMs),
    onProgress: context.onProgress,
    aborted: () => context.signal?.aborted ?? false,
    afterWave: (wave) => awaitDefinitions(context, wave, operation.options.timeoutMs),
  })
  deployment.created = outcome.created
  if (outcome.error)
    throw new Stopped(words.failed(operation.revision.name, outcome.text ?? errorText(outcome.error)), outcome.error.diagnostics, true)
  checkInterrupted(context)
}

async function remove(deployment: Deployment): Promise<void> {
  const { context, operation, words } = deployment
  if (operation.removals.length === 0) return
  context.onProgress({ type: 'phase', phase: 'removing' })
  const { error } = await removeObjects(context, operation.removals, 'Background')
  if (error) throw new Stopped(words.failed(operation.revision.name, error.diagnostics.map((d) => d.summary).join(' && ')), error.diagnostics, true)
}

async function wait(deployment: Deployment): Promise<void> {
  const { context, operation, words } = deployment
  if (!operation.options.wait) return
  context.onProgress({ type: 'phase', phase: 'waiting' })
  const { timeoutMs, waitForJobs, legacyWait = false } = operation.options
  try {
    await waitUntilReady(
      context,
      operation.objects.map((write) => write.object),
      { timeoutMs, jobs: waitForJobs, legacy: legacyWait },
    )
  } catch (error) {
    throw new Stopped(words.notReady(operation.revision.name, errorText(error)), diagnosticsOf(error))
  }
}

/** Records the failure and clears up; this is not itself interrupted. */
async function answerFailure(deployment: Deployment, error: unknown): Promise<LifecycleOutcome> {
  const { operation, words } = deployment
  const interrupted = deployment.context.signal?.aborted ?? false
  const stopped = error instanceof Stopped ? error : new Stopped(words.failed(operation.revision.name, errorText(error)), diagnosticsOf(error))
  const context = { ...deployment.context, signal: undefined }
  const failed = withStatus(deployment.revision, 'failed', context.conceal(stopped.description))
  const diagnostics = [...stopped.diagnostics]
  try {
    await record({ ...deployment, context }, failed)
    if (operation.kind === 'rollback' && stopped.isHalfway) await supersedeCurrent(context, operation)
    if (operation.options.cleanupOnFail) await cleanUp(context, deployment.created)
  } catch (later) {
    diagnostics.push(...diagnosticsOf(later, `release ${failed.namespace}/${failed.name}`))
  }
  return { revision: failed.version, status: 'failed', diagnostics, interrupted }
}

/** After a rollback that stopped halfway, what was deployed before it no longer is. */
async function supersedeCurrent(context: OperationContext, operation: ReleaseOperation): Promise<void> {
  if (operation.current) await updateRecord(context.host, context.client, withStatus(operation.current, 'superseded'))
}

async function cleanUp(context: OperationContext, created: readonly KubeObject[]): Promise<void> {
  if (created.length === 0) return
  context.onProgress({ type: 'phase', phase: 'cleaning-up' })
  const { error } = await removeObjects(
    context,
    created.map((object) => ({ ref: refOf(object) })),
    'Background',
  )
  if (error) throw error
}
