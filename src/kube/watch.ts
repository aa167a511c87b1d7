import type { Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import { DiagnosticError } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import { isObject, type JsonObject, textOf } from '../base/json.ts'
import type { KubeObject } from '../kinds/kube-object.ts'
import { statusRefusal } from './answer.ts'
import { type ApiResource, KubeError, type ListOptions, type WatchEvent } from './client.ts'
import { listAll, type Request, selectors } from './list.ts'
import { collectionPath } from './paths.ts'

/** Opens a stream of watch events; the path carries its query. */
export type OpenStream = (path: string, signal: AbortSignal) => Promise<Readable>

/** What a watch needs. */
export interface WatchAccess {
  readonly host: Host
  readonly request: Request
  readonly open: OpenStream
}

/** How long the server shall keep one stream open. */
const STREAM_SECONDS = 290
/** Objects are limited to a few megabytes by the server's store. */
const MAX_EVENT_LENGTH = 64 * 1024 * 1024
const FIRST_PAUSE_MS = 200
const MAX_PAUSE_MS = 10_000

/** What is known of the objects while watching: by uid or name, to tell what a fresh list has lost. */
interface Position {
  resourceVersion: string
  readonly known: Map<string, KubeObject>
}

/**
 * Lists, then follows changes until `options.signal` is aborted: ADDED for what exists, a BOOKMARK, then events as they come. A stream that
 * breaks off resumes where it was; when that place is gone (410) it lists again, and says what was added, changed and lost meanwhile.
 *
 * @throws KubeError when the server refuses to list or watch; DiagnosticError `kube/unreachable` when the first list fails
 */
export async function* watchAll(
  access: WatchAccess,
  resource: ApiResource,
  options: ListOptions & { readonly signal: AbortSignal },
): AsyncGenerator<WatchEvent> {
  const { signal } = options
  const position: Position = { resourceVersion: '', known: new Map() }
  let failures = 0
  while (!signal.aborted) {
    try {
      if (position.resourceVersion === '') yield* relist(access, resource, options, position)
      for await (const event of stream(access, resource, options, position)) {
        failures = 0
        yield event
      }
      // A server that ends each stream at once shall not be asked in a tight loop.
      failures++
    } catch (error) {
      if (signal.aborted) return
      failures = afterFailure(error, position, failures)
    }
    if (failures > 1) await pause(access.host, failures, signal)
  }
}

function afterFailure(error: unknown, position: Position, failures: number): number {
  if (error instanceof KubeError && error.status === 410) {
    position.resourceVersion = ''
    return failures + 1
  }
  const isRefusal = error instanceof KubeError && error.status < 500 && error.status !== 429
  const isUnreachable = error instanceof DiagnosticError && error.diagnostics[0]?.code === 'kube/unreachable'
  const neverConnected = position.resourceVersion === '' && position.known.size === 0
  if (isRefusal || neverConnected || !(error instanceof KubeError || isUnreachable || isBroken(error))) throw error
  return failures + 1
}

/** A stream that breaks off in the middle shows the system's own error, or half an event. */
function isBroken(error: unknown): boolean {
  return error instanceof SyntaxError || (error instanceof Error && 'code' in error)
}

async function pause(host: Host, failures: number, signal: AbortSignal): Promise<void> {
  const ms = Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(failures - 2, 10))
  await host.sleep(ms, signal).catch((error: unknown) => {
    if (!signal.aborted) throw error
  })
}

async function* relist(access: WatchAccess, resource: ApiResource, options: ListOptions, position: Position): AsyncGenerator<WatchEvent> {
  const { items, resourceVersion } = await listAll(access.request, resource, options)
  const before = new Map(position.known)
  position.known.clear()
  for (const object of items) {
    const key = keyOf(object)
    const old = before.get(key)
    before.delete(key)
    position.known.set(key, object)
    if (old === undefined) yield { type: 'ADDED', object }
    else if (old.metadata.resourceVersion !== object.metadata.resourceVersion) yield { type: 'MODIFIED', object }
  }
  for (const object of before.values()) yield { type: 'DELETED', object }
  position.resourceVersion = resourceVersion
  yield { type: 'BOOKMARK', object: { apiVersion: '', kind: resource.kind, metadata: { resourceVersion } } }
}

function keyOf(object: KubeObject): string {
  return object.metadata.uid ?? `${object.metadata.namespace ?? ''}/${object.metadata.name ?? ''}`
}

async function* stream(
  access: WatchAccess,
  resource: ApiResource,
  options: ListOptions & { readonly signal: AbortSignal },
  position: Position,
): AsyncGenerator<WatchEvent> {
  const query = new URLSearchParams({
    watch: '1',
    allowWatchBookmarks: 'true',
    timeoutSeconds: String(STREAM_SECONDS),
    resourceVersion: position.resourceVersion,
  })
  for (const [name, value] of Object.entries(selectors(options))) if (value !== undefined) query.set(name, value)
  const path = `${collectionPath(resource, options.namespace)}?${query.toString()}`
  const body = await access.open(path, options.signal)
  try {
    for await (const line of linesOf(body)) {
      const event = eventIn(line, path, resource)
      remember(position, event)
      yield event
    }
  } finally {
    body.destroy()
  }
}

/** The filled lines of a stream. @throws the system's error when it breaks off */
async function* linesOf(body: Readable): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  for await (const chunk of body as AsyncIterable<Buffer>) {
    const lines = (rest + decoder.write(chunk)).split('\n')
    rest = lines.pop() as string
    if (rest.length > MAX_EVENT_LENGTH) throw new KubeError(500, 'InternalError', 'the watch sent an event that is too long')
    yield* lines.filter((line) => line.trim() !== '')
  }
}

function remember(position: Position, event: WatchEvent): void {
  position.resourceVersion = event.object.metadata.resourceVersion ?? position.resourceVersion
  if (event.type === 'DELETED') position.known.delete(keyOf(event.object))
  else if (event.type !== 'BOOKMARK') position.known.set(keyOf(event.object), event.object)
}

function eventIn(line: string, path: string, resource: ApiResource): WatchEvent {
  const event: unknown = JSON.parse(line)
  const type = isObject(event) ? textOf(event['type']) : ''
  const object = isObject(event) && isObject(event['object']) ? event['object'] : {}
  if (type === 'ERROR') throw statusRefusal(object, 500, { method: 'GET', path })
  if (type !== 'ADDED' && type !== 'MODIFIED' && type !== 'DELETED' && type !== 'BOOKMARK')
    throw new KubeError(500, 'InternalError', `the watch of ${resource.plural} sent an event of the unknown type "${type}"`)
  return { type, object: withMetadata(object) }
}

function withMetadata(object: JsonObject): KubeObject {
  return { ...object, metadata: isObject(object['metadata']) ? object['metadata'] : {} } as unknown as KubeObject
}
