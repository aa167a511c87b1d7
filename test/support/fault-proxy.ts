import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type PassOn, type ReverseProxy, readAll, startReverseProxy, type Upstream } from './reverse-proxy.ts'

/** What can go wrong between a client and its API server. */
export const FAULTS = [
  'refuse',
  'drop-after',
  'drop-mid-answer',
  'error-before',
  'error-after',
  'unavailable',
  'unavailable-retry-after',
  'busy',
  'busy-retry-after',
  'gateway-timeout-after',
  'slow',
  'hang-before',
  'hang-after',
  'conflict',
  'expired-token',
  'watch-cut',
  'watch-gone',
  'watch-gone-midway',
  'watch-silent',
] as const

export type Fault = (typeof FAULTS)[number]

/** Where the proxy passes requests on to, and what it does to them; what clients send must be the current ticket. */
export interface FaultProxyOptions extends Upstream {
  readonly seed: number
  /** Its name differs from run to run, and must not decide what happens. */
  readonly namespace: string
  /** Which faults happen, and to which share of requests. */
  readonly faults: readonly Fault[]
  readonly rate: number
  /** Called with the first ticket, and with another one whenever the last has expired. */
  readonly onTicket: (ticket: string) => void
}

/** A running proxy. */
export interface FaultProxy extends ReverseProxy {
  /** What was done, in order: `fault METHOD path`. */
  readonly done: readonly string[]
}

/** How long a slow answer takes. */
const SLOW_MS = 3

interface Whole {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

/** A number from 0 up to 1 that depends on nothing but `parts`: the order in which requests come does not matter. */
export function chance(...parts: readonly (string | number)[]): number {
  return createHash('sha256').update(parts.join('\n')).digest().readUInt32BE() / 2 ** 32
}

function statusObject(code: number, reason: string, message: string): string {
  return JSON.stringify({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', code, reason, message })
}

function answer(
  response: ServerResponse,
  code: number,
  reason: string,
  headers: Readonly<Record<string, string>> = {},
  message = `fault: ${reason}`,
): void {
  const text = statusObject(code, reason, message)
  response.writeHead(code, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text), ...headers })
  response.end(text)
}

const CONFLICT = 'Operation cannot be fulfilled on it: the object has been modified; please apply your changes to the latest version and try again'

/** A reverse proxy that does harm to some of the requests that pass it: the same harm to the same requests for the same seed. */
export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const { upstream, seed } = options
  const counts = new Map<string, number>()
  const done: string[] = []
  let ticket = 0
  const current = (): string => `ticket-${seed}-${ticket}`
  options.onTicket(current())

  const pass = async (request: IncomingMessage, body: Buffer, passOn: PassOn): Promise<Whole> => {
    const message = await passOn(request, body)
    return { status: message.statusCode ?? 0, headers: message.headers, body: await readAll(message) }
  }

  const neutral = (path: string): string => path.replace(upstream.pathname.replace(/\/$/, ''), '').replaceAll(options.namespace, 'NS')

  const faultFor = (request: IncomingMessage): Fault | undefined => {
    const path = neutral(request.url ?? '')
    const isWatch = path.includes('watch=')
    const key = `${request.method ?? ''} ${path.replace(/resourceVersion=\d+/, '')}`
    const nth = counts.get(key) ?? 0
    counts.set(key, nth + 1)
    if (chance(seed, key, nth, 'whether') >= options.rate) return undefined
    const fitting = options.faults.filter((fault) => isFitting(fault, request.method ?? '', isWatch))
    return fitting[Math.floor(chance(seed, key, nth, 'which') * fitting.length)]
  }

  async function handle(request: IncomingMessage, response: ServerResponse, passOn: PassOn): Promise<void> {
    const body = await readAll(request)
    const fault = faultFor(request)
    if (fault !== undefined) done.push(`${fault} ${request.method ?? ''} ${neutral(request.url ?? '')}`)
    if (fault === 'expired-token') {
      ticket++
      options.onTicket(current())
    }
    if (request.headers.authorization !== `Bearer ${current()}`) return answer(response, 401, 'Unauthorized')
    if ((request.url ?? '').includes('watch=')) return handleWatch(fault, request, response, passOn)
    if (fault !== undefined && (await before(fault, request, response))) return
    await after(fault, await pass(request, body, passOn), response)
  }

