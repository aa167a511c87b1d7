import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request that may change something, as it went over the wire. */
export interface Recorded {
  readonly method: string
  /** Without the part that lets in. */
  readonly path: string
  readonly query: URLSearchParams
  readonly contentType: string
  readonly body: unknown
}

/** A server in front of a sandbox that notes everything but reads, dry runs and locks. */
export interface RecordingProxy {
  /** A kubeconfig that leads through the proxy. */
  readonly kubeconfig: string
  readonly requests: Recorded[]
  close(): Promise<void>
}

export async function recordingProxy(kubeconfig: string): Promise<RecordingProxy> {
  const target = new URL(/server: (\S+)/.exec(kubeconfig)?.[1] as string)
  const requests: Recorded[] = []
  const server = createServer((incoming, outgoing) => {
    forward(target, incoming, outgoing, requests).catch((error: unknown) => outgoing.destroy(error as Error))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  return {
    kubeconfig: kubeconfig.replace(target.host, `127.0.0.1:${port}`),
    requests,
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}

async function forward(target: URL, incoming: IncomingMessage, outgoing: ServerResponse, requests: Recorded[]): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  const body = Buffer.concat(chunks)
  note(incoming, body, requests)
  const { host: _host, ...headers } = incoming.headers
  const onward = request({ host: target.hostname, port: target.port, method: incoming.method, path: incoming.url, headers }, (answer) => {
    outgoing.writeHead(answer.statusCode as number, answer.headers)
    answer.pipe(outgoing)
  })
  onward.on('error', (error) => outgoing.destroy(error))
  outgoing.on('close', () => onward.destroy())
  onward.end(body)
}

function note(incoming: IncomingMessage, body: Buffer, requests: Recorded[]): void {
  const url = new URL(incoming.url as string, 'http://proxy')
  const method = incoming.method as string
  const content: unknown = body.length > 0 ? JSON.parse(body.toString('utf8')) : undefined
  const isDry = url.searchParams.has('dryRun') || (content as { readonly dryRun?: unknown } | undefined)?.dryRun !== undefined
  if (method === 'GET' || isDry || url.pathname.includes('/leases')) return
  const path = url.pathname.replace(/^\/token\/[^/]+/, '')
  requests.push({ method, path, query: url.searchParams, contentType: incoming.headers['content-type'] ?? '', body: content })
}
