import { createHash } from 'node:crypto'
import { failure } from '../base/diagnostic.ts'
import type { ChartMetadata } from '../chart/chart.ts'
import { encodeJson } from '../go/json-encode.ts'
import { fromPlain } from '../go/plain.ts'
import { compareBytes } from '../go/values.ts'
import type { Fetched, FetchRequest } from '../supply/fetcher.ts'
import { tagOf } from '../supply/oci-reference.ts'
import { registryOrigin } from '../supply/oci-registry.ts'
import { openSession, type RegistryAccess } from '../supply/registry-auth.ts'
import { answerOf, type SupplyLine } from '../supply/remote-content.ts'
import { metadataFields } from './metadata-document.ts'

const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json'
const CONFIG_TYPE = 'application/vnd.cncf.helm.config.v1+json'
const CHART_TYPE = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip'
const PROVENANCE_TYPE = 'application/vnd.cncf.helm.chart.provenance.v1.prov'

const MAX_ANSWER_BYTES = 1024 * 1024

/** A chart to publish. */
export interface Publication {
  readonly archive: Uint8Array
  readonly metadata: ChartMetadata
  readonly provenance?: Uint8Array
  /** When it was made: milliseconds since the epoch. */
  readonly created: number
}

/** What a registry was given. */
export interface Pushed {
  /** `host/path/name:tag`. */
  readonly reference: string
  /** Of the manifest. */
  readonly digest: string
}

interface Blob {
  readonly mediaType: string
  readonly digest: string
  readonly data: Uint8Array
}

function blobOf(mediaType: string, data: Uint8Array): Blob {
  return { mediaType, digest: `sha256:${createHash('sha256').update(data).digest('hex')}`, data }
}

const descriptor = ({ mediaType, digest, data }: Blob): object => ({ mediaType, digest, size: data.length })

function authorsOf({ maintainers = [] }: ChartMetadata): string {
  return maintainers.map(({ name = '', email = '' }) => `${name}${email === '' ? '' : ` (${email})`}`).join(', ')
}

const TITLE = 'org.opencontainers.image.title'
const VERSION = 'org.opencontainers.image.version'

/** What the manifest says of the chart; its own annotations win but for name and version. Source: Helm 4.3.1 pkg/registry/chart.go */
function annotationsOf({ metadata, created }: Publication): Readonly<Record<string, string>> {
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['org.opencontainers.image.description', metadata.description],
    [TITLE, metadata.name],
    [VERSION, metadata.version],
    ['org.opencontainers.image.url', metadata.home],
    ['org.opencontainers.image.created', `${new Date(created).toISOString().slice(0, 19)}Z`],
    ['org.opencontainers.image.source', metadata.sources?.[0]],
    ['org.opencontainers.image.authors', authorsOf(metadata)],
  ]
  const own = Object.entries(metadata.annotations ?? {}).filter(([key]) => key !== TITLE && key !== VERSION)
  const all = new Map([...facts.filter(([, text = '']) => text.trim() !== ''), ...own]) as Map<string, string>
  return Object.fromEntries([...all].sort(([a], [b]) => compareBytes(a, b)))
}

/** The answer where the registry took what it was sent. @throws DiagnosticError `supply/http-status` and such */
function accepted(answer: Fetched, url: string): Fetched {
  return answer.status >= 200 && answer.status < 300 ? answer : answerOf(answer, url)
}

interface Manifest {
  readonly data: Buffer
  readonly blobs: readonly Blob[]
}

function manifestOf(publication: Publication): Manifest {
  const { archive, metadata, provenance } = publication
  const config = blobOf(CONFIG_TYPE, Buffer.from(encodeJson(fromPlain(metadataFields(metadata)))))
  const layers = [blobOf(CHART_TYPE, archive), ...(provenance ? [blobOf(PROVENANCE_TYPE, provenance)] : [])]
  layers.sort((a, b) => compareBytes(a.digest, b.digest))
  const manifest = { schemaVersion: 2, config: descriptor(config), layers: layers.map(descriptor), annotations: annotationsOf(publication) }
  return { data: Buffer.from(JSON.stringify(manifest)), blobs: [config, ...layers] }
}

/** Where an upload goes on: the registry says it in full or from its own root. */
function locationOf({ headers }: Fetched, from: string): URL {
  const { location } = headers
  if (location !== undefined && URL.canParse(location, from)) return new URL(location, from)
  throw failure('publish/bad-registry', 'the registry accepts an upload and does not say where to', { hint: 'check that this is a registry' })
}

/**
 * Publishes an archive as `<place>/<name>:<version>` with Helm's media types and annotations; what the registry has is not sent again.
 *
 * @param place path inside the registry, empty for its root
 * @throws DiagnosticError `supply/unauthorized`, `supply/http-status`, `publish/bad-registry` and what fetching throws
 * Source: Helm 4.3.1 pkg/registry/client.go (Push); OCI distribution specification 1.1, pushing
 */
export async function pushArchive(line: SupplyLine, access: RegistryAccess, place: string, publication: Publication): Promise<Pushed> {
  const { name, version } = publication.metadata
  const repository = place === '' ? name : `${place}/${name}`
  const base = `${registryOrigin(access)}/v2/${repository}`
  const session = openSession(line.host, line.fetcher, access)
  const send = (request: Omit<FetchRequest, 'maxBytes' | 'trust'>): Promise<Fetched> =>
    session.send({ ...request, maxBytes: MAX_ANSWER_BYTES, ...(access.trust ? { trust: access.trust } : {}) }, `repository:${repository}:pull,push`)
  const { data, blobs } = manifestOf(publication)
  for (const blob of blobs) {
    if ((await send({ url: `${base}/blobs/${blob.digest}`, method: 'HEAD' })).status === 200) continue
    const begun = accepted(
      await send({ url: `${base}/blobs/uploads/`, method: 'POST', headers: { 'content-length': '0' } }),
      `${base}/blobs/uploads/`,
    )
    const upload = locationOf(begun, base)
    upload.searchParams.set('digest', blob.digest)
    const headers = { 'content-type': 'application/octet-stream', 'content-length': String(blob.data.length) }
    accepted(await send({ url: upload.href, method: 'PUT', headers, body: blob.data }), base)
  }
  const tag = tagOf(version)
  const url = `${base}/manifests/${tag}`
  accepted(await send({ url, method: 'PUT', headers: { 'content-type': MANIFEST_TYPE, 'content-length': String(data.length) }, body: data }), url)
  return { reference: `${access.registry}/${repository}:${tag}`, digest: blobOf(MANIFEST_TYPE, data).digest }
}
