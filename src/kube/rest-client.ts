import type { Readable } from 'node:stream'
import type { Host } from '../base/host.ts'
import { readBody } from '../base/http-exchange.ts'
import type { KubeObject, ObjectRef } from '../kinds/kube-object.ts'
import type { Access } from './access.ts'
import { jsonOf, refusal } from './answer.ts'
import type {
  ApiResource,
  ApplyOptions,
  DeleteOptions,
  Discovery,
  KubeClient,
  KubeRequest,
  PatchType,
  ServerVersion,
  WriteOptions,
} from './client.ts'
import { createSurely } from './create-surely.ts'
import { discover } from './discovery.ts'
import { listAll } from './list.ts'
import { againAfterRaces } from './lost-race.ts'
import { collectionPath, objectPath, parsePath } from './paths.ts'
import { forKind, resourceFinder } from './resource-finder.ts'
import { makeTransport, type Transport, type TransportOptions, type TransportRequest } from './transport.ts'
import { unlessStatus } from './unless-status.ts'
import { watchAll } from './watch.ts'

type Query = Readonly<Record<string, string | undefined>>

/** Longest log that is read. */
const MAX_LOG_BYTES = 16 * 1024 * 1024

/** Statuses with which a server says that it does not know this path or form of discovery. */
const NOT_SERVED = new Set([404, 406])
/** One group may be down or closed to us; the others are still there. */
const GROUP_NOT_SERVED = new Set([403, 404, 406, 503])

/** A client of the server that `access` names; connections are made when the first request is. */
export function makeClient(host: Host, access: Access, options: TransportOptions = {}): KubeClient {
  const requestCounts = new Map<string, number>()
  const traffic = { sentBytes: 0, receivedBytes: 0 }
  const transport = makeTransport(host, access, {
    ...options,
    onRequest: (request) => {
      countRequest(requestCounts, request)
      traffic.sentBytes += Buffer.byteLength(request.body ?? '')
      options.onRequest?.(request)
    },
    onAnswer: (bytes) => {
      traffic.receivedBytes += bytes
    },
  })
  const request = (asked: KubeRequest): Promise<unknown> => sendJson(transport, asked)
  const raced = (asked: KubeRequest): Promise<unknown> => againAfterRaces(host, () => request(asked), asked)
  const discovery = cachedDiscovery(transport)
  const findResource = resourceFinder(discovery)
  const targetOf = async (ref: ObjectRef) => placeOf(await findResource(ref.apiVersion, ref.kind), ref, access.namespace)
  const write = async (method: 'PUT' | 'PATCH', ref: ObjectRef, body: unknown, contentType: string, query: Query, signal: AbortSignal | undefined) =>
    (await forKind(
      ref.apiVersion,
      ref.kind,
      raced({ method, path: (await targetOf(ref)).path, body, contentType, query, ...optional('signal', signal) }),
    )) as KubeObject

  return {
    server: access.cluster.server,
    contextName: access.contextName,
    defaultNamespace: access.namespace,
    requestCounts,
    traffic,
    request: <T>(asked: KubeRequest) => request(asked) as Promise<T>,
    version: async () => (await request({ method: 'GET', path: '/version' })) as ServerVersion,
    discovery,
    get: async (ref, { signal } = {}) => {
      const asked = request({ method: 'GET', path: (await targetOf(ref)).path, ...optional('signal', signal) })
      return unlessStatus(forKind(ref.apiVersion, ref.kind, asked as Promise<KubeObject>), 404)
    },
    list: async (apiVersion, kind, listOptions = {}) =>
      (await forKind(apiVersion, kind, listAll(request, await findResource(apiVersion, kind), listOptions))).items,
    create: async (object, writeOptions = {}) => {
      const resource = await findResource(object.apiVersion, object.kind)
      const path = collectionPath(resource, namespaceOf(resource, object.metadata.namespace, access.namespace))
      const signal = optional('signal', writeOptions.signal)
      const create = () => request({ method: 'POST', path, body: object, query: writeQuery(writeOptions), ...signal }) as Promise<KubeObject>
      const itself = `${path}/${encodeURIComponent(object.metadata.name ?? '')}`
      const read = () => unlessStatus(request({ method: 'GET', path: itself, ...signal }) as Promise<KubeObject>, 404)
      return await forKind(object.apiVersion, object.kind, writeOptions.dryRun ? create() : createSurely(object, create, read))
    },
    replace: (object, writeOptions = {}) => write('PUT', refOf(object), object, 'application/json', writeQuery(writeOptions), writeOptions.signal),
    patch: (ref, type: PatchType, patch, writeOptions = {}) => write('PATCH', ref, patch, type, writeQuery(writeOptions), writeOptions.signal),
    apply: (object, applyOptions: ApplyOptions = {}) =>
      write('PATCH', refOf(object), object, 'application/apply-patch+yaml', applyQuery(applyOptions), applyOptions.signal),
    delete: async (ref, deleteOptions = {}) => {
      const sent = request({
        method: 'DELETE',
        path: (await targetOf(ref)).path,
        body: deleteBody(deleteOptions),
        // The body is what counts; whoever looks at requests from outside should see it, too.
        query: { dryRun: deleteOptions.dryRun ? 'All' : undefined },
        ...optional('signal', deleteOptions.signal),
      })
      return (await unlessStatus(forKind(ref.apiVersion, ref.kind, sent), 404)) !== undefined
    },
    watch: (apiVersion, kind, watchOptions) => watchKind(host, transport, request, () => findResource(apiVersion, kind), watchOptions),
    logs: (pod) => readLogs(transport, pod),
    close: () => transport.close(),
  }
}

