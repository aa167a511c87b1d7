import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { readHistory, revisionOf, updateRecord } from '../../src/release/storage.ts'
import { type Cluster, startCluster } from '../support/desired-release.ts'
import { configMap, inScenario, type Scenario } from '../support/scenario.ts'

let cluster: Cluster
before(async () => {
  cluster = await startCluster()
})
after(async () => cluster.close())

const document = (object: unknown): string => `---\n${JSON.stringify(object)}\n`
const ingress = document({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name: 'web' },
  spec: { defaultBackend: { service: { name: 'web', port: { number: 80 } } } },
})
const budget = (minAvailable: number): string =>
  document({
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'web' },
    spec: { minAvailable, selector: { matchLabels: { app: 'web' } } },
  })

/** The last record becomes one that was written when the server still had these API versions. */
async function age(s: Scenario): Promise<void> {
  const record = (await readHistory(cluster.client, { namespace: s.namespace, name: 'app' })).at(-1)
  assert.ok(record)
  const revision = revisionOf(record)
  const backend = '"backend":{"serviceName":"web","servicePort":80}'
  const manifest = revision.manifest
    .replaceAll('networking.k8s.io/v1', 'extensions/v1beta1')
    .replaceAll('policy/v1', 'policy/v1beta1')
    .replace('"defaultBackend":{"service":{"name":"web","port":{"number":80}}}', backend)
  assert.ok(manifest.includes(backend))
  await updateRecord(cluster.host, cluster.client, { ...revision, manifest })
}

async function there(s: Scenario): Promise<readonly string[]> {
  const { namespace } = s
  const lists = [
    cluster.client.list('networking.k8s.io/v1', 'Ingress', { namespace }),
    cluster.client.list('policy/v1', 'PodDisruptionBudget', { namespace }),
  ]
  return (await Promise.all(lists)).flat().map(({ kind, metadata }) => `${kind} ${metadata.name}`)
}

async function oldRelease(s: Scenario, fields: Readonly<Record<string, unknown>> = {}): Promise<void> {
  s.chart({ 'all.yaml': ingress + budget(1) + configMap('a', { x: '1' }) })
  s.state(fields)
  await s.apply()
  await age(s)
}

describe('a record with kinds that the server no longer has', () => {
  for (const serverSide of ['true', 'false']) {
    test(`is upgraded: what stays is changed, what goes is removed (server side: ${serverSide})`, () =>
      inScenario(cluster, async (s) => {
        await oldRelease(s, { serverSide })
        assert.match((await s.run(0, 'diff')).stdout, /^Plan: 1 unchanged\n$/)
        s.chart({ 'all.yaml': budget(2) })
        await s.apply()
        assert.deepEqual(await there(s), ['PodDisruptionBudget web'])
        assert.deepEqual(await s.names('ConfigMap'), [])
      }))
  }

  test('is removed with everything that it names', () =>
    inScenario(cluster, async (s) => {
      await oldRelease(s)
      await s.run(0, 'destroy')
      assert.deepEqual([await there(s), await s.history()], [[], []])
    }))

  test('can be gone back to where the kinds of now are built like those of then', () =>
    inScenario(cluster, async (s) => {
      s.chart({ 'all.yaml': budget(1) })
      s.state()
      await s.apply()
      const [record] = await readHistory(cluster.client, { namespace: s.namespace, name: 'app' })
      assert.ok(record)
      const revision = revisionOf(record)
      await updateRecord(cluster.host, cluster.client, { ...revision, manifest: revision.manifest.replaceAll('policy/v1', 'policy/v1beta1') })
      s.chart({ 'all.yaml': budget(2) })
      await s.apply()
      await s.run(0, 'rollback', 'app', '1')
      const live = await cluster.client.get({ apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', namespace: s.namespace, name: 'web' })
      assert.equal((live?.['spec'] as { readonly minAvailable: number } | undefined)?.minAvailable, 1)
    }))

  test('cannot be gone back to where they are not, and that is said before anything is written', () =>
    inScenario(cluster, async (s) => {
      await oldRelease(s)
      s.chart({ 'all.yaml': configMap('a', { x: '2' }) })
      await s.apply()
      const { stderr } = await s.run(1, 'rollback', 'app', '1')
      assert.match(stderr, /no matches for kind "Ingress" in version "extensions\/v1beta1"/)
      assert.match(
        stderr,
        /hint: Kubernetes no longer has Ingress of extensions\/v1beta1: take a version of the chart that has it of networking.k8s.io\/v1/,
      )
      assert.match((await s.history()).at(-1) ?? '', /^2 deployed/)
    }))
})
