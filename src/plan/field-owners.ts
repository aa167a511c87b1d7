import { isObject, type JsonObject, sameJson } from '../base/json.ts'
import type { KubeObject } from '../kinds/kube-object.ts'
import { FIELD_MANAGER, type FieldsV1, managedFieldsOf } from '../release/field-managers.ts'

/** More fields than this say no more. */
const MAX_FIELDS = 5

/**
 * What is said of fields that others own: which of them the change takes away, and that replicas which somebody scales are left.
 * `live` as it is, `result` as the server would make it.
 */
export function notesOnOwners(live: KubeObject, result: KubeObject): readonly string[] {
  const others = managedFieldsOf(live).filter(({ manager, subresource }) => manager !== FIELD_MANAGER && subresource !== 'status')
  return others.flatMap(({ manager = 'somebody', fieldsV1 = {} }) => {
    const changed = changedFields(fieldsV1, live, result, '').filter((path) => !path.startsWith('metadata.'))
    const scaled = fieldsV1['f:spec']?.['f:replicas'] && sameJson(replicasOf(live), replicasOf(result))
    return [
      ...(changed.length > 0 ? [`${manager} has set ${listed(changed)}, which this changes`] : []),
      ...(scaled ? [`spec.replicas is ${manager}'s and stays ${String(replicasOf(live))}`] : []),
    ]
  })
}

function replicasOf(object: KubeObject): unknown {
  return (object['spec'] as JsonObject | undefined)?.['replicas']
}

function listed(paths: readonly string[]): string {
  return paths.length > MAX_FIELDS ? `${paths.slice(0, MAX_FIELDS).join(', ')} and ${paths.length - MAX_FIELDS} more fields` : paths.join(', ')
}

/** Paths of the leaves of `fields` at which the two values differ. */
function changedFields(fields: FieldsV1, before: unknown, after: unknown, path: string): readonly string[] {
  const entries = Object.entries(fields).filter(([field]) => field !== '.')
  if (entries.length === 0) return sameJson(before, after) ? [] : [path]
  return entries.flatMap(([field, below]) => {
    if (field.startsWith('f:')) {
      const name = field.slice(2)
      return changedFields(below, partOf(before, name), partOf(after, name), path === '' ? name : `${path}.${name}`)
    }
    if (!field.startsWith('k:')) return []
    const keys = JSON.parse(field.slice(2)) as JsonObject
    return changedFields(below, itemOf(before, keys), itemOf(after, keys), `${path}[${Object.values(keys).join(',')}]`)
  })
}

function partOf(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
}

function itemOf(value: unknown, keys: JsonObject): unknown {
  const items: readonly unknown[] = Array.isArray(value) ? value : []
  return items.find((item) => isObject(item) && Object.entries(keys).every(([key, part]) => item[key] === part))
}
