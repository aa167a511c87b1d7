import { basename, join } from 'node:path'
import { failure } from '../base/diagnostic.ts'
import type { Stored } from './cache.ts'
import { type ChartSource, sourceName } from './chart-source.ts'
import { chooseVersion, newestOf, type VersionWish, versionOf, versionsOfTags } from './choose-version.ts'
import { gitTree } from './git-source.ts'
import { accessTo, type HttpRepository, type Indexes, openIndexes } from './http-repository.ts'
import { openMirroredRegistry } from './mirrored-registry.ts'
import { ociUrl, tagOf } from './oci-reference.ts'
import type { ChartManifest, Registry } from './oci-registry.ts'
import { publicUrl } from './public-url.ts'
import { fetchOnce, MAX_ARCHIVE_BYTES, remoteContent, type SupplyLine, wrongDigest } from './remote-content.ts'

/** What exactly was, or is to be, fetched. JSON. */
export interface Pin {
  readonly version?: string
  /** Of the archive: `sha256:<hex>`. */
  readonly digest?: string
  /** Where the archive lies; nothing secret in it. */
  readonly url?: string
  /** Of the OCI manifest. */
  readonly manifest?: string
  /** Of git. */
  readonly commit?: string
}

/** A chart on this machine: an archive or a folder in the cache. */
export interface ObtainedChart {
  readonly path: string
  readonly kind: 'archive' | 'folder'
  /** The tree that a folder belongs to and may read from. */
  readonly root?: string
  readonly pin: Pin
  /** Fetches the provenance file beside the archive; undefined where there is none. */
  readonly provenance?: () => Promise<Uint8Array | undefined>
}

/**
 * Brings charts into the cache; each is fetched once per run.
 *
 * @param pin what it must be; without one the source is asked what fits the wish
 * @throws DiagnosticError `supply/…`
 */
export type Obtain = (source: ChartSource, wish: VersionWish, pin?: Pin) => Promise<ObtainedChart>

/** Fetching charts over `line`. */
export function obtainCharts(line: SupplyLine): Obtain {
  const indexes = openIndexes(line)
  const registries = new Map<string, Registry>()
  const registryFor = (source: ChartSource & { kind: 'oci' }): Registry => {
    const key = JSON.stringify(source.access)
    const registry = registries.get(key) ?? openMirroredRegistry(line, source.access)
    registries.set(key, registry)
    return registry
  }
  const known = new Map<string, Promise<ObtainedChart>>()
  return (source, wish, pin) => {
    const key = JSON.stringify([source, wish, pin])
    const pending = known.get(key) ?? obtain(line, { indexes, registryFor }, { source, wish, pin })
    known.set(key, pending)
    return pending
  }
}

interface Servers {
  readonly indexes: Indexes
  readonly registryFor: (source: ChartSource & { kind: 'oci' }) => Registry
}

interface Order<S extends ChartSource = ChartSource> {
  readonly source: S
  readonly wish: VersionWish
  readonly pin: Pin | undefined
}

function obtain(line: SupplyLine, servers: Servers, { source, wish, pin }: Order): Promise<ObtainedChart> {
  switch (source.kind) {
    case 'repository':
      return fromRepository(line, servers.indexes, { source, wish, pin })
    case 'oci':
      return fromRegistry(line, servers.registryFor(source), { source, wish, pin })
    case 'archive':
      return fromUrl(line, { source, wish, pin })
    case 'git':
      return fromGit(line, { source, wish, pin })
  }
}

function archive({ path, digest }: Stored, pin: Pin): ObtainedChart {
  return { path, kind: 'archive', pin: { ...pin, digest } }
}

async function fromRepository(line: SupplyLine, indexes: Indexes, order: Order<ChartSource & { kind: 'repository' }>): Promise<ObtainedChart> {
  const { source, wish, pin } = order
  const cached = pin?.digest === undefined ? undefined : line.cache.find(pin.digest)
  const provenanceAt = (url: string) => () => provenanceOf(line, source.repository, url)
  if (pin?.digest !== undefined && cached !== undefined) {
    const beside = pin.url === undefined ? {} : { provenance: provenanceAt(pin.url) }
    return { ...archive({ path: cached, digest: pin.digest }, pin), ...beside }
  }
  const listed =
    pin?.url !== undefined && pin.version !== undefined
      ? { url: pin.url, version: pin.version, ...accessTo(source.repository, pin.url) }
      : await indexes.find(source.repository, source.name, pin?.version === undefined ? wish : { version: pin.version })
  const { url, version } = listed
  const digest = pin?.digest ?? ('digest' in listed ? listed.digest : undefined)
  const stored = await remoteContent(line, {
    ...accessTo(source.repository, url),
    url,
    digest,
    name: `${source.name}-${version}.tgz`,
    maxBytes: MAX_ARCHIVE_BYTES,
  })
  // A URL with something secret in it is not written down; the index will tell it again.
  return { ...archive(stored, { version, ...(publicUrl(url) === url ? { url } : {}) }), provenance: provenanceAt(url) }
}

const MAX_PROVENANCE_BYTES = 1024 * 1024

async function provenanceOf(line: SupplyLine, repository: HttpRepository, url: string): Promise<Uint8Array> {
  const beside = new URL(url)
  beside.pathname += '.prov'
  const file = { ...accessTo(repository, url), url: beside.href, name: basename(beside.pathname), maxBytes: MAX_PROVENANCE_BYTES }
  return line.host.fs.readFile((await remoteContent(line, file)).path)
}

