import { createHash, createHmac } from 'node:crypto'
import { join } from 'node:path'
import type { Plain } from '../../go/plain.ts'
import { askServer, type Backend, jsonOf, type SecretQuery, secretFailure } from './backend.ts'

interface Credentials {
  readonly id: string
  readonly key: string
  readonly session: string | undefined
}

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
 * Source: AWS Signature Version 4
 */
export async function callAws(
  by: Backend,
  query: SecretQuery,
  { service, target, body }: AwsCall,
): Promise<{ readonly [key: string]: Plain | undefined }> {
  const region = query.query.get('region') || by.host.env['AWS_REGION'] || by.host.env['AWS_DEFAULT_REGION']
  if (!region) throw secretFailure(query.uri, 'no region is named', 'set AWS_REGION, or add ?region=…')
  if (query.query.get('role_arn')) throw secretFailure(query.uri, 'roles cannot be assumed', 'give the keys of the role')
  const url = new URL(by.host.env['AWS_ENDPOINT_URL'] || `https://${service}.${region}.amazonaws.com/`)
  const text = JSON.stringify(body)
  const headers = {
    'content-type': 'application/x-amz-json-1.1',
    'x-amz-target': target,
    ...signature(credentialsOf(by, query), { region, service, host: url.host, target, body: text, now: new Date(by.host.now()) }),
  }
  const { authorization, ...others } = headers
  return jsonOf(await askServer(by, query, 'AWS', { url: url.href, method: 'POST', headers: others, body: text, authorization }), query)
}

interface Signed {
  readonly region: string
  readonly service: string
  readonly host: string
  readonly target: string
  readonly body: string
  readonly now: Date
}

/** The headers that sign a POST of `body` to `/`. */
export function signature(
  { id, key, session }: Credentials,
  { region, service, host, target, body, now }: Signed,
): { readonly authorization: string; readonly [header: string]: string } {
  const time = now.toISOString().replace(/[-:]|\.\d{3}/g, '')
  const day = time.slice(0, 8)
  const entries = [
    ['content-type', 'application/x-amz-json-1.1'],
    ['host', host],
    ['x-amz-date', time],
    ...(session ? [['x-amz-security-token', session]] : []),
    ['x-amz-target', target],
  ]
  const names = entries.map(([name]) => name).join(';')
  const canonical = ['POST', '/', '', ...entries.map(([name, value]) => `${name}:${value}`), '', names, sha256(body)].join('\n')
  const scope = `${day}/${region}/${service}/aws4_request`
  const secret = [day, region, service, 'aws4_request'].reduce<string | Buffer>((from, part) => hmac(from, part), `AWS4${key}`)
  const mark = hmac(secret, ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n')).toString('hex')
  return {
    authorization: `AWS4-HMAC-SHA256 Credential=${id}/${scope}, SignedHeaders=${names}, Signature=${mark}`,
    'x-amz-date': time,
    ...(session && { 'x-amz-security-token': session }),
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

function credentialsOf(by: Backend, query: SecretQuery): Credentials {
  const { env } = by.host
  const wanted = query.query.get('profile') || env['AWS_PROFILE']
  const [id, key] = [env['AWS_ACCESS_KEY_ID'], env['AWS_SECRET_ACCESS_KEY']]
  if (!query.query.get('profile') && id && key) return { id, key, session: env['AWS_SESSION_TOKEN'] }
  const found = profileOf(by, wanted || 'default')
  const [storedId, storedKey] = [found.get('aws_access_key_id'), found.get('aws_secret_access_key')]
  if (storedId && storedKey) return { id: storedId, key: storedKey, session: found.get('aws_session_token') }
  throw secretFailure(
    query.uri,
    'there are no AWS keys',
    'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, as "aws configure export-credentials --format env" prints them',
  )
}

/** The entries of one section of the shared credentials file. */
function profileOf({ host }: Backend, wanted: string): ReadonlyMap<string, string> {
  const path = host.env['AWS_SHARED_CREDENTIALS_FILE'] || join(host.env['HOME'] ?? '', '.aws/credentials')
  const entries = new Map<string, string>()
  if (host.fs.stat(path)?.kind !== 'file') return entries
  let section = ''
  for (const line of host.fs
    .readText(path)
    .split('\n')
    .map((text) => text.trim())) {
    if (line.startsWith('[') && line.endsWith(']')) section = line.slice(1, -1).trim()
    const equals = line.indexOf('=')
    if (section === wanted && equals > 0) entries.set(line.slice(0, equals).trim(), line.slice(equals + 1).trim())
  }
  return entries
}
