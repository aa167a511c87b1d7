import assert from 'node:assert/strict'
import { test } from 'node:test'
import { PGlite } from '@electric-sql/pglite'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import type { Host } from '../../../src/base/host.ts'
import { nodeHost } from '../../../src/base/host-node.ts'
import type { KubeClient } from '../../../src/kube/client.ts'
import { recordsOf, withRecords } from '../../../src/release/records/choose-records.ts'
import { readHistory } from '../../../src/release/storage.ts'
import { startCluster } from '../../support/desired-release.ts'
import { type RecordPlace, recordContract } from '../../support/record-contract.ts'

const hostWith = (env: Readonly<Record<string, string>>): Host => nodeHost({ env: { HOME: '/nonexistent', ...env } })
const NAMESPACES = ['records-one', 'records-two'] as const

async function inSandbox(env: Readonly<Record<string, string>>): Promise<RecordPlace> {
  const cluster = await startCluster()
  for (const name of NAMESPACES) await cluster.client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  return { host: cluster.host, client: await withRecords(hostWith(env), cluster.client), namespaces: NAMESPACES, close: () => cluster.close() }
}

/** A PostgreSQL that lives in this process, behind a socket. */
async function inPglite(): Promise<RecordPlace> {
  const db = await PGlite.create()
  const server = new PGLiteSocketServer({ db, port: 0, host: '127.0.0.1', maxConnections: 16 })
  await server.start()
  const [, port] = /:(\d+)$/.exec(server.getServerConn()) ?? []
  const host = hostWith({ HELM_DRIVER: 'sql', HELM_DRIVER_SQL_CONNECTION_STRING: `postgres://postgres@127.0.0.1:${port}/postgres?sslmode=disable` })
  let closed = (): void => {}
  const client = await withRecords(host, { close: () => closed() } as KubeClient)
  return {
    host,
    client,
    namespaces: NAMESPACES,
    close: async () => {
      await new Promise<void>((resolve) => {
        closed = resolve
        client.close()
      })
      await server.stop()
      await db.close()
    },
  }
}

recordContract('records as Secrets', () => inSandbox({}))
recordContract('records as ConfigMaps', () => inSandbox({ HELM_DRIVER: 'configmap' }))
recordContract('records in memory', () => inSandbox({ HELM_DRIVER: 'memory' }))
recordContract('records in PostgreSQL', inPglite)

test('HELM_DRIVER chooses, by the names that Helm knows', async () => {
  const client = { close: () => {} } as KubeClient
  const kindOf = async (driver: string): Promise<unknown> => recordsOf(await withRecords(hostWith({ HELM_DRIVER: driver }), client)).kind
  for (const driver of ['', 'secret', 'secrets']) assert.equal(await kindOf(driver), 'Secret')
  for (const driver of ['configmap', 'configmaps']) assert.equal(await kindOf(driver), 'ConfigMap')
  assert.equal(await kindOf('memory'), undefined)
  await assert.rejects(kindOf('configmpa'), /unknown driver "configmpa".*\[release\/unknown-driver\]/)
  await assert.rejects(kindOf('sql'), /\[release\/no-connection-string\]/)
})

test('a database that cannot be reached is an error that keeps its password to itself', async () => {
  const connection = 'postgres://me:geheim@127.0.0.1:1/db?sslmode=disable'
  const client = await withRecords(hostWith({ HELM_DRIVER: 'sql', HELM_DRIVER_SQL_CONNECTION_STRING: connection }), { close: () => {} } as KubeClient)
  await assert.rejects(readHistory(client, { namespace: 'a', name: 'b' }), (error: unknown) => {
    assert.match(String(error), /the database of release records: .*ECONNREFUSED.* \[release\/database\]/)
    assert.doesNotMatch(JSON.stringify(error) + String(error), /geheim/)
    return true
  })
})