  async function handleWatch(fault: Fault | undefined, request: IncomingMessage, response: ServerResponse, passOn: PassOn): Promise<void> {
    if (fault === 'watch-gone') return answer(response, 410, 'Expired')
    if (fault !== undefined && (await before(fault, request, response))) return
    const message = await passOn(request, Buffer.alloc(0))
    response.on('close', () => message.destroy())
    response.writeHead(message.statusCode ?? 0, { 'content-type': 'application/json' })
    response.flushHeaders()
    if (fault === 'watch-silent') {
      message.resume()
      // The server ends every stream at last; until then nothing is heard.
      setTimeout(() => response.destroy(), SLOW_MS * 10)
      return
    }
    message.on('error', () => response.destroy())
    if (fault === 'watch-gone-midway') {
      message.once('data', (chunk: Buffer) => {
        response.write(chunk)
        response.end(`{"type":"ERROR","object":${statusObject(410, 'Expired', 'too old resource version')}}\n`)
        message.destroy()
      })
    } else if (fault === 'watch-cut') {
      message.once('data', (chunk: Buffer) => response.write(chunk.subarray(0, chunk.length >> 1), () => response.destroy()))
    } else {
      message.pipe(response)
    }
  }

  return { ...(await startReverseProxy(options, handle)), done }
}

function isFitting(fault: Fault, method: string, isWatch: boolean): boolean {
  if (fault.startsWith('watch-')) return isWatch
  if (isWatch) return !fault.endsWith('-after') && fault !== 'drop-mid-answer' && fault !== 'conflict'
  return fault !== 'conflict' || method === 'PUT' || method === 'PATCH' || method === 'DELETE'
}

/** Faults that keep a request from the server; true when it was answered. */
async function before(fault: Fault, request: IncomingMessage, response: ServerResponse): Promise<boolean> {
  switch (fault) {
    case 'refuse':
      request.socket.destroy()
      return true
    case 'hang-before':
      return true
    case 'error-before':
      answer(response, 500, 'InternalError')
      return true
    case 'unavailable':
      answer(response, 503, 'ServiceUnavailable')
      return true
    case 'unavailable-retry-after':
      answer(response, 503, 'ServiceUnavailable', { 'retry-after': '1' })
      return true
    case 'busy':
      answer(response, 429, 'TooManyRequests')
      return true
    case 'busy-retry-after':
      answer(response, 429, 'TooManyRequests', { 'retry-after': '1' })
      return true
    case 'conflict':
      answer(response, 409, 'Conflict', {}, CONFLICT)
      return true
    case 'slow':
      await new Promise((resolve) => setTimeout(resolve, SLOW_MS))
      return false
    default:
      return false
  }
}

/** Faults that keep an answer from the client, when the server has done what was asked. */
async function after(fault: Fault | undefined, whole: Whole, response: ServerResponse): Promise<void> {
  const { 'transfer-encoding': _chunked, connection: _connection, 'keep-alive': _keepAlive, ...headers } = whole.headers
  switch (fault) {
    case 'drop-after':
      response.socket?.destroy()
      return
    case 'hang-after':
      return
    case 'error-after':
      return answer(response, 500, 'InternalError', {}, 'etcdserver: request timed out')
    case 'gateway-timeout-after':
      return answer(response, 504, 'Timeout')
    case 'drop-mid-answer':
      response.writeHead(whole.status, { ...headers, 'content-length': String(whole.body.length) })
      response.write(whole.body.subarray(0, whole.body.length >> 1), () => response.destroy())
      return
    default:
      response.writeHead(whole.status, { ...headers, 'content-length': String(whole.body.length) })
      response.end(whole.body)
  }
}
