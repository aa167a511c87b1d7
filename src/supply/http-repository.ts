import { failure } from '../base/diagnostic.ts'
import type { Plain } from '../go/plain.ts'
import { chooseVersion, newestOf, type VersionWish } from './choose-version.ts'
import { entriesOf, type IndexEntry } from './index-entries.ts'
import { publicUrl } from './public-url.ts'
import { remoteContent, type ServerAccess, type SupplyLine } from './remote-content.ts'
import { isS3Url } from './s3-object.ts'

/** A chart repository on a web server. */
export interface HttpRepository extends ServerAccess {
  readonly url: string
  /** Credentials go to whatever server the index names. */
  readonly passCredentials?: boolean
}

/** An archive that an index lists. */
export interface ListedArchive extends ServerAccess {
  readonly url: string
  readonly version: string
  readonly digest?: string
}

/** Indexes of one run, each fetched once. */
export interface Indexes {
  /** Sees to it that the index is in the cache. @throws DiagnosticError as `remoteContent` */
  fetch(repository: HttpRepository): Promise<void>
  /** @throws DiagnosticError `supply/no-chart`, `supply/no-version`, `supply/bad-index`, and as `remoteContent` */
  find(repository: HttpRepository, chart: string, wish: VersionWish): Promise<ListedArchive>
}

const MAX_INDEX_BYTES = 512 * 1024 * 1024

interface FetchedIndex {
  readonly digest: string
  readonly text: () => Buffer
}

export function openIndexes(line: SupplyLine): Indexes {
  const fetched = new Map<string, Promise<FetchedIndex>>()
  const indexOf = (repository: HttpRepository): Promise<FetchedIndex> => {
    const key = JSON.stringify([repository.url, repository.username, repository.password, repository.token, repository.trust])
    const pending = fetched.get(key) ?? fetchIndex(line, repository)
    fetched.set(key, pending)
    return pending
  }
  return {
    fetch: async (repository) => {
      await indexOf(repository)
    },
    find: async (repository, chart, wish) => {
      const index = await indexOf(repository)
      const entries = knownEntries(line, index, chart, indexUrl(repository))
      if (!entries) throw noChart(repository, chart)
      const entry = chooseVersion(entries, wish)
      if (!entry) throw noVersion(repository, chart, wish, entries)
      return archiveOf(repository, chart, entry)
    },
  }
}

function indexUrl({ url }: HttpRepository): string {
  return resolveUrl(url, 'index.yaml')
}

/** `reference` as seen from a repository's URL, which counts as a folder and passes its query on. Source: Helm 4.3.1 pkg/repo/v1/chartrepo.go (ResolveReferenceURL) */
function resolveUrl(base: string, reference: string): string {
  if (URL.canParse(reference)) return reference
  const folder = new URL(base)
  const { search } = folder
  if (!folder.pathname.endsWith('/')) folder.pathname += '/'
  const resolved = new URL(reference, folder)
  if (resolved.search === '') resolved.search = search
  return resolved.href
}

async function fetchIndex(line: SupplyLine, repository: HttpRepository): Promise<FetchedIndex> {
  const { path, digest } = await remoteContent(line, {
    ...repository,
    url: indexUrl(repository),
    name: 'index.yaml',
    maxBytes: MAX_INDEX_BYTES,
    mayPack: true,
  })
  // A large text stays in memory only as long as nothing else needs the room.
  let held: WeakRef<Buffer> | undefined
  const text = (): Buffer => {
    const before = held?.deref()
    if (before) return before
    const data = line.host.fs.readFile(path)
    const buffer = Buffer.from(data.buffer, data.byteOffset, data.byteLength)
    held = new WeakRef(buffer)
    return buffer
  }
  return { digest, text }
}

/** Entries are parsed once for each state of an index; what was found is kept in the cache. */
function knownEntries({ cache }: SupplyLine, index: FetchedIndex, chart: string, url: string): readonly IndexEntry[] | undefined {
  const key = `${index.digest} ${chart}`
  const known = cache.fact('entries', key) as { readonly entries: Plain } | undefined
  if (known) return (known.entries ?? undefined) as readonly IndexEntry[] | undefined
  const entries = entriesOf(index.text(), chart, publicUrl(url))
  cache.learn('entries', key, { entries: (entries ?? null) as Plain })
  return entries
}

function noChart(repository: HttpRepository, chart: string): Error {
  return failure('supply/no-chart', `chart "${chart}" is not in the repository ${publicUrl(repository.url)}`, { hint: 'check the name of the chart' })
}

function noVersion(repository: HttpRepository, chart: string, wish: VersionWish, entries: readonly IndexEntry[]): Error {
  return failure(
    'supply/no-version',
    `chart "${chart}" has no version ${wish.version || '(stable)'} in the repository ${publicUrl(repository.url)}`,
    {
      hint: wish.version ? 'change the version, or ask whoever publishes the chart' : 'name a version, or set devel: true for pre-releases',
      notes: [newestOf(entries)],
    },
  )
}

function archiveOf(repository: HttpRepository, chart: string, { version, urls, digest }: IndexEntry): ListedArchive {
  const [first] = urls
  if (first === undefined) throw failure('supply/no-version', `chart "${chart}" ${version} has no downloadable URLs in ${publicUrl(repository.url)}`)
  const url = resolveUrl(repository.url, first)
  if (!/^https?:\/\//i.test(url) && !isS3Url(url))
    throw failure('supply/bad-index', `the index of ${publicUrl(repository.url)} names an archive that is not on the web: ${publicUrl(url)}`)
  return { url, version, ...(digest ? { digest } : {}), ...accessTo(repository, url) }
}

/** The repository's own server gets the credentials, others only when asked for. Source: Helm 4.3.1 pkg/getter/httpgetter.go */
export function accessTo(repository: HttpRepository, url: string): ServerAccess {
  const { trust, username, password, token } = repository
  const isOwn = repository.passCredentials || new URL(url).origin === new URL(repository.url).origin
  return {
    ...(trust ? { trust } : {}),
    ...(isOwn && username !== undefined ? { username } : {}),
    ...(isOwn && password !== undefined ? { password } : {}),
    ...(isOwn && token !== undefined ? { token } : {}),
  }
}
