import { DiagnosticError, failure } from '../base/diagnostic.ts'
import type { KubeObject } from '../kinds/kube-object.ts'
import { KubeError } from '../kube/client.ts'
import type { HookDeletePolicy, HookEvent } from '../render/rendered.ts'
import { diagnosticsOf, errorText } from './error-text.ts'
import { FIELD_MANAGER } from './field-managers.ts'
import { sendHookLogs } from './hook-logs.ts'
import { displayName, goKindText, refOf } from './object-names.ts'
import { type OperationContext, timestamp } from './operation-context.ts'
import { objectsOfManifest } from './place-objects.ts'
import type { Revision, StoredHook } from './record.ts'
import { waitUntilCompleted, waitUntilGone } from './waiting.ts'

export interface HookOptions {
  readonly timeoutMs: number
  readonly serverSide: boolean
  /** Wait as Helm 3 did. */
  readonly legacyWait: boolean
  /** Only hooks that this accepts; the others are neither run nor changed. */
  readonly filter?: (hook: StoredHook) => boolean
  /** Writes the revision as it is now: called when a hook starts. */
  readonly record: (revision: Revision) => Promise<void>
}

/** The revision with its hooks' new runs in it, and what went wrong, if anything did. */
export interface HookOutcome {
  readonly revision: Revision
  readonly error?: DiagnosticError
}

interface Running {
  readonly hook: StoredHook
  readonly objects: readonly KubeObject[]
}

function replaceHook(revision: Revision, before: StoredHook, after: StoredHook): Revision {
  return { ...revision, hooks: revision.hooks.map((hook) => (hook === before ? after : hook)) }
}

function byWeight(a: StoredHook, b: StoredHook): number {
  const difference = (a.weight ?? 0) - (b.weight ?? 0)
  return difference !== 0 ? difference : a.name < b.name ? -1 : a.name > b.name ? 1 : 0
}

/**
 * Runs the hooks of `event` one after another, by weight and name; a hook that fails ends it. Hooks without a delete policy
 * get `before-hook-creation`, in the record too.
 *
 * Source: Helm 4.3.1 pkg/action/hooks.go. Different on purpose: deleting a hook before it is created again is always waited for.
 */
export async function runHooks(context: OperationContext, start: Revision, event: HookEvent, options: HookOptions): Promise<HookOutcome> {
  const names = start.hooks.filter((hook) => hook.events.includes(event) && (options.filter?.(hook) ?? true)).sort(byWeight)
  if (names.length === 0) return { revision: start }
  context.onProgress({ type: 'phase', phase: 'running-hooks', hookEvent: event })
  let revision = start
  const succeeded: Running[] = []
  for (const stored of names) {
    const hook = stored.deletePolicies ? stored : { ...stored, deletePolicies: ['before-hook-creation' as const] }
    const run = await runHook(context, replaceHook(revision, stored, hook), hook, event, options)
    revision = run.revision
    if (run.error) {
      await afterFailure(context, run.running, succeeded, options)
      return { revision, error: run.error }
    }
    succeeded.push(run.running)
  }
  const error = await afterSuccess(context, succeeded, options)
  return error ? { revision, error } : { revision }
}

async function runHook(
  context: OperationContext,
  start: Revision,
  hook: StoredHook,
  event: HookEvent,
  options: HookOptions,
): Promise<HookOutcome & { readonly running: Running }> {
  const objects = await objectsOfManifest(context.client, hook.manifest, start.namespace)
  try {
    context.signal?.throwIfAborted()
    await deleteByPolicy(context, { hook, objects }, 'before-hook-creation', options)
  } catch (error) {
    return { revision: start, running: { hook, objects: [] }, error: asDiagnosticError(error, hook) }
  }
  const startedAt = timestamp(context.host)
  const finished = (phase: string): readonly [Revision, StoredHook] => {
    const after = { ...hook, lastRun: { startedAt, completedAt: phase === 'Running' ? '' : timestamp(context.host), phase } }
    return [replaceHook(start, hook, after), after]
  }
  // The server may have named them; those it was not asked for, or gave no answer, may still be there.
  const made: KubeObject[] = []
  const known = (): readonly KubeObject[] => objects.map((object, index) => made[index] ?? object).filter(({ metadata }) => metadata.name)
  try {
    context.onProgress({ type: 'hook-started', hook: hook.name, kind: hook.kind, event })
    const [started] = finished('Running')
    await options.record(started)
    for (const object of objects) made.push(await createHookObject(context, object, hook, event, options))
    await waitUntilCompleted(context, made, { timeoutMs: options.timeoutMs, legacy: options.legacyWait })
    context.onProgress({ type: 'hook-finished', hook: hook.name, kind: hook.kind, event, succeeded: true })
    const [revision, after] = finished('Succeeded')
    return { revision, running: { hook: after, objects: known() } }
  } catch (error) {
    context.onProgress({ type: 'hook-finished', hook: hook.name, kind: hook.kind, event, succeeded: false })
    const [revision, after] = finished('Failed')
    return { revision, running: { hook: after, objects: known() }, error: asDiagnosticError(error, hook) }
  }
}

