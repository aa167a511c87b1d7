import { basename, join } from 'node:path'
import { cacheFolder, cacheRoot } from '../base/cache-folder.ts'
import { DiagnosticError, failure } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import type { Plain } from '../go/plain.ts'
import { trimCache } from './cache-space.ts'
import { digestOf, hasDigest } from './digest.ts'

/** Something that was stored under what it holds. */
export interface Stored {
  readonly path: string
  /** `sha256:<hex>`. */
  readonly digest: string
}

/**
 * What was fetched before. Everything is named by its content or by what it answers, written beside and renamed into place:
 * processes may share it without asking one another, and whoever reads finds all of a file or none of it.
 */
export interface Cache {
  readonly folder: string
  /** The folder inside that this version of the program uses. */
  readonly root: string
  /** The path of what has `digest`, checked; what has changed on disk is removed and not found. */
  find(digest: string): string | undefined
  /** @param name what the file is called, for messages */
  store(data: Uint8Array, name: string): Stored
  /** What was learnt under `key`; undefined when nothing was, or when it cannot be read. */
  fact(kind: string, key: string): Plain | undefined
  learn(kind: string, key: string, fact: Plain): void
  /** The folder of a whole tree named `key`; undefined when it is not there. */
  tree(key: string): string | undefined
  /** Has `fill` write a tree into a folder of its own, which then becomes that of `key`. */
  storeTree(key: string, fill: (folder: string) => Promise<void>): Promise<string>
  /** Removes all of it. */
  clear(): void
}

const TRIM_EVERY_BYTES = 256 * 1024 * 1024
/** Use is noted no more often than this. */
const NOTED_MS = 30 * 60 * 1000

/**
 * The cache of this machine; folders appear when something is stored.
 * @param options `limit`: bytes, beyond which what was used longest ago goes; nothing goes without it
 * @throws (later) DiagnosticError `supply/cache`
 */
export function openCache(host: Host, options: { readonly limit?: number } = {}): Cache {
  const folder = cacheFolder(host)
  const root = cacheRoot(host)
  const contentFolder = (digest: string): string => join(root, 'content', digest.slice(digest.indexOf(':') + 1))
  const factPath = (kind: string, key: string): string => join(root, 'facts', kind, `${digestOf(key).slice(7)}.json`)
  const treePath = (key: string): string => join(root, 'trees', digestOf(key).slice(7))
  let written = Number.POSITIVE_INFINITY
  // Looked after with the first download of a run, and now and then in a long one.
  const makeRoom = (bytes: number): void => {
    written += bytes
    if (options.limit === undefined || written < TRIM_EVERY_BYTES) return
    written = 0
    trimCache(host, root, options.limit)
  }
  return {
    folder,
    root,
    find: (digest) => {
      const path = findContent(host, contentFolder(digest), digest)
      if (path !== undefined) noteUse(host, contentFolder(digest))
      return path
    },
    store: (data, name) => {
      const digest = digestOf(data)
      const path = join(contentFolder(digest), fileName(name))
      makeRoom(data.length)
      writing(folder, () => host.fs.writeFile(path, data))
      return { path, digest }
    },
    fact: (kind, key) => {
      const fact = readFact(host, factPath(kind, key))
      if (fact !== undefined) noteUse(host, factPath(kind, key))
      return fact
    },
    learn: (kind, key, fact) => writing(folder, () => host.fs.writeFile(factPath(kind, key), JSON.stringify(fact))),
    tree: (key) => {
      if (host.fs.stat(treePath(key))?.kind !== 'directory') return undefined
      noteUse(host, treePath(key))
      return treePath(key)
    },
    storeTree: (key, fill) => {
      makeRoom(TRIM_EVERY_BYTES)
      return storeTree(host, folder, treePath(key), fill)
    },
    clear: () => writing(folder, () => clear(host, folder, root)),
  }
}

/** Other processes may write at any moment: what they write then goes into a cache of its own, out of the way of removing. */
function clear({ fs, randomBytes }: Host, folder: string, root: string): void {
  if (fs.stat(root)) fs.rename(root, `${root}.${Buffer.from(randomBytes(8)).toString('hex')}.tmp`)
  const isLeft = (name: string): boolean => name.startsWith(`${basename(root)}.`) && name.endsWith('.tmp')
  for (const name of (fs.readDir(folder) ?? []).filter(isLeft)) fs.remove(join(folder, name))
}

/** What is used stays; its date says when that was. */
function noteUse(host: Host, path: string): void {
  const { modified = 0 } = host.fs.stat(path) ?? {}
  if (host.now() - modified > NOTED_MS) host.fs.touch(path)
}

/** Names come from servers: nothing in them may lead elsewhere. */
function fileName(name: string): string {
  return (
    name
      .replace(/[^A-Za-z0-9._+-]/g, '_')
      .replace(/^\.+/, '_')
      .slice(-200) || 'content'
  )
}

function findContent(host: Host, folder: string, digest: string): string | undefined {
  for (const name of host.fs.readDir(folder) ?? []) {
    if (name.endsWith('.tmp')) continue
    const path = join(folder, name)
    const data = readOrUndefined(host, path)
    if (data && hasDigest(data, digest)) return path
    host.fs.remove(path)
  }
  return undefined
}

/** Another process may clean the cache at any moment. */
function readOrUndefined(host: Host, path: string): Uint8Array | undefined {
  try {
    return host.fs.readFile(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function readFact(host: Host, path: string): Plain | undefined {
  const data = readOrUndefined(host, path)
  if (!data) return undefined
  try {
    return JSON.parse(Buffer.from(data).toString('utf8')) as Plain
  } catch (error) {
    // A fact that cannot be read is one that is not known; it is learnt anew.
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

async function storeTree(host: Host, cache: string, path: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const draft = `${path}.${Buffer.from(host.randomBytes(8)).toString('hex')}.tmp`
  try {
    writing(cache, () => host.fs.makeDir(draft))
    await fill(draft)
    try {
      host.fs.rename(draft, path)
    } catch (error) {
      // Another process was faster; its tree holds the same.
      if (host.fs.stat(path)?.kind !== 'directory') throw error
    }
    return path
  } finally {
    host.fs.remove(draft)
  }
}

function writing(folder: string, write: () => void): void {
  try {
    againIfGone(write)
  } catch (cause) {
    if (cause instanceof DiagnosticError) throw cause
    throw failure('supply/cache', `the cache in ${folder} cannot be written: ${(cause as Error).message}`, {
      hint: 'name a folder that can be written in FLOTILLA_CACHE_HOME',
      cause,
    })
  }
}

/** Another process may clean the cache between the making of a folder and the file in it. */
function againIfGone(write: () => void): void {
  for (let left = 3; ; left--) {
    try {
      write()
      return
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || left === 0) throw error
    }
  }
}
