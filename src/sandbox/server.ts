import { createHash, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Cluster } from './cluster.ts'
import { handleRequest } from './handle-request.ts'
import { decodeProtobuf } from './protobuf.ts'
import type { ApiResponse } from './request.ts'
import { ApiError, statusOf } from './status.ts'

/** Larger bodies are refused, as an API server refuses more than 3 MiB. */
const MAX_BODY_BYTES = 3 * 1024 * 1024

/** An HTTP server that answers for the cluster to callers who know `token`. Not listening yet. */
export function apiServer(cluster: Cluster, token: string): Server {
  const expected = digest(token)
  return createServer({ keepAliveTimeout: 120_000, requestTimeout: 0 }, (request, response) => {
    respond(cluster, expected, request, response).catch((error: unknown) => sendError(response, error))
  })
}

/** What the server's address ends in for clients that send no token over plain HTTP, as client-go does not. */
export function tokenPath(token: string): string {
  return `/token/${token}`
}

interface Credentials {
  readonly token: string
  /** The path without the token. */
  readonly path: string
}

function credentialsOf(pathname: string, authorization: string | undefined): Credentials {
  const inPath = /^\/token\/([^/]+)(\/.*)?$/.exec(pathname)
  if (inPath) return { token: inPath[1] as string, path: inPath[2] ?? '/' }
  return { token: (authorization ?? '').replace(/^Bearer /i, ''), path: pathname }
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

async function respond(cluster: Cluster, expected: Buffer, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://sandbox')
  const { token, path } = credentialsOf(url.pathname, request.headers.authorization)
  if (!timingSafeEqual(digest(token), expected)) throw new ApiError(401, 'Unauthorized', 'Unauthorized')
  const contentType = (request.headers['content-type'] ?? 'application/json').split(';')[0]?.trim() ?? ''
  const bytes = await readBody(request)
  const isProtobuf = contentType === 'application/vnd.kubernetes.protobuf' && bytes.length > 0
  const answer = await handleRequest(cluster, {
    method: request.method ?? 'GET',
    path,
    query: url.searchParams,
    body: isProtobuf ? JSON.stringify(decodeProtobuf(bytes)) : bytes.toString('utf8'),
    contentType: isProtobuf ? 'application/json' : contentType,
    accept: request.headers.accept ?? '',
    userAgent: request.headers['user-agent'] ?? '',
    address: request.headers.host ?? '',
  })
  send(answer, request, response)
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    size += (chunk as Buffer).length
    if (size > MAX_BODY_BYTES) throw new ApiError(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${MAX_BODY_BYTES}`)
    chunks.push(chunk as Buffer)
  }
  return Buffer.concat(chunks)
}

function send(answer: ApiResponse, request: IncomingMessage, response: ServerResponse): void {
  if (!('watch' in answer)) {
    for (const warning of answer.warnings ?? []) response.appendHeader('Warning', `299 - ${JSON.stringify(warning)}`)
    write(response, answer.status, answer.text, answer.contentType)
    return
  }
  const ended = new AbortController()
  response.on('close', () => ended.abort())
  response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-cache, private' })
  response.flushHeaders()
  answer.watch({ write: (line) => response.write(line), end: () => response.end(), ended: ended.signal })
  request.resume()
}

function write(response: ServerResponse, status: number, text: string, contentType = 'application/json'): void {
  response.writeHead(status, { 'Content-Type': contentType, 'Content-Length': Buffer.byteLength(text), 'Cache-Control': 'no-cache, private' })
  response.end(text)
}

function sendError(response: ServerResponse, error: unknown): void {
  const known =
    error instanceof ApiError ? error : new ApiError(500, 'InternalError', `Internal error occurred: ${String((error as Error).stack ?? error)}`)
  if (response.headersSent) response.end()
  else write(response, known.code, `${JSON.stringify(statusOf(known))}\n`)
}
