import { type RepositorySettings, repositoryAccess, type SourceContext } from './chart-source.ts'
import { openIndexes } from './http-repository.ts'
import { openMirroredRegistry } from './mirrored-registry.ts'
import type { SupplyLine } from './remote-content.ts'

/**
 * Asks a declared repository whether it is there and lets us in: its index is fetched; a registry is asked who we are; nothing
 * is asked of git.
 * @throws DiagnosticError `supply/…`
 */
export async function reachRepository(line: SupplyLine, context: Omit<SourceContext, 'host'>, repository: RepositorySettings): Promise<void> {
  const access = repositoryAccess({ ...context, host: line.host }, repository)
  if (access.kind === 'web') await openIndexes(line).fetch(access.repository)
  if (access.kind === 'oci') await openMirroredRegistry(line, access.access).ping()
}
