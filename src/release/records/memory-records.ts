import type { KubeObject } from '../../kinds/kube-object.ts'
import type { RecordStore } from '../../kube/record-store.ts'

/** Records that end with the process, for trying things out. Source: Helm 4.3.1 pkg/storage/driver/memory.go */
export function memoryRecords(): RecordStore {
  const records = new Map<string, KubeObject>()
  const keyOf = (namespace = '', name = ''): string => `${namespace}/${name}`
  let version = 0
  const put = (record: KubeObject): void => {
    version++
    const { namespace, name } = record.metadata
    records.set(keyOf(namespace, name), {
      ...record,
      metadata: { ...record.metadata, uid: keyOf(namespace, name), resourceVersion: String(version) },
    })
  }
  return {
    kind: undefined,
    maxBytes: Number.POSITIVE_INFINITY,
    list: async ({ namespace, release }) =>
      [...records.values()].filter(
        ({ metadata }) =>
          (namespace === undefined || metadata.namespace === namespace) && (release === undefined || metadata.labels?.['name'] === release),
      ),
    create: async (record) => {
      if (records.has(keyOf(record.metadata.namespace, record.metadata.name))) return false
      put(record)
      return true
    },
    update: async (record) => put(record),
    delete: async (namespace, name) => records.delete(keyOf(namespace, name)),
  }
}
