import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { KubeObject } from '../../src/kinds/kube-object.ts'
import { type Cluster, startCluster } from '../support/desired-release.ts'
import { configMap, inScenario } from '../support/scenario.ts'

let cluster: Cluster
before(async () => {
  cluster = await startCluster()
})
after(async () => cluster.close())

async function byHand(namespace: string, name: string, metadata: Record<string, unknown> = {}): Promise<void> {
  if (!(await cluster.client.get({ apiVersion: 'v1', kind: 'Namespace', name: namespace }))) {
    await cluster.client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } })
  }
  await cluster.client.create(
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace, ...metadata }, data: { value: 'by hand' } },
    { fieldManager: 'kubectl-create' },
  )
}

describe('objects that are there already', () => {
  test('stop the release where they belong to nobody, unless they may be taken', () =>
    inScenario(cluster, async (s) => {
      await byHand(s.namespace, 'a')
      s.chart({ 'a.yaml': configMap('a', { value: '1' }) })
      s.state()
      const { stderr } = await s.applyFails()
      assert.match(
        stderr,
        /ConfigMap "a" in namespace "\S+" exists and cannot be imported into the current release: invalid ownership metadata; label validation error: missing key "app\.kubernetes\.io\/managed-by"/,
      )
      assert.deepEqual(await s.history(), [])
      assert.deepEqual((await s.live('v1', 'ConfigMap', 'a'))?.['data'], { value: 'by hand' })
      s.state({ takeOwnership: true })
      await s.apply()
      assert.deepEqual((await s.live('v1', 'ConfigMap', 'a'))?.['data'], { value: '1' })
      assert.deepEqual(await s.history(), ['1 deployed Install complete'])
    }))

  test('are adopted where they are marked as belonging to the release', () =>
    inScenario(cluster, async (s) => {
      await byHand(s.namespace, 'a', {
        labels: { 'app.kubernetes.io/managed-by': 'Helm' },
        annotations: { 'meta.helm.sh/release-name': 'app', 'meta.helm.sh/release-namespace': s.namespace },
      })
      s.chart({ 'a.yaml': configMap('a', { value: '1' }) })
      s.state()
      await s.apply()
      assert.deepEqual((await s.live('v1', 'ConfigMap', 'a'))?.['data'], { value: '1' })
    }))

  test('are adopted with what kubectl wrote: what the chart has not goes', () =>
    inScenario(cluster, async (s) => {
      await byHand(s.namespace, 'a')
      s.chart({ 'a.yaml': configMap('a', { other: '1' }) })
      s.state({ takeOwnership: true })
      await s.apply()
      const { data, metadata } = (await s.live('v1', 'ConfigMap', 'a')) as KubeObject & { readonly data: unknown }
      assert.deepEqual(data, { other: '1' })
      assert.deepEqual(
        (metadata.managedFields as { readonly manager: string; readonly operation: string }[]).map(
          ({ manager, operation }) => `${manager} ${operation}`,
        ),
        ['helm Apply'],
      )
    }))

  test('stop the release where another one owns them, which is named', () =>
    inScenario(cluster, async (s) => {
      s.chart({ 'a.yaml': configMap('shared', { value: '{{ .Release.Name }}' }) })
      s.releases({ name: 'first' })
      await s.apply()
      s.releases({ name: 'second' })
      const { stderr } = await s.applyFails()
      assert.match(stderr, /key "meta\.helm\.sh\/release-name" must equal "second": current value is "first"/)
      assert.match(stderr, new RegExp(`hint: .*${s.namespace}/first`))
      assert.deepEqual((await s.live('v1', 'ConfigMap', 'shared'))?.['data'], { value: 'first' })
      assert.deepEqual(await s.history('second'), [])
    }))
})

describe('objects to be kept', () => {
  test('stay when the chart drops them and when the release goes', () =>
    inScenario(cluster, async (s) => {
      const kept = { 'helm.sh/resource-policy': 'keep' }
      s.chart({ 'a.yaml': configMap('a', { value: '1' }, kept) + configMap('b', { value: '1' }, kept) + configMap('c', { value: '1' }) })
      s.state()
      await s.apply()
      s.chart({ 'a.yaml': configMap('b', { value: '1' }, kept) + configMap('c', { value: '2' }) })
      await s.apply()
      assert.deepEqual(await s.names('ConfigMap'), ['ConfigMap/a', 'ConfigMap/b', 'ConfigMap/c'])
      await s.run(0, 'destroy')
      assert.deepEqual(await s.names('ConfigMap'), ['ConfigMap/a', 'ConfigMap/b'])
      await s.apply()
      assert.deepEqual(await s.history(), ['1 deployed Install complete'])
    }))
})

describe('definitions of kinds', () => {
  const group = `t${process.pid}.demo.example`
  const crd = JSON.stringify({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `widgets.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural: 'widgets', singular: 'widget', kind: 'Widget' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: { type: 'object', properties: { spec: { type: 'object', properties: { size: { type: 'integer', maximum: 10 } } } } },
          },
        },
      ],
    },
  })
  const widget = `---\napiVersion: ${group}/v1\nkind: Widget\nmetadata: {name: w}\nspec: {size: {{ .Values.size }}}\n`

  test('come before their objects, are checked, and outlive the release', () =>
    inScenario(cluster, async (s) => {
      const options = { values: { size: 1 }, crds: { 'widget.yaml': crd } }
      s.chart({ 'w.yaml': widget }, options)
      s.state()
      await s.apply()
      assert.deepEqual((await s.live(`${group}/v1`, 'Widget', 'w'))?.['spec'], { size: 1 })
      s.state({ values: [{ size: 2 }] })
      await s.apply()
      assert.deepEqual((await s.live(`${group}/v1`, 'Widget', 'w'))?.['spec'], { size: 2 })
      s.state({ values: [{ size: 11 }] })
      assert.match(
        (await s.applyFails()).stderr,
        /Widget\.t\d+\.demo\.example "w" is invalid: spec\.size: Invalid value: 11: spec\.size in body should be less than or equal to 10/,
      )
      s.state()
      await s.apply()
      await s.run(0, 'destroy')
      assert.equal(await s.live(`${group}/v1`, 'Widget', 'w'), undefined)
      const left = await cluster.client.get({ apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', name: `widgets.${group}` })
      assert.notEqual(left, undefined)
    }))

  test('that are missing are named, and nothing is recorded', () =>
    inScenario(cluster, async (s) => {
      s.chart({ 'w.yaml': widget.replace('kind: Widget', 'kind: Gadget') }, { values: { size: 1 } })
      s.state()
      assert.match((await s.applyFails()).stderr, /no matches for kind "Gadget" in version/)
      assert.deepEqual(await s.history(), [])
    }))
})