function asDiagnosticError(error: unknown, hook: StoredHook): DiagnosticError {
  return error instanceof DiagnosticError ? error : new DiagnosticError(diagnosticsOf(error, `hook ${hook.kind} ${hook.name}`), { cause: error })
}

async function createHookObject(
  context: OperationContext,
  object: KubeObject,
  hook: StoredHook,
  event: HookEvent,
  options: HookOptions,
): Promise<KubeObject> {
  try {
    const made = options.serverSide
      ? await context.client.apply(object, { fieldManager: FIELD_MANAGER, fieldValidation: 'Strict' })
      : await context.client.create(object, { fieldManager: FIELD_MANAGER })
    context.onProgress({ type: 'object-written', ref: refOf(made), origin: 'hook', write: 'created' })
    return made
  } catch (error) {
    if (!(error instanceof KubeError)) throw error
    const what = options.serverSide
      ? `server-side apply failed for object ${object.metadata.namespace ?? ''}/${object.metadata.name ?? ''} ${goKindText(object)}: ${error.message}`
      : error.message
    throw failure('release/hook-refused', `warning: Hook ${event} ${hook.path} failed: ${what}`, {
      subject: displayName(refOf(object)),
      cause: error,
    })
  }
}

/** CRDs are never deleted: everything of their kind would go with them. */
async function deleteByPolicy(context: OperationContext, { hook, objects }: Running, policy: HookDeletePolicy, options: HookOptions): Promise<void> {
  if (hook.kind === 'CustomResourceDefinition' || !hook.deletePolicies?.includes(policy)) return
  const gone: KubeObject[] = []
  for (const object of objects) {
    const deleted = await context.client.delete(refOf(object), { propagation: 'Background' })
    if (!deleted) continue
    gone.push(object)
    context.onProgress({ type: 'object-written', ref: refOf(object), origin: 'hook', write: 'deleted' })
  }
  if (gone.length > 0) await waitUntilGone(context, gone.map(refOf), options.timeoutMs)
}

/** Clearing up after a failed hook must not hide why it failed: what fails here becomes a warning. */
async function afterFailure(context: OperationContext, failed: Running, succeeded: readonly Running[], options: HookOptions): Promise<void> {
  const quiet = { ...context, signal: undefined }
  const attempt = async (what: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      context.onProgress({ type: 'note', severity: 'warning', text: `${what}: ${errorText(error)}` })
    }
  }
  if (failed.hook.outputLogPolicies?.includes('hook-failed')) {
    await attempt(`reading the logs of hook ${failed.hook.name}`, () => sendHookLogs(quiet, failed.hook, failed.objects))
  }
  await attempt(`deleting hook ${failed.hook.name}`, () => deleteByPolicy(quiet, failed, 'hook-failed', options))
  for (const running of succeeded) {
    await attempt(`deleting hook ${running.hook.name}`, () => deleteByPolicy(quiet, running, 'hook-succeeded', options))
  }
}

async function afterSuccess(context: OperationContext, succeeded: readonly Running[], options: HookOptions): Promise<DiagnosticError | undefined> {
  for (const running of [...succeeded].reverse()) {
    try {
      if (running.hook.outputLogPolicies?.includes('hook-succeeded')) await sendHookLogs(context, running.hook, running.objects)
    } catch (error) {
      context.onProgress({ type: 'note', severity: 'warning', text: `reading the logs of hook ${running.hook.name}: ${errorText(error)}` })
    }
    try {
      await deleteByPolicy(context, running, 'hook-succeeded', options)
    } catch (error) {
      return asDiagnosticError(error, running.hook)
    }
  }
  return undefined
}
