import type { KubeObject } from '../../kinds/kube-object.ts'
import { type KubeClient, KubeError } from '../../kube/client.ts'
import type { RecordQuery, RecordStore } from '../../kube/record-store.ts'

/** Who wrote the records, in their managed fields: the name that Helm's own requests carry. */
const RECORD_MANAGER = 'Helm'
/** What the data of a Secret or ConfigMap may take. */
const MAX_OBJECT_BYTES = 1024 * 1024

/** Records as Secrets, which is Helm's default. Source: Helm 4.3.1 pkg/storage/driver/secrets.go */
export function secretRecords(client: KubeClient): RecordStore {
  return objectRecords(client, 'Secret', (record) => record)
}

/** Records as ConfigMaps, whose data is text as it is. Source: Helm 4.3.1 pkg/storage/driver/cfgmaps.go */
export function configMapRecords(client: KubeClient): RecordStore {
  return objectRecords(client, 'ConfigMap', configMapOf)
}

function configMapOf({ type: _type, ...record }: KubeObject): KubeObject {
  const { release } = record['data'] as { readonly release: string }
  return { ...record, kind: 'ConfigMap', data: { release: Buffer.from(release, 'base64').toString('latin1') } }
}

function objectRecords(client: KubeClient, kind: 'Secret' | 'ConfigMap', toObject: (record: KubeObject) => KubeObject): RecordStore {
  return {
    kind,
    maxBytes: MAX_OBJECT_BYTES,
    list: (query) => client.list('v1', kind, selection(query)),
    create: async (record) => {
      try {
        await client.create(toObject(record), { fieldManager: RECORD_MANAGER })
        return true
      } catch (error) {
        if (error instanceof KubeError && error.reason === 'AlreadyExists') return false
        throw error
      }
    },
    update: async (record) => {
      await client.replace(toObject(record), { fieldManager: RECORD_MANAGER })
    },
    delete: (namespace, name) => client.delete({ apiVersion: 'v1', kind, namespace, name }),
  }
}

function selection({ namespace, release, signal }: RecordQuery): Parameters<KubeClient['list']>[2] {
  return {
    labelSelector: release === undefined ? 'owner=helm' : `owner=helm,name=${release}`,
    ...(namespace === undefined ? {} : { namespace }),
    ...(signal ? { signal } : {}),
  }
}
