import { join } from 'node:path'
import type { Host } from './host.ts'

/** What this version of the program keeps lies in this folder of the cache. */
export const CACHE_LAYOUT = 'v1'

/** Where the cache lies: FLOTILLA_CACHE_HOME, else `flotilla` in XDG_CACHE_HOME or ~/.cache. */
export function cacheFolder(host: Pick<Host, 'env' | 'homeDir'>): string {
  const { FLOTILLA_CACHE_HOME: own, XDG_CACHE_HOME: shared } = host.env
  return own || join(shared || join(host.homeDir, '.cache'), 'flotilla')
}
