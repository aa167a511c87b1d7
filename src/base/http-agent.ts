import { type AgentOptions, Agent as HttpAgent, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { Socket } from 'node:net'
import { type ConnectionOptions, createSecureContext, type SecureContext, connect as tlsConnect } from 'node:tls'
import { failure } from './diagnostic.ts'
import { proxyAuthorization } from './http-exchange.ts'

/** How connections to one server are made. PEM texts. */
export interface ConnectionSettings {
  readonly server: URL
  readonly proxy: URL | undefined
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  readonly insecureSkipTlsVerify: boolean
  readonly tlsServerName?: string
  readonly maxSockets: number
}

/** Idle connections are closed before servers and balancers usually do, so that a request seldom meets a closed one. */
const IDLE_SOCKET_MS = 25_000
const CONNECT_TIMEOUT_MS = 15_000

/**
 * A keep-alive agent for `settings.server`, which tunnels through the proxy when there is one.
 *
 * @throws DiagnosticError `base/bad-certificate` for certificates and keys that are none, or do not belong together
 */
export function makeAgent(settings: ConnectionSettings): HttpAgent {
  const pool: AgentOptions = {
    keepAlive: true,
    maxSockets: settings.maxSockets,
    maxFreeSockets: settings.maxSockets,
    scheduling: 'lifo',
    timeout: IDLE_SOCKET_MS,
  }
  const { proxy } = settings
  if (settings.server.protocol === 'http:') return withTunnel(new HttpAgent(pool), proxy, (proxyUrl) => openTunnel(proxyUrl, settings.server))
  const tls = tlsOptions(settings)
  return withTunnel(new HttpsAgent({ ...pool, ...tls }), proxy, async (proxyUrl) => {
    const socket = await openTunnel(proxyUrl, settings.server)
    return tlsConnect({ ...tls, socket, host: hostnameOf(settings.server), servername: tls.servername ?? serverNameOf(settings.server) })
  })
}

function tlsOptions(settings: ConnectionSettings): ConnectionOptions {
  return {
    rejectUnauthorized: !settings.insecureSkipTlsVerify,
    secureContext: secureContext(settings),
    ...(settings.tlsServerName === undefined ? {} : { servername: settings.tlsServerName }),
  }
}

function secureContext({ ca, cert, key }: ConnectionSettings): SecureContext {
  try {
    return createSecureContext({
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
    })
  } catch (error) {
    throw failure('base/bad-certificate', 'the client certificate, its key or the certificate authority cannot be used', {
      notes: [{ text: error instanceof Error ? error.message : String(error) }],
      cause: error,
    })
  }
}

/** Without the brackets of IPv6 addresses. */
function hostnameOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '')
}

/** Addresses are no server names (RFC 6066, section 3). */
function serverNameOf(server: URL): string {
  return /^[\d.]+$|^\[/.test(server.hostname) ? '' : server.hostname
}

type Connected = (error: Error | null, socket?: Socket) => void

/** Agents ask their own `createConnection` for sockets and accept one that comes later. */
function withTunnel(agent: HttpAgent, proxy: URL | undefined, open: (proxy: URL) => Promise<Socket>): HttpAgent {
  if (proxy === undefined) return agent
  const createConnection = (_options: unknown, connected: Connected): undefined => {
    open(proxy).then(
      (socket) => connected(null, socket),
      (error: Error) => connected(error),
    )
  }
  return Object.assign(agent, { createConnection })
}

function openTunnel(proxy: URL, server: URL): Promise<Socket> {
  const port = server.port || (server.protocol === 'https:' ? '443' : '80')
  const target = `${server.hostname}:${port}`
  const authorization = proxyAuthorization(proxy)
  const credentials = authorization === undefined ? {} : { 'proxy-authorization': authorization }
  const request = proxy.protocol === 'https:' ? httpsRequest : httpRequest
  return new Promise((done, fail) => {
    const asked = request({
      host: hostnameOf(proxy),
      port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
      method: 'CONNECT',
      path: target,
      headers: { host: target, ...credentials },
      agent: false,
      timeout: CONNECT_TIMEOUT_MS,
    })
    asked.on('connect', (answer, socket: Socket) => {
      if (answer.statusCode === 200) return done(socket)
      socket.destroy()
      fail(new Error(`the proxy ${proxy.host} refused the connection with status ${answer.statusCode ?? 0}`))
    })
    asked.on('timeout', () => asked.destroy(new Error('no answer')))
    asked.on('error', (error) => fail(Object.assign(new Error(`the proxy ${proxy.host}: ${error.message}`, { cause: error }), { code: 'EPROXY' })))
    asked.end()
  })
}
