import { isObject, type JsonObject, textOf, valueAt } from '../base/json.ts'
import { listOf } from './json.ts'
import type { CustomVersion, ResourceType } from './resource-type.ts'
import type { BuiltinSubresource } from './schema/builtin.ts'
import { schemaFromCrd } from './schema/from-crd.ts'
import type { Schema } from './schema/schema.ts'

const VERBS = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch']

/** The resource that a `CustomResourceDefinition` object defines. */
export function customResourceType(crd: JsonObject): ResourceType {
  const spec = valueAt(crd, 'spec')
  const group = textOf(valueAt(spec, 'group'))
  const plural = textOf(valueAt(spec, 'names', 'plural'))
  const kind = textOf(valueAt(spec, 'names', 'kind'))
  const versions = listOf(valueAt(spec, 'versions')).filter(isObject)
  const served = versions.filter((v) => v['served'] !== false).map((v) => textOf(v['name']))
  const schemas = new Map<string, Schema>(versions.map((v) => [textOf(v['name']), schemaFromCrd(valueAt(v, 'schema', 'openAPIV3Schema'))]))
  const storage = versions.find((v) => v['storage'] === true) ?? versions[0]
  return {
    key: `${group}/${plural}`,
    group,
    versions: [...served].sort(compareVersions),
    storageVersion: textOf(storage?.['name']),
    plural,
    singular: textOf(valueAt(spec, 'names', 'singular')) || kind.toLowerCase(),
    kind,
    namespaced: valueAt(spec, 'scope') === 'Namespaced',
    verbs: VERBS,
    shortNames: listOf(valueAt(spec, 'names', 'shortNames')).map(textOf),
    categories: listOf(valueAt(spec, 'names', 'categories')).map(textOf),
    subresources: subresourcesOf(kind, group, versions[0]),
    schemaOf: (version) => schemas.get(version) ?? schemaFromCrd(undefined),
    custom: new Map(versions.map((v) => [textOf(v['name']), customVersion(v)])),
  }
}

function customVersion(version: JsonObject): CustomVersion {
  const schema = valueAt(version, 'schema', 'openAPIV3Schema')
  const scale = valueAt(version, 'subresources', 'scale')
  return {
    schema: isObject(schema) ? schema : undefined,
    selectableFields: listOf(version['selectableFields']).map((f) => textOf(valueAt(f, 'jsonPath')).replace(/^\./, '')),
    scale: isObject(scale) ? scale : undefined,
  }
}

function subresourcesOf(kind: string, group: string, version: JsonObject | undefined): readonly BuiltinSubresource[] {
  const verbs = ['get', 'patch', 'update']
  const out: BuiltinSubresource[] = []
  if (valueAt(version, 'subresources', 'status')) out.push({ name: 'status', kind, group, version: textOf(version?.['name']), verbs })
  if (valueAt(version, 'subresources', 'scale')) out.push({ name: 'scale', kind: 'Scale', group: 'autoscaling', version: 'v1', verbs })
  return out
}

/** Kubernetes' order of versions: stable before beta before alpha, higher numbers first, anything else last by name. */
function compareVersions(a: string, b: string): number {
  const rank = (v: string): readonly [number, number, number] => {
    const m = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(v)
    if (!m) return [0, 0, 0]
    return [m[2] === 'alpha' ? 1 : m[2] === 'beta' ? 2 : 3, Number(m[1]), Number(m[3] ?? 0)]
  }
  const left = rank(a)
  const right = rank(b)
  for (const [i, l] of left.entries()) {
    const r = right[i] ?? 0
    if (l !== r) return r - l
  }
  return a < b ? -1 : a > b ? 1 : 0
}
