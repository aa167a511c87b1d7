import { type Diagnostic, DiagnosticError, withNote } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import type { KubeClient } from '../kube/client.ts'
import type { ExecuteOptions } from '../plan/events.ts'
import { type HookEvent, type ManifestHook, type ResolvedHook, resolveHooks } from '../state/resolve-hooks.ts'
import { runHooks } from '../state/run-hooks.ts'
import type { Release, State, StateFile } from '../state/state.ts'

/** Events before some work. What comes after work also runs when that was interrupted. */
const beginnings: ReadonlySet<string> = new Set(['prepare', 'preapply', 'presync', 'preuninstall'])

export interface CommandHookOptions {
  /** The verb that runs: `.HelmfileCommand`. */
  readonly command: string
  readonly signal?: AbortSignal
  /** Gets what hooks with `showlogs` print; `release` is the id of the release whose hook it is. */
  readonly log?: (hook: ResolvedHook, output: string, release?: string) => void
  readonly warn?: (diagnostic: Diagnostic) => void
  /** Hands `work` a client of the context, for hooks that apply manifests; absent: they run kubectl. */
  readonly connect?: ConnectHooks
}

/** What the hooks of a run are told, and where their output goes. */
export type HookOptions = Omit<CommandHookOptions, 'command'>

/** Lends a client of a context (undefined: the current one) for as long as `work` takes. */
export type ConnectHooks = <T>(context: string | undefined, work: (client: KubeClient) => Promise<T>) => Promise<T>

/** The commands that state files hang on the events of a run. Each function rejects with `state/hook-failed` and what templates throw. */
export interface CommandHooks {
  /** Before anything is rendered or compared: those of each file, then, unless `onlyFiles`, of its releases that are to be installed. */
  prepare(options?: { readonly onlyFiles?: boolean }): Promise<void>
  /** Once an apply is settled on, before anything is written; needed releases last. */
  preapply(): Promise<void>
  /** Around the work on each release. */
  readonly around: NonNullable<ExecuteOptions['around']>
  /** After the work on these releases, where `around` did not see to it. A failure is a warning. */
  cleanupReleases(ids: Iterable<string>): Promise<void>
  /** At the very end, for each file; `error` is what failed before, beside which a failing hook is only a warning. */
  cleanup(error?: string): Promise<void>
}

/** Source: Helmfile 1.8 pkg/app/app.go, pkg/app/run.go (WithPreparedCharts), pkg/state/state.go (SyncReleases, DeleteReleases, DeleteReleasesForSync) */
export function commandHooks(host: Host, state: Pick<State, 'files'>, options: CommandHookOptions): CommandHooks {
  const { command, signal, log, warn, connect } = options
  const places = placesOf(state)
  const run = async (file: StateFile, release: Release | undefined, event: HookEvent): Promise<void> => {
    try {
      await runHooks(host, resolveHooks(host, file, release, event), {
        ...(signal && beginnings.has(event.name) && { signal }),
        ...(log && { log: (hook: ResolvedHook, output: string) => log(hook, output, release?.id) }),
        ...(connect && {
          apply: (hook: ManifestHook) =>
            connect(release?.kubeContext ?? file.kubeContext, async (client) => {
              const { applyManifests } = await import('./apply-manifests.ts')
              return applyManifests(host, hook, client)
            }),
        }),
      })
    } catch (error) {
      throw withNote(
        error,
        release ? { text: `hook of release ${release.id}`, ...(release.at && { at: release.at }) } : { text: `hook of ${file.name}` },
      )
    }
  }
  const ofRelease: RunFor = async (id, event) => {
    const place = places.get(id)
    if (place) await run(place.file, place.release, event)
  }
  // Helmfile tells hooks of releases of a "delete" inside a destroy.
  const releaseCommand = command === 'destroy' ? 'delete' : command
  return {
    prepare: async ({ onlyFiles = false } = {}) => {
      for (const file of state.files) {
        await run(file, undefined, { name: 'prepare', command })
        const releases = onlyFiles ? [] : file.selected.filter(({ installed }) => installed)
        for (const release of releases) await run(file, release, { name: 'prepare', command })
      }
    },
    preapply: async () => {
      for (const { file, release } of [...places.values()].toReversed()) await run(file, release, { name: 'preapply', command })
    },
    around: command === 'destroy' ? aroundDestroy(ofRelease) : aroundSync(ofRelease),
    cleanupReleases: async (ids) => {
      for (const id of ids) await warning(warn, () => ofRelease(id, { name: 'cleanup', command: releaseCommand }))
    },
    cleanup: async (error) => {
      for (const file of state.files) {
        const work = (): Promise<void> => run(file, undefined, { name: 'cleanup', command, error })
        await (error === undefined ? work() : warning(warn, work))
      }
    },
  }
}

/**
 * Runs `work` between the prepare and the cleanup hooks of the files. When it throws, or `errorOf` finds that its result is a
 * failure, cleanup hooks are told; a hook that fails then is only a warning.
 */
export async function betweenHooks<T>(
  hooks: CommandHooks,
  work: () => Promise<T>,
  options: { readonly onlyFiles?: boolean; readonly errorOf?: (result: T) => string | undefined } = {},
): Promise<T> {
  await hooks.prepare(options)
  let result: T
  try {
    result = await work()
  } catch (error) {
    await hooks.cleanup(error instanceof Error ? error.message : String(error))
    throw error
  }
  await hooks.cleanup(options.errorOf?.(result))
  return result
}

interface Place {
  readonly file: StateFile
  readonly release: Release
}

function placesOf(state: Pick<State, 'files'>): ReadonlyMap<string, Place> {
  return new Map(state.files.flatMap((file) => file.selected.map((release) => [release.id, { file, release }] as const)))
}

type RunFor = (id: string, event: HookEvent) => Promise<void>

function aroundDestroy(run: RunFor): CommandHooks['around'] {
  const command = 'delete'
  return {
    before: ({ id }) => run(id, { name: 'preuninstall', command }),
    after: async ({ id }, failed) => {
      if (failed.length === 0) await run(id, { name: 'postuninstall', command })
    },
  }
}

/** Also inside an apply, where Helmfile tells these hooks of a "sync". */
function aroundSync(run: RunFor): CommandHooks['around'] {
  const command = 'sync'
  return {
    before: async ({ id, action }) => {
      await run(id, { name: 'presync', command })
      if (action === 'uninstall') await run(id, { name: 'preuninstall', command })
    },
    after: async ({ id, name, action }, failed) => {
      const error = failed.length > 0 ? `failed processing release ${name}: ${failed.map(({ summary }) => summary).join('; ')}` : undefined
      const events: HookEvent[] = [
        { name: 'postsync', command, error },
        { name: 'cleanup', command },
      ]
      if (action === 'uninstall' && !error) events.unshift({ name: 'postuninstall', command })
      await runAll(events.map((event) => () => run(id, event)))
    },
  }
}

/** Runs all of `steps`, also after one has failed; rejects with what failed first. */
async function runAll(steps: readonly (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = []
  for (const step of steps) await step().catch((error: unknown) => failures.push(error))
  if (failures.length > 0) throw failures[0]
}

async function warning(warn: CommandHookOptions['warn'], work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    const { diagnostics } = error instanceof DiagnosticError ? error : withNote(error, { text: 'running cleanup hooks' })
    for (const diagnostic of diagnostics) warn?.({ ...diagnostic, severity: 'warning' })
  }
}
