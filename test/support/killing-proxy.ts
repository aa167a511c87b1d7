import { createServer, Agent as HttpAgent, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { AddressInfo } from 'node:net'

/** When a client's process dies, seen from one of its writes. */
export type Moment = 'before' | 'after'

/** Where the proxy passes requests on to, and when it kills. */
export interface KillingProxyOptions {
  readonly upstream: URL
  /** The bearer token that the upstream takes. */
  readonly token: string | undefined
  /** The write that the process dies at, counted from 1. */
  readonly nth: number
  /** Whether that write still reaches the server; its answer never reaches the client. */
  readonly moment: Moment
  readonly kill: () => void
}

/** A running proxy. */
export interface KillingProxy {
  readonly url: string
  /** `METHOD path` of the write at which it killed, undefined as long as it did not. */
  killedAt(): string | undefined
  close(): Promise<void>
}

/** A reverse proxy that calls `kill` at the n-th write; from then on nothing passes. Locks are writes too, dry runs are none. */
export async function startKillingProxy(options: KillingProxyOptions): Promise<KillingProxy> {
  const { upstream, token, nth, moment, kill } = options
  const isTls = upstream.protocol === 'https:'
  const agent = isTls ? new HttpsAgent({ keepAlive: true, rejectUnauthorized: false }) : new HttpAgent({ keepAlive: true })
  let writes = 0
  let killedAt: string | undefined

  const open = (request: IncomingMessage, body: Buffer): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const { host: _host, authorization: _authorization, connection: _connection, ...headers } = request.headers
      const sent = (isTls ? httpsRequest : httpRequest)({
        agent,
        host: upstream.hostname,
        port: upstream.port,
        method: request.method,
        path: request.url,
        headers: { ...headers, host: upstream.host, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
      })
      sent.on('response', resolve)
      sent.on('error', reject)
      request.on('close', () => killedAt === undefined && request.socket.destroyed && sent.destroy())
      sent.end(body)
    })

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readAll(request)
    if (killedAt !== undefined) return
    const isLast = isWrite(request, body) && ++writes === nth
    if (isLast) killedAt = `${request.method ?? ''} ${request.url ?? ''}`
    if (isLast && moment === 'before') return kill()
    const message = await open(request, body)
    if (isLast) {
      await readAll(message)
      return kill()
    }
    response.writeHead(message.statusCode ?? 0, message.headers)
    response.flushHeaders()
    response.on('close', () => message.destroy())
    message.on('error', () => response.destroy())
    message.pipe(response)
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    killedAt: () => killedAt,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
        agent.destroy()
      }),
  }
}

/** A dry run says so in the query, or for removals in the body. */
function isWrite({ method, url = '' }: IncomingMessage, body: Buffer): boolean {
  if (method === 'GET' || url.includes('dryRun=') || url.startsWith('/apis/authorization.k8s.io/')) return false
  return !(method === 'DELETE' && body.includes('"dryRun"'))
}

async function readAll(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
