import { isObject, type JsonObject, objectOf, objectsOf, textOf } from '../base/json.ts'
import type { ApiResource, Discovery } from './client.ts'
import { splitApiVersion } from './paths.ts'

/** Asks for `path` with this Accept header and resolves with the JSON; undefined where the server does not serve it. */
export type Ask = (path: string, accept: string) => Promise<unknown>

const AGGREGATED =
  'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json'
const PLAIN = 'application/json'

/** One group and version with what it serves, subresources included. */
interface ServedVersion {
  readonly apiVersion: string
  readonly resources: readonly ApiResource[]
}

/**
 * Everything the server serves: two requests where it knows aggregated discovery, one for each group and version where not.
 *
 * `apiVersions` holds groups with versions and those with kinds, subresources' kinds included, sorted: Helm's set.
 * Source: k8s.io/client-go 0.37 discovery/aggregated_discovery.go; Helm 4.3.1 pkg/action/action.go GetVersionSet
 */
export async function discover(ask: Ask): Promise<Discovery> {
  const [core, groups] = await Promise.all([ask('/api', AGGREGATED), ask('/apis', AGGREGATED)])
  const served = await Promise.all([coreVersions(ask, core), groupVersions(ask, groups)])
  return discoveryOf(served.flat())
}

/** Discovery made of what was listed. */
function discoveryOf(served: readonly ServedVersion[]): Discovery {
  const resources = served.flatMap((version) => version.resources.filter((resource) => !resource.plural.includes('/')))
  const byKind = new Map<string, ApiResource>()
  for (const resource of resources) setOnce(byKind, `${apiVersionOf(resource)}/${resource.kind}`, resource)
  const names = served.flatMap((version) => [version.apiVersion, ...version.resources.map((resource) => `${version.apiVersion}/${resource.kind}`)])
  return {
    resources,
    apiVersions: [...new Set(names)].sort(),
    find: (apiVersion, kind) => byKind.get(`${apiVersion}/${kind}`),
  }
}

function setOnce<K, V>(map: Map<K, V>, key: K, value: V): void {
  if (!map.has(key)) map.set(key, value)
}

function apiVersionOf(resource: ApiResource): string {
  return joined(resource.group, resource.version)
}

function joined(group: string, version: string): string {
  return group === '' ? version : `${group}/${version}`
}

function isAggregated(answer: unknown): answer is JsonObject {
  return isObject(answer) && answer['kind'] === 'APIGroupDiscoveryList'
}

async function coreVersions(ask: Ask, answer: unknown): Promise<readonly ServedVersion[]> {
  if (isAggregated(answer)) return aggregatedVersions(answer)
  const versions = Array.isArray(objectOf(answer)['versions']) ? (objectOf(answer)['versions'] as readonly unknown[]) : []
  return plainVersions(
    ask,
    versions.map((version) => textOf(version)),
  )
}

async function groupVersions(ask: Ask, answer: unknown): Promise<readonly ServedVersion[]> {
  if (isAggregated(answer)) return aggregatedVersions(answer)
  const groups = objectsOf(objectOf(answer)['groups'])
  return plainVersions(
    ask,
    groups.flatMap((group) => objectsOf(group['versions']).map((version) => textOf(version['groupVersion']))),
  )
}

/** A version whose server does not answer is marked stale and left out, as Helm leaves it out. */
function aggregatedVersions(list: JsonObject): readonly ServedVersion[] {
  return objectsOf(list['items']).flatMap((group) => {
    const name = textOf(objectOf(group['metadata'])['name'])
    const fresh = objectsOf(group['versions']).filter((version) => version['freshness'] !== 'Stale')
    return fresh.map((version) => aggregatedVersion(name, version))
  })
}

function aggregatedVersion(group: string, listed: JsonObject): ServedVersion {
  const version = textOf(listed['version'])
  const resources = objectsOf(listed['resources']).flatMap((resource) => {
    const main = aggregatedResource(group, version, resource, textOf(resource['resource']), resource)
    const parts = objectsOf(resource['subresources']).map((part) =>
      aggregatedResource(group, version, resource, `${textOf(resource['resource'])}/${textOf(part['subresource'])}`, part),
    )
    return [main, ...parts].filter((entry) => entry.kind !== '')
  })
  return { apiVersion: joined(group, version), resources }
}

/** `own` is the entry itself, `parent` the resource it belongs to, which knows the scope. */
function aggregatedResource(group: string, version: string, parent: JsonObject, plural: string, own: JsonObject): ApiResource {
  return {
    group,
    version,
    plural,
    kind: textOf(objectOf(own['responseKind'])['kind']),
    namespaced: parent['scope'] === 'Namespaced',
    verbs: textsOf(own['verbs']),
    shortNames: textsOf(own['shortNames']),
  }
}

/** A group whose server is down is left out; the others are still there. */
async function plainVersions(ask: Ask, apiVersions: readonly string[]): Promise<readonly ServedVersion[]> {
  return Promise.all(
    apiVersions.map(async (apiVersion) => {
      const list = await ask(`${apiVersion.includes('/') ? '/apis' : '/api'}/${apiVersion}`, PLAIN)
      const { group, version } = splitApiVersion(apiVersion)
      const resources = objectsOf(objectOf(list)['resources']).map((resource) => ({
        group,
        version,
        plural: textOf(resource['name']),
        kind: textOf(resource['kind']),
        namespaced: resource['namespaced'] === true,
        verbs: textsOf(resource['verbs']),
        shortNames: textsOf(resource['shortNames']),
      }))
      return { apiVersion, resources }
    }),
  )
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}
