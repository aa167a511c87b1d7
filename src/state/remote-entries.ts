import { isMissingBranch, isRemotePath } from './resolve-file.ts'
import type { Release, StateFile } from './state.ts'

/**
 * Fetches what the values and secrets of a release name by URL, as far as it can be known without rendering them. What is not there is
 * left to whoever reads it.
 *
 * @throws DiagnosticError `supply/…`
 */
export async function fetchRemoteEntries({ remote }: StateFile, { spec }: Release): Promise<void> {
  const entries = [...(spec.values ?? []), ...(spec.secrets ?? [])].filter((entry) => typeof entry === 'string' && isRemotePath(entry)) as string[]
  await Promise.all(
    entries.map((address) =>
      remote.select(address).catch((error: unknown) => {
        if (!isMissingBranch(error)) throw error
      }),
    ),
  )
}
