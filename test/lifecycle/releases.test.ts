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

const settings = { 'settings.yaml': configMap('settings', { value: '{{ .Values.value }}', other: '{{ .Values.other }}' }) }
const defaults = { values: { value: 'one', other: 'default' } }

describe('a release of the state', () => {
  test('is installed, upgraded with changed values, and loses what the chart no longer has', () =>
    inScenario(cluster, async (s) => {
      s.chart({ ...settings, 'web.yaml': deployment('web') + service('web') }, defaults)
      s.state()
      await s.apply()
      assert.deepEqual(await s.history(), ['1 deployed Install complete'])
      assert.deepEqual(await s.names('ConfigMap', 'Service', 'Deployment'), ['ConfigMap/settings', 'Deployment/web', 'Service/web'])
      s.state({ values: [{ value: 'two' }] })
      const { stdout } = await s.run(2, 'diff', '--detailed-exitcode')
      assert.match(stdout, /- {2}value: one\n +\+ {2}value: two/)
      await s.apply()
      assert.deepEqual((await s.live('v1', 'ConfigMap', 'settings'))?.['data'], { value: 'two', other: 'default' })
      s.chart(settings, { ...defaults, version: '1.1.0' })
      await s.apply()
      assert.deepEqual(await s.names('ConfigMap', 'Service', 'Deployment'), ['ConfigMap/settings'])
      assert.deepEqual(await s.history(), ['1 superseded Install complete', '2 superseded Upgrade complete', '3 deployed Upgrade complete'])
      const status = JSON.parse((await s.run(0, 'status', '--output', 'json')).stdout) as Record<string, unknown>[]
      assert.deepEqual([status[0]?.['status'], status[0]?.['revision'], status[0]?.['chart']], ['deployed', 3, 'demo-1.1.0'])
    }))

  test('goes back, by number or to the one before, and forward again', () =>
    inScenario(cluster, async (s) => {
      s.chart({ ...settings, 'web.yaml': service('web') }, defaults)
      s.state()
      await s.apply()
      s.chart(settings, defaults)
      s.state({ values: [{ value: 'two' }] })
      await s.apply()
      await s.run(0, 'rollback', 'app', '1')
      assert.deepEqual(await s.names('ConfigMap', 'Service'), ['ConfigMap/settings', 'Service/web'])
      assert.deepEqual((await s.live('v1', 'ConfigMap', 'settings'))?.['data'], { value: 'one', other: 'default' })
      await s.run(0, 'rollback', 'app')
      assert.deepEqual(await s.names('ConfigMap', 'Service'), ['ConfigMap/settings'])
      assert.deepEqual(await s.history(), [
        '1 superseded Install complete',
        '2 superseded Upgrade complete',
        '3 superseded Rollback to 1',
        '4 deployed Rollback to 2',
      ])
      assert.equal((await s.run(0, 'diff')).stdout, 'Plan: 1 unchanged\n')
      assert.match((await s.run(1, 'rollback', 'app', '9')).stderr, /release has no 9 version/)
    }))

  test('is removed, with or without its history, and installed over what was kept', () =>
    inScenario(cluster, async (s) => {
      s.chart(settings, defaults)
      s.state()
      await s.apply()
      await s.run(0, 'destroy', '--keep-history')
      assert.deepEqual(await s.history(), ['1 uninstalled Uninstallation complete'])
      assert.deepEqual(await s.names('ConfigMap'), [])
      await s.apply()
      assert.deepEqual(await s.history(), ['1 superseded superseded by new release', '2 deployed Install complete'])
      await s.run(0, 'destroy')
      assert.deepEqual(await s.history(), [])
      assert.match((await s.run(0, 'destroy')).stdout, /nothing to do|not installed|unchanged/)
      await s.apply()
      s.state({ installed: false })
      await s.apply()
      assert.deepEqual(await s.history(), [])
    }))

  test('keeps as many revisions as it may', () =>
    inScenario(cluster, async (s) => {
      s.chart(settings, defaults)
      for (const value of ['1', '2', '3', '4']) {
        s.state({ historyMax: 2, values: [{ value }] })
        await s.apply()
      }
      assert.deepEqual(await s.history(), ['3 superseded Upgrade complete', '4 deployed Upgrade complete'])
    }))

  test('has the description that is asked for', () =>
    inScenario(cluster, async (s) => {
      s.chart(settings, defaults)
      s.state()
      await s.run(0, 'apply', '--suppress-diff', '--description', 'the first')
      s.state({ values: [{ value: 'two' }], description: 'the second' })
      await s.apply()
      assert.deepEqual(await s.history(), ['1 superseded the first', '2 deployed the second'])
    }))

  test('reuses values where that is asked for, and drops them where not', () =>
    inScenario(cluster, async (s) => {
      s.chart(settings, defaults)
      s.state({ values: [{ value: 'given', other: 'given' }] })
      await s.apply()
      s.state({ values: [{ value: 'new' }], reuseValues: true })
      await s.apply()
      assert.deepEqual((await s.live('v1', 'ConfigMap', 'settings'))?.['data'], { value: 'new', other: 'given' })
      s.state({ values: [{ value: 'new' }] })
      await s.apply()
      assert.deepEqual((await s.live('v1', 'ConfigMap', 'settings'))?.['data'], { value: 'new', other: 'default' })
    }))

  test('gets its namespace made, or is told that it is missing', () =>
    inScenario(cluster, async (s) => {
      s.chart(settings, defaults)
      s.state({ createNamespace: false })
      assert.match((await s.applyFails()).stderr, new RegExp(`namespaces "${s.namespace}" not found`))
      s.state({ createNamespace: true })
      await s.apply()
      const made = await cluster.client.get({ apiVersion: 'v1', kind: 'Namespace', name: s.namespace })
      assert.equal(made?.metadata.labels?.['name'], s.namespace)
    }))

  test('gets back what was changed or deleted by hand', () =>
    inScenario(cluster, async (s) => {
      s.chart({ ...settings, 'web.yaml': deployment('web') + service('web') }, defaults)
      s.state({ forceConflicts: true })
      await s.apply()
      const { namespace } = s
      const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'web' }
      await cluster.client.patch(ref, 'application/merge-patch+json', { spec: { replicas: 3 } }, { fieldManager: 'kubectl-edit' })
      await cluster.client.delete({ apiVersion: 'v1', kind: 'Service', namespace, name: 'web' })
      const { stdout } = await s.run(2, 'diff', '--detailed-exitcode')
      assert.match(stdout, /- {2}replicas: 3\n +\+ {2}replicas: 1/)
      assert.match(stdout, /Service/)
      await s.apply()
      assert.deepEqual(await s.names('Service'), ['Service/web'])
      const live = (await s.live('apps/v1', 'Deployment', 'web')) as KubeObject & { readonly spec: { readonly replicas: number } }
      assert.equal(live.spec.replicas, 1)
    }))

  test('is upgraded by sync although nothing changed', () =>
    inScenario(cluster, async (s) => {
      s.chart(settings, defaults)
      s.state()
      await s.apply()
      await s.run(0, 'sync')
      assert.deepEqual(await s.history(), ['1 superseded Install complete', '2 deployed Upgrade complete'])
    }))
})
