import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { nodeHost } from '../../src/base/host-node.ts'
import type { KubeClient } from '../../src/kube/client.ts'
import { withRecords } from '../../src/release/records/choose-records.ts'
import { type Cluster, desired, release, startCluster } from '../support/desired-release.ts'
import { findHelm, runHelm } from '../support/helm.ts'
import { planRuns, resultText } from '../support/plan-runs.ts'
import { findPostgres, type Postgres, startPostgres } from '../support/postgres.ts'
import { recordContract } from '../support/record-contract.ts'

const programs = findPostgres()
const withoutPostgres = programs === undefined ? 'no PostgreSQL found (initdb in PATH, or under /usr/lib/postgresql)' : false
const config = (value: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata: {value: "${value}"}\n`

/** A client whose records lie as `env` says; its database connections end with `close`. */
async function clientWith(cluster: Cluster, env: Readonly<Record<string, string>>): Promise<KubeClient> {
  return withRecords(nodeHost({ env: { HOME: '/nonexistent', ...env } }), { ...cluster.client, close: () => {} })
}

/** What Helm and Flotilla do in turn to one release, and that both see the same afterwards. */
async function takeTurns(
  cluster: Cluster,
  env: Readonly<Record<string, string>>,
  where: { readonly major: 3 | 4; readonly namespace: string },
): Promise<void> {
  const { major, namespace } = where
  const client = await clientWith(cluster, env)
  const { sync, rollback, execute, destroy, history } = planRuns(() => ({ ...cluster, client }))
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-drivers-'))
  mkdirSync(join(folder, 'templates'))
  writeFileSync(join(folder, 'Chart.yaml'), 'apiVersion: v2\nname: demo\nversion: 1.0.0\nappVersion: 1.0.0\n')
  writeFileSync(join(folder, 'templates/all.yaml'), config('{{ .Values.value }}'))
  const helm = async (...args: readonly string[]): Promise<string> => {
    const { succeeded, stdout, stderr } = await runHelm(cluster.kubeconfig, [...args, '-n', namespace], { major, env })
    assert.ok(succeeded, stderr)
    return stdout
  }
  const seenByHelm = async (): Promise<readonly string[]> =>
    (JSON.parse(await helm('history', 'web', '-o', 'json')) as { revision: number; status: string; description: string }[]).map(
      ({ revision, status, description }) => `${revision} ${status} ${description}`,
    )
  const web = release(`${namespace}/web`, { options: { recordLabels: { team: 'a' }, serverSide: 'false' } })
  const wanted = (value: string) => ({ [web.id]: desired(config(value), { config: { value } }) })
  try {
    assert.equal(resultText(await sync([web], wanted('one'))), `done ${web.id}`)
    await helm('upgrade', 'web', folder, '--set-string', 'value=two')
    assert.equal(resultText(await execute(await rollback(web, 1))), `done ${web.id}`)
    await helm('rollback', 'web', '2')
    assert.equal(resultText(await sync([web], wanted('three'))), `done ${web.id}`)
    const expected = [
      '1 superseded Install complete',
      '2 superseded Upgrade complete',
      '3 superseded Rollback to 1',
      '4 superseded Rollback to 2',
      '5 deployed Upgrade complete',
    ]
    assert.deepEqual(await seenByHelm(), expected)
    assert.deepEqual(await history(namespace, 'web'), expected)
    assert.deepEqual(JSON.parse(await helm('get', 'values', 'web', '-o', 'json')), { value: 'three' })
    assert.match(await helm('list', '--selector', 'team=a', '-q'), /^web$/m)
    const records = (await cluster.client.list('v1', 'Secret', { namespace })).filter((secret) => secret['type'] === 'helm.sh/release.v1')
    assert.deepEqual(records, [], 'nothing is kept as Secrets')
    await helm('uninstall', 'web')
    assert.deepEqual(await history(namespace, 'web'), [])
    await helm('install', 'web', folder, '--set-string', 'value=four')
    assert.equal(resultText(await execute(await destroy([web]))), `done ${web.id}`)
    assert.equal(await helm('list', '-q'), '')
  } finally {
    client.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

for (const major of [4, 3] as const) {
  const withoutHelm = findHelm(major) === undefined ? `no Helm ${major} found` : false
  test(`Helm ${major} and Flotilla take turns on records in ConfigMaps`, { skip: withoutHelm }, async (t) => {
    const cluster = await startCluster()
    t.after(() => cluster.close())
    await takeTurns(cluster, { HELM_DRIVER: 'configmap' }, { major, namespace: `turns-configmap-${major}` })
  })
}

describe('a real PostgreSQL', { skip: withoutPostgres }, () => {
  let postgres: Postgres
  let cluster: Cluster
  const inDatabase = (name: string) => ({ HELM_DRIVER: 'sql', HELM_DRIVER_SQL_CONNECTION_STRING: postgres.connection(name) })
  before(async () => {
    cluster = await startCluster()
    postgres = await startPostgres(programs as string)
    for (const name of ['contract', 'helm', 'ours', 'turns4', 'turns3']) postgres.run('postgres', `CREATE DATABASE ${name}`)
  })
  after(async () => {
    await postgres.close()
    await cluster.close()
  })

  recordContract('keeps records', async () => ({
    host: cluster.host,
    client: await clientWith(cluster, inDatabase('contract')),
    namespaces: ['one', 'two'],
    close: async () => {},
  }))

  for (const major of [4, 3] as const) {
    const withoutHelm = findHelm(major) === undefined ? `no Helm ${major} found` : false
    test(`Helm ${major} and Flotilla take turns on it`, { skip: withoutHelm }, async () => {
      await takeTurns(cluster, inDatabase(`turns${major}`), { major, namespace: `turns-sql-${major}` })
    })
  }

  test('its tables are those that Helm makes, also when several make them at once', {
    skip: findHelm() === undefined ? 'no Helm 4 found' : false,
  }, async () => {
    const clients = await Promise.all(Array.from({ length: 4 }, () => clientWith(cluster, inDatabase('ours'))))
    await Promise.all(clients.map(async (client) => client.records?.(client).list({})))
    for (const client of clients) client.close()
    const listed = await runHelm(cluster.kubeconfig, ['list', '-A'], { env: inDatabase('helm') })
    assert.ok(listed.succeeded, listed.stderr)
    assert.equal(postgres.structure('ours'), postgres.structure('helm'))
    assert.equal(
      postgres.run('ours', 'SELECT id FROM gorp_migrations ORDER BY id'),
      postgres.run('helm', 'SELECT id FROM gorp_migrations ORDER BY id'),
    )
  })
})
