import type { Agent, IncomingHttpHeaders } from 'node:http'
import { failure } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import { makeAgent } from '../base/http-agent.ts'
import { ExchangeError, exchange, type HttpAnswer } from '../base/http-exchange.ts'
import { proxyFor } from '../base/http-proxy.ts'
import { BodyCollector, TooLongError } from './body-collector.ts'
import { publicUrl } from './public-url.ts'
import { retryDelay } from './retry-delay.ts'

/** Whom to trust on the way to a server, and as whom to appear. Absolute paths of PEM files. */
export interface Trust {
  readonly caFile?: string
  readonly certFile?: string
  readonly keyFile?: string
  readonly skipTlsVerify?: boolean
}

/** One thing to fetch. */
export interface FetchRequest {
  readonly url: string
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  /** The Authorization header; it goes to the server of `url` only, also after a redirection. */
  readonly authorization?: string
  /** Headers that go to the server of `url` only, as `authorization` does. */
  readonly secretHeaders?: Readonly<Record<string, string>>
  readonly trust?: Trust
  readonly maxBytes: number
  /** Lets the server pack the body on its way. */
  readonly mayPack?: boolean
}

/** A whole answer, whatever its status. */
export interface Fetched {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** Fetches over connections that stay open between requests. */
export interface Fetcher {
  /**
   * Follows redirections, tries again what may pass, continues downloads that broke off.
   * @throws DiagnosticError `supply/unreachable`, `supply/too-large`, `supply/redirect`, `base/bad-proxy`, `base/bad-certificate`
   */
  fetch(request: FetchRequest): Promise<Fetched>
  close(): void
}

export interface FetcherOptions {
  /** Gives up on a connection when nothing arrives for this long, or next to nothing again and again. */
  readonly silenceMs?: number
  readonly signal?: AbortSignal
}

const MAX_REDIRECTIONS = 10
const MAX_SOCKETS = 8
const SILENCE_MS = 30_000
const MIN_BYTES = 1024
/** A download that got on by so much before it broke is as good as a new one. */
const PROGRESS_BYTES = 64 * 1024

/** Requests of one run to repositories and registries; connections are shared by server and trust. */
export function makeFetcher(host: Host, options: FetcherOptions = {}): Fetcher {
  const agents = new Map<string, Agent>()
  const agentFor = (server: URL, proxy: URL | undefined, trust: Trust): Agent => {
    const key = `${server.origin} ${JSON.stringify(trust)}`
    const agent = agents.get(key) ?? makeAgent({ server, proxy, ...pemsOf(host, trust), maxSockets: MAX_SOCKETS })
    agents.set(key, agent)
    return agent
  }
  // Proxies pass on what is not encrypted; many let nobody tunnel to other ports than that of HTTPS.
  const wayTo = (url: URL, trust: Trust): { readonly agent: Agent; readonly through?: URL } => {
    const proxy = proxyFor(host, url)
    return proxy && url.protocol === 'http:' ? { agent: agentFor(proxy, undefined, {}), through: proxy } : { agent: agentFor(url, proxy, trust) }
  }
  const silenceMs = options.silenceMs ?? SILENCE_MS
  const send: Send = (request, url, headers) =>
    exchange({
      method: request.method ?? 'GET',
      url: new URL(publicRequestUrl(url)),
      headers,
      ...wayTo(url, request.trust ?? {}),
      silenceMs,
      headMs: 2 * silenceMs,
      keepEncoding: !request.mayPack,
      ...(request.body === undefined ? {} : { body: request.body }),
      ...(options.signal ? { signal: options.signal } : {}),
    })
  return {
    fetch: (request) => fetchWithRetries(host, request, { send, silenceMs, signal: options.signal }),
    close: () => {
      for (const agent of agents.values()) agent.destroy()
    },
  }
}

/** User and password travel in headers only. */
function publicRequestUrl(url: URL): string {
  const plain = new URL(url)
  plain.username = ''
  plain.password = ''
  return plain.href
}

function pemsOf(host: Host, trust: Trust): { ca?: string; cert?: string; key?: string; insecureSkipTlsVerify: boolean } {
  const read = (path: string): string => {
    try {
      return host.fs.readText(path)
    } catch (cause) {
      throw failure('base/bad-certificate', `${path} cannot be read`, { cause })
    }
  }
  return {
    insecureSkipTlsVerify: trust.skipTlsVerify ?? false,
    ...(trust.caFile ? { ca: read(trust.caFile) } : {}),
    ...(trust.certFile ? { cert: read(trust.certFile) } : {}),
    ...(trust.keyFile ? { key: read(trust.keyFile) } : {}),
  }
}

type Send = (request: FetchRequest, url: URL, headers: Readonly<Record<string, string>>) => Promise<HttpAnswer>

interface Way {
  readonly send: Send
  readonly silenceMs: number
  readonly signal: AbortSignal | undefined
}

async function fetchWithRetries(host: Host, request: FetchRequest, way: Way): Promise<Fetched> {
  const { signal } = way
  const body = new BodyCollector(request.maxBytes)
  let reached = 0
  for (let attempt = 1; ; attempt++) {
    const result = await fetchOnce(request, body, way).catch((error: unknown) => brokenOrThrow(error, request))
    const { length } = body.data
    if (length >= reached + PROGRESS_BYTES) [reached, attempt] = [length, 1]
    const random = (host.randomBytes(1)[0] as number) / 256
    const outcome = 'code' in result ? result : { status: result.status, retryAfter: result.headers['retry-after'] }
    const delay = retryDelay(attempt, outcome, host.now(), random)
    if (delay !== undefined) await host.sleep(delay, signal)
    else if ('code' in result) throw unreachable(request, result, attempt)
    else return result
  }
}

interface Broken {
  readonly code: string
  readonly error: Error
}

function brokenOrThrow(error: unknown, request: FetchRequest): Broken {
  if (error instanceof TooLongError) throw tooLong(request)
  const code = (error as NodeJS.ErrnoException).code
  if (error instanceof ExchangeError) return { code: error.code || 'ECONNRESET', error }
  if (error instanceof Error && typeof code === 'string' && !error.name.startsWith('Diagnostic')) return { code, error }
  throw error
}

function tooLong({ url, maxBytes }: FetchRequest): Error {
  return failure('supply/too-large', `${publicUrl(url)} is larger than ${maxBytes} bytes`)
}

function unreachable(request: FetchRequest, { code, error }: Broken, attempts: number): Error {
  const tries = attempts > 1 ? ` after ${attempts} attempts` : ''
  const isPlain = NO_TLS.test(error.message)
  const why = isPlain ? 'the server does not speak TLS' : error.message || code
  return failure('supply/unreachable', `${publicUrl(request.url)} cannot be fetched${tries}: ${why}`, {
    hint: isPlain ? PLAIN_HINT : isAboutTrust(code) ? TRUST_HINT : 'check the address, the network and the proxy settings (HTTPS_PROXY, NO_PROXY)',
    cause: error,
  })
}

/** What OpenSSL says of answers in plain HTTP. */
const NO_TLS = /wrong version number|packet length too long/
const PLAIN_HINT = 'check host and port; where plain HTTP is meant, say so (plainHttp: true, --plain-http, or http:// for a repository)'
const TRUST_HINT = 'name the certificate authority (caFile) of this server'

function isAboutTrust(code: string): boolean {
  return code.startsWith('ERR_TLS') || code.includes('CERT') || code.startsWith('UNABLE_TO')
}

async function fetchOnce(request: FetchRequest, collector: BodyCollector, { send, silenceMs }: Way): Promise<Fetched> {
  let url = new URL(request.url)
  const { origin } = url
  for (let hops = 0; hops <= MAX_REDIRECTIONS; hops++) {
    const headers = headersFor(request, collector, url.origin === origin)
    const answer = await send(request, url, headers)
    const location = answer.status >= 301 && answer.status <= 308 && answer.status !== 304 ? answer.headers.location : undefined
    if (location === undefined) return finish(request, collector, answer, silenceMs)
    answer.body.resume()
    url = redirected(url, location)
  }
  throw failure('supply/redirect', `${publicUrl(request.url)} redirects more than ${MAX_REDIRECTIONS} times`)
}

function headersFor(request: FetchRequest, collector: BodyCollector, isSameServer: boolean): Readonly<Record<string, string>> {
  return {
    'user-agent': 'Flotilla',
    ...(request.mayPack ? { 'accept-encoding': 'gzip' } : {}),
    ...request.headers,
    ...collector.rangeHeaders,
    ...(isSameServer ? request.secretHeaders : {}),
    ...(request.authorization !== undefined && isSameServer ? { authorization: request.authorization } : {}),
  }
}

function redirected(from: URL, location: string): URL {
  const url = URL.canParse(location, from.href) ? new URL(location, from) : undefined
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && from.protocol === 'http:')) return url
  throw failure('supply/redirect', `${publicUrl(from)} redirects to where no chart is fetched from`, {
    hint: 'only https:// (or http:// from http://) is followed',
  })
}

async function finish(request: FetchRequest, collector: BodyCollector, answer: HttpAnswer, silenceMs: number): Promise<Fetched> {
  const { status, headers } = answer
  if (status === 200 || status === 206) {
    await readWatched(collector, answer, silenceMs)
    return { status: 200, headers, body: collector.data }
  }
  // Error texts are short; more of them than this is not worth reading.
  const errorText = new BodyCollector(Math.min(request.maxBytes, 1024 * 1024))
  await readWatched(errorText, { ...answer, status: 200 }, silenceMs)
  return { status, headers, body: errorText.data }
}

/** A server that keeps a connection alive with a byte now and then would hold a run up for ever: a body has to get on. */
async function readWatched(collector: BodyCollector, { status, headers, body }: HttpAnswer, silenceMs: number): Promise<void> {
  let before = collector.received
  const timer = setInterval(() => {
    const { received } = collector
    const error = new Error(`less than ${MIN_BYTES} bytes within ${silenceMs / 1000} s`)
    if (received - before < MIN_BYTES) body.destroy(Object.assign(error, { code: 'ETIMEDOUT' }))
    before = received
  }, silenceMs)
  try {
    await collector.read(status, headers, body)
  } finally {
    clearInterval(timer)
  }
}
