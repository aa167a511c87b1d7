import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Cluster, startCluster } from '../support/desired-release.ts'
import { configMap, inScenario, job } from '../support/scenario.ts'

let cluster: Cluster
before(async () => {
  cluster = await startCluster()
})
after(async () => cluster.close())

const hook = (event: string, weight = 0, policy?: string): Record<string, string> => ({
  'helm.sh/hook': event,
  'helm.sh/hook-weight': String(weight),
  ...(policy === undefined ? {} : { 'helm.sh/hook-delete-policy': policy }),
})

/** The names of what was applied or run, in the order in which the progress lines name them. */
function hookOrder(stderr: string): readonly string[] {
  return [...stderr.matchAll(/hook (?:Job|ConfigMap)[ /](\S+?)(?=[\s,;:)]|$)/gm)]
    .map((found) => found[1] as string)
    .filter((name, at, all) => name !== all[at - 1])
}

describe('hooks', () => {
  test('run before and after, by weight and then by name', () =>
    inScenario(cluster, async (s) => {
      s.chart(
        {
          'settings.yaml': configMap('settings', { value: '{{ .Values.value }}' }),
          'hooks.yaml':
            job('b-early', hook('pre-install,pre-upgrade', -5)) +
            job('late', hook('pre-install', 5)) +
            job('a-early', hook('pre-install', -5)) +
            job('after', hook('post-install')) +
            job('upgraded', hook('post-upgrade')) +
            job('never', hook('post-delete')),
        },
        { values: { value: '1' } },
      )
      s.state()
      const first = await s.apply()
      assert.deepEqual(hookOrder(first.stderr), ['a-early', 'b-early', 'late', 'after'], first.stderr)
      assert.deepEqual(await s.names('Job'), ['Job/a-early', 'Job/after', 'Job/b-early', 'Job/late'])
      const before = await s.live('batch/v1', 'Job', 'b-early')
      s.state({ values: [{ value: '2' }] })
      const second = await s.apply()
      assert.deepEqual(hookOrder(second.stderr), ['b-early', 'upgraded'], second.stderr)
      assert.notEqual((await s.live('batch/v1', 'Job', 'b-early'))?.metadata.uid, before?.metadata.uid, 'before-hook-creation is the usual policy')
      await s.run(0, 'destroy')
      assert.deepEqual(await s.names('Job'), ['Job/a-early', 'Job/after', 'Job/b-early', 'Job/late', 'Job/never', 'Job/upgraded'])
    }))

  test('that the server names are awaited and go by their names; without one nothing is deleted', () =>
    inScenario(cluster, async (s) => {
      const named = (annotations: Record<string, string>, fail = ''): string =>
        job('x', annotations, { fail }).replace('"name": "x"', '"generateName": "x-"')
      const state = (): void => s.state({ serverSide: 'false' })
      const bystander = configMap('settings', { value: '1' }) + job('bystander')
      s.chart({ 'all.yaml': bystander + named(hook('pre-install', 0, 'hook-succeeded')) })
      state()
      await s.apply()
      assert.deepEqual(await s.names('Job', 'ConfigMap'), ['ConfigMap/settings', 'Job/bystander'])
      s.chart({ 'all.yaml': bystander + named(hook('pre-upgrade', 0, 'hook-failed'), 'JobFailed') })
      await s.syncFails()
      assert.match((await s.history()).at(-1) ?? '', /^2 failed .*pre-upgrade hooks failed: resource Job\/.*\/x-\w+ not ready/s)
      assert.deepEqual(await s.names('Job', 'ConfigMap'), ['ConfigMap/settings', 'Job/bystander'])
      // Helm's usual policy is to delete the hook before it is made: without a name that would mean every Job there is.
      s.chart({ 'all.yaml': bystander + named(hook('pre-upgrade')) })
      await s.syncFails()
      assert.equal((await s.history()).at(-1), '3 failed Upgrade "app" failed: pre-upgrade hooks failed: resource name may not be empty')
      assert.deepEqual(await s.names('Job', 'ConfigMap'), ['ConfigMap/settings', 'Job/bystander'])
    }))

  test('go by their delete policies', () =>
    inScenario(cluster, async (s) => {
      s.chart({
        'settings.yaml': configMap('settings', { value: '1' }),
        'hooks.yaml':
          job('goes', hook('pre-install', 0, 'hook-succeeded')) +
          job('stays', hook('pre-install', 0, 'hook-failed')) +
          configMap('data', { x: '1' }, hook('pre-install', -1, 'before-hook-creation,hook-succeeded')),
      })
      s.state()
      await s.apply()
      assert.deepEqual(await s.names('Job', 'ConfigMap'), ['ConfigMap/settings', 'Job/stays'])
    }))

  test('that fail stop the release before anything of it is written', () =>
    inScenario(cluster, async (s) => {
      s.chart({
        'settings.yaml': configMap('settings', { value: '1' }),
        'hooks.yaml':
          job('good', hook('pre-install', -1, 'hook-succeeded')) +
          job('bad', hook('pre-install', 0, 'hook-failed'), { fail: 'JobFailed' }) +
          job('later', hook('pre-install', 1)),
      })
      s.state()
      const { stderr } = await s.applyFails()
      assert.match(stderr, /Job .*bad.*(failed|Failed)/)
      assert.match(
        (await s.history()).join('\n'),
        new RegExp(`^1 failed Release "app" failed: failed pre-install: resource Job/${s.namespace}/bad not ready\\. status: Failed`),
      )
      assert.deepEqual(await s.names('Job', 'ConfigMap'), [])
    }))

  test('that fail after an upgrade leave what was written, and the release failed', () =>
    inScenario(cluster, async (s) => {
      const settings = configMap('settings', { value: '{{ .Values.value }}' })
      s.chart({ 'settings.yaml': settings, 'hooks.yaml': job('bad', hook('post-upgrade'), { fail: 'JobFailed' }) }, { values: { value: '1' } })
      s.state()
      await s.apply()
      s.state({ values: [{ value: '2' }] })
      await s.applyFails()
      assert.match((await s.history()).join('\n'), /^1 deployed Install complete\n2 failed (?:Upgrade "app" failed: )?post-upgrade hooks failed: /)
      assert.deepEqual((await s.live('v1', 'ConfigMap', 'settings'))?.['data'], { value: '2' })
      assert.deepEqual(await s.names('Job'), ['Job/bad'])
    }))
})

