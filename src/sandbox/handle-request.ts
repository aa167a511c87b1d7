import { type JsonObject, textOf, valueAt } from '../base/json.ts'
import type { Cluster } from './cluster.ts'
import { convertObject } from './convert.ts'
import { decodeObject, type FieldValidation } from './decode-object.ts'
import { deleteObject, deleteSettings } from './delete-object.ts'
import { aggregatedDiscovery, coreVersions, groupDocument, groupList, resourceList, SERVER_VERSION } from './discovery.ts'
import { listText, matcherOf } from './list-objects.ts'
import { fullText } from './object-text.ts'
import { openApiDocument, openApiIndex } from './open-api.ts'
import { parsePath } from './parse-path.ts'
import { applyObject, liveObject, patchObject } from './patch-object.ts'
import { type ApiRequest, type ApiResponse, contextOf, parseBody } from './request.ts'
import { ApiError, badRequest, invalid, methodNotAllowed, notFound, unsupportedMediaType } from './status.ts'
import { handleSubresource } from './subresources.ts'
import { subjectOf, type Target } from './target.ts'
import { virtualAnswer } from './virtual-objects.ts'
import { watchObjects } from './watch-objects.ts'
import { createObject, updateObject, type WriteContext, type Written } from './write-object.ts'

function answer(status: number, body: JsonObject, warnings: readonly string[] = []): ApiResponse {
  return { status, text: `${fullText(body)}\n`, ...(warnings.length > 0 ? { warnings } : {}) }
}

/** Answers one request. @throws ApiError for every refusal */
export async function handleRequest(cluster: Cluster, request: ApiRequest): Promise<ApiResponse> {
  if (request.path === '/version') return { status: 200, text: JSON.stringify(SERVER_VERSION) }
  if (/^\/(healthz|readyz|livez)$/.test(request.path)) return { status: 200, text: 'ok', contentType: 'text/plain; charset=utf-8' }
  if (request.path.startsWith('/openapi/v3')) return handleOpenApi(cluster, request.path)
  const parsed = parsePath(request.path, cluster.registry)
  if (!parsed) return isApiPath(cluster, request.path) ? notServed() : PAGE_NOT_FOUND
  if (parsed.type === 'target') return handleTarget(cluster, parsed.target, request)
  if (request.method !== 'GET') throw methodNotAllowed()
  if (parsed.type === 'groups') return handleGroups(cluster, parsed.core, request)
  const document =
    parsed.type === 'group' ? groupDocument(cluster.registry, parsed.group) : resourceList(cluster.registry, parsed.group, parsed.version)
  if (!document) return PAGE_NOT_FOUND
  return { status: 200, text: JSON.stringify(document) }
}

/** Paths below a version that is served are answered by that version; others by nobody. */
function isApiPath(cluster: Cluster, path: string): boolean {
  const [root, group = '', version = ''] = path.split('/').filter((part) => part !== '')
  return root === 'api' ? group === 'v1' : root === 'apis' && version !== '' && cluster.registry.groups().has(group)
}

function notServed(): never {
  throw new ApiError(404, 'NotFound', 'the server could not find the requested resource', {})
}

const PAGE_NOT_FOUND: ApiResponse = { status: 404, text: '404 page not found\n', contentType: 'text/plain; charset=utf-8' }

