import { basename, join } from 'node:path'
import { failure } from '../base/diagnostic.ts'
import { glob, literalGlob } from '../base/glob.ts'
import type { Host } from '../base/host.ts'
import { openCache } from './cache.ts'
import { makeFetcher } from './fetcher.ts'
import { gitTree } from './git-source.ts'
import type { Pin } from './obtain-chart.ts'
import { type PinnedSource, pinKey } from './pins.ts'
import { publicUrl, withoutUserInfo } from './public-url.ts'
import { parseRemoteAddress, type RemoteAddress } from './remote-address.ts'
import { remoteContent, type SupplyLine } from './remote-content.ts'
import { type ServerSettings, serverDetails } from './server-settings.ts'

/** State files, bases and values from elsewhere, as seen from one state file. */
export interface RemoteFiles {
  /**
   * The file or folder (absolute) that an address in one of go-getter's forms stands for now, or in the state its lock names.
   * @throws DiagnosticError `supply/…`
   */
  fetch(address: string): Promise<string>
  /**
   * The files (absolute, sorted) that an address stands for: of a tree those that it names or its pattern fits (`git::…@dir/*.yaml`), which
   * may be none.
   * @throws as `fetch`
   */
  select(address: string): Promise<readonly string[]>
  /** What was fetched so far. */
  pins(): readonly PinnedSource[]
}

/** Remote files of a whole run: what two state files name is fetched once. */
export interface RemoteFileSupply {
  /** @param pins what a lock says; asked when the first file is wanted */
  seenFrom(pins: () => readonly PinnedSource[]): RemoteFiles
}

export interface RemoteFileOptions {
  /** Refuse what a lock does not name. */
  readonly locked?: boolean
  /** Take what was fetched before; ask no server. */
  readonly offline?: boolean
  /** What the settings say, asked when the first file is wanted. */
  readonly settings?: () => Promise<RemoteFileSettings>
}

/** What settings say of remote files. */
export interface RemoteFileSettings {
  readonly locked?: boolean
  readonly servers?: ServerSettings
}

/** Values and state files larger than this are none. */
const MAX_FILE_BYTES = 50 * 1024 * 1024

/** Remote files over a connection pool of their own, opened with the first of them. */
export function openRemoteFiles(host: Host, { locked = false, offline = false, settings }: RemoteFileOptions = {}): RemoteFileSupply {
  const open = async (): Promise<{ readonly line: SupplyLine; readonly mustBeLocked: boolean }> => {
    const { locked: always = false, servers } = (await settings?.()) ?? {}
    const line = { host, cache: openCache(host), fetcher: makeFetcher(host), offline, fetched: new Map(), ...serverDetails(host, servers) }
    return { line, mustBeLocked: locked || always }
  }
  let opened: ReturnType<typeof open> | undefined
  const fetched = new Map<string, Promise<FetchedFile>>()
  return {
    seenFrom: (pins) => {
      const taken = new Map<string, PinnedSource>()
      const bring = async (address: string): Promise<FetchedFile> => {
        const parsed = readAddress(host, address)
        const source = nameOf(parsed)
        opened ??= open()
        const { line, mustBeLocked } = await opened
        const pin = pins().find((pinned) => pinKey(pinned.source, pinned.wanted) === pinKey(source, ''))?.pin
        if (!pin && mustBeLocked) throw notLocked(source)
        const key = JSON.stringify([address, pin])
        const pending = fetched.get(key) ?? fetchFile(line, parsed, pin)
        fetched.set(key, pending)
        const file = await pending
        taken.set(source, { source, wanted: '', pin: file.pin })
        return file
      }
      return {
        pins: () => [...taken.values()],
        fetch: async (address) => {
          const { path, tree } = await bring(address)
          return tree === undefined ? path : insideTree(host, tree, path)
        },
        select: async (address) => {
          const { path, tree } = await bring(address)
          return tree === undefined ? [path] : filesInTree(host, tree, path)
        },
      }
    },
  }
}

interface FetchedFile {
  /** Absolute; inside the tree where there is one. */
  readonly path: string
  readonly tree: string | undefined
  readonly pin: Pin
}

type Reachable = Exclude<RemoteAddress, { readonly kind: 'unsupported' }>

function readAddress({ env }: Host, address: string): Reachable {
  if (/^(?:1|t|true)$/i.test(env['HELMFILE_DISABLE_INSECURE_FEATURES'] ?? ''))
    throw failure('supply/not-allowed', "remote sources are disabled due to 'HELMFILE_DISABLE_INSECURE_FEATURES'", {
      hint: 'unset the variable, or copy the file beside the state file',
    })
  const parsed = parseRemoteAddress(address)
  if (parsed && parsed.kind !== 'unsupported') return parsed
  throw failure(
    'supply/unsupported-source',
    `${publicUrl(address)} cannot be fetched: ${parsed?.what ?? 'addresses of this kind'} is not supported`,
    {
      hint: 'use git::https://, git::ssh://, https:// or s3://, or copy the file beside the state file',
    },
  )
}

/** As in locks: nothing secret, the same for the same thing. */
function nameOf(address: Reachable): string {
  if (address.kind === 'web') return publicUrl(address.url)
  const { url, path, ref } = address.git
  return `git::${withoutUserInfo(url)}@${path}${ref ? `?ref=${ref}` : ''}`
}

function notLocked(source: string): Error {
  return failure('supply/not-locked', `${source} is not locked`, {
    hint: 'run "flotilla deps", look at what changed, and keep the lock files with the state file',
  })
}

async function fetchFile(line: SupplyLine, address: Reachable, pin: Pin | undefined): Promise<FetchedFile> {
  if (address.kind === 'git') {
    const { folder, commit } = await gitTree(line, address.git, pin?.commit)
    return { path: address.git.path, tree: folder, pin: { commit } }
  }
  const { url } = address
  const { path, digest } = await remoteContent(line, { url, name: basename(new URL(url).pathname), digest: pin?.digest, maxBytes: MAX_FILE_BYTES })
  return { path, tree: undefined, pin: { digest } }
}

/** A link in a foreign tree may lead anywhere on this machine. */
function insideTree(host: Host, folder: string, path: string): string {
  const found = join(folder, path)
  const isThere = host.fs.stat(found) !== undefined
  if (isThere && `${host.fs.realPath(found)}/`.startsWith(`${host.fs.realPath(folder)}/`)) return found
  throw failure('supply/not-found', `"${path}" is not in what was fetched`, { hint: 'check the path behind the "@"' })
}

/** A file of that very name comes before what it could mean as a pattern. Source: Helmfile 1.8 pkg/state/storage.go (resolveFile) */
function filesInTree({ fs }: Host, tree: string, path: string): readonly string[] {
  const isFile = (found: string): boolean => fs.stat(found)?.kind === 'file' && fs.realPath(found).startsWith(`${fs.realPath(tree)}/`)
  const named = join(tree, path)
  return isFile(named) ? [named] : glob(fs, `${literalGlob(tree)}/${path}`).filter(isFile)
}
