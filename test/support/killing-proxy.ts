import type { IncomingMessage } from 'node:http'
import { type ReverseProxy, readAll, startReverseProxy, type Upstream } from './reverse-proxy.ts'

/** When a client's process dies, seen from one of its writes. */
export type Moment = 'before' | 'after'

/** Where the proxy passes requests on to, and when it kills. */
export interface KillingProxyOptions extends Upstream {
  /** The write that the process dies at, counted from 1. */
  readonly nth: number
  /** Whether that write still reaches the server; its answer never reaches the client. */
  readonly moment: Moment
  readonly kill: () => void
}

/** A running proxy. */
export interface KillingProxy extends ReverseProxy {
  /** `METHOD path` of the write at which it killed, undefined as long as it did not. */
  killedAt(): string | undefined
}

/** A reverse proxy that calls `kill` at the n-th write; from then on nothing passes. Locks are writes too, dry runs are none. */
export async function startKillingProxy(options: KillingProxyOptions): Promise<KillingProxy> {
  const { nth, moment, kill } = options
  let writes = 0
  let killedAt: string | undefined

  const proxy = await startReverseProxy(options, async (request, response, passOn) => {
    const body = await readAll(request)
    if (killedAt !== undefined) return
    const isLast = isWrite(request, body) && ++writes === nth
    if (isLast) killedAt = `${request.method ?? ''} ${request.url ?? ''}`
    if (isLast && moment === 'before') return kill()
    const message = await passOn(request, body, () => killedAt !== undefined)
    if (isLast) {
      await readAll(message)
      return kill()
    }
    response.writeHead(message.statusCode ?? 0, message.headers)
    response.flushHeaders()
    response.on('close', () => message.destroy())
    message.on('error', () => response.destroy())
    message.pipe(response)
  })
  return { ...proxy, killedAt: () => killedAt }
}

/** A dry run says so in the query, or for removals in the body. */
function isWrite({ method, url = '' }: IncomingMessage, body: Buffer): boolean {
  if (method === 'GET' || url.includes('dryRun=') || url.startsWith('/apis/authorization.k8s.io/')) return false
  return !(method === 'DELETE' && body.includes('"dryRun"'))
}
