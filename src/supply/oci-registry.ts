import { failure } from '../base/diagnostic.ts'
import { valueAt } from '../base/json.ts'
import { digestOf, hasDigest, normalDigest } from './digest.ts'
import type { Fetched } from './fetcher.ts'
import { publicUrl } from './public-url.ts'
import { openSession, type RegistryAccess } from './registry-auth.ts'
import type { RegistryPlace } from './registry-places/registry-place.ts'
import { answerOf, MAX_ARCHIVE_BYTES, type SupplyLine, wrongDigest } from './remote-content.ts'

/** A chart's manifest, as far as fetching goes. */
export interface ChartManifest {
  /** Of the manifest itself. */
  readonly digest: string
  /** Of the archive. */
  readonly archive: string
  /** Of the provenance file, where there is one. */
  readonly provenance?: string
  /** What the manifest says the chart is. */
  readonly version?: string
}

/** One registry. */
export interface Registry {
  /** Finds out whether the registry is there and lets us in. @throws DiagnosticError as the session */
  ping(): Promise<void>
  /** Every tag of a repository. @throws DiagnosticError `supply/not-found`, and as the session */
  tags(repository: string): Promise<readonly string[]>
  /** @param reference a tag as the registry keeps it, or a digest @throws DiagnosticError `supply/not-a-chart`, `supply/digest`, as the session */
  manifest(repository: string, reference: string): Promise<ChartManifest>
  /** @throws DiagnosticError `supply/digest`, `supply/too-large`, and as the session */
  blob(repository: string, digest: string): Promise<Buffer>
}

const MANIFEST_TYPES = ['application/vnd.oci.image.manifest.v1+json', 'application/vnd.docker.distribution.manifest.v2+json']
const CHART_TYPES = new Set(['application/vnd.cncf.helm.chart.content.v1.tar+gzip', 'application/tar+gzip'])
const PROVENANCE_TYPE = 'application/vnd.cncf.helm.chart.provenance.v1.prov'
const VERSION_ANNOTATION = 'org.opencontainers.image.version'
const MAX_MANIFEST_BYTES = 4 * 1024 * 1024
const TAGS_PER_PAGE = 1000
const MAX_PAGES = 1000

/** Names that stand for another server. */
const SERVERS: ReadonlyMap<string, string> = new Map([
  ['docker.io', 'registry-1.docker.io'],
  ['index.docker.io', 'registry-1.docker.io'],
])

/** Where a registry begins: `https://host`, without a slash at its end. */
export function registryOrigin({ registry, plainHttp }: Pick<RegistryAccess, 'registry' | 'plainHttp'>): string {
  return `${plainHttp ? 'http' : 'https'}://${SERVERS.get(registry) ?? registry}`
}

/** How the API of a registry is found where that is not `/v2/`. */
export type RegistryDoor = Pick<RegistryPlace, 'root' | 'headers' | 'namespace'>

/** The registry behind `access`. Source: OCI distribution specification 1.1; for `namespace`: containerd docs/hosts.md */
export function openRegistry({ host, fetcher }: SupplyLine, access: RegistryAccess, door: RegistryDoor = { root: '/v2/' }): Registry {
  const session = openSession(host, fetcher, access)
  const base = `${registryOrigin(access)}${door.root}`
  const query = door.namespace === undefined ? '' : `ns=${encodeURIComponent(door.namespace)}`
  const get = async (repository: string, url: string, options: { readonly accept?: string; readonly maxBytes: number }): Promise<Fetched> => {
    const request = {
      url,
      maxBytes: options.maxBytes,
      headers: { ...door.headers, ...(options.accept ? { accept: options.accept } : {}) },
      ...(access.trust ? { trust: access.trust } : {}),
    }
    return answerOf(await session.send(request, `repository:${repository}:pull`), url)
  }
  return {
    ping: async () => {
      answerOf(await session.send({ url: base, maxBytes: MAX_MANIFEST_BYTES, ...(access.trust ? { trust: access.trust } : {}) }, ''), base)
    },
    tags: (repository) =>
      allTags(`${base}${repository}/tags/list?n=${TAGS_PER_PAGE}${query && `&${query}`}`, (url) =>
        get(repository, url, { maxBytes: MAX_MANIFEST_BYTES }),
      ),
    manifest: async (repository, reference) => {
      const url = `${base}${repository}/manifests/${reference}${query && `?${query}`}`
      const answer = await get(repository, url, { accept: MANIFEST_TYPES.join(', '), maxBytes: MAX_MANIFEST_BYTES })
      return chartManifest(answer, reference, url)
    },
    blob: async (repository, digest) => {
      const url = `${base}${repository}/blobs/${digest}${query && `?${query}`}`
      const { body } = await get(repository, url, { maxBytes: MAX_ARCHIVE_BYTES })
      if (!hasDigest(body, digest)) throw wrongDigest(url, digest)
      return body
    },
  }
}

async function allTags(first: string, get: (url: string) => Promise<Fetched>): Promise<readonly string[]> {
  const tags: string[] = []
  let url: string | undefined = first
  for (let page = 0; url !== undefined && page < MAX_PAGES; page++) {
    const answer: Fetched = await get(url)
    const found = valueAt(parsed(answer, url), 'tags')
    if (Array.isArray(found)) tags.push(...found.filter((tag) => typeof tag === 'string'))
    url = nextPage(answer.headers['link'], url)
  }
  return tags
}

/** Source: RFC 8288 */
function nextPage(link: string | string[] | undefined, url: string): string | undefined {
  const [, target] = /<([^>]*)>\s*;\s*rel="?next"?/.exec(String(link ?? '')) ?? []
  if (target === undefined || !URL.canParse(target, url)) return undefined
  const next = new URL(target, url)
  return next.origin === new URL(url).origin ? next.href : undefined
}

function parsed({ body }: Fetched, url: string): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch (cause) {
    throw failure('supply/bad-registry', `${publicUrl(url)} answered with something that is no JSON`, {
      cause,
      hint: 'check that this is a registry',
    })
  }
}

function chartManifest(answer: Fetched, reference: string, url: string): ChartManifest {
  const digest = reference.includes(':') ? reference : digestOf(answer.body)
  if (!hasDigest(answer.body, digest)) throw wrongDigest(url, digest)
  const manifest = parsed(answer, url)
  const layers = valueAt(manifest, 'layers')
  const layer = (isWanted: (type: string) => boolean): string | undefined => {
    const found = Array.isArray(layers) ? layers.find((item) => isWanted(String(valueAt(item, 'mediaType')))) : undefined
    return normalDigest(String(valueAt(found, 'digest') ?? ''))
  }
  const archive = layer((type) => CHART_TYPES.has(type))
  if (archive === undefined) {
    throw failure('supply/not-a-chart', `${publicUrl(url)} is no chart: it has no layer with one`, {
      hint: 'check the name; images and other artifacts lie beside charts',
    })
  }
  const provenance = layer((type) => type === PROVENANCE_TYPE)
  const version = valueAt(manifest, 'annotations', VERSION_ANNOTATION)
  return { digest, archive, ...(provenance ? { provenance } : {}), ...(typeof version === 'string' ? { version } : {}) }
}
