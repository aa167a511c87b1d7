import { type JsonObject, textOf, valueAt } from '../base/json.ts'
import type { Cluster } from './cluster.ts'
import { convertObject } from './convert.ts'
import { expired, matcherOf } from './list-objects.ts'
import { fullText } from './object-text.ts'
import type { Matcher } from './selectors.ts'
import { ApiError, statusOf } from './status.ts'
import type { Change } from './storage.ts'
import { type Target, targetApiVersion } from './target.ts'

/** Where the events of a watch go, one line of JSON each; `ended` is aborted when the reader is gone. */
export interface WatchSink {
  write(line: string): void
  end(): void
  readonly ended: AbortSignal
}

/** How often a watch that asks for bookmarks gets one. */
const BOOKMARK_MS = 60_000
const DEFAULT_TIMEOUT_SECONDS = 1800

/**
 * Follows the changes of the target's collection until the reader leaves or the time is over.
 *
 * Without a resource version, or from `0`, everything that exists comes first as ADDED. A version the log does not reach is answered
 * with one ERROR event of code 410.
 */
export function watchObjects(cluster: Cluster, target: Target, query: URLSearchParams, sink: WatchSink): void {
  const matches = matcherOf(target, query)
  const from = query.get('resourceVersion') ?? ''
  const initial = query.get('sendInitialEvents') === 'true' || ((from === '' || from === '0') && query.get('sendInitialEvents') !== 'false')
  const version = from === '' ? 0 : parseVersion(from)
  const send = (type: string, object: JsonObject): void =>
    sink.write(`{"type":"${type}","object":${fullText(convertObject(object, target.type, target.version))}}\n`)
  if (!initial && version < cluster.storage.oldestVersion) {
    const status = JSON.stringify(statusOf(expired(version, cluster.storage.oldestVersion)))
    sink.write(`{"type":"ERROR","object":${status}}\n`)
    sink.end()
    return
  }
  if (initial) for (const object of cluster.storage.list(target.type.key, target.namespace)) if (matches(object)) send('ADDED', object)
  if (query.get('sendInitialEvents') === 'true') sink.write(bookmark(target, cluster.storage.version, true))
  const forward = (change: Change): void => {
    const event = eventOf(change, target, matches)
    if (event) send(event, change.object)
  }
  if (!initial) for (const change of cluster.storage.changesAfter(version)) forward(change)
  follow(cluster, target, query, sink, forward)
}

function parseVersion(text: string): number {
  const version = Number(text)
  if (!Number.isSafeInteger(version) || version < 0)
    throw new ApiError(400, 'BadRequest', `resourceVersion: Invalid value: "${text}": strconv.ParseUint: parsing "${text}": invalid syntax`)
  return version
}

/** What a change is for a watch: objects enter and leave it as their labels and fields change. */
function eventOf(change: Change, target: Target, matches: Matcher): Change['type'] | undefined {
  if (change.resource !== target.type.key) return undefined
  if (target.namespace !== '' && textOf(valueAt(change.object, 'metadata', 'namespace')) !== target.namespace) return undefined
  const before = change.previous !== undefined && matches(change.previous)
  const after = change.type !== 'DELETED' && matches(change.object)
  if (before && after) return 'MODIFIED'
  return after ? 'ADDED' : before ? 'DELETED' : undefined
}

function bookmark(target: Target, version: number, isInitialEnd: boolean): string {
  const metadata = { resourceVersion: String(version), ...(isInitialEnd ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {}) }
  return `${JSON.stringify({ type: 'BOOKMARK', object: { kind: target.type.kind, apiVersion: targetApiVersion(target), metadata } })}\n`
}

function follow(cluster: Cluster, target: Target, query: URLSearchParams, sink: WatchSink, forward: (change: Change) => void): void {
  const unsubscribe = cluster.storage.subscribe(forward)
  const wantsBookmarks = query.get('allowWatchBookmarks') === 'true'
  const mark = (): void => sink.write(bookmark(target, cluster.storage.version, false))
  const timer = wantsBookmarks ? setInterval(mark, BOOKMARK_MS) : undefined
  const seconds = Number(query.get('timeoutSeconds') ?? 0) || DEFAULT_TIMEOUT_SECONDS
  const stop = (): void => {
    unsubscribe()
    clearInterval(timer)
    clearTimeout(end)
  }
  const end = setTimeout(() => {
    if (wantsBookmarks) mark()
    stop()
    sink.end()
  }, seconds * 1000)
  sink.ended.addEventListener('abort', stop, { once: true })
}
