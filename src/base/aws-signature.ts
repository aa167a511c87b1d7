import { createHash, createHmac } from 'node:crypto'
import type { AwsKeys } from './aws-keys.ts'

/** A request to an AWS service. */
export interface AwsRequest {
  readonly service: string
  readonly region: string
  readonly method: 'GET' | 'POST'
  /** Its path and its query are encoded as the service reads them; the parameters stand in their order. */
  readonly url: URL
  /** Headers to sign beside the host and those of the signature, in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly now: Date
}

/**
 * The headers that sign `request`; they are the requester's secret until the signature has expired.
 * Source: AWS Signature Version 4
 */
export function awsSignature({ id, key, session }: AwsKeys, request: AwsRequest): { readonly [header: string]: string } {
  const { service, region, method, url, body, now } = request
  const time = now.toISOString().replace(/[-:]|\.\d{3}/g, '')
  const day = time.slice(0, 8)
  const tokens = { 'x-amz-date': time, ...(session && { 'x-amz-security-token': session }) }
  const entries = Object.entries({ ...request.headers, host: url.host, ...tokens }).sort(([a], [b]) => (a < b ? -1 : 1))
  const names = entries.map(([name]) => name).join(';')
  const canonical = [method, url.pathname, url.search.slice(1), ...entries.map(([name, value]) => `${name}:${value}`), '', names, sha256(body)].join(
    '\n',
  )
  const scope = `${day}/${region}/${service}/aws4_request`
  const secret = [day, region, service, 'aws4_request'].reduce<string | Buffer>((from, part) => hmac(from, part), `AWS4${key}`)
  const mark = hmac(secret, ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n')).toString('hex')
  return { authorization: `AWS4-HMAC-SHA256 Credential=${id}/${scope}, SignedHeaders=${names}, Signature=${mark}`, ...tokens }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
