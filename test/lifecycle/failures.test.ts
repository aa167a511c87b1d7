import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type Cluster, startCluster } from '../support/desired-release.ts'
import { configMap, deployment, inScenario, type Scenario, service } from '../support/scenario.ts'

let cluster: Cluster
before(async () => {
  cluster = await startCluster()
})
after(async () => cluster.close())

const INVALID_PORT =
  'Service "web" is invalid: [spec.ports[0].port: Invalid value: 99999: must be between 1 and 65535, inclusive, ' +
  'spec.ports[0].targetPort: Invalid value: 99999: must be between 1 and 65535, inclusive]'

const refused = (s: Scenario): string => `server-side apply failed for object ${s.namespace}/web /v1, Kind=Service: ${INVALID_PORT}`

const good = { 'a.yaml': configMap('a', { value: '1' }), 'web.yaml': deployment('web') + service('web') }
const bad = {
  'a.yaml': configMap('a', { value: '2' }),
  'b.yaml': configMap('b', { value: 'new' }),
  'web.yaml': deployment('web') + service('web', 99999),
}

describe('an upgrade that the server refuses', () => {
  test('for a field that cannot change is recorded as failed, and the next one carries on', () =>
    inScenario(cluster, async (s) => {
      s.chart(good)
      s.state()
      await s.apply()
      s.chart({ ...good, 'web.yaml': deployment('web', { app: 'other' }) + service('web') })
      assert.match((await s.syncFails()).stderr, /Deployment\.apps "web" is invalid: [\s\S]*spec\.selector: Invalid value: [\s\S]*field is immutable/)
      const [, , ...more] = await s.history()
      assert.deepEqual(more, [])
      assert.match((await s.history())[1] ?? '', /^2 failed Upgrade "app" failed: server-side apply failed for object .*field is immutable$/)
      assert.match((await s.history())[0] ?? '', /^1 deployed /)
      s.chart(good)
      await s.apply()
      assert.match((await s.history()).join('\n'), /^1 superseded .*\n2 failed .*\n3 deployed Upgrade complete$/)
    }))

  test('for an invalid object leaves what was written, and the next one takes it away', () =>
    inScenario(cluster, async (s) => {
      s.chart(good)
      s.state()
      await s.apply()
      s.chart(bad)
      await s.syncFails()
      assert.deepEqual(await s.history(), ['1 deployed Install complete', `2 failed Upgrade "app" failed: ${refused(s)}`])
      assert.deepEqual(await s.names('ConfigMap'), ['ConfigMap/a', 'ConfigMap/b'])
      s.chart(good)
      await s.apply()
      assert.deepEqual(await s.names('ConfigMap'), ['ConfigMap/a'])
    }))

  test('goes back by itself when atomic', () =>
    inScenario(cluster, async (s) => {
      s.chart(good)
      s.state({ atomic: true })
      await s.apply()
      s.chart(bad)
      await s.syncFails()
      assert.deepEqual(await s.history(), [
        '1 superseded Install complete',
        `2 failed Upgrade "app" failed: ${refused(s)}`,
        '3 deployed Rollback to 1',
      ])
      assert.deepEqual(await s.names('ConfigMap'), ['ConfigMap/a'])
      assert.deepEqual((await s.live('v1', 'ConfigMap', 'a'))?.['data'], { value: '1' })
    }))

  test('takes away what was new with cleanupOnFail', () =>
    inScenario(cluster, async (s) => {
      s.chart(good)
      s.state({ cleanupOnFail: true })
      await s.apply()
      s.chart(bad)
      await s.syncFails()
      assert.deepEqual(await s.names('ConfigMap'), ['ConfigMap/a'])
      assert.match((await s.history()).join('\n'), /^1 deployed .*\n2 failed /)
    }))
})

