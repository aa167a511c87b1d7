import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { KubeObject } from '../../src/kinds/kube-object.ts'
import { type Cluster, startCluster } from '../support/desired-release.ts'
import { configMap, deployment, inScenario, service } from '../support/scenario.ts'

let cluster: Cluster
before(async () => {
  cluster = await startCluster()
})
after(async () => cluster.close())

interface Entry {
  readonly manager: string
  readonly operation: string
}

function managers(object: KubeObject | undefined): readonly string[] {
  return ((object?.metadata['managedFields'] ?? []) as readonly Entry[])
    .filter(({ manager }) => manager === 'helm')
    .map(({ manager, operation }) => `${manager} ${operation}`)
}

describe('a release that is not applied by the server, as Helm 3 did it', () => {
  const chart = (value: string, more = ''): Record<string, string> => ({
    'all.yaml': configMap('a', { value, ...(more ? { more } : {}) }) + deployment('web') + service('web'),
  })

  test('is patched three ways: what others added stays, what the chart drops goes', () =>
    inScenario(cluster, async (s) => {
      const { namespace } = s
      s.chart(chart('1', 'x'))
      s.state({ serverSide: 'false' })
      await s.apply()
      assert.deepEqual(managers(await s.live('v1', 'ConfigMap', 'a')), ['helm Update'])
      const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'a' }
      await cluster.client.patch(ref, 'application/merge-patch+json', { data: { theirs: 'y' } }, { fieldManager: 'kubectl-edit' })
      assert.equal((await s.run(0, 'diff')).stdout, 'Plan: 1 unchanged\n')
      s.chart(chart('2'))
      await s.apply()
      assert.deepEqual((await s.live('v1', 'ConfigMap', 'a'))?.['data'], { value: '2', theirs: 'y' })
      await cluster.client.patch(ref, 'application/merge-patch+json', { data: { value: 'by hand' } }, { fieldManager: 'kubectl-edit' })
      await s.apply()
      assert.deepEqual((await s.live('v1', 'ConfigMap', 'a'))?.['data'], { value: '2', theirs: 'y' })
      await s.run(0, 'rollback', 'app', '1')
      assert.deepEqual((await s.live('v1', 'ConfigMap', 'a'))?.['data'], { value: '1', more: 'x', theirs: 'y' })
      await s.run(0, 'destroy')
      assert.deepEqual(await s.names('ConfigMap', 'Deployment', 'Service'), [])
    }))

  test('takes over what is there without taking anything from it', () =>
    inScenario(cluster, async (s) => {
      const { namespace } = s
      const labels = { 'app.kubernetes.io/managed-by': 'Helm' }
      const annotations = { 'meta.helm.sh/release-name': 'app', 'meta.helm.sh/release-namespace': namespace }
      const owned = { metadata: { name: 'a', namespace, labels, annotations } }
      await cluster.client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } })
      await cluster.client.create({ apiVersion: 'v1', kind: 'ConfigMap', ...owned, data: { value: 'old', theirs: 'y' } })
      s.chart(chart('1'))
      s.state({ serverSide: 'false' })
      await s.apply()
      assert.deepEqual((await s.live('v1', 'ConfigMap', 'a'))?.['data'], { value: '1', theirs: 'y' })
    }))

  test('has an empty label where the chart has null', () =>
    inScenario(cluster, async (s) => {
      const { namespace } = s
      s.chart({ 'all.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, labels: {tier: null}, annotations: null}\n' })
      s.state({ serverSide: 'false' })
      await s.apply()
      const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'a' }
      await cluster.client.patch(ref, 'application/merge-patch+json', { metadata: { labels: { tier: 'x' } } }, { fieldManager: 'kubectl-edit' })
      await s.run(0, 'sync')
      assert.equal((await s.live('v1', 'ConfigMap', 'a'))?.metadata.labels?.['tier'], '')
    }))

  test('stays so until the state says otherwise, and then its fields change hands', () =>
    inScenario(cluster, async (s) => {
      s.chart(chart('1', 'x'))
      s.state({ serverSide: 'false' })
      await s.apply()
      s.chart(chart('2', 'x'))
      s.state()
      await s.apply()
      assert.deepEqual(managers(await s.live('v1', 'ConfigMap', 'a')), ['helm Update'])
      s.chart(chart('3'))
      s.state({ serverSide: 'true' })
      await s.apply()
      assert.deepEqual(managers(await s.live('v1', 'ConfigMap', 'a')), ['helm Apply'])
      assert.deepEqual((await s.live('v1', 'ConfigMap', 'a'))?.['data'], { value: '3' })
    }))

  test('names an object that the server refuses, and goes back when atomic', () =>
    inScenario(cluster, async (s) => {
      s.chart(chart('1'))
      s.state({ serverSide: 'false', atomic: true })
      await s.apply()
      s.chart({ 'all.yaml': configMap('a', { value: '2' }) + deployment('web', { app: 'other' }) + service('web') })
      await s.syncFails()
      const lines = await s.history()
      assert.match(
        lines[1] ?? '',
        /^2 failed Upgrade "app" failed: cannot patch "web" with kind Deployment: Deployment\.apps "web" is invalid: .*field is immutable$/,
      )
      assert.equal(lines[2], '3 deployed Rollback to 1')
      assert.deepEqual((await s.live('v1', 'ConfigMap', 'a'))?.['data'], { value: '1' })
    }))
})
