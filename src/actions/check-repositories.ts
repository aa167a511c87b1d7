import type { Diagnostic } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import { mapLimited } from '../base/pool.ts'
import { visitState } from '../state/load-state.ts'
import type { StateRequest } from '../state/request.ts'
import { type ChartSupply, openSupply } from '../supply/chart-supply.ts'
import { publicUrl } from '../supply/public-url.ts'
import { reachRepository } from '../supply/reach-repository.ts'
import type { ServerSettings } from '../supply/server-settings.ts'
import { lockedScopes } from './release-charts.ts'

/** A declared repository that answered. */
export interface ReachedRepository {
  readonly name: string
  /** Nothing secret in it. */
  readonly url: string
}

const ASKED_AT_ONCE = 8

/**
 * Asks every repository the state files declare, so that wrong addresses and credentials show before anything depends on them;
 * indexes come into the cache.
 * @throws DiagnosticError `supply/…` of the first that does not answer
 */
export async function checkRepositories(
  host: Host,
  request: StateRequest,
  options: { readonly servers?: ServerSettings; readonly warn?: (diagnostic: Diagnostic) => void } = {},
): Promise<readonly ReachedRepository[]> {
  const supply = openSupply(host, options)
  const scopes = lockedScopes(host, { ignoreLocks: true })
  const reached = new Map<string, ReachedRepository>()
  try {
    await visitState(host, { ...request, selection: 'matching', allowNoMatchingRelease: true }, async (file) => {
      const scope = scopes({ baseDir: file.baseDir, repositories: file.repositories, lockFile: '', pinsFiles: [], helmDefaults: {} }).scope
      for (const repository of await reachAll(supply, scope)) reached.set(`${repository.name} ${repository.url}`, repository)
    })
  } finally {
    supply.close()
  }
  return [...reached.values()]
}

function reachAll(supply: ChartSupply, scope: Parameters<ChartSupply['chart']>[0]): Promise<ReachedRepository[]> {
  return mapLimited(scope.repositories, ASKED_AT_ONCE, async (repository) => {
    await reachRepository(supply.line, { baseDir: scope.baseDir, repositories: scope.repositories }, repository)
    return { name: repository.name, url: publicUrl(repository.url) }
  })
}
