import type { IncomingMessage } from 'node:http'
import { readAll, startReverseProxy } from './reverse-proxy.ts'

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
  const { url, close } = await startReverseProxy({ upstream: target, token: undefined }, async (request, response, passOn) => {
    const body = await readAll(request)
    note(request, body, requests)
    const answer = await passOn(request, body)
    response.writeHead(answer.statusCode ?? 0, answer.headers)
    response.on('close', () => answer.destroy())
    answer.pipe(response)
  })
  return { kubeconfig: kubeconfig.replace(target.origin, url), requests, close }
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
