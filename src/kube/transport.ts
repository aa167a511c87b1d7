import type { Agent, OutgoingHttpHeaders } from 'node:http'
import type { Host } from '../base/host.ts'
import { type ConnectionSettings, makeAgent } from '../base/http-agent.ts'
import { ExchangeError, exchange, type HttpAnswer, readBody } from '../base/http-exchange.ts'
import { proxyFor } from '../base/http-proxy.ts'
import type { Access } from './access.ts'
import { type Credential, type Credentials, pem } from './auth/credential.ts'
import { credentialsOf } from './auth/credentials.ts'
import { type Outcome, retryDelay } from './retry.ts'
import { unreachable } from './unreachable.ts'

/** One request to the server. `path` carries its query. */
export interface TransportRequest {
  readonly method: string
  readonly path: string
  readonly body?: string
  readonly contentType?: string
  readonly accept?: string
  /** True when sending it twice does no more than sending it once. */
  readonly idempotent: boolean
  readonly signal?: AbortSignal
}

/** A whole answer. */
export interface TransportAnswer {
  readonly status: number
  readonly body: Buffer
}

/** Sends requests to one server; resolves with every answer, refusals included. */
export interface Transport {
  send(request: TransportRequest): Promise<TransportAnswer>
  /** For answers without an end: not retried, on connections of their own. */
  open(request: TransportRequest): Promise<HttpAnswer>
  close(): void
}

/** Limits and listeners of a transport. */
export interface TransportOptions {
  /** Connections at once. */
  readonly maxSockets?: number
  /** Gives up on a request when nothing arrives for this long. */
  readonly silenceMs?: number
  /** Largest answer that is read. */
  readonly maxAnswerBytes?: number
  /** Called for each attempt. */
  readonly onRequest?: (request: TransportRequest) => void
  /** Called with the size of each whole answer. */
  readonly onAnswer?: (bytes: number) => void
  /** Called with each text of the server's Warning headers. */
  readonly onWarning?: (text: string) => void
}

const DEFAULT_MAX_SOCKETS = 16
const DEFAULT_SILENCE_MS = 60_000
const DEFAULT_MAX_ANSWER_BYTES = 1024 * 1024 * 1024
/** The server sends bookmarks about once a minute; a stream without two of them is taken for dead. */
const STREAM_SILENCE_MS = 150_000

/**
 * Requests over keep-alive connections with the credentials of `access`: refused and broken ones are tried again, and after a
 * 401 the credentials are made anew once.
 *
 * @throws DiagnosticError `kube/unreachable` (from `send` and `open`) when there is no answer; `kube/bad-credentials`,
 * `base/bad-certificate`, `kube/exec-plugin`, `kube/oidc` when there are no credentials
 */
export function makeTransport(host: Host, access: Access, options: TransportOptions = {}): Transport {
  const connection = connectionSettings(host, access, options)
  const agents = agentsFor(connection)
  const tickets = ticketsOf(credentialsOf(host, access))
  const attempt = async (request: TransportRequest, streaming: boolean): Promise<Attempt> => {
    options.onRequest?.(request)
    const { credential, turn } = await tickets.current(request.signal)
    const answer = await exchange({
      method: request.method,
      url: new URL(access.cluster.server + request.path),
      headers: headersOf(request, credential),
      agent: agents.for(credential, streaming),
      silenceMs: streaming ? STREAM_SILENCE_MS : (options.silenceMs ?? DEFAULT_SILENCE_MS),
      ...(request.body === undefined ? {} : { body: request.body }),
      ...(request.signal === undefined ? {} : { signal: request.signal }),
    })
    if (options.onWarning) warningsIn(answer.headers['warning']).forEach(options.onWarning)
    return { ...answer, turn }
  }
  const limit = options.maxAnswerBytes ?? DEFAULT_MAX_ANSWER_BYTES
  return {
    send: (request) =>
      sendWithRetries(host, access, request, tickets, async () => {
        const answer = await attempt(request, false)
        const body = await bodyOf(answer, limit)
        options.onAnswer?.(body.length)
        return { status: answer.status, body, retryAfter: answer.headers['retry-after'], turn: answer.turn }
      }),
    open: (request) => openOnce(access, request, tickets, () => attempt(request, true)),
    close: () => agents.close(),
  }
}

/** `turn` counts the credentials: which of them it was asked with. */
interface Attempt extends HttpAnswer {
  readonly turn: number
}

interface WholeAnswer extends TransportAnswer {
  readonly retryAfter: string | undefined
  readonly turn: number
}

interface Tickets {
  current(signal: AbortSignal | undefined): Promise<{ readonly credential: Credential; readonly turn: number }>
  /** The credential of that turn was refused; false when there is no other. */
  refused(turn: number): boolean
}