async function fromUrl(line: SupplyLine, { source, pin }: Order<ChartSource & { kind: 'archive' }>): Promise<ObtainedChart> {
  const { url, repository } = source
  const name = basename(new URL(url).pathname) || 'chart.tgz'
  const stored = await remoteContent(line, { ...accessTo(repository, url), url, name, digest: pin?.digest, maxBytes: MAX_ARCHIVE_BYTES })
  return { ...archive(stored, publicUrl(url) === url ? { url } : {}), provenance: () => provenanceOf(line, repository, url) }
}

async function fromGit(line: SupplyLine, { source, pin }: Order<ChartSource & { kind: 'git' }>): Promise<ObtainedChart> {
  const { host } = line
  const { git } = source
  const { folder, commit } = await gitTree(line, git, pin?.commit)
  const path = join(folder, git.path)
  const kind = host.fs.stat(path)?.kind
  // A link at the top of a foreign tree may lead anywhere on this machine.
  const isInside = kind !== undefined && `${host.fs.realPath(path)}/`.startsWith(`${host.fs.realPath(folder)}/`)
  if (!isInside)
    throw failure('supply/not-found', `${publicUrl(git.url)} has no "${git.path}" at ${git.ref ?? 'its default branch'}`, {
      notes: [{ text: `commit ${commit}` }],
    })
  return { path, kind: kind === 'directory' ? 'folder' : 'archive', root: folder, pin: { commit } }
}

async function fromRegistry(line: SupplyLine, registry: Registry, order: Order<ChartSource & { kind: 'oci' }>): Promise<ObtainedChart> {
  const { source, wish, pin } = order
  const { repository } = source.reference
  const name = repository.slice(repository.lastIndexOf('/') + 1)
  const cached = pin?.digest === undefined ? undefined : line.cache.find(pin.digest)
  const provenanceFor = (digest: string) => async () => {
    const { provenance } = await registry.manifest(repository, digest)
    return provenance === undefined ? undefined : registry.blob(repository, provenance)
  }
  if (cached !== undefined && pin?.manifest !== undefined) return { path: cached, kind: 'archive', pin, provenance: provenanceFor(pin.manifest) }
  if (line.offline && pin === undefined) return remembered(line, source, wish)
  const { manifest, version } = await manifestFor(registry, order)
  if (pin?.digest !== undefined && pin.digest !== manifest.archive) throw wrongDigest(sourceName(source), pin.digest)
  const { path } = await fetchOnce(line, manifest.archive, async () => {
    const known = line.cache.find(manifest.archive)
    if (known !== undefined) return { path: known, digest: manifest.archive }
    return line.cache.store(await registry.blob(repository, manifest.archive), `${name}-${version ?? 'chart'}.tgz`)
  })
  const found: Pin = { ...(version ? { version } : {}), digest: manifest.archive, manifest: manifest.digest }
  line.cache.learn('oci', wishKey(source, wish), { ...found })
  return { path, kind: 'archive', pin: found, provenance: provenanceFor(manifest.digest) }
}

function wishKey(source: ChartSource, { version, devel }: VersionWish): string {
  return JSON.stringify([sourceName(source), version ?? '', devel ?? false])
}

/** What the registry answered the last time. */
function remembered({ cache }: SupplyLine, source: ChartSource, wish: VersionWish): ObtainedChart {
  const pin = cache.fact('oci', wishKey(source, wish)) as Pin | null | undefined
  const path = pin?.digest === undefined ? undefined : cache.find(pin.digest)
  if (pin && path !== undefined) return { path, kind: 'archive', pin }
  throw failure('supply/offline', `${sourceName(source)} is not in the cache, and nothing is fetched`, { hint: 'run once without --skip-refresh' })
}

interface FoundManifest {
  readonly manifest: ChartManifest
  readonly version: string | undefined
}

/** By digest where one is known, else by the tag of an exact version, else by the newest tag that fits. Source: Helm 4.3.1 pkg/registry/client.go (ValidateReference) */
async function manifestFor(registry: Registry, { source, wish, pin }: Order<ChartSource & { kind: 'oci' }>): Promise<FoundManifest> {
  const { repository, digest, tag } = source.reference
  const [wished = '', wishedDigest] = splitDigest(wish.version ?? '')
  if (wished === 'latest')
    throw failure('supply/bad-constraint', 'the version for OCI charts should be semver compliant, the latest tag is not supported', {
      hint: 'leave the version out for the newest one',
    })
  const fixed = pin?.manifest ?? digest ?? wishedDigest
  if (fixed !== undefined) {
    const manifest = await registry.manifest(repository, fixed)
    return { manifest, version: pin?.version ?? manifest.version ?? (wished || tag) }
  }
  const version = wished || tag || ''
  if (version !== '' && versionOf(version)) return { manifest: await registry.manifest(repository, tagOf(version)), version }
  const known = versionsOfTags(await registry.tags(repository))
  const chosen = chooseVersion(known, { ...wish, version })
  if (chosen) return { manifest: await registry.manifest(repository, tagOf(chosen.version)), version: chosen.version }
  if (tag !== undefined && wished === '') return { manifest: await registry.manifest(repository, tagOf(tag)), version: undefined }
  throw failure('supply/no-version', `${ociUrl(source.reference)} has no version ${version || '(stable)'}`, {
    hint: 'change the version, or set devel: true for pre-releases',
    notes: [newestOf(known)],
  })
}

function splitDigest(version: string): readonly [string, string | undefined] {
  const at = version.indexOf('@')
  return at < 0 ? [version, undefined] : [version.slice(0, at), version.slice(at + 1)]
}
