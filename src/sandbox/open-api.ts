import type { JsonObject } from '../base/json.ts'
import type { Registry } from './registry.ts'
import { apiVersionOf } from './resource-type.ts'

const PARAMETERS: readonly JsonObject[] = ['dryRun', 'fieldManager', 'fieldValidation', 'force'].map((name) => ({
  name,
  in: 'query',
  schema: { type: name === 'force' ? 'boolean' : 'string', uniqueItems: true },
}))

function pathOf(group: string, version: string): string {
  return group === '' ? `api/${version}` : `apis/${group}/${version}`
}

/** `/openapi/v3`: where the document of each group and version is. */
export function openApiIndex(registry: Registry): JsonObject {
  const groups: readonly (readonly [string, readonly string[]])[] = [['', ['v1']], ...registry.groups()]
  const paths = groups.flatMap(([group, versions]) => versions.map((version) => pathOf(group, version)))
  return { paths: Object.fromEntries(paths.map((path) => [path, { serverRelativeURL: `/openapi/v3/${path}` }])) }
}

/**
 * `/openapi/v3/…`: which kinds of one version can be patched and with which parameters, which is what clients look for before they
 * leave validation to the server. Undefined for a version that is not served.
 */
export function openApiDocument(registry: Registry, path: string): JsonObject | undefined {
  const types = registry
    .all()
    .flatMap((type) => type.versions.filter((version) => pathOf(type.group, version) === path).map((version) => ({ type, version })))
  if (types.length === 0) return undefined
  const paths = types.map(({ type, version }) => {
    const place = type.namespaced ? `namespaces/{namespace}/${type.plural}` : type.plural
    const kind = { group: type.group, version, kind: type.kind }
    const patch = {
      'x-kubernetes-action': 'patch',
      'x-kubernetes-group-version-kind': kind,
      parameters: PARAMETERS,
      responses: { 200: { description: 'OK' } },
    }
    return [`/${path}/${place}/{name}`, { patch }] as const
  })
  return {
    openapi: '3.0.0',
    info: { title: `Kubernetes ${apiVersionOf(types[0]?.type.group ?? '', types[0]?.version ?? '')}`, version: 'v1.36.3' },
    paths: Object.fromEntries(paths),
    components: { schemas: {} },
  }
}
