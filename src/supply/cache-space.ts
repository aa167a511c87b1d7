import { join } from 'node:path'
import { failure } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'

/** One thing in the cache. */
export interface CacheItem {
  /** `content`, `facts`, `trees` or `code`. */
  readonly kind: string
  readonly path: string
  /** Bytes. */
  readonly size: number
  /** Milliseconds since the epoch. */
  readonly modified: number
}

const KINDS = ['content', 'facts', 'trees', 'code']
const MEGABYTE = 1024 * 1024
const DEFAULT_LIMIT_MB = 2048
/** What was fetched lately may be in use by another process. */
const YOUNG_MS = 60 * 60 * 1000
/** Trimming goes below the limit, so that it is not needed with every download. */
const TRIM_TO = 0.8

/** Everything in the cache whose layout lies in `root`. */
export function cacheItems(host: Host, root: string): readonly CacheItem[] {
  return KINDS.flatMap((kind) => {
    const folder = join(root, kind)
    // Facts lie one folder deeper, by what they are on.
    const folders = kind === 'facts' ? namesIn(host, folder).map((name) => join(folder, name)) : [folder]
    return folders.flatMap((inner) => namesIn(host, inner).map((name) => itemAt(host, kind, join(inner, name))))
  })
}

function namesIn(host: Host, folder: string): readonly string[] {
  return host.fs.readDir(folder) ?? []
}

function itemAt(host: Host, kind: string, path: string): CacheItem {
  return { kind, path, size: sizeOf(host, path), modified: host.fs.stat(path)?.modified ?? 0 }
}

/** Links are not followed: they count nothing. */
function sizeOf(host: Host, path: string): number {
  if (host.fs.isLink(path)) return 0
  const info = host.fs.stat(path)
  if (info?.kind !== 'directory') return info?.size ?? 0
  return (host.fs.readDir(path) ?? []).reduce((sum, name) => sum + sizeOf(host, join(path, name)), 0)
}

/**
 * How much the cache may hold, in bytes: FLOTILLA_CACHE_MAX_MB, else what the settings say, else 2 GiB.
 * @param megabytes of the settings
 * @throws DiagnosticError `supply/cache`
 */
export function cacheLimit({ env }: Pick<Host, 'env'>, megabytes: number = DEFAULT_LIMIT_MB): number {
  const text = env['FLOTILLA_CACHE_MAX_MB'] || String(megabytes)
  if (!/^[1-9][0-9]*$/.test(text)) throw failure('supply/cache', `FLOTILLA_CACHE_MAX_MB must be a whole number of megabytes, not "${text}"`)
  return Number(text) * MEGABYTE
}

/** Removes what was used longest ago until the cache is below `limit` again; nothing younger than an hour goes. */
export function trimCache(host: Host, root: string, limit: number): void {
  const items = cacheItems(host, root)
  let total = items.reduce((sum, { size }) => sum + size, 0)
  if (total <= limit) return
  const old = items.filter(({ modified }) => host.now() - modified > YOUNG_MS).toSorted((a, b) => a.modified - b.modified)
  for (const { path, size } of old) {
    if (total <= limit * TRIM_TO) return
    host.fs.remove(path)
    total -= size
  }
}
