import type { JsonObject } from '../base/json.ts'
import type { Registry } from './registry.ts'
import type { ResourceType } from './resource-type.ts'

/** The version the server says it is. */
export const SERVER_VERSION: JsonObject = {
  major: '1',
  minor: '36',
  emulationMajor: '1',
  emulationMinor: '36',
  minCompatibilityMajor: '1',
  minCompatibilityMinor: '35',
  gitVersion: 'v1.36.3',
  gitCommit: '0000000000000000000000000000000000000000',
  gitTreeState: 'clean',
  buildDate: '2026-01-01T00:00:00Z',
  goVersion: 'go1.26.0',
  compiler: 'gc',
  platform: 'linux/amd64',
}

/** `/api` or `/apis` for clients that want all resources in one answer. */
export function aggregatedDiscovery(registry: Registry, version: string, isCore: boolean): JsonObject {
  const groups: readonly (readonly [string, readonly string[]])[] = isCore ? [['', ['v1']]] : [...registry.groups()]
  const items = groups.map(([group, versions]) => ({
    metadata: group === '' ? {} : { name: group },
    versions: versions.map((v) => ({ version: v, resources: typesOf(registry, group, v).map(aggregatedResource), freshness: 'Current' })),
  }))
  return { kind: 'APIGroupDiscoveryList', apiVersion: `apidiscovery.k8s.io/${version}`, metadata: {}, items }
}

function typesOf(registry: Registry, group: string, version: string): readonly ResourceType[] {
  return registry
    .all()
    .filter((type) => type.group === group && type.versions.includes(version))
    .sort((a, b) => (a.plural < b.plural ? -1 : 1))
}

function aggregatedResource(type: ResourceType): JsonObject {
  return {
    resource: type.plural,
    responseKind: { group: type.custom ? type.group : '', version: type.custom ? (type.versions[0] ?? '') : '', kind: type.kind },
    scope: type.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: type.singular,
    verbs: type.verbs,
    ...(type.shortNames.length > 0 ? { shortNames: type.shortNames } : {}),
    ...(type.categories.length > 0 ? { categories: type.categories } : {}),
    ...(type.subresources.length > 0
      ? {
          subresources: type.subresources.map((s) => ({
            subresource: s.name,
            responseKind: { group: s.group, version: s.version, kind: s.kind },
            verbs: s.verbs,
          })),
        }
      : {}),
  }
}

/** `/api`: the versions of the core group. */
export function coreVersions(address: string): JsonObject {
  return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: address }] }
}

/** `/apis`: the groups and their versions. */
export function groupList(registry: Registry): JsonObject {
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: [...registry.groups()].map(([name, versions]) => groupOf(name, versions)) }
}

/** `/apis/GROUP`; undefined for a group that is not served. */
export function groupDocument(registry: Registry, name: string): JsonObject | undefined {
  const versions = registry.groups().get(name)
  return versions ? { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(name, versions) } : undefined
}

function groupOf(name: string, versions: readonly string[]): JsonObject {
  const entries = versions.map((version) => ({ groupVersion: `${name}/${version}`, version }))
  return { name, versions: entries, preferredVersion: entries[0] }
}

/** `/api/v1`, `/apis/GROUP/VERSION`: the resources of one version; undefined where it is not served. */
export function resourceList(registry: Registry, group: string, version: string): JsonObject | undefined {
  const served = group === '' ? ['v1'] : registry.groups().get(group)
  if (!served?.includes(version)) return undefined
  const resources = typesOf(registry, group, version).flatMap((type) => [
    {
      name: type.plural,
      singularName: type.singular,
      namespaced: type.namespaced,
      kind: type.kind,
      verbs: type.verbs,
      ...(type.shortNames.length > 0 ? { shortNames: type.shortNames } : {}),
      ...(type.categories.length > 0 ? { categories: type.categories } : {}),
    },
    ...type.subresources.map((s) => ({
      name: `${type.plural}/${s.name}`,
      singularName: '',
      namespaced: type.namespaced,
      ...(s.group ? { group: s.group, version: s.version } : {}),
      kind: s.kind,
      verbs: s.verbs,
    })),
  ])
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: group === '' ? version : `${group}/${version}`, resources }
}