describe('an install that the server refuses', () => {
  test('is recorded as failed and repaired by the next', () =>
    inScenario(cluster, async (s) => {
      s.chart(bad)
      s.state()
      await s.syncFails()
      assert.deepEqual(await s.history(), [`1 failed Release "app" failed: ${refused(s)}`])
      s.chart(good)
      await s.apply()
      assert.match((await s.history()).join('\n'), /^1 superseded .*\n2 deployed Upgrade complete$/)
      assert.deepEqual(await s.names('ConfigMap'), ['ConfigMap/a'])
    }))

  test('is removed when atomic', () =>
    inScenario(cluster, async (s) => {
      s.chart(bad)
      s.state({ atomic: true })
      await s.syncFails()
      assert.deepEqual(await s.history(), [])
      assert.deepEqual(await s.names('ConfigMap', 'Deployment', 'Service'), [])
    }))
})

describe('objects that nobody could find again', () => {
  const nameless = (value: string): Record<string, string> => ({
    'all.yaml': configMap('a', { value }) + configMap('b', { value }).replace('"name": "b"', '"generateName": "b-"'),
  })

  test('are refused before anything is written, and by sync as Helm does', () =>
    inScenario(cluster, async (s) => {
      s.chart(nameless('1'))
      s.state()
      assert.match((await s.applyFails()).stderr, /ConfigMap b- has no name of its own.*metadata\.generateName/s)
      assert.deepEqual(await s.history(), [])
      await s.syncFails()
      const place = `${s.namespace}/ /v1, Kind=ConfigMap`
      assert.deepEqual(await s.history(), [
        `1 failed Release "app" failed: server-side apply failed for object ${place}: resource name may not be empty`,
      ])
    }))

  test('are made once from the client side, and stop the next upgrade', () =>
    inScenario(cluster, async (s) => {
      s.chart(nameless('1'))
      s.state({ serverSide: 'false' })
      await s.run(0, 'sync')
      s.chart(nameless('2'))
      assert.match((await s.applyFails()).stderr, /ConfigMap b- has no name of its own/)
      await s.syncFails()
      assert.equal(
        (await s.history()).at(-1),
        '2 failed Upgrade "app" failed: could not get information about the resource: resource name may not be empty',
      )
      assert.equal((await s.names('ConfigMap')).length, 2)
    }))
})

