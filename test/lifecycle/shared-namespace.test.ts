import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { KubeClient } from '../../src/kube/client.ts'
import { type Cluster, desired, release, startCluster } from '../support/desired-release.ts'
import { planRuns, resultText } from '../support/plan-runs.ts'
import { configMap } from '../support/scenario.ts'

let cluster: Cluster
before(async () => {
  cluster = await startCluster()
})
after(async () => cluster.close())

/** `client`, and how often a namespace is written by it; the first `refused` of these writes fail. */
function watched(client: KubeClient, refused: number): { readonly client: KubeClient; readonly writes: () => number } {
  let writes = 0
  const apply: KubeClient['apply'] = async (object, options) => {
    if (object.kind === 'Namespace' && ++writes <= refused) throw new Error('no answer')
    return client.apply(object, options)
  }
  return { client: { ...client, apply }, writes: () => writes }
}

test('releases that begin together make their namespace once; where that fails, the next run makes it', async () => {
  const namespace = `t-cluster-${process.pid}-shared`
  const apps = ['a', 'b', 'c'].map((name) => release(`${namespace}/${name}`))
  const wanted = Object.fromEntries(apps.map(({ id, name }) => [id, desired(configMap(name, { value: '1' }))]))
  const { client, writes } = watched(cluster.client, 1)
  const { sync } = planRuns(() => ({ ...cluster, client }))
  assert.equal(resultText(await sync(apps, wanted)), apps.map(({ id }) => `failed ${id}\n  no answer`).join('\n'))
  assert.equal(writes(), 1)
  assert.equal(resultText(await sync(apps, wanted)), apps.map(({ id }) => `done ${id}`).join('\n'))
  assert.equal(writes(), 2)
})
