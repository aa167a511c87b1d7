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
async function age(s: Scenario, more = ''): Promise<void> {
  const record = (await readHistory(cluster.client, { namespace: s.namespace, name: 'app' })).at(-1)
  assert.ok(record)
  const revision = revisionOf(record)
  const backend = '"backend":{"serviceName":"web","servicePort":80}'
  const manifest = revision.manifest
    .replaceAll('networking.k8s.io/v1', 'extensions/v1beta1')
    .replaceAll('policy/v1', 'policy/v1beta1')
    .replace('"defaultBackend":{"service":{"name":"web","port":{"number":80}}}', backend)
    .replaceAll('autoscaling/v2', 'autoscaling/v2beta1')
  assert.notEqual(manifest, revision.manifest)
  await updateRecord(cluster.host, cluster.client, { ...revision, manifest: `${manifest}${more}` })
}

const scaler = document({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'web' },
  spec: { maxReplicas: 2, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' } },
})

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

  test('does not mind those that have no successor', () =>
    inScenario(cluster, async (s) => {
      s.chart({ 'all.yaml': budget(1) })
      s.state()
      await s.apply()
      await age(s, document({ apiVersion: 'policy/v1beta1', kind: 'PodSecurityPolicy', metadata: { name: 'old' }, spec: {} }))
      s.chart({ 'all.yaml': budget(2) })
      await s.apply()
      assert.deepEqual(await there(s), ['PodDisruptionBudget web'])
      assert.match((await s.run(1, 'rollback', 'app', '1')).stderr, /no matches for kind "PodSecurityPolicy" in version "policy\/v1beta1"/)
      await s.run(0, 'destroy')
      assert.deepEqual([await there(s), await s.history()], [[], []])
    }))

  test('is removed with everything that it names', () =>
    inScenario(cluster, async (s) => {
      await oldRelease(s)
      await s.run(0, 'destroy')
      assert.deepEqual([await there(s), await s.history()], [[], []])
    }))

  test('can be gone back to: it is written as the kinds are built now', () =>
    inScenario(cluster, async (s) => {
      await oldRelease(s)
      s.chart({ 'all.yaml': budget(2) + configMap('a', { x: '2' }) })
      await s.apply()
      await s.run(0, 'rollback', 'app', '1')
      const live = await Promise.all([s.live('networking.k8s.io/v1', 'Ingress', 'web'), s.live('policy/v1', 'PodDisruptionBudget', 'web')])
      assert.deepEqual(
        live.map((object) => object?.['spec']),
        [{ defaultBackend: { service: { name: 'web', port: { number: 80 } } } }, { minAvailable: 1, selector: { matchLabels: { app: 'web' } } }],
      )
      assert.match((await s.history()).at(-1) ?? '', /^3 deployed Rollback to 1$/)
    }))

  test('cannot be gone back to where they are built otherwise, and that is said before anything is written', () =>
    inScenario(cluster, async (s) => {
      s.chart({ 'all.yaml': scaler })
      s.state()
      await s.apply()
      await age(s)
      s.chart({ 'all.yaml': configMap('a', { x: '2' }) })
      await s.apply()
      const { stderr } = await s.run(1, 'rollback', 'app', '1')
      assert.match(stderr, /no matches for kind "HorizontalPodAutoscaler" in version "autoscaling\/v2beta1"/)
      assert.match(
        stderr,
        /hint: Kubernetes no longer has HorizontalPodAutoscaler of autoscaling\/v2beta1: take a version of the chart that has it of autoscaling\/v2/,
      )
      assert.match((await s.history()).at(-1) ?? '', /^2 deployed/)
    }))
})
