import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { nodeHost } from '../../../src/base/host-node.ts'
import type { KubeObject, ObjectRef } from '../../../src/kinds/kube-object.ts'
import { type KubeClient, KubeError } from '../../../src/kube/client.ts'
import { connect } from '../../../src/kube/connect.ts'
import { refOf } from '../../../src/kube/rest-client.ts'
import { threeWayMerge } from '../../../src/kube/three-way-merge.ts'
import { waitFor } from '../../../src/kube/wait.ts'
import { startSandbox } from '../../../src/sandbox/start.ts'

async function sandboxClient(t: TestContext): Promise<KubeClient> {
  const dir = mkdtempSync(join(tmpdir(), 'sandbox-'))
  const host = nodeHost({ env: { HOME: dir } })
  const sandbox = await startSandbox(host, { readyAfterMs: 1 })
  writeFileSync(join(dir, 'kubeconfig'), sandbox.kubeconfig)
  const client = await connect(host, { kubeconfig: join(dir, 'kubeconfig') })
  t.after(async () => {
    client.close()
    await sandbox.close()
    rmSync(dir, { recursive: true })
  })
  return client
}

const configMap = (name: string, data: object): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'default' },
  data,
})
const deployment = (replicas: number, containers: readonly object[]): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'default' },
  spec: { replicas, selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels: { app: 'web' } }, spec: { containers } } },
})

test('objects come and go', async (t) => {
  const client = await sandboxClient(t)
  const settings = refOf(configMap('settings', {}))
  await client.create(configMap('settings', { a: '1' }))
  await assert.rejects(client.create(configMap('settings', {})), (error: unknown) => error instanceof KubeError && error.reason === 'AlreadyExists')
  await client.apply(configMap('settings', { b: '2' }), { fieldManager: 'helm' })
  await client.patch(settings, 'application/merge-patch+json', { data: { a: null } })
  assert.deepEqual((await client.get(settings))?.['data'], { b: '2' })
  const found = await client.list('v1', 'ConfigMap', { namespace: 'default', fieldSelector: 'metadata.name=settings' })
  assert.deepEqual(found.map(refOf), [settings])
  await assert.rejects(client.delete(settings, { uid: 'another' }), (error: unknown) => error instanceof KubeError && error.status === 409)
  assert.equal(await client.delete(settings), true)
  assert.equal(await client.delete(settings), false)
  assert.equal(await client.get(settings), undefined)
})

test('a new kind is known without being told', async (t) => {
  const client = await sandboxClient(t)
  const widgets: ObjectRef = { apiVersion: 'example.com/v1', kind: 'Widget', name: 'w', namespace: 'default' }
  await assert.rejects(client.get(widgets), /no matches for kind "Widget" in version "example.com\/v1"/)
  const version = {
    name: 'v1',
    served: true,
    storage: true,
    schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
  }
  const definition: KubeObject = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'widgets.example.com' },
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' },
      versions: [version],
    },
  }
  await client.create(definition)
  assert.equal((await waitFor(client, [refOf(definition)], { until: 'ready', timeoutMs: 10_000 })).outcome, 'done')
  await client.create({ apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w', namespace: 'default' } })
  assert.equal((await client.get(widgets))?.metadata.name, 'w')
})

test('a three-way patch leaves what others added', async (t) => {
  const client = await sandboxClient(t)
  const original = deployment(1, [{ name: 'web', image: 'web:1', env: [{ name: 'A', value: '1' }] }])
  const target = deployment(2, [{ name: 'web', image: 'web:2' }])
  await client.create(original)
  await client.patch(refOf(original), 'application/strategic-merge-patch+json', {
    spec: { template: { spec: { containers: [{ name: 'sidecar', image: 'proxy:1' }] } } },
  })
  const live = await client.get(refOf(original))
  assert.ok(live)
  const { type, patch } = threeWayMerge({ original, target, live })
  const patched = await client.patch(refOf(original), type, patch)
  const { replicas, template } = patched['spec'] as {
    replicas: number
    template: { spec: { containers: { name: string; image: string; env?: unknown }[] } }
  }
  assert.equal(replicas, 2)
  assert.deepEqual(
    template.spec.containers.map(({ name, image, env }) => [name, image, env]),
    [
      ['web', 'web:2', undefined],
      ['sidecar', 'proxy:1', undefined],
    ],
  )
})

test('workloads become ready, and removals end', async (t) => {
  const client = await sandboxClient(t)
  const web = deployment(2, [{ name: 'web', image: 'web:1' }])
  await client.apply(web, { fieldManager: 'helm' })
  const messages = new Set<string>()
  const ready = await waitFor(client, [refOf(web)], {
    until: 'ready',
    timeoutMs: 10_000,
    onProgress: (progress) => messages.add(`${progress.done}/${progress.total}`),
  })
  assert.equal(ready.objects[0]?.readiness?.message, 'Deployment is available. Replicas: 2')
  assert.ok(messages.has('1/1'))
  await client.delete(refOf(web), { propagation: 'Foreground' })
  assert.equal((await waitFor(client, [refOf(web)], { until: 'deleted', timeoutMs: 10_000 })).outcome, 'done')
})
