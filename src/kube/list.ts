import { objectOf, objectsOf, textOf } from '../base/json.ts'
import type { KubeObject } from '../kinds/kube-object.ts'
import { type ApiResource, KubeError, type KubeRequest, type ListOptions } from './client.ts'
import { collectionPath } from './paths.ts'

/** Sends a request and resolves with the answer's JSON. */
export type Request = (request: KubeRequest) => Promise<unknown>

/** Everything that was listed, and the version from which a watch goes on. */
export interface Listed {
  readonly items: readonly KubeObject[]
  readonly resourceVersion: string
}

const PAGE_SIZE = 500

/**
 * All objects of a kind, page by page; when the pages' snapshot has expired meanwhile (410), once more in one piece.
 *
 * @throws KubeError when the server refuses
 */
export async function listAll(request: Request, resource: ApiResource, options: ListOptions = {}): Promise<Listed> {
  try {
    return await listPages(request, resource, options, PAGE_SIZE)
  } catch (error) {
    if (!(error instanceof KubeError) || error.status !== 410) throw error
    return listPages(request, resource, options, undefined)
  }
}

async function listPages(request: Request, resource: ApiResource, options: ListOptions, pageSize: number | undefined): Promise<Listed> {
  const items: KubeObject[] = []
  let next = ''
  let resourceVersion = ''
  do {
    const page = objectOf(
      await request({
        method: 'GET',
        path: collectionPath(resource, options.namespace),
        query: { ...selectors(options), limit: pageSize === undefined ? undefined : String(pageSize), continue: next === '' ? undefined : next },
        ...(options.signal === undefined ? {} : { signal: options.signal }),
      }),
    )
    for (const item of objectsOf(page['items'])) items.push(typed(item, resource))
    const metadata = objectOf(page['metadata'])
    next = textOf(metadata['continue'])
    resourceVersion = textOf(metadata['resourceVersion'])
  } while (next !== '')
  return { items, resourceVersion }
}

/** The query of the selectors that are set. */
export function selectors(options: ListOptions): { readonly labelSelector: string | undefined; readonly fieldSelector: string | undefined } {
  return { labelSelector: options.labelSelector, fieldSelector: options.fieldSelector }
}

/** Items of a list carry no type of their own. */
function typed(item: object, resource: ApiResource): KubeObject {
  const apiVersion = resource.group === '' ? resource.version : `${resource.group}/${resource.version}`
  return { apiVersion, kind: resource.kind, ...item } as unknown as KubeObject
}