/** Credentials that are made anew once for all requests that were refused with the same ones. */
function ticketsOf(credentials: Credentials): Tickets {
  let turn = 0
  return {
    current: async (signal) => {
      const of = turn
      return { credential: await credentials.current(signal), turn: of }
    },
    refused: (of) => {
      if (of !== turn) return true
      if (!credentials.refresh()) return false
      turn++
      return true
    },
  }
}

async function sendWithRetries(
  host: Host,
  access: Access,
  request: TransportRequest,
  tickets: Tickets,
  attempt: () => Promise<WholeAnswer>,
): Promise<TransportAnswer> {
  let refreshed = false
  for (let tries = 1; ; tries++) {
    const result = await attempt().catch((error: unknown) => exchangeErrorOrThrow(error))
    if (!(result instanceof ExchangeError) && result.status === 401 && !refreshed && tickets.refused(result.turn)) {
      refreshed = true
      continue
    }
    const delay = isFinal(result) ? undefined : retryDelay(tries, outcomeOf(result), request.idempotent, (host.randomBytes(1)[0] as number) / 256)
    if (delay !== undefined) await host.sleep(delay, request.signal)
    else if (result instanceof ExchangeError) throw unreachable(access, result, tries)
    else return result
  }
}

async function openOnce(access: Access, request: TransportRequest, tickets: Tickets, attempt: () => Promise<Attempt>): Promise<HttpAnswer> {
  const once = async () => {
    const result = await attempt().catch((error: unknown) => exchangeErrorOrThrow(error))
    if (result instanceof ExchangeError) throw unreachable(access, result, 1)
    return result
  }
  const first = await once()
  if (first.status !== 401 || request.signal?.aborted || !tickets.refused(first.turn)) return first
  first.body.destroy()
  return once()
}

function isFinal(result: WholeAnswer | ExchangeError): boolean {
  return !(result instanceof ExchangeError) && result.status < 429
}

function outcomeOf(result: WholeAnswer | ExchangeError): Outcome {
  if (result instanceof ExchangeError) return { code: result.code, unsent: result.unsent }
  return { status: result.status, retryAfter: result.retryAfter, message: result.status === 500 ? result.body.toString('utf8') : '' }
}

function exchangeErrorOrThrow(error: unknown): ExchangeError {
  if (error instanceof ExchangeError) return error
  throw error
}

async function bodyOf(answer: HttpAnswer, limit: number): Promise<Buffer> {
  try {
    return await readBody(answer.body, limit)
  } catch (error) {
    throw new ExchangeError(error as NodeJS.ErrnoException, false)
  }
}

function headersOf(request: TransportRequest, credential: Credential): OutgoingHttpHeaders {
  return {
    'user-agent': 'flotilla',
    accept: request.accept ?? 'application/json',
    'accept-encoding': 'gzip',
    ...(request.body === undefined
      ? {}
      : { 'content-type': request.contentType ?? 'application/json', 'content-length': Buffer.byteLength(request.body) }),
    ...credential.headers,
  }
}

/** `299 - "text"`, several of them with commas between; quotes inside are escaped (RFC 7234, section 5.5). */
function warningsIn(header: string | undefined): readonly string[] {
  const texts = (header ?? '').matchAll(/\b299 \S+ "((?:[^"\\]|\\.)*)"/g)
  return [...texts].map((match) => (match[1] as string).replace(/\\(.)/g, '$1'))
}

function connectionSettings(host: Host, access: Access, options: TransportOptions): Omit<ConnectionSettings, 'cert' | 'key'> {
  const { cluster } = access
  const server = new URL(cluster.server)
  const ca = cluster.insecureSkipTlsVerify ? undefined : pem(host, cluster.caFile, cluster.caData, 'certificate authority')
  return {
    server,
    proxy: proxyFor(host, server, cluster.proxyUrl),
    insecureSkipTlsVerify: cluster.insecureSkipTlsVerify,
    maxSockets: options.maxSockets ?? DEFAULT_MAX_SOCKETS,
    ...(ca === undefined ? {} : { ca }),
    ...(cluster.tlsServerName === undefined ? {} : { tlsServerName: cluster.tlsServerName }),
  }
}

/** One agent for requests and one for streams, made anew when an exec plugin hands out another certificate. */
function agentsFor(settings: Omit<ConnectionSettings, 'cert' | 'key'>): { for(credential: Credential, streaming: boolean): Agent; close(): void } {
  let cert: string | undefined
  let agents: { readonly requests: Agent; readonly streams: Agent } | undefined
  const close = () => {
    agents?.requests.destroy()
    agents?.streams.destroy()
    agents = undefined
  }
  return {
    for: (credential, streaming) => {
      if (agents !== undefined && credential.cert !== cert) close()
      cert = credential.cert
      const pair = credential.cert === undefined || credential.key === undefined ? {} : { cert: credential.cert, key: credential.key }
      agents ??= { requests: makeAgent({ ...settings, ...pair }), streams: makeAgent({ ...settings, ...pair, maxSockets: Infinity }) }
      return streaming ? agents.streams : agents.requests
    },
    close,
  }
}
