import type { Host } from '../base/host.ts'
import { openCache } from '../supply/cache.ts'
import { cacheItems, cacheLimit } from '../supply/cache-space.ts'

/** What the cache holds. */
export interface CacheReport {
  readonly folder: string
  /** Bytes, beyond which what was used longest ago goes. */
  readonly limit: number
  /** Bytes and number of things, by kind: `content` (archives, indexes), `trees` (git), `facts`, `code` (the program, compiled). */
  readonly kinds: Readonly<Record<string, { readonly count: number; readonly bytes: number }>>
}

/** What the cache of this machine holds now. @param megabytes what the settings let it hold @throws DiagnosticError `supply/cache` */
export function cacheReport(host: Host, megabytes?: number): CacheReport {
  const { folder, root } = openCache(host)
  const kinds: Record<string, { count: number; bytes: number }> = {}
  for (const { kind, size } of cacheItems(host, root)) {
    const { count, bytes } = kinds[kind] ?? { count: 0, bytes: 0 }
    kinds[kind] = { count: count + 1, bytes: bytes + size }
  }
  return { folder, limit: cacheLimit(host, megabytes), kinds }
}

/** Removes all that the cache holds; gives what that was. As `cacheReport`. */
export function cleanCache(host: Host, megabytes?: number): CacheReport {
  const report = cacheReport(host, megabytes)
  openCache(host).clear()
  return report
}
