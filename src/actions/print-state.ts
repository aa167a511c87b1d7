import type { Host } from '../base/host.ts'
import { buildOutput } from '../state/build-output.ts'
import { dagAsTable, dagRows } from '../state/dag-output.ts'
import { type ListedRelease, listReleases } from '../state/list-output.ts'
import { loadState, visitState } from '../state/load-state.ts'
import type { StateRequest } from '../state/request.ts'
import { releasesToWrite, valuesFile } from '../state/values-output.ts'

export { type ListedRelease, listAsJson, listAsTable } from '../state/list-output.ts'

/** The selected releases of all files, by namespace and name. @throws DiagnosticError as `loadState` */
export async function listState(host: Host, request: StateRequest): Promise<readonly ListedRelease[]> {
  return listReleases(await loadState(host, { ...request, selection: 'matching' }))
}

/** Hands each file, resolved, to `print` as Helmfile's `build` prints it. @throws DiagnosticError as `loadState` */
export async function buildState(host: Host, request: StateRequest, print: (text: string) => void): Promise<void> {
  await visitState(host, { ...request, selection: 'matching' }, (file) => print(buildOutput(file)))
}

/** Hands each file's releases, grouped by needs, to `print`. @throws DiagnosticError as `loadState`, and of needs that cannot be met */
export async function showDag(host: Host, request: StateRequest, print: (text: string) => void): Promise<void> {
  await visitState(host, { ...request, selection: 'matching' }, (file) => print(dagAsTable(dagRows(file))))
}

/**
 * Writes the merged values of each selected release to a file of its own, named by `template`.
 * @returns the paths written
 * @throws DiagnosticError as `loadState`, and of reading values
 */
export async function writeValues(host: Host, request: StateRequest, template?: string): Promise<readonly string[]> {
  const written: string[] = []
  await visitState(host, { ...request, selection: 'matching' }, async (file) => {
    for (const release of releasesToWrite(file)) {
      const { path, text } = await valuesFile(host, file, release, { ...(template && { template }), extra: request.values ?? [] })
      host.fs.writeFile(path, text)
      written.push(path)
    }
  })
  return written
}