/** The reference of a named object. */
export function refOf(object: KubeObject): ObjectRef {
  return { apiVersion: object.apiVersion, kind: object.kind, name: object.metadata.name ?? '', ...optional('namespace', object.metadata.namespace) }
}

function countRequest(counts: Map<string, number>, request: TransportRequest): void {
  const key = `${request.method} ${parsePath(request.path)?.resource ?? (request.path.split('?', 1)[0] as string)}`
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

async function sendJson(transport: Transport, asked: KubeRequest): Promise<unknown> {
  const request: TransportRequest = {
    method: asked.method,
    path: withQuery(asked.path, asked.query),
    idempotent: isIdempotent(asked),
    ...(asked.body === undefined ? {} : { body: JSON.stringify(asked.body) }),
    ...optional('contentType', asked.contentType),
    ...optional('signal', asked.signal),
  }
  return jsonOf(await transport.send(request), request)
}

/** A JSON patch may append; a POST creates; the rest comes to the same when it is done twice. A dry run changes nothing. */
function isIdempotent(asked: KubeRequest): boolean {
  if (asked.query?.['dryRun'] !== undefined) return true
  return asked.method !== 'POST' && asked.contentType !== 'application/json-patch+json'
}

function withQuery(path: string, query: Query = {}): string {
  const set = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return set.length === 0 ? path : `${path}${path.includes('?') ? '&' : '?'}${new URLSearchParams(set).toString()}`
}

/** One discovery for all who ask at the same time; a refresh that is under way serves those who want one. */
function cachedDiscovery(transport: Transport): (options?: { readonly refresh?: boolean }) => Promise<Discovery> {
  let known: Promise<Discovery> | undefined
  let refreshing: Promise<Discovery> | undefined
  const start = (): Promise<Discovery> => {
    const asked: Promise<Discovery> = discover((path, accept) => askDiscovery(transport, path, accept)).finally(() => {
      if (refreshing === asked) refreshing = undefined
    })
    asked.catch(() => {
      if (known === asked) known = undefined
    })
    known = asked
    refreshing = asked
    return asked
  }
  return ({ refresh = false } = {}) => (refresh ? (refreshing ?? start()) : (known ?? start()))
}

async function askDiscovery(transport: Transport, path: string, accept: string): Promise<unknown> {
  const asked = { method: 'GET', path, accept, idempotent: true } as const
  const answer = await transport.send(asked)
  const isRoot = path === '/api' || path === '/apis'
  return (isRoot ? NOT_SERVED : GROUP_NOT_SERVED).has(answer.status) ? undefined : jsonOf(answer, asked)
}

function placeOf(resource: ApiResource, ref: ObjectRef, defaultNamespace: string): { readonly path: string } {
  return { path: objectPath(resource, ref.name, namespaceOf(resource, ref.namespace, defaultNamespace)) }
}

function namespaceOf(resource: ApiResource, namespace: string | undefined, defaultNamespace: string): string | undefined {
  return resource.namespaced ? (namespace ?? defaultNamespace) : undefined
}

function writeQuery(options: WriteOptions): Query {
  return { dryRun: options.dryRun ? 'All' : undefined, fieldManager: options.fieldManager, fieldValidation: options.fieldValidation }
}

/** Server-side apply needs a manager's name. */
function applyQuery(options: ApplyOptions): Query {
  return { ...writeQuery(options), fieldManager: options.fieldManager ?? 'flotilla', force: options.force ? 'true' : undefined }
}

function deleteBody(options: DeleteOptions): unknown {
  const preconditions = { ...optional('uid', options.uid), ...optional('resourceVersion', options.resourceVersion) }
  return {
    apiVersion: 'v1',
    kind: 'DeleteOptions',
    ...optional('propagationPolicy', options.propagation),
    ...(Object.keys(preconditions).length === 0 ? {} : { preconditions }),
    ...(options.dryRun ? { dryRun: ['All'] } : {}),
  }
}

async function* watchKind(
  host: Host,
  transport: Transport,
  request: (asked: KubeRequest) => Promise<unknown>,
  find: () => Promise<ApiResource>,
  options: Parameters<KubeClient['watch']>[2],
): ReturnType<typeof watchAll> {
  const open = async (path: string, signal: AbortSignal): Promise<Readable> => {
    const asked = { method: 'GET', path, idempotent: true, signal } as const
    const answer = await transport.open(asked)
    if (answer.status === 200) return answer.body
    throw refusal({ status: answer.status, body: await readBody(answer.body, MAX_LOG_BYTES) }, asked)
  }
  yield* watchAll({ host, request, open }, await find(), options)
}

async function readLogs(transport: Transport, pod: Parameters<KubeClient['logs']>[0]): Promise<string> {
  const query = {
    container: pod.container,
    tailLines: pod.tailLines === undefined ? undefined : String(pod.tailLines),
    limitBytes: String(MAX_LOG_BYTES),
  }
  const path = `/api/v1/namespaces/${encodeURIComponent(pod.namespace)}/pods/${encodeURIComponent(pod.name)}/log`
  const asked = { method: 'GET', path: withQuery(path, query), accept: '*/*', idempotent: true } as const
  const answer = await transport.send(asked)
  if (answer.status !== 200) throw refusal(answer, asked)
  return answer.body.toString('utf8')
}

function optional<K extends string, V>(name: K, value: V | undefined): { readonly [key in K]?: V } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [key in K]?: V })
}
