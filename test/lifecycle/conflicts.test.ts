import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { KubeObject } from '../../src/kinds/kube-object.ts'
import { type Cluster, startCluster } from '../support/desired-release.ts'
import { configMap, deployment, inScenario, job, type Scenario } from '../support/scenario.ts'

let cluster: Cluster
before(async () => {
  cluster = await startCluster()
})
after(async () => cluster.close())

interface Workload extends KubeObject {
  readonly spec: { readonly replicas: number; readonly template: { readonly spec: { readonly containers: readonly { readonly image: string }[] } } }
}

/** Another manager takes replicas, the image and an entry of a ConfigMap for itself. */
async function meddle({ namespace }: Scenario): Promise<void> {
  const metadata = { name: 'web', namespace }
  const template = { spec: { containers: [{ name: 'main', image: 'theirs:9' }] } }
  await cluster.client.apply(
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { replicas: 5, template } },
    { fieldManager: 'scaler', force: true },
  )
  const settings = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace }, data: { 'log.level': 'debug' } }
  await cluster.client.apply(settings, { fieldManager: 'kubectl-edit', force: true })
}

const chart = (image: string): Readonly<Record<string, string>> => ({
  'web.yaml': deployment('web', { image, replicas: 2 }),
  'settings.yaml': configMap('settings', { 'log.level': image, other: '1' }),
})

/** A release, some of whose fields somebody else has taken since, and a chart that sets them anew. */
async function meddledWith(s: Scenario, apply?: unknown, options: Parameters<Scenario['state']>[0] = {}): Promise<void> {
  s.chart(chart('demo:1'))
  s.state(options)
  await s.apply()
  await meddle(s)
  if (apply !== undefined) settings(s, apply)
  s.chart(chart('demo:2'))
}

function settings(s: Scenario, apply: unknown): void {
  writeFileSync(join(s.folder, 'flotilla.config.json'), JSON.stringify({ apply }))
}

async function state(s: Scenario): Promise<string> {
  const web = (await s.live('apps/v1', 'Deployment', 'web')) as Workload
  const { data } = (await s.live('v1', 'ConfigMap', 'settings')) as KubeObject & { readonly data: Readonly<Record<string, string>> }
  return `${web.spec.replicas} ${web.spec.template.spec.containers[0]?.image} ${data['log.level']}`
}

describe('fields that another manager owns', () => {
  test('fail the upgrade, which names field, owner and both values', () =>
    inScenario(cluster, async (s) => {
      await meddledWith(s)
      const { stderr } = await s.applyFails()
      assert.match(stderr, /conflict: spec\.replicas is owned by scaler: ours is 2, theirs is 5 /)
      assert.match(stderr, /conflict: spec\.template\.spec\.containers\[main\]\.image is owned by scaler: ours is "demo:2", theirs is "theirs:9" /)
      assert.match(stderr, /conflict: data\["log\.level"\] is owned by kubectl-edit: ours is "demo:2", theirs is "debug" /)
      assert.match(stderr, /hint: .*apply\.conflicts/)
      assert.match((await s.run(1, 'diff')).stdout, /conflict: spec\.replicas is owned by scaler: ours is 2, theirs is 5/)
      assert.match((await s.syncFails()).stderr, /note: spec\.replicas is owned by scaler: ours is 2, theirs is 5\n/)
    }))

  test('are left or taken as the settings say, and stay so', () =>
    inScenario(cluster, async (s) => {
      await meddledWith(s, {
        conflicts: [
          { path: 'spec.replicas', kind: 'Deployment', policy: 'leave' },
          { path: 'spec.template.spec.containers[*].image', owner: 'scal*', policy: 'take' },
          { path: 'data', kind: 'ConfigMap', name: 'set*', policy: 'leave' },
        ],
      })
      const { stdout } = await s.run(0, 'diff')
      assert.match(stdout, /left alone: spec\.replicas is owned by scaler/)
      assert.match(stdout, /taken over: spec\.template\.spec\.containers\[main\]\.image is owned by scaler/)
      await s.apply()
      assert.equal(await state(s), '5 demo:2 debug')
      assert.match((await s.history()).at(-1) ?? '', /deployed/)
      await s.run(0, 'rollback', 'app', '1')
      assert.equal(await state(s), '5 demo:1 debug')
    }))

  test('are judged by the first rule that fits, and one that fails is enough', () =>
    inScenario(cluster, async (s) => {
      await meddledWith(s, {
        conflicts: [
          { path: 'spec.replicas', policy: 'fail' },
          { path: '*', policy: 'take' },
        ],
      })
      const { stderr } = await s.applyFails()
      assert.match(stderr, /spec\.replicas is owned by scaler/)
      assert.equal(await state(s), '5 theirs:9 debug')
    }))

  test('are left on the way back of an atomic upgrade too', () =>
    inScenario(cluster, async (s) => {
      await meddledWith(
        s,
        {
          conflicts: [
            { path: 'spec.replicas', policy: 'leave' },
            { path: '*', policy: 'take' },
          ],
        },
        { atomic: true },
      )
      const after = job('after', { 'helm.sh/hook': 'post-upgrade' }, { fail: 'JobFailed' })
      s.chart({ ...chart('demo:2'), 'after.yaml': after })
      await s.applyFails()
      assert.match((await s.history()).at(-1) ?? '', /^3 deployed Rollback to 1/)
      assert.equal(await state(s), '5 demo:1 demo:1')
    }))
})

describe('a field that cannot change', () => {
  const other = { 'web.yaml': deployment('web', { app: 'other' }), 'settings.yaml': configMap('settings', { a: '1' }) }

  for (const serverSide of [true, false]) {
    test(`is changed by making the object anew, where that is asked for${serverSide ? '' : ', by client-side apply too'}`, () =>
      inScenario(cluster, async (s) => {
        s.chart(chart('demo:1'))
        s.state({ ...(serverSide ? {} : { serverSide: 'false' }) })
        await s.apply()
        const { uid } = ((await s.live('apps/v1', 'Deployment', 'web')) as KubeObject).metadata
        s.chart(other)
        assert.match((await s.run(1, 'diff')).stdout, /let --recreate Deployment\/web delete it and make it anew/)
        assert.match(
          (await s.applyFails()).stderr,
          /hint: give the object another name, or let --recreate Deployment\/web delete it and make it anew/,
        )
        const { stdout } = await s.run(0, 'diff', '--recreate', 'deployment/web')
        assert.match(stdout, /1 to replace/)
        assert.match(stdout, /deleted and made anew: spec\.selector.* cannot change/)
        await s.apply('--recreate', 'deployment/web')
        const live = (await s.live('apps/v1', 'Deployment', 'web')) as KubeObject
        assert.notEqual(live.metadata.uid, uid)
        assert.deepEqual((live['spec'] as { readonly selector: unknown }).selector, { matchLabels: { app: 'other' } })
      }))
  }

  test('leaves objects alone that need not be made anew', () =>
    inScenario(cluster, async (s) => {
      s.chart(chart('demo:1'))
      s.state()
      settings(s, { recreate: ['Deployment/web'] })
      await s.apply()
      const { uid } = ((await s.live('apps/v1', 'Deployment', 'web')) as KubeObject).metadata
      s.chart(chart('demo:2'))
      await s.apply()
      assert.equal(((await s.live('apps/v1', 'Deployment', 'web')) as KubeObject).metadata.uid, uid)
    }))
})
