import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** A request on its way to a server. */
export interface Asked {
  readonly method: string
  /** With the query. */
  readonly path: string
  readonly body: string
}

export interface Answer {
  readonly status: number
  readonly body: string
  /** Default `application/json`. */
  readonly type?: string
}

/** What an API server says when it refuses, with this message and reason. */
export function refusal(code: number, reason: string, message: string): Answer {
  return { status: code, body: JSON.stringify({ kind: 'Status', apiVersion: 'v1', status: 'Failure', message, reason, code }) }
}

/** A server that answers what `answerFor` has an answer to, and passes everything else on to `target`. */
export async function answeringProxy(
  target: string,
  answerFor: (asked: Asked) => Answer | undefined,
): Promise<{ readonly url: string; close(): void }> {
  const server = createServer(async (incoming, outgoing) => {
    const [method, path, body] = [incoming.method ?? '', incoming.url ?? '/', await text(incoming)]
    const answer = answerFor({ method, path, body })
    if (answer) {
      outgoing.writeHead(answer.status, { 'content-type': answer.type ?? 'application/json' })
      outgoing.end(answer.body)
    } else pass(new URL(path, target), { incoming, body }, outgoing)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

function pass(url: URL, { incoming, body }: { readonly incoming: IncomingMessage; readonly body: string }, outgoing: ServerResponse): void {
  const passed = request(url, { method: incoming.method, headers: incoming.headers }, (answer) => {
    outgoing.writeHead(answer.statusCode ?? 500, answer.headers)
    answer.pipe(outgoing)
  })
  // A client that goes away ends what it asked for; watches end so.
  outgoing.on('close', () => passed.destroy())
  passed.on('error', () => outgoing.destroy())
  passed.end(body)
}
