import { randomBytes } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { sha256 } from './chart-archive.ts'

/** How a test's registry lets people in; everyone when absent. */
export interface RegistryAuth {
  readonly kind: 'basic' | 'token'
  readonly username: string
  readonly password: string
  /** Tokens count so many of the registry's own seconds. */
  readonly tokenSeconds?: number
  /** The registry's clock in milliseconds. */
  readonly now?: () => number
}

/** What a registry holds; may be filled and changed directly. */
export interface RegistryContent {
  /** By digest. */
  readonly blobs: Map<string, Buffer>
  /** By repository and tag or digest: `charts/web:1.0.0`, `charts/web@sha256:…`. */
  readonly manifests: Map<string, { readonly type: string; readonly data: Buffer }>
}

const MANIFEST_TYPE = 'application/vnd.oci.image.manifest.v1+json'
const CONFIG_TYPE = 'application/vnd.cncf.helm.config.v1+json'
const CHART_TYPE = 'application/vnd.cncf.helm.chart.content.v1.tar+gzip'

export function emptyRegistry(): RegistryContent {
  return { blobs: new Map(), manifests: new Map() }
}

/** Puts a chart archive under a tag, as `helm push` does. @returns the manifest's digest */
export function publish(content: RegistryContent, repository: string, tag: string, archive: Buffer): string {
  const descriptor = (mediaType: string, data: Buffer): object => {
    const digest = `sha256:${sha256(data)}`
    content.blobs.set(digest, data)
    return { mediaType, digest, size: data.length }
  }
  const config = descriptor(CONFIG_TYPE, Buffer.from('{}'))
  const manifest = { schemaVersion: 2, mediaType: MANIFEST_TYPE, config, layers: [descriptor(CHART_TYPE, archive)] }
  const data = Buffer.from(JSON.stringify(manifest))
  const digest = `sha256:${sha256(data)}`
  for (const key of [`${repository}:${tag}`, `${repository}@${digest}`]) content.manifests.set(key, { type: MANIFEST_TYPE, data })
  return digest
}

/**
 * A registry that follows the OCI distribution specification 1.1 as far as clients of charts go: pull, push in one or more
 * pieces, tags in pages; tokens as distribution/distribution hands them out.
 */
