import type { Host } from '../base/host.ts'
import type { GoMap } from '../go/values.ts'
import { loadState } from '../state/load-state.ts'
import type { StateRequest } from '../state/request.ts'
import { mergeLayers } from '../values/merge-layers.ts'
import { encodeYaml } from '../yaml/encode.ts'
import { findRelease } from './find-release.ts'

/** Values as YAML, keys sorted. */
export function valuesAsYaml(values: GoMap): string {
  return values.size === 0 ? '{}\n' : encodeYaml(values, 'helm')
}

/**
 * The merged values of one release, as Helm is given them: without the chart's defaults.
 *
 * @param name the release's name, or `namespace/name` where names repeat
 * @throws DiagnosticError `actions/no-such-release`, `actions/ambiguous-release`, and what reading values throws
 */
export async function releaseValues(host: Host, request: StateRequest, name: string): Promise<GoMap> {
  const state = await loadState(host, { ...request, selection: 'matching' })
  const release = findRelease(
    state.files.flatMap((file) => file.selected),
    name,
  )
  return mergeLayers(await release.layers()).tree
}
