import { createServer, Agent as HttpAgent, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { AddressInfo } from 'node:net'

/** Where a proxy passes requests on to. */
export interface Upstream {
  readonly upstream: URL
  /** The bearer token that the upstream takes. */
  readonly token: string | undefined
}

/**
 * Passes a request on and gives the beginning of the answer. When the client hangs up, so does the proxy, unless `outlives` says by
 * then that the request must reach the server all the same.
 */
export type PassOn = (request: IncomingMessage, body: Buffer, outlives?: () => boolean) => Promise<IncomingMessage>

/** A running proxy. */
export interface ReverseProxy {
  readonly url: string
  close(): Promise<void>
}

/** A server on loopback that hands every request to `handle`, with its body and the way to pass it on. */
export async function startReverseProxy(
  { upstream, token }: Upstream,
  handle: (request: IncomingMessage, response: ServerResponse, passOn: PassOn) => Promise<void>,
): Promise<ReverseProxy> {
  const isTls = upstream.protocol === 'https:'
  const agent = isTls ? new HttpsAgent({ keepAlive: true, rejectUnauthorized: false }) : new HttpAgent({ keepAlive: true })
  const passOn: PassOn = (request, body, outlives = () => false) =>
    new Promise((resolve, reject) => {
      const { host: _host, authorization: _authorization, connection: _connection, 'accept-encoding': _encoding, ...headers } = request.headers
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
      request.on('close', () => !outlives() && request.socket.destroyed && sent.destroy())
      sent.end(body)
    })
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    handle(request, response, passOn).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
        agent.destroy()
      }),
  }
}

/** All that a request or an answer holds. */
export async function readAll(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
