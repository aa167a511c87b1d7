import { createHash, createHmac } from 'node:crypto'
import type { IncomingMessage, RequestListener } from 'node:http'

/** A store of objects that knows one user, and buckets by their region. */
export interface ObjectStore {
  /** By `/bucket/key`, decoded. */
  readonly objects: ReadonlyMap<string, Buffer | string>
  /** Of each bucket; those that are not named lie in us-east-1. */
  readonly regions?: Readonly<Record<string, string>>
  readonly key: string
  /** Buckets that whoever asks may read. */
  readonly open?: readonly string[]
}

/** Answers as S3 does: refuses what is not signed for the bucket's region, at this very minute, by the user. */
export function s3Listener({ objects, regions = {}, key, open = [] }: ObjectStore): RequestListener {
  return (request, response) => {
    const refuse = (status: number, code: string, region = ''): void => {
      response.writeHead(status, region ? { 'x-amz-bucket-region': region } : {}).end(`<Error><Code>${code}</Code></Error>`)
    }
    const path = request.url ?? ''
    const bucket = path.split('/')[1] ?? ''
    const region = regions[bucket] ?? 'us-east-1'
    const { authorization } = request.headers
    if (authorization === undefined && !open.includes(bucket)) return refuse(403, 'AccessDenied')
    if (authorization !== undefined) {
      const signedFor = /\/([a-z0-9-]+)\/s3\/aws4_request/.exec(authorization)?.[1] ?? ''
      if (signedFor !== region) return refuse(301, 'PermanentRedirect', region)
      if (Math.abs(Date.now() - timeOf(request)) > 15 * 60_000) return refuse(403, 'RequestTimeTooSkewed')
      if (authorization.split('Signature=')[1] !== signatureOf(request, key, region)) return refuse(403, 'SignatureDoesNotMatch')
    }
    const found = objects.get(decodeURIComponent(path))
    if (found === undefined) return refuse(404, 'NoSuchKey')
    const etag = `"${createHash('md5').update(found).digest('hex')}"`
    if (request.headers['if-none-match'] === etag) return void response.writeHead(304, { etag }).end()
    response.writeHead(200, { etag, 'accept-ranges': 'bytes' }).end(found)
  }
}

function timeOf({ headers }: IncomingMessage): number {
  return Date.parse(String(headers['x-amz-date']).replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))
}

/** Source: Amazon S3 API Reference, signature calculations for the Authorization header */
function signatureOf({ headers, method, url }: IncomingMessage, key: string, region: string): string {
  const names = /SignedHeaders=([^,]*)/.exec(headers.authorization ?? '')?.[1] ?? ''
  const signed = names.split(';').map((name) => `${name}:${headers[name]}\n`)
  const canonical = `${method}\n${url}\n\n${signed.join('')}\n${names}\n${headers['x-amz-content-sha256']}`
  const day = String(headers['x-amz-date']).slice(0, 8)
  const text = `AWS4-HMAC-SHA256\n${headers['x-amz-date']}\n${day}/${region}/s3/aws4_request\n${createHash('sha256').update(canonical).digest('hex')}`
  const mac = (from: string | Buffer, part: string): Buffer => createHmac('sha256', from).update(part).digest()
  return mac(mac(mac(mac(mac(`AWS4${key}`, day), region), 's3'), 'aws4_request'), text).toString('hex')
}
