import { setMaxListeners } from 'node:events'
import { type Agent, request as httpRequest, type IncomingHttpHeaders, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

/** One HTTP request, ready to be sent. */
export interface HttpRequest {
  readonly method: string
  readonly url: URL
  readonly headers: OutgoingHttpHeaders
  readonly body?: string | Uint8Array
  readonly agent: Agent
  /** Sends a request for an http:// URL to this proxy, which passes it on; `agent` then connects to the proxy. */
  readonly through?: URL
  /** Gives up when nothing arrives for this long. */
  readonly silenceMs: number
  /** Gives up when the head of the answer is not whole this long after the connection was there, however busy it is. */
  readonly headMs?: number
  /** Gives a body that came packed as it came, as files that are packed themselves need it. */
  readonly keepEncoding?: boolean
  readonly signal?: AbortSignal
}

/** An answer whose body is still on its way, unpacked unless asked otherwise. */
export interface HttpAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Readable
}

/** Why an exchange ended without an answer. */
export class ExchangeError extends Error {
  /** The system's code: `ECONNREFUSED`, `ECONNRESET`, …; empty where there is none. */
  readonly code: string
  /** True when no byte of the request can have reached the server. */
  readonly unsent: boolean

  constructor(cause: NodeJS.ErrnoException, unsent: boolean) {
    super(cause.message, { cause })
    this.name = 'ExchangeError'
    this.code = cause.code ?? ''
    this.unsent = unsent
  }
}

/**
 * Sends `request` and resolves once the head of the answer is there.
 *
 * @throws ExchangeError when there is no answer; the signal's reason when it is aborted
 */
export function exchange(request: HttpRequest): Promise<HttpAnswer> {
  const { signal } = request
  return new Promise((done, fail) => {
    if (signal?.aborted) return fail(signal.reason as Error)
    const target = request.through ?? request.url
    const send = target.protocol === 'https:' ? httpsRequest : httpRequest
    let connected = false
    const sent = send(target, { method: request.method, headers: request.headers, agent: request.agent, ...passedOn(request) })
    const onAbort = () => sent.destroy(abortError(signal))
    if (signal !== undefined) {
      // Many requests of one run listen to one signal; that is no leak, for each takes its listener away.
      setMaxListeners(0, signal)
      signal.addEventListener('abort', onAbort, { once: true })
    }
    sent.setTimeout(request.silenceMs, () => sent.destroy(silence(request.silenceMs)))
    let deadline: NodeJS.Timeout | undefined
    sent.on('socket', (socket) => {
      if (request.headMs !== undefined) deadline = setTimeout(() => sent.destroy(silence(request.headMs)), request.headMs)
      if (!socket.connecting) connected = true
      else
        socket.once(target.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
          connected = true
        })
    })
    sent.on('close', () => {
      clearTimeout(deadline)
      signal?.removeEventListener('abort', onAbort)
    })
    sent.on('error', (error) => fail(signal?.aborted ? (signal.reason as Error) : new ExchangeError(error, !connected)))
    sent.on('response', (message) => {
      clearTimeout(deadline)
      done({ status: message.statusCode ?? 0, headers: message.headers, body: request.keepEncoding ? message : unpacked(message) })
    })
    sent.end(request.body)
  })
}

/** A proxy is told the whole URL; who we are to it is no business of the server. Source: RFC 9112 section 3.2.2 */
function passedOn({ through, url, headers }: HttpRequest): { readonly path?: string; readonly headers?: OutgoingHttpHeaders } {
  if (through === undefined) return {}
  const authorization = proxyAuthorization(through)
  return { path: url.href, headers: { ...headers, host: url.host, ...(authorization === undefined ? {} : { 'proxy-authorization': authorization }) } }
}

/** As whom a proxy is asked: user and password of its URL; undefined without. */
export function proxyAuthorization({ username, password }: URL): string | undefined {
  if (username === '') return undefined
  return `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}`
}

function silence(milliseconds = 0): Error {
  return Object.assign(new Error(`no answer within ${milliseconds / 1000} s`), { code: 'ETIMEDOUT' })
}

function abortError(signal: AbortSignal | undefined): Error {
  return signal?.reason instanceof Error ? signal.reason : new Error('aborted')
}

function unpacked(message: IncomingMessage): Readable {
  if (message.headers['content-encoding'] !== 'gzip') return message
  // The reader sees the error on the unpacked end, where the pipeline passes it on.
  return pipeline(message, createGunzip(), () => undefined)
}

/** Reads a whole body. @throws Error when it is longer than `limit` bytes or breaks off */
export async function readBody(body: Readable, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > limit) throw Object.assign(new Error(`the answer is longer than ${limit} bytes`), { code: 'EMSGSIZE' })
    chunks.push(chunk)
  }
  return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, size)
}
