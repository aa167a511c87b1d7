import type { Host } from '../base/host.ts'
import { mapLimited } from '../base/pool.ts'
import { buildOutput, buildOutputWithValues } from '../state/build-output.ts'
import { type DagRow, dagRows } from '../state/dag-output.ts'
import { type ListedRelease, listReleases } from '../state/list-output.ts'
import { loadState } from '../state/load-state.ts'
import type { StateRequest } from '../state/request.ts'
import type { Release, StateFile } from '../state/state.ts'
import { releasesToWrite, valuesFile } from '../state/values-output.ts'
import { betweenHooks, commandHooks, type HookOptions } from './command-hooks.ts'
import { visitHooked } from './visit-hooked.ts'

export { type DagRow, dagAsDot, dagAsMermaid, dagAsTable } from '../state/dag-output.ts'
export { type ListedRelease, listAsJson, listAsTable } from '../state/list-output.ts'

/** The selected releases of all files, by namespace and name; `false` for `hooks` runs none. @throws DiagnosticError as `loadState` */
export async function listState(host: Host, request: StateRequest, hooks: HookOptions | false = {}): Promise<readonly ListedRelease[]> {
  const state = await loadState(host, { ...request, selection: 'matching' })
  if (hooks === false) return listReleases(state)
  return betweenHooks(commandHooks(host, state, { ...hooks, command: 'list' }), async () => listReleases(state), { onlyFiles: true })
}

/**
 * Hands each file, resolved, to `print` as Helmfile's `build` prints it; `embedValues` puts what values files hold in the place of
 * their names. @throws DiagnosticError as `loadState`
 */
export async function buildState(
  host: Host,
  request: StateRequest,
  print: (text: string) => void,
  { embedValues = false, ...hooks }: HookOptions & { readonly embedValues?: boolean } = {},
): Promise<void> {
  await visitHooked(host, { ...request, selection: 'matching' }, { ...hooks, command: 'build' }, async (file) =>
    print(embedValues ? await buildOutputWithValues(file) : buildOutput(file)),
  )
}

/**
 * The releases grouped by needs, handed to `take`: file by file, or all at once where all files are one graph.
 * @throws DiagnosticError as `loadState`, and of needs that cannot be met
 */
export async function showDag(host: Host, request: StateRequest, take: (rows: readonly DagRow[]) => void, hooks: HookOptions = {}): Promise<void> {
  const { oneGraph = false } = request
  const isOneGraph = typeof oneGraph === 'function' ? await oneGraph() : oneGraph
  const files: StateFile[] = []
  await visitHooked(host, { ...request, selection: 'matching', oneGraph: isOneGraph }, { ...hooks, command: 'show-dag' }, async (file) => {
    if (isOneGraph) files.push(file)
    else take(dagRows([file]))
  })
  if (isOneGraph) take(dagRows(files))
}

/**
 * Writes the merged values of each selected release to a file of its own, named by `template`; of `concurrency` releases at once
 * (0 or absent: all of a file).
 * @returns the paths written
 * @throws DiagnosticError as `loadState`, and of reading values
 */
export async function writeValues(
  host: Host,
  request: StateRequest,
  template?: string,
  { concurrency = 0, ...options }: HookOptions & { readonly concurrency?: number } = {},
): Promise<readonly string[]> {
  const written: string[] = []
  const shared = { ...options, command: 'write-values', onlyFiles: true }
  await visitHooked(host, { ...request, selection: 'matching' }, shared, async (file, hooks) => {
    const write = async (release: Release): Promise<string> => {
      const { path, text } = await valuesFile(host, file, release, { ...(template && { template }), extra: request.values ?? [] })
      host.fs.writeFile(path, text)
      await hooks.cleanupReleases([release.id])
      return path
    }
    written.push(...(await mapLimited(releasesToWrite(file), concurrency || Number.POSITIVE_INFINITY, write)))
  })
  return written
}
