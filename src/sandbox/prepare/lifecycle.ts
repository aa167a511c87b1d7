import { isObject, type JsonObject, objectOf, valueAt } from '../../base/json.ts'
import { type Cluster, timestamp } from '../cluster.ts'
import { listOf, withAt } from '../json.ts'

/** New namespaces are active and end only when they are empty. */
export function prepareNamespace(object: JsonObject, live: JsonObject | undefined): JsonObject {
  if (live) return withAt(object, ['spec'], live['spec'])
  return { ...object, spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } }
}

/** New claims wait for a volume, in the default class when they name none. */
export function prepareVolumeClaim(object: JsonObject, live: JsonObject | undefined, cluster: Cluster): JsonObject {
  if (live) return object
  const waiting = { ...object, status: { phase: 'Pending' } }
  const protectedClaim = withAt(
    waiting,
    ['metadata', 'finalizers'],
    [...listOf(valueAt(object, 'metadata', 'finalizers')), 'kubernetes.io/pvc-protection'],
  )
  if (valueAt(object, 'spec', 'storageClassName') !== undefined) return protectedClaim
  const classes = cluster.storage.list('storage.k8s.io/storageclasses')
  const standard = classes.find((c) => valueAt(c, 'metadata', 'annotations', 'storageclass.kubernetes.io/is-default-class') === 'true')
  return standard ? withAt(protectedClaim, ['spec', 'storageClassName'], valueAt(standard, 'metadata', 'name')) : protectedClaim
}

/** Definitions are established at once: no other resource can hold their names. */
export function prepareCrd(object: JsonObject, live: JsonObject | undefined, cluster: Cluster): JsonObject {
  const names = valueAt(object, 'spec', 'names')
  const stored = listOf(valueAt(object, 'spec', 'versions'))
    .filter((v) => isObject(v) && v['storage'] === true)
    .map((v) => valueAt(v, 'name'))
  const before = objectOf(live?.['status'])
  const conditions = Array.isArray(before['conditions']) ? before['conditions'] : establishedConditions(timestamp(cluster))
  const storedVersions = [...new Set([...listOf(before['storedVersions']), ...stored])]
  return { ...object, status: { conditions, acceptedNames: names, storedVersions } }
}

function establishedConditions(now: string): readonly JsonObject[] {
  return [
    { type: 'NamesAccepted', status: 'True', lastTransitionTime: now, reason: 'NoConflicts', message: 'no conflicts found' },
    { type: 'Established', status: 'True', lastTransitionTime: now, reason: 'InitialNamesAccepted', message: 'the initial names have been accepted' },
  ]
}
