import { join } from 'node:path'
import type { Host } from './host.ts'

/** The folder that versions of the program with the same layout share. */
const LAYOUT = 'v1'

/** Where the cache lies: FLOTILLA_CACHE_HOME, else `flotilla` in XDG_CACHE_HOME or ~/.cache. */
export function cacheFolder(host: Pick<Host, 'env' | 'homeDir'>): string {
  const { FLOTILLA_CACHE_HOME: own, XDG_CACHE_HOME: shared } = host.env
  return own || join(shared || join(host.homeDir, '.cache'), 'flotilla')
}

/** The folder of the cache that this version of the program uses. */
export function cacheRoot(host: Pick<Host, 'env' | 'homeDir'>): string {
  return join(cacheFolder(host), LAYOUT)
}
