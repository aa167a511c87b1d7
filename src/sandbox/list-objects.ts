import { type JsonObject, textOf, valueAt } from '../base/json.ts'
import type { Cluster } from './cluster.ts'
import { convertObject } from './convert.ts'
import { bareText, fullText } from './object-text.ts'
import { fieldMatcher, labelMatcher, type Matcher } from './selectors.ts'
import { ApiError, badRequest } from './status.ts'
import { type Target, targetApiVersion } from './target.ts'

/** Which objects of the target a query picks. @throws ApiError 400 for a selector that cannot be read */
export function matcherOf(target: Target, query: URLSearchParams): Matcher {
  const labels = query.get('labelSelector') ?? ''
  const fields = query.get('fieldSelector') ?? ''
  const matchers: Matcher[] = []
  if (labels !== '') matchers.push(labelMatcher(labels))
  if (fields !== '') matchers.push(fieldMatcher(fields, target.type.key, target.type.custom?.get(target.version)?.selectableFields))
  if (target.name !== '') matchers.push((object) => valueAt(object, 'metadata', 'name') === target.name)
  return (object) => matchers.every((matcher) => matcher(object))
}

/** The text of an item in a list: only custom resources carry their kind there. */
function itemText(object: JsonObject, target: Target): string {
  const versioned = convertObject(object, target.type, target.version)
  return target.type.custom ? fullText(versioned) : bareText(versioned)
}

interface Page {
  readonly objects: readonly JsonObject[]
  readonly continueToken: string
  readonly remaining: number
}

/**
 * The JSON text of a list, paged by `limit` and `continue`.
 *
 * @throws ApiError 400 for a selector or a token that cannot be read
 */
export function listText(cluster: Cluster, target: Target, query: URLSearchParams): string {
  const matches = matcherOf(target, query)
  const all = cluster.storage.list(target.type.key, target.namespace).filter(matches)
  const page = pageOf(all, query, cluster.storage.version)
  const more = page.continueToken === '' ? '' : `,"continue":${JSON.stringify(page.continueToken)},"remainingItemCount":${page.remaining}`
  const items = page.objects.map((object) => itemText(object, target)).join(',')
  const head = `{"kind":"${target.type.kind}List","apiVersion":"${targetApiVersion(target)}","metadata":{"resourceVersion":"${cluster.storage.version}"${more}}`
  return `${head},"items":[${items}]}\n`
}

function pageOf(all: readonly JsonObject[], query: URLSearchParams, version: number): Page {
  const limit = Number(query.get('limit') ?? 0)
  const token = query.get('continue') ?? ''
  const start = token === '' ? 0 : startOf(all, token)
  const end = limit > 0 ? Math.min(all.length, start + limit) : all.length
  const next = all[end]
  const continueToken = next ? Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: version, start: placeOf(next) })).toString('base64url') : ''
  return { objects: all.slice(start, end), continueToken, remaining: all.length - end }
}

function placeOf(object: JsonObject): string {
  return `${textOf(valueAt(object, 'metadata', 'namespace'))}/${textOf(valueAt(object, 'metadata', 'name'))}`
}

function startOf(all: readonly JsonObject[], token: string): number {
  let start: unknown
  try {
    start = valueAt(JSON.parse(Buffer.from(token, 'base64url').toString('utf8')), 'start')
  } catch (error) {
    throw badRequest(`invalid continue token: continue key is not valid: ${(error as Error).message}`)
  }
  if (typeof start !== 'string')
    throw badRequest('invalid continue token: continue key is not valid: incorrect encoded start resourceVersion (version meta.k8s.io/v1)')
  const index = all.findIndex((object) => placeOf(object) >= start)
  return index < 0 ? all.length : index
}

/** The refusal of a resource version that is no longer, or not yet, known. */
export function expired(version: number, oldest: number): ApiError {
  return new ApiError(410, 'Expired', `too old resource version: ${version} (${oldest})`)
}