describe('tests of a release', () => {
  const settings = { 'settings.yaml': configMap('settings', { value: '1' }) }

  test('that pass', () =>
    inScenario(cluster, async (s) => {
      s.chart({ ...settings, 'tests/test.yaml': job('check', hook('test')) })
      s.state()
      await s.apply()
      assert.deepEqual(await s.names('Job'), [])
      await s.run(0, 'test')
      assert.deepEqual(await s.names('Job'), ['Job/check'])
      await s.run(0, 'test')
      assert.deepEqual(await s.history(), ['1 deployed Install complete'])
    }))

  test('that fail are named, and the release stays as it is', () =>
    inScenario(cluster, async (s) => {
      s.chart({ ...settings, 'tests/test.yaml': job('good', hook('test', -1)) + job('check', hook('test'), { fail: 'JobFailed' }) })
      s.state()
      await s.apply()
      assert.match((await s.run(1, 'test')).stderr, /check/)
      assert.deepEqual(await s.history(), ['1 deployed Install complete'])
    }))

  test('need a release', () =>
    inScenario(cluster, async (s) => {
      s.chart(settings)
      s.state()
      assert.match((await s.run(1, 'test')).stderr, /release app is not installed/)
    }))
})

describe('the pods of a hook that failed', () => {
  test('tell the last of their log before the policy deletes them', () =>
    inScenario(cluster, async (s) => {
      const policies = { 'helm.sh/hook': 'pre-install', 'helm.sh/hook-delete-policy': 'hook-failed' }
      const lines = Array.from({ length: 150 }, (_, index) => `line ${index + 1}`).join('\n')
      const failing = job('migrate', policies, { fail: 'JobFailed' }).replace(
        '"sandbox.flotilla.dev/fail": "JobFailed"',
        `"sandbox.flotilla.dev/fail": "JobFailed", "sandbox.flotilla.dev/logs": ${JSON.stringify(lines)}`,
      )
      s.chart({ 'hook.yaml': failing })
      s.state()
      const { stderr } = await s.applyFails()
      assert.deepEqual(await s.names('Job'), [])
      // The pods of the test cluster run nothing.
      if (process.env['FLOTILLA_TEST_KUBECONFIG'] !== undefined) return
      assert.match(stderr, /main: line 51\n[\s\S]*main: line 150\n/)
      assert.doesNotMatch(stderr, /main: line 50\n/)
    }))
})
