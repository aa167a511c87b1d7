import { isRemotePath } from './resolve-file.ts'
import type { Release } from './state.ts'

/** What the values and secrets of a release name by URL, as far as it can be known without rendering them. */
export function remoteEntries({ spec }: Release): readonly string[] {
  return [...(spec.values ?? []), ...(spec.secrets ?? [])].filter((entry) => typeof entry === 'string' && isRemotePath(entry)) as string[]
}
