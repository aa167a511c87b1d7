import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import { createServer as createTlsServer, type ServerOptions } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import type { TestContext } from 'node:test'

/** A server of a test, with what it was asked. */
export interface WebServer {
  /** Without a slash at its end. */
  readonly url: string
  /** `METHOD /path STATUS`, in the order of the answers. */
  readonly log: string[]
  readonly server: Server
}

/** Serves on a free port of this machine until the test ends. */
export async function startWebServer(t: TestContext, listener: RequestListener, tls?: ServerOptions): Promise<WebServer> {
  const log: string[] = []
  const logged: RequestListener = (request, response) => {
    response.on('finish', () => log.push(`${request.method} ${request.url} ${response.statusCode}`))
    listener(request, response)
  }
  const server = tls ? createTlsServer(tls, logged) : createServer(logged)
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => sockets.add(socket))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  t.after(
    () =>
      new Promise<void>((done) => {
        server.close(() => done())
        // Tunnels are connections that the server no longer counts as its own.
        for (const socket of sockets) socket.destroy()
      }),
  )
  const { port } = server.address() as AddressInfo
  return { url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`, log, server }
}

/** Answers before the files do; true when it has. */
export type Interception = (request: IncomingMessage, response: ServerResponse) => boolean

/** Serves files by path with ETags and ranges, as plain web servers do. Changes of `files` show at once. */
export function fileListener(files: Map<string, Buffer | string>, intercept: Interception = () => false): RequestListener {
  return (request, response) => {
    if (intercept(request, response)) return
    const file = files.get(new URL(request.url ?? '', 'http://x').pathname)
    if (file === undefined) return void response.writeHead(404).end('not here')
    const data = Buffer.from(file)
    const etag = `"${data.length}-${data.subarray(0, 64).toString('hex').slice(0, 40)}-${data.reduce((sum, byte) => (sum * 31 + byte) | 0, 7)}"`
    if (request.headers['if-none-match'] === etag) return void response.writeHead(304, { etag }).end()
    const [, start] = /^bytes=(\d+)-$/.exec(request.headers['if-range'] === etag ? (request.headers.range ?? '') : '') ?? []
    if (start === undefined) return void response.writeHead(200, { etag, 'accept-ranges': 'bytes', 'content-length': data.length }).end(data)
    const rest = data.subarray(Number(start))
    const range = `bytes ${start}-${data.length - 1}/${data.length}`
    response.writeHead(206, { etag, 'content-range': range, 'content-length': rest.length }).end(rest)
  }
}

/** Refuses requests without this user and password. */
export function basicAuth(username: string, password: string): Interception {
  const expected = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  return (request, response) => {
    if (request.headers.authorization === expected) return false
    response.writeHead(401, { 'www-authenticate': 'Basic realm="charts"' }).end()
    return true
  }
}
