import { failure } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import type { Plain } from '../go/plain.ts'
import type { Cache, Stored } from './cache.ts'
import { hasDigest } from './digest.ts'
import type { Fetched, Fetcher, FetchRequest, Trust } from './fetcher.ts'
import { publicUrl, userInfoOf, withoutUserInfo } from './public-url.ts'
import type { RegistryPlaces } from './registry-places/registry-place.ts'
import { fetchObject, isS3Url } from './s3-object.ts'

/** What everything that fetches works with, made once per run. */
export interface SupplyLine {
  readonly host: Host
  readonly cache: Cache
  readonly fetcher: Fetcher
  /** Takes what was fetched before without asking whether it is still so. */
  readonly offline: boolean
  /** Where registries are found, when the settings say so. */
  readonly places?: RegistryPlaces
  /**
   * The Authorization header that a credential helper has for a URL; undefined where none is set for it. The same is given again
   * until `renew` says that it was refused.
   */
  readonly authorization?: (url: string, renew: boolean) => Promise<string | undefined>
  /** What is on its way or has come in this run, by what it is. */
  readonly fetched: Map<string, Promise<Stored>>
}

/** How a server is asked. */
export interface ServerAccess {
  readonly trust?: Trust
  readonly username?: string
  readonly password?: string
  /** Shown as it is, in place of user and password. */
  readonly token?: string
}

/** A file behind a URL. */
export interface RemoteFile extends ServerAccess {
  readonly url: string
  /** What it is called in the cache, for messages. */
  readonly name: string
  /** What it must hold, when that is known. */
  readonly digest?: string | undefined
  readonly maxBytes: number
  readonly mayPack?: boolean
}

/** Archives larger than this when packed are refused. */
export const MAX_ARCHIVE_BYTES: number = 100 * 1024 * 1024

/** The Authorization header for a token, or for user and password, of the URL or beside it; undefined without. */
function givenAuthorization(url: string, { username = '', password = '', token }: ServerAccess): string | undefined {
  if (token !== undefined) return `Bearer ${token}`
  const given = username !== '' || password !== '' ? { username, password } : userInfoOf(url)
  return given && `Basic ${Buffer.from(`${given.username}:${given.password}`).toString('base64')}`
}

/** `fetch`, unless the run has done or begun the same: `key` says what it is. */
export function fetchOnce(line: SupplyLine, key: string, fetch: () => Promise<Stored>): Promise<Stored> {
  const pending = line.fetched.get(key) ?? fetch()
  line.fetched.set(key, pending)
  return pending
}

/**
 * A file from a web server, from the cache where its digest is known or the server says that it has not changed.
 *
 * @throws DiagnosticError `supply/digest`, `supply/offline`, as `answerOf` and `Fetcher`
 */
export function remoteContent(line: SupplyLine, file: RemoteFile): Promise<Stored> {
  return fetchOnce(line, JSON.stringify(file), () => fetchContent(line, file))
}

async function fetchContent(line: SupplyLine, file: RemoteFile): Promise<Stored> {
  const { cache } = line
  const cached = file.digest === undefined ? undefined : cache.find(file.digest)
  if (cached !== undefined) return { path: cached, digest: file.digest as string }
  const key = withoutUserInfo(file.url)
  const known = file.digest === undefined ? knownContent(cache, key) : undefined
  if (line.offline) {
    if (known) return known
    throw failure('supply/offline', `${publicUrl(file.url)} is not in the cache, and nothing is fetched`, { hint: 'run once without --skip-refresh' })
  }
  const answer = await fetchFile(line, file, known)
  if (answer.status === 304 && known) return known
  const { body, headers } = answerOf(answer, file.url)
  if (file.digest !== undefined && !hasDigest(body, file.digest)) throw wrongDigest(file.url, file.digest)
  const stored = cache.store(body, file.name)
  const validators = { etag: headers.etag ?? null, modified: headers['last-modified'] ?? null }
  if (file.digest === undefined) cache.learn('url', key, { url: publicUrl(key), digest: stored.digest, ...validators })
  return stored
}

interface Known extends Stored {
  readonly etag: string | undefined
  readonly modified: string | undefined
}

function knownContent(cache: Cache, key: string): Known | undefined {
  const fact = cache.fact('url', key) as { readonly [name: string]: Plain } | null | undefined
  const digest = fact?.['digest']
  const path = typeof digest === 'string' ? cache.find(digest) : undefined
  if (typeof digest !== 'string' || path === undefined) return undefined
  const text = (value: Plain | undefined): string | undefined => (typeof value === 'string' ? value : undefined)
  return { path, digest, etag: text(fact?.['etag']), modified: text(fact?.['modified']) }
}

async function fetchFile(line: SupplyLine, file: RemoteFile, known: Known | undefined): Promise<Fetched> {
  const request: FetchRequest = {
    url: file.url,
    maxBytes: file.maxBytes,
    headers: {
      ...(known?.etag ? { 'if-none-match': known.etag } : {}),
      ...(known?.modified ? { 'if-modified-since': known.modified } : {}),
    },
    ...(file.mayPack ? { mayPack: true } : {}),
    ...(file.trust ? { trust: file.trust } : {}),
  }
  if (isS3Url(file.url)) return fetchObject(line, request)
  const send = (authorization: string | undefined): Promise<Fetched> =>
    line.fetcher.fetch({ ...request, ...(authorization ? { authorization } : {}) })
  const given = givenAuthorization(file.url, file)
  if (given !== undefined) return send(given)
  const helped = await line.authorization?.(file.url, false)
  const answer = await send(helped)
  // What helpers give expires, in the middle of a run too.
  return answer.status === 401 && helped !== undefined ? send(await line.authorization?.(file.url, true)) : answer
}

/** @throws DiagnosticError `supply/unauthorized`, `supply/not-found`, `supply/http-status` for anything but 200 */
export function answerOf(answer: Fetched, url: string): Fetched {
  const { status } = answer
  if (status === 200) return answer
  const shown = publicUrl(url)
  if (status === 401 || status === 403) {
    throw failure('supply/unauthorized', `${shown} answered ${status}: access is denied`, {
      hint: 'give user and password of a user who may read it, in repositories or by variables (<NAME>_USERNAME, <NAME>_PASSWORD)',
    })
  }
  if (status === 404 || status === 410)
    throw failure('supply/not-found', `${shown} answered ${status}: there is no such thing`, { hint: 'check the URL' })
  throw failure('supply/http-status', `${shown} answered ${status}`, { hint: 'try again later, or ask who runs the server' })
}

/** The error for content that is not what was promised. */
export function wrongDigest(url: string, digest: string): Error {
  return failure('supply/digest', `${publicUrl(url)} does not hold what it should: its digest is not ${digest}`, {
    hint: 'it was changed after it was listed or locked; find out why before you go on',
  })
}
