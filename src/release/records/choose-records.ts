import { failure } from '../../base/diagnostic.ts'
import type { Host } from '../../base/host.ts'
import { nearest } from '../../base/nearest.ts'
import type { KubeClient } from '../../kube/client.ts'
import type { RecordStore } from '../../kube/record-store.ts'
import { configMapRecords, secretRecords } from './object-records.ts'

/** Where records lie for this connection: as HELM_DRIVER said when it was made, else as Secrets. */
export function recordsOf(client: KubeClient): RecordStore {
  return (client.records ?? secretRecords)(client)
}

/**
 * `client` with release records where HELM_DRIVER says: `secret` (the default), `configmap`, `sql` or `memory`.
 *
 * @throws DiagnosticError `release/unknown-driver`, `release/no-connection-string`
 * Source: Helm 4.3.1 pkg/action/action.go Configuration.Init
 */
export async function withRecords(host: Host, client: KubeClient): Promise<KubeClient> {
  const driver = host.env['HELM_DRIVER'] ?? ''
  switch (driver) {
    case '':
    case 'secret':
    case 'secrets':
      return client
    case 'configmap':
    case 'configmaps':
      return { ...client, records: configMapRecords }
    case 'memory': {
      const store = (await import('./memory-records.ts')).memoryRecords()
      return { ...client, records: () => store }
    }
    case 'sql':
      return withSql(host, client)
    default: {
      const near = nearest(driver, ['secret', 'configmap', 'sql', 'memory'])
      throw failure('release/unknown-driver', `unknown driver ${JSON.stringify(driver)} in HELM_DRIVER`, {
        hint: near ? `write ${near}` : 'use one of secret, configmap, sql, memory',
      })
    }
  }
}

async function withSql(host: Host, client: KubeClient): Promise<KubeClient> {
  const connection = host.env['HELM_DRIVER_SQL_CONNECTION_STRING'] ?? ''
  if (connection.trim() === '') {
    throw failure('release/no-connection-string', 'HELM_DRIVER is sql, and HELM_DRIVER_SQL_CONNECTION_STRING is not set', {
      hint: 'set it to postgres://USER:PASSWORD@HOST:5432/DATABASE',
    })
  }
  const { sqlRecords } = await import('./sql-records.ts')
  const store = sqlRecords(host, connection)
  return {
    ...client,
    records: () => store,
    close: () => {
      client.close()
      // Nobody waits for the farewell; what is written is written.
      store.close().catch(() => {})
    },
  }
}