function handleOpenApi(cluster: Cluster, path: string): ApiResponse {
  const rest = path.slice('/openapi/v3'.length).replace(/^\//, '')
  const document = rest === '' ? openApiIndex(cluster.registry) : openApiDocument(cluster.registry, rest)
  return document ? { status: 200, text: JSON.stringify(document) } : PAGE_NOT_FOUND
}

function handleGroups(cluster: Cluster, core: boolean, request: ApiRequest): ApiResponse {
  const wanted =
    /g=apidiscovery\.k8s\.io;v=(v2(?:beta1)?);as=APIGroupDiscoveryList/.exec(request.accept) ??
    /v=(v2(?:beta1)?);g=apidiscovery\.k8s\.io;as=APIGroupDiscoveryList/.exec(request.accept)
  if (!wanted) return { status: 200, text: JSON.stringify(core ? coreVersions(request.address) : groupList(cluster.registry)) }
  const version = wanted[1] as string
  return {
    status: 200,
    text: JSON.stringify(aggregatedDiscovery(cluster.registry, version, core)),
    contentType: `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`,
  }
}

const METHODS: Readonly<Record<string, string>> = { POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' }

async function handleTarget(cluster: Cluster, target: Target, request: ApiRequest): Promise<ApiResponse> {
  const virtual = virtualAnswer(target, request)
  if (virtual) return answer(201, virtual)
  if (target.subresource !== '' && target.subresource !== 'status') return handleSubresource(cluster, target, request)
  const verb = METHODS[request.method]
  if (request.method === 'GET') return handleRead(cluster, target, request)
  if (verb === undefined || (target.name === '' && (request.method === 'PUT' || request.method === 'PATCH'))) throw methodNotAllowed()
  if (target.subresource === '' && !target.type.verbs.includes(verb)) throw methodNotAllowed()
  if (request.method === 'DELETE')
    return target.name === '' ? handleDeleteCollection(cluster, target, request) : handleDelete(cluster, target, request)
  return handleWrite(cluster, target, request)
}

function handleRead(cluster: Cluster, target: Target, request: ApiRequest): ApiResponse {
  const { query } = request
  if (query.get('watch') === 'true' || query.get('watch') === '1') return { watch: (sink) => watchObjects(cluster, target, query, sink) }
  if (target.name !== '') return answer(200, convertObject(liveObject(cluster, target), target.type, target.version))
  if (!target.type.verbs.includes('list')) throw methodNotAllowed()
  return { status: 200, text: listText(cluster, target, query) }
}

const JSON_TYPES = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf']

function checkMediaType(request: ApiRequest): void {
  if (request.method === 'PATCH' || JSON_TYPES.slice(0, 2).includes(request.contentType)) return
  throw unsupportedMediaType(JSON_TYPES)
}

async function handleWrite(cluster: Cluster, target: Target, request: ApiRequest): Promise<ApiResponse> {
  checkMediaType(request)
  const context = contextOf(request)
  const mode = request.query.get('fieldValidation')
  const validation: FieldValidation = { mode: mode === 'Strict' || mode === 'Ignore' ? mode : 'Warn', warnings: [] }
  const written =
    request.method === 'PATCH'
      ? await patch(cluster, target, request, context, validation)
      : store(cluster, target, await parseJsonOrYaml(request.body), request, context, validation)
  const object = convertObject(written.object, target.type, target.version)
  return answer(written.created ? 201 : 200, object, validation.warnings)
}

function store(cluster: Cluster, target: Target, body: unknown, request: ApiRequest, context: WriteContext, validation: FieldValidation): Written {
  const decoded = decodeObject(body, target, validation)
  if (request.method === 'POST') return createObject(cluster, target, decoded, context)
  const live = cluster.storage.get(target.type.key, target.namespace, target.name)
  if (!live) throw notFound(subjectOf(target))
  return updateObject(cluster, target, live, decoded, context)
}

async function patch(cluster: Cluster, target: Target, request: ApiRequest, context: WriteContext, validation: FieldValidation): Promise<Written> {
  if (request.contentType !== 'application/apply-patch+yaml') {
    return patchObject(cluster, target, request.contentType, parseBody(request.body), context, validation)
  }
  const force = request.query.get('force')
  if ((request.query.get('fieldManager') ?? '') === '') {
    throw invalid({ group: 'meta.k8s.io', kind: 'PatchOptions' }, [
      { reason: 'FieldValueRequired', message: 'Required value: is required for apply patch', field: 'fieldManager' },
    ])
  }
  return applyObject(cluster, target, await parseJsonOrYaml(request.body), { ...context, force: force === 'true' || force === '1' })
}

async function parseJsonOrYaml(text: string): Promise<unknown> {
  if (text.trimStart().startsWith('{')) return parseBody(text)
  const { parse } = await import('yaml')
  try {
    return parse(text, { version: '1.1', maxAliasCount: 100 })
  } catch (error) {
    throw badRequest(`error decoding YAML: ${(error as Error).message}`)
  }
}

function handleDelete(cluster: Cluster, target: Target, request: ApiRequest): ApiResponse {
  const settings = deleteSettings(request.body === '' ? undefined : parseBody(request.body), request.query)
  return answer(200, deleteObject(cluster, target, liveObject(cluster, target), settings))
}

function handleDeleteCollection(cluster: Cluster, target: Target, request: ApiRequest): ApiResponse {
  const settings = deleteSettings(request.body === '' ? undefined : parseBody(request.body), request.query)
  const matches = matcherOf(target, request.query)
  const text = listText(cluster, target, request.query)
  for (const object of cluster.storage.list(target.type.key, target.namespace).filter(matches)) {
    const namespace = textOf(valueAt(object, 'metadata', 'namespace'))
    deleteObject(cluster, { ...target, namespace, name: textOf(valueAt(object, 'metadata', 'name')) }, object, settings)
  }
  return { status: 200, text }
}