export function registryListener(content: RegistryContent, auth?: RegistryAuth): RequestListener {
  const tokens = new Map<string, number>()
  const uploads = new Map<string, Buffer>()
  const now = auth?.now ?? Date.now
  return (request, response) => {
    const url = new URL(request.url ?? '', `http://${request.headers.host}`)
    if (url.pathname === '/token') return handOutToken(request, response)
    if (auth && !mayPass(request)) return challenge(request, response, url)
    handle(request, response, url).catch((error: Error) => response.writeHead(500).end(error.message))
  }

  function isUser(request: IncomingMessage): boolean {
    return request.headers.authorization === `Basic ${Buffer.from(`${auth?.username}:${auth?.password}`).toString('base64')}`
  }

  function mayPass(request: IncomingMessage): boolean {
    if (auth?.kind === 'basic') return isUser(request)
    const expires = tokens.get((request.headers.authorization ?? '').replace(/^Bearer /, ''))
    return expires !== undefined && expires > now()
  }

  function challenge(request: IncomingMessage, response: ServerResponse, url: URL): void {
    const [, repository] = /^\/v2\/(.+)\/(?:manifests|blobs|tags)\//.exec(url.pathname) ?? []
    const scope =
      repository === undefined ? '' : `,scope="repository:${repository}:pull${request.method === 'GET' || request.method === 'HEAD' ? '' : ',push'}"`
    const header =
      auth?.kind === 'basic' ? 'Basic realm="registry"' : `Bearer realm="http://${request.headers.host}/token",service="registry"${scope}`
    response.writeHead(401, { 'www-authenticate': header, 'content-type': 'application/json' }).end('{"errors":[{"code":"UNAUTHORIZED"}]}')
  }

  function handOutToken(request: IncomingMessage, response: ServerResponse): void {
    if (!isUser(request)) return void response.writeHead(401).end()
    const token = randomBytes(12).toString('hex')
    const seconds = auth?.tokenSeconds ?? 60
    tokens.set(token, now() + seconds * 1000)
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ token, expires_in: seconds }))
  }

  async function handle(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const { pathname } = url
    if (pathname === '/v2/') return void response.writeHead(200).end('{}')
    const [, repository = '', kind = '', rest = ''] = /^\/v2\/(.+?)\/(manifests|blobs|tags)\/(.*)$/.exec(pathname) ?? []
    if (kind === 'tags') return listTags(response, repository, url)
    if (kind === 'manifests') return manifest(request, response, repository, rest)
    if (rest.startsWith('uploads/')) return upload(request, response, repository, url)
    sendBlob(request, response, rest)
  }

  function listTags(response: ServerResponse, repository: string, url: URL): void {
    const all = [...content.manifests.keys()].filter((key) => key.startsWith(`${repository}:`)).map((key) => key.slice(repository.length + 1))
    const after = url.searchParams.get('last') ?? ''
    const size = Math.min(Number(url.searchParams.get('n') ?? 2), 2)
    const left = all.sort().filter((tag) => tag > after)
    const tags = left.slice(0, size)
    const next = left.length > size ? { link: `</v2/${repository}/tags/list?n=${size}&last=${tags.at(-1)}>; rel="next"` } : {}
    response.writeHead(all.length > 0 ? 200 : 404, { 'content-type': 'application/json', ...next }).end(JSON.stringify({ name: repository, tags }))
  }

  async function manifest(request: IncomingMessage, response: ServerResponse, repository: string, reference: string): Promise<void> {
    const key = (of: string): string => `${repository}${of.includes(':') ? '@' : ':'}${of}`
    if (request.method === 'PUT') {
      const entry = { type: request.headers['content-type'] ?? MANIFEST_TYPE, data: await bodyOf(request) }
      const digest = `sha256:${sha256(entry.data)}`
      content.manifests.set(key(reference), entry)
      content.manifests.set(key(digest), entry)
      return void response.writeHead(201, { location: `/v2/${repository}/manifests/${digest}`, 'docker-content-digest': digest }).end()
    }
    const entry = content.manifests.get(key(reference))
    if (!entry) return void response.writeHead(404).end('{"errors":[{"code":"MANIFEST_UNKNOWN"}]}')
    const headers = { 'content-type': entry.type, 'docker-content-digest': `sha256:${sha256(entry.data)}`, 'content-length': entry.data.length }
    response.writeHead(200, headers).end(request.method === 'HEAD' ? undefined : entry.data)
  }

  function sendBlob(request: IncomingMessage, response: ServerResponse, digest: string): void {
    const blob = content.blobs.get(digest)
    if (!blob) return void response.writeHead(404).end('{"errors":[{"code":"BLOB_UNKNOWN"}]}')
    response.writeHead(200, { 'content-length': blob.length, 'docker-content-digest': digest }).end(request.method === 'HEAD' ? undefined : blob)
  }

  async function upload(request: IncomingMessage, response: ServerResponse, repository: string, url: URL): Promise<void> {
    const id = url.pathname.split('/').at(-1) || randomBytes(8).toString('hex')
    const data = Buffer.concat([uploads.get(id) ?? Buffer.alloc(0), await bodyOf(request)])
    uploads.set(id, data)
    const digest = url.searchParams.get('digest')
    if (digest === null) return void response.writeHead(202, { location: `/v2/${repository}/blobs/uploads/${id}`, range: `0-${data.length}` }).end()
    if (digest !== `sha256:${sha256(data)}`) return void response.writeHead(400).end('{"errors":[{"code":"DIGEST_INVALID"}]}')
    content.blobs.set(digest, data)
    response.writeHead(201, { location: `/v2/${repository}/blobs/${digest}`, 'docker-content-digest': digest }).end()
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks)
}
