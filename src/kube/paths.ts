import { type ApiResource, KubeError } from './client.ts'

/** The path of all objects of a kind: in one namespace, or everywhere when `namespace` is absent or the kind has none. */
export function collectionPath(resource: ApiResource, namespace?: string): string {
  const root = resource.group === '' ? `/api/${resource.version}` : `/apis/${resource.group}/${resource.version}`
  const inside = resource.namespaced && namespace !== undefined ? `/namespaces/${segment('namespace', namespace)}` : ''
  return `${root}${inside}/${resource.plural}`
}

/**
 * The path of one object.
 *
 * @throws KubeError where there is no name: what is done to that path is done to every object of the kind
 */
export function objectPath(resource: ApiResource, name: string, namespace?: string): string {
  if (name === '') throw new KubeError(400, 'BadRequest', 'resource name may not be empty')
  return `${collectionPath(resource, namespace)}/${segment('resource name', name)}`
}

/** Source: k8s.io/apimachinery pkg/api/validation/path IsValidPathSegmentName, which client-go asks. */
function segment(what: string, text: string): string {
  const [objection] = [
    ...(text === '.' || text === '..' ? [`may not be '${text}'`] : []),
    ...['/', '%'].filter((letter) => text.includes(letter)).map((letter) => `may not contain '${letter}'`),
  ]
  if (objection !== undefined) throw new KubeError(400, 'BadRequest', `invalid ${what} ${JSON.stringify(text)}: [${objection}]`)
  return encodeURIComponent(text)
}

/** Group and version of an `apiVersion`: `v1` is the group ''. */
export function splitApiVersion(apiVersion: string): { readonly group: string; readonly version: string } {
  const slash = apiVersion.indexOf('/')
  return slash < 0 ? { group: '', version: apiVersion } : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) }
}

/** What a path is about. `name` and `namespace` are absent where the path names none. */
export interface PathParts {
  readonly resource: string
  readonly namespace?: string
  readonly name?: string
}

/** Reads a path back: `/apis/apps/v1/namespaces/shop/deployments/web?x` is the deployment web in shop; undefined for paths without a resource. */
export function parsePath(path: string): PathParts | undefined {
  const parts = (path.split('?', 1)[0] as string).split('/').filter((part) => part !== '')
  const rest = parts.slice(parts[0] === 'api' ? 2 : 3)
  if (rest.length === 0) return undefined
  const inNamespace = rest[0] === 'namespaces' && rest.length > 2 && !NAMESPACE_SUBRESOURCES.has(rest[2] as string)
  const [resource, name, subresource] = inNamespace ? rest.slice(2) : rest
  return {
    resource: subresource === undefined ? (resource as string) : `${resource}/${subresource}`,
    ...(inNamespace ? { namespace: decodeURIComponent(rest[1] as string) } : {}),
    ...(name === undefined ? {} : { name: decodeURIComponent(name) }),
  }
}

const NAMESPACE_SUBRESOURCES = new Set(['status', 'finalize'])
