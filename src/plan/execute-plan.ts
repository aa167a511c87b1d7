/*
 * Carries out a plan: each release as soon as those it waits for have succeeded, several at a time; where not all can start, the
 * one with the longest way behind it goes first.
 * In: a Plan. Out: how it went for each release; it rejects only for errors of ours.
 * Always true: a failure keeps back only what depends on it, and names the root cause there; an abort lets running writes end.
 */
import type { Diagnostic } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import { prioritySlots, type RunInSlot } from '../base/priority-slots.ts'
import { diagnosticsOf } from '../release/error-text.ts'
import { performOperation } from '../release/perform-operation.ts'
import type { LifecycleOutcome, Progress } from '../release/progress.ts'
import { remainingPaths } from './critical-path.ts'
import type { ExecuteOptions, PlanResult, ReleaseResult } from './events.ts'
import type { ClientFor, Plan, ReleasePlan } from './plan.ts'

interface Run {
  readonly host: Host
  readonly clientFor: ClientFor
  readonly options: ExecuteOptions
  readonly slots: RunInSlot
  /** The first release that failed. */
  failed: string | undefined
}

/** Executes `plan`; how it ended, failures included. */
export async function executePlan(host: Host, clientFor: ClientFor, plan: Plan, options: ExecuteOptions = {}): Promise<PlanResult> {
  const start = host.monotonic()
  const run: Run = { host, clientFor, options, slots: prioritySlots(options.concurrency ?? 0), failed: undefined }
  const blocked = options.allOrNothing ? plan.releases.find(({ blockers }) => blockers.length > 0) : undefined
  const keptBack = (release: ReleasePlan): boolean => blocked !== undefined && release.action !== 'none' && release.blockers.length === 0
  const priorities = remainingPaths(plan.releases)
  const started = new Map<string, Promise<ReleaseResult>>()
  for (const release of plan.releases) {
    if (keptBack(release)) {
      started.set(
        release.id,
        Promise.resolve(finished(run, release, { result: 'skipped', durationMs: 0, diagnostics: [], causedBy: blocked?.id ?? '' })),
      )
      continue
    }
    const before = release.after.map((id) => started.get(id)).filter((result) => result !== undefined)
    started.set(
      release.id,
      afterAll(before).then((results) => startWhenFree(run, release, results, priorities.get(release.id) ?? 0)),
    )
  }
  const releases = await Promise.all(started.values())
  return {
    succeeded: releases.every(({ result }) => result === 'done' || result === 'none'),
    interrupted: options.signal?.aborted ?? false,
    durationMs: host.monotonic() - start,
    releases,
  }
}

async function afterAll(results: readonly Promise<ReleaseResult>[]): Promise<readonly ReleaseResult[]> {
  return Promise.all(results)
}

async function startWhenFree(run: Run, release: ReleasePlan, before: readonly ReleaseResult[], priority: number): Promise<ReleaseResult> {
  const failed = before.find(({ result }) => result !== 'done' && result !== 'none')
  if (failed) return finished(run, release, skippedBecauseOf(failed))
  if (release.action === 'none') return finished(run, release, { result: 'none', durationMs: 0, diagnostics: [], ...revisionOf(release) })
  return run.slots(priority, () => work(run, release))
}

/** What is known of a result beside the release itself. */
type Ending = Omit<ReleaseResult, 'id' | 'name' | 'namespace' | 'kubeContext' | 'action' | 'chart'>

function skippedBecauseOf(failed: ReleaseResult): Ending {
  if (failed.result === 'interrupted') return { result: 'interrupted', durationMs: 0, diagnostics: [] }
  return { result: 'skipped', durationMs: 0, diagnostics: [], causedBy: failed.causedBy ?? failed.id }
}

function revisionOf(release: ReleasePlan): { readonly revision?: number } {
  return release.fromRevision === undefined ? {} : { revision: release.fromRevision }
}

function finished(run: Run, release: ReleasePlan, ending: Ending): ReleaseResult {
  const { id, name, namespace, kubeContext, action } = release
  const chart = release.chart ?? release.fromChart
  const result: ReleaseResult = { id, name, namespace, kubeContext, action, ...(chart ? { chart } : {}), ...ending }
  run.options.onEvent?.({ at: run.host.now(), release: id, type: 'release-finished', result })
  return result
}

async function work(run: Run, release: ReleasePlan): Promise<ReleaseResult> {
  const { host, options } = run
  if (options.signal?.aborted) return finished(run, release, { result: 'interrupted', durationMs: 0, diagnostics: [], ...revisionOf(release) })
  if (options.failFast && run.failed !== undefined)
    return finished(run, release, { result: 'skipped', durationMs: 0, diagnostics: [], causedBy: run.failed })
  const start = host.monotonic()
  options.onEvent?.({
    at: host.now(),
    release: release.id,
    type: 'release-started',
    action: release.action,
    ...(release.toRevision === undefined ? {} : { toRevision: release.toRevision }),
  })
  const outcome = await perform(run, release)
  const durationMs = host.monotonic() - start
  if (outcome.diagnostics.length > 0) run.failed ??= release.id
  return finished(run, release, {
    result: outcome.interrupted ? 'interrupted' : outcome.diagnostics.length > 0 ? 'failed' : 'done',
    durationMs,
    diagnostics: outcome.diagnostics,
    ...(outcome.revision === undefined ? {} : { revision: outcome.revision }),
    ...(outcome.rolledBackTo === undefined ? {} : { rolledBackTo: outcome.rolledBackTo }),
    ...(outcome.notes === undefined ? {} : { notes: outcome.notes }),
  })
}

async function perform(run: Run, release: ReleasePlan): Promise<LifecycleOutcome> {
  const { host, options } = run
  const { operation } = release
  const subject = `release ${release.id}`
  const failedWith = (diagnostics: readonly Diagnostic[]): LifecycleOutcome => ({ revision: release.fromRevision, status: undefined, diagnostics })
  if (release.blockers.length > 0) return failedWith(release.blockers)
  if (!operation) throw new Error(`internal error: release ${release.id} is to be changed but has no operation; please report this`)
  const onProgress = (progress: Progress): void => options.onEvent?.({ at: host.now(), release: release.id, ...progress })
  let outcome: LifecycleOutcome
  try {
    await options.around?.before?.(release)
    const client = await run.clientFor(release.kubeContext)
    const conceal = options.conceal ?? ((text: string) => text)
    outcome = await performOperation({ host, client, signal: options.signal, onProgress, conceal }, operation)
  } catch (error) {
    outcome = failedWith(diagnosticsOf(error, subject))
  }
  try {
    await options.around?.after?.(release, outcome.diagnostics)
    return outcome
  } catch (error) {
    return { ...outcome, diagnostics: [...outcome.diagnostics, ...diagnosticsOf(error, subject)] }
  }
}
