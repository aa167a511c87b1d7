import { isObject, type JsonObject, objectOf, valueAt } from '../../base/json.ts'
import type { Cluster } from '../cluster.ts'
import { listOf } from '../json.ts'

const EVICTION_TOLERATIONS = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'].map((key) => ({
  key,
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds: 300,
}))

/** New pods get a priority, the usual tolerations and a service account, and wait for a node. */
export function preparePod(object: JsonObject, live: JsonObject | undefined, cluster: Cluster): JsonObject {
  if (live) return object
  const spec = objectOf(object['spec'])
  const account = spec['serviceAccountName'] ?? 'default'
  const tolerations = listOf(spec['tolerations'])
  const missing = EVICTION_TOLERATIONS.filter((t) => !tolerations.some((other) => tolerates(other, t.key)))
  const priorityClass = cluster.storage.get('scheduling.k8s.io/priorityclasses', '', String(spec['priorityClassName'] ?? ''))
  const full = {
    ...spec,
    serviceAccountName: account,
    serviceAccount: account,
    tolerations: [...tolerations, ...missing],
    priority: spec['priority'] ?? priorityClass?.['value'] ?? 0,
    preemptionPolicy: spec['preemptionPolicy'] ?? priorityClass?.['preemptionPolicy'] ?? 'PreemptLowerPriority',
  }
  return { ...object, spec: full, status: { phase: 'Pending', qosClass: qosClassOf(spec) } }
}

function tolerates(toleration: unknown, key: string): boolean {
  return isObject(toleration) && (toleration['key'] === key || (toleration['key'] === undefined && toleration['operator'] === 'Exists'))
}

function qosClassOf(spec: JsonObject): string {
  const resources = listOf(spec['containers']).map((c) => objectOf(valueAt(c, 'resources')))
  if (resources.every((r) => r['limits'] === undefined && r['requests'] === undefined)) return 'BestEffort'
  const isGuaranteed = resources.every((r) =>
    ['cpu', 'memory'].every((name) => {
      const limit = valueAt(r, 'limits', name)
      return limit !== undefined && (valueAt(r, 'requests', name) ?? limit) === limit
    }),
  )
  return isGuaranteed ? 'Guaranteed' : 'Burstable'
}
