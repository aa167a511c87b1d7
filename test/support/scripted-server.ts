import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the server received. */
export interface SeenRequest {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** One prepared answer: status, JSON or text, headers; `break` closes the connection instead, `lines` are streamed, and then the answer ends, stays open or breaks off. */
export interface ScriptedAnswer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly json?: unknown
  readonly text?: string
  readonly bytes?: Uint8Array
  readonly lines?: readonly unknown[]
  readonly keepOpen?: boolean
  readonly break?: boolean
  readonly breakAfterLines?: boolean
}

/** A running scripted server. */
export interface ScriptedServer {
  readonly url: string
  readonly seen: readonly SeenRequest[]
  close(): Promise<void>
}

/**
 * An HTTP server that answers from `script`: under `METHOD /path` (query left out) the answers in their order, the last one again
 * and again; 404 for everything else.
 */
export async function scriptedServer(script: Readonly<Record<string, ScriptedAnswer | readonly ScriptedAnswer[]>>): Promise<ScriptedServer> {
  const seen: SeenRequest[] = []
  const used = new Map<string, number>()
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const path = request.url ?? ''
      const key = `${request.method ?? ''} ${path.split('?', 1)[0] ?? ''}`
      seen.push({ method: request.method ?? '', path, headers: request.headers, body: Buffer.concat(chunks).toString('utf8') })
      const turn = used.get(key) ?? 0
      used.set(key, turn + 1)
      const entry = script[key]
      const answers = entry === undefined ? [] : Array.isArray(entry) ? (entry as readonly ScriptedAnswer[]) : [entry as ScriptedAnswer]
      give(response, answers[Math.min(turn, answers.length - 1)] ?? { status: 404, text: '404 page not found' })
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close: () =>
      new Promise((done) => {
        server.close(() => done())
        server.closeAllConnections()
      }),
  }
}

function give(response: ServerResponse, answer: ScriptedAnswer): void {
  if (answer.break) {
    response.destroy()
    return
  }
  response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers })
  if (answer.lines) {
    for (const line of answer.lines) response.write(`${typeof line === 'string' ? line : JSON.stringify(line)}\n`)
    if (answer.breakAfterLines) setImmediate(() => response.destroy())
    else if (!answer.keepOpen) response.end()
    return
  }
  response.end(answer.bytes ?? answer.text ?? JSON.stringify(answer.json ?? {}))
}
