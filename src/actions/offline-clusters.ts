import { failure } from '../base/diagnostic.ts'
import type { Host } from '../base/host.ts'
import type { HelmCompat } from '../chart/helm-compat.ts'
import type { KubeClient } from '../kube/client.ts'
import { offlineClient } from '../kube/offline-client.ts'
import type { RecordStore } from '../kube/record-store.ts'
import { recordedClient } from '../release/recorded-client.ts'
import { withRecords } from '../release/records/choose-records.ts'
import { dumpedRecords } from '../release/records/dumped-records.ts'
import { offlineCapabilities } from '../render/capabilities.ts'
import type { Clusters } from './clusters.ts'

export interface OfflineOptions {
  readonly helmCompat?: HelmCompat
  /** A file with records as kubectl prints them. */
  readonly records?: string
}

/**
 * No cluster at all. Where records can be had without one (in a file, in the database that HELM_DRIVER names), what they say counts as
 * what is there; without, no release is installed. Charts see what `helm template` shows them.
 *
 * @throws DiagnosticError `release/no-such-file`, `release/no-records`, and those of reading records
 */
export async function offlineClusters(host: Host, { helmCompat, records }: OfflineOptions = {}): Promise<Clusters> {
  const { kubeVersion, apiVersions } = offlineCapabilities(helmCompat ? { helmCompat } : {})
  const { version: gitVersion, major, minor } = kubeVersion
  const nothing = offlineClient({ gitVersion, major, minor }, apiVersions)
  const store = await storeOf(host, nothing, records)
  const client = store ? await recordedClient(store.client, store.records) : nothing
  return {
    opened: new Map(),
    offline: store ? { records: store.name } : {},
    clientFor: async () => client,
    close: () => client.close(),
  }
}

interface Store {
  readonly client: KubeClient
  readonly records: RecordStore
  readonly name: string
}

async function storeOf(host: Host, client: KubeClient, file: string | undefined): Promise<Store | undefined> {
  if (file !== undefined) return { client, records: await dumpedRecords({ name: file, text: textOf(host, file) }), name: file }
  if (host.env['HELM_DRIVER'] !== 'sql') return undefined
  const withStore = await withRecords(host, client)
  return withStore.records && { client: withStore, records: withStore.records(withStore), name: 'the database' }
}

function textOf(host: Host, path: string): string {
  if (host.fs.stat(path)?.kind !== 'file') throw failure('release/no-such-file', `there is no file ${path}`)
  return Buffer.from(host.fs.readFile(path)).toString('utf8')
}
