import { awsKeys } from '../base/aws-keys.ts'
import { awsSignature } from '../base/aws-signature.ts'
import { failure } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import type { Cache } from './cache.ts'
import { digestOf } from './digest.ts'
import type { Fetched, Fetcher, FetchRequest } from './fetcher.ts'
import { publicUrl } from './public-url.ts'

/** What objects are fetched with. */
interface S3Line {
  readonly host: Host
  readonly cache: Cache
  readonly fetcher: Fetcher
}

const BUCKET = /^[A-Za-z0-9._-]{3,255}$/
const REGION = /^[a-z0-9-]+$/
const USUAL_REGION = 'us-east-1'
const NO_BODY = digestOf('').slice('sha256:'.length)

/** True for `s3://bucket/key`. */
export function isS3Url(url: string): boolean {
  return /^s3:\/\//i.test(url)
}

/**
 * `s3://bucket/key` for the address of an object on Amazon's servers (`https://bucket.s3.region.amazonaws.com/key`,
 * `https://s3.region.amazonaws.com/bucket/key`, the older forms with a dash), or for what is such a URL already; undefined for others.
 * Source: Helmfile 1.8 pkg/remote/remote.go (ParseS3Url)
 */
export function s3Url(address: string): string | undefined {
  if (isS3Url(address)) return address
  const [, inHost, path = ''] = /^https?:\/\/(?:([^/]+)\.)?s3(?:[.-][a-z0-9-]+)?\.amazonaws\.com(?:\.cn)?\/([^?]+)$/i.exec(address) ?? []
  if (path === '') return undefined
  return inHost === undefined ? `s3://${path}` : `s3://${inHost}/${path}`
}

/**
 * The object that `request.url` (`s3://bucket/key`) names, as whoever `awsKeys` says, or as nobody without keys. The bucket's region is
 * found out where nothing names it, and remembered. `AWS_ENDPOINT_URL_S3`, `AWS_ENDPOINT_URL` or `AWS_ENDPOINT` name another server.
 *
 * @returns the answer where its status is 200 or 304
 * @throws DiagnosticError `supply/bad-reference`, `supply/unauthorized`, `supply/not-found`, `supply/http-status`, and as the fetcher
 * Source: Amazon S3 API Reference (GetObject, error responses); github.com/hypnoglow/helm-s3
 */
export async function fetchObject(line: S3Line, request: FetchRequest): Promise<Fetched> {
  const { host, cache } = line
  const { bucket } = placeOf(request.url)
  const { HELM_S3_REGION: own, AWS_REGION: usual, AWS_DEFAULT_REGION: other } = host.env
  const known = cache.fact('s3-region', bucket)
  const region = own || (typeof known === 'string' ? known : usual || other || USUAL_REGION)
  const first = await send(line, request, region)
  const actual = regionIn(first)
  if (actual === undefined || actual === region) return accepted(first, request.url)
  cache.learn('s3-region', bucket, actual)
  return accepted(await send(line, request, actual), request.url)
}

function send({ host, fetcher }: S3Line, request: FetchRequest, region: string): Promise<Fetched> {
  const { bucket, key } = placeOf(request.url)
  const { AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, AWS_ENDPOINT } = host.env
  const server =
    AWS_ENDPOINT_URL_S3 || AWS_ENDPOINT_URL || AWS_ENDPOINT || `https://s3.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`
  if (!/^https?:\/\//i.test(server) || !URL.canParse(server)) {
    throw failure('supply/bad-reference', `"${publicUrl(server)}" is no address of a server for S3`, { hint: 'set AWS_ENDPOINT_URL to https://…' })
  }
  const url = new URL(`${server.replace(/\/+$/, '')}/${bucket}/${key}`)
  const keys = awsKeys(host)
  const headers = { 'x-amz-content-sha256': NO_BODY }
  const signed = keys && awsSignature(keys, { service: 's3', region, method: 'GET', url, headers, body: '', now: new Date(host.now()) })
  return fetcher.fetch({
    ...request,
    url: url.href,
    headers: { ...request.headers, ...headers },
    ...(signed && { secretHeaders: signed }),
  })
}

/** A bucket and a key as both stand in a path. @throws DiagnosticError `supply/bad-reference` */
function placeOf(url: string): { readonly bucket: string; readonly key: string } {
  const [, bucket = '', path = ''] = /^s3:\/\/([^/?#]*)\/([^?#]*)$/i.exec(url) ?? []
  if (BUCKET.test(bucket) && path !== '') return { bucket, key: encodedKey(path) }
  throw failure('supply/bad-reference', `"${publicUrl(url)}" names no object`, { hint: 'write s3://bucket/key' })
}

/** Signatures are over one way of writing a key: everything but letters, digits and `-._~/` in hexadecimal. */
function encodedKey(path: string): string {
  const key = path.replace(/(?:%[0-9a-f]{2})+/gi, (hex) => Buffer.from(hex.replaceAll('%', ''), 'hex').toString('utf8'))
  return encodeURIComponent(key)
    .replaceAll('%2F', '/')
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
}

/** The region that an answer says the bucket is in, when it refuses because of that. */
function regionIn({ status, headers, body }: Fetched): string | undefined {
  if (![301, 307, 400, 403].includes(status)) return undefined
  const named = headers['x-amz-bucket-region'] ?? fieldOf(body, 'Region')
  return typeof named === 'string' && REGION.test(named) ? named : undefined
}

function fieldOf(body: Buffer, name: string): string | undefined {
  return new RegExp(`<${name}>([^<]{1,100})</${name}>`).exec(body.toString('utf8'))?.[1]
}

function accepted(answer: Fetched, url: string): Fetched {
  const { status, body } = answer
  if (status === 200 || status === 304) return answer
  const why = fieldOf(body, 'Code')
  const summary = `${publicUrl(url)} answered ${status}${why !== undefined && /^\w+$/.test(why) ? ` (${why})` : ''}`
  if (status === 404) throw failure('supply/not-found', summary, { hint: 'check bucket and key' })
  if (status !== 401 && status !== 403) throw failure('supply/http-status', summary, { hint: 'try again later, or set AWS_REGION' })
  throw failure('supply/unauthorized', summary, {
    hint: 'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN) of somebody who may read it, or AWS_PROFILE; roles are not assumed',
  })
}
