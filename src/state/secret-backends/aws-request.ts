import { awsKeys } from '../../base/aws-keys.ts'
import { type AwsRequest, awsSignature } from '../../base/aws-signature.ts'
import type { Fetched } from '../../supply/fetcher.ts'
import { askServer, type Backend, type Json, jsonOf, type SecretQuery, secretFailure } from './backend.ts'

/** One call of an AWS service that speaks JSON 1.1. */
export interface AwsCall {
  /** As in host names: `ssm`. */
  readonly service: string
  /** `AmazonSSM.GetParameter` */
  readonly target: string
  readonly body: object
}

/**
 * What the service answers. Keys come from the usual variables or from the shared credentials file; `AWS_ENDPOINT_URL` names another server.
 * @throws DiagnosticError `state/secret-ref`
 */
export async function callAws(by: Backend, query: SecretQuery, { service, target, body }: AwsCall): Promise<Json> {
  const region = regionOf(by, query)
  const url = new URL(by.host.env['AWS_ENDPOINT_URL'] || `https://${service}.${region}.amazonaws.com/`)
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target }
  return jsonOf(await askAws(by, query, { service, region, method: 'POST', url, headers, body: JSON.stringify(body) }), query)
}

const SHA256_OF_NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

/** An object of S3. @throws DiagnosticError `state/secret-ref` */
export async function readAwsObject(by: Backend, query: SecretQuery): Promise<string> {
  const slash = query.path.indexOf('/')
  if (slash < 1) throw secretFailure(query.uri, `invalid path "${query.path}"`, 'write BUCKET/KEY')
  const [bucket, key] = [query.path.slice(0, slash), query.path.slice(slash + 1)]
  const region = regionOf(by, query)
  const endpoint = by.host.env['AWS_ENDPOINT_URL_S3'] || by.host.env['AWS_ENDPOINT_URL']
  // A dot in a bucket's name fits no certificate, and other servers know no buckets in host names.
  const inPath = endpoint !== undefined || bucket.includes('.')
  const server = endpoint?.replace(/\/$/, '') ?? `https://${inPath ? '' : `${bucket}.`}s3.${region}.amazonaws.com`
  const version = query.query.get('version') || query.query.get('version_id')
  const path = [...(inPath ? [bucket] : []), ...key.split('/')].map(escaped).join('/')
  const url = new URL(`${server}/${path}${version ? `?versionId=${escaped(version)}` : ''}`)
  const headers = { 'x-amz-content-sha256': SHA256_OF_NOTHING }
  return (await askAws(by, query, { service: 's3', region, method: 'GET', url, headers, body: '' })).body.toString('utf8')
}

/** As AWS wants it signed: all but letters, digits and four marks. */
function escaped(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)
}

function regionOf({ host }: Backend, { query, uri }: SecretQuery): string {
  const region = query.get('region') || host.env['AWS_REGION'] || host.env['AWS_DEFAULT_REGION']
  if (region) return region
  throw secretFailure(uri, 'no region is named', 'set AWS_REGION, or add ?region=…')
}

async function askAws(by: Backend, query: SecretQuery, request: Omit<AwsRequest, 'now'>): Promise<Fetched> {
  if (query.query.get('role_arn')) throw secretFailure(query.uri, 'roles cannot be assumed', 'give the keys of the role')
  const keys = awsKeys(by.host, query.query.get('profile') ?? undefined)
  if (!keys) {
    const hint = 'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, as "aws configure export-credentials --format env" prints them'
    throw secretFailure(query.uri, 'there are no AWS keys', hint)
  }
  const { url, method, headers, body } = request
  const secretHeaders = awsSignature(keys, { ...request, now: new Date(by.host.now()) })
  return askServer(by, query, 'AWS', { url: url.href, method, headers, secretHeaders, ...(method === 'POST' && { body }) })
}