describe('metadata that Kubernetes cannot read', () => {
  const cases: readonly (readonly [metadata: string, complaint: string])[] = [
    ['name: a, labels: {x: 5}', 'cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string'],
    ['name: a, annotations: {x: true}', 'cannot unmarshal bool into Go struct field ObjectMeta.metadata.annotations of type string'],
    ['name: a, labels: [x]', 'cannot unmarshal array into Go struct field ObjectMeta.metadata.labels of type map[string]string'],
    ['name: a, labels: x', 'cannot unmarshal string into Go struct field ObjectMeta.metadata.labels of type map[string]string'],
    ['name: 5', 'cannot unmarshal number into Go struct field ObjectMeta.metadata.name of type string'],
    ['name: a, finalizers: x', 'cannot unmarshal string into Go struct field ObjectMeta.metadata.finalizers of type []string'],
  ]

  test('ends the release before anything is recorded, in the words of Helm', () =>
    inScenario(cluster, async (s) => {
      for (const [metadata, complaint] of cases) {
        s.chart({ 'all.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: {${metadata}}\n` })
        s.state()
        const { stderr } = await s.syncFails()
        assert.ok(stderr.includes(`unable to build kubernetes objects from release manifest: unable to decode "": json: ${complaint}`), stderr)
        assert.deepEqual(await s.history(), [])
      }
    }))
})

describe('needs', () => {
  test('are ready first; a failing one keeps back only what depends on it', () =>
    inScenario(cluster, async (s) => {
      s.chart(
        { 'all.yaml': configMap('{{ .Release.Name }}', { x: '1' }) + service('{{ .Release.Name }}').replace('80', '{{ .Values.port }}') },
        { values: { port: 80 } },
      )
      const ns = s.namespace
      const [a, b, c, d] = [{ name: 'a' }, { name: 'b', needs: [`${ns}/a`] }, { name: 'c', needs: [`${ns}/b`] }, { name: 'd' }]
      s.releases(c, b, { ...a, values: [{ port: 99999 }] }, d)
      const failed = await s.run(1, 'sync', '--output', 'json')
      const { releases } = JSON.parse(failed.stdout) as { releases: { name: string; result: string; causedBy?: string }[] }
      assert.deepEqual(releases.map(({ name, result, causedBy }) => `${name} ${result}${causedBy ? ` by ${causedBy}` : ''}`).sort(), [
        'a failed',
        `b skipped by ${ns}/a`,
        `c skipped by ${ns}/a`,
        'd done',
      ])
      assert.deepEqual([await s.history('b'), await s.history('c')], [[], []])
      s.releases(c, b, a, d)
      const { stderr } = await s.apply()
      const order = [...stderr.matchAll(new RegExp(`^(?:installed|upgraded) ${ns}/([abc]),`, 'gm'))].map((found) => found[1])
      assert.deepEqual(order, ['a', 'b', 'c'], stderr)
      await s.run(0, 'destroy')
      assert.deepEqual(await s.names('ConfigMap', 'Service'), [])
    }))
})

describe('an interrupt', () => {
  test('leaves no pending revision, and the next run converges', () =>
    inScenario(cluster, async (s) => {
      s.chart({ 'web.yaml': deployment('web', { fail: 'CrashLoopBackOff' }) })
      s.state({ wait: true })
      const onOutput = (text: string, interrupt: () => void): void => {
        if (text.includes('waiting')) interrupt()
      }
      await s.runWith({ onOutput }, 130, 'apply', '--suppress-diff')
      assert.match((await s.history()).join('\n'), /^1 failed /)
      s.chart({ 'web.yaml': deployment('web') })
      await s.apply()
      assert.match((await s.history()).join('\n'), /^1 superseded .*\n2 deployed Upgrade complete$/)
    }))
})

describe('a run that is killed', () => {
  const main = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url))

  /** Runs `flotilla apply` in a process of its own and kills it as soon as it prints `word`. */
  async function killedAt(s: Scenario, word: string): Promise<void> {
    const child = spawn(process.execPath, [main, 'apply', '--suppress-diff'], { cwd: s.folder, env: s.env, stdio: ['ignore', 'ignore', 'pipe'] })
    let printed = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      printed += text
      if (printed.includes(word)) child.kill('SIGKILL')
    })
    const [, signal] = (await once(child, 'close')) as [number | null, string | null]
    assert.equal(signal, 'SIGKILL', printed)
  }

  test('is taken over by the next, whatever it left', () =>
    inScenario(cluster, async (s) => {
      s.chart({ 'web.yaml': deployment('web', { fail: 'CrashLoopBackOff' }) + configMap('old', { x: '1' }) })
      s.state({ wait: true })
      await killedAt(s, 'waiting')
      assert.match((await s.history()).join('\n'), /^1 pending-install /)
      s.chart({ 'web.yaml': deployment('web', { fail: 'CrashLoopBackOff' }) + configMap('newer', { x: '1' }) })
      await killedAt(s, 'waiting')
      assert.match((await s.history()).join('\n'), /^1 failed Install was interrupted; taken up again by revision 2\n2 pending-upgrade /)
      s.chart({ 'web.yaml': deployment('web') })
      const { stdout } = await s.run(0, 'diff')
      assert.match(stdout, /revision 2 was left in pending-upgrade; this takes it over/)
      await s.apply()
      assert.match((await s.history()).join('\n'), /\n3 deployed Upgrade complete$/)
      assert.deepEqual(await s.names('ConfigMap', 'Deployment'), ['Deployment/web'])
    }))
})
