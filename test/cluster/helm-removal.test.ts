import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { ObjectRef } from '../../src/kinds/kube-object.ts'
import { waitFor } from '../../src/kube/wait.ts'
import { readHistory, revisionOf } from '../../src/release/storage.ts'
import { runFlotilla } from '../support/command-line.ts'
import { type Cluster, release, startCluster } from '../support/desired-release.ts'
import { findHelm, runHelm } from '../support/helm.ts'
import { deployment, job } from '../support/scenario.ts'

type Program = 'helm' | 'flotilla'

const MODES = ['background', 'foreground', 'orphan'] as const
/** Owners, then what they own. */
const KINDS: readonly (readonly [string, string])[] = [
  ['apps/v1', 'Deployment'],
  ['batch/v1', 'Job'],
  ['apps/v1', 'ReplicaSet'],
  ['v1', 'Pod'],
]
const OWNERS = [
  { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
  { apiVersion: 'batch/v1', kind: 'Job', name: 'once' },
]
/** What garbage collection comes to; the ReplicaSet owns its pod in every mode. */
const LEFT: Readonly<Record<(typeof MODES)[number], readonly string[]>> = {
  background: [],
  foreground: [],
  orphan: ['ReplicaSet of nobody', 'Pod of ReplicaSet', 'Pod of nobody'],
}

describe('objects removed by Helm and by Flotilla', { skip: findHelm() === undefined ? 'no Helm 4 found (set FLOTILLA_HELM)' : false }, () => {
  let cluster: Cluster
  let cwd: string
  before(async () => {
    cluster = await startCluster()
    cwd = mkdtempSync(join(tmpdir(), 'flotilla-removal-'))
    writeChart('web', deployment('web') + job('once'))
    const held = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'held', finalizers: ['demo.example/hold'] } }
    writeChart('held', JSON.stringify(held))
  })
  after(async () => {
    rmSync(cwd, { recursive: true, force: true })
    await cluster.close()
  })

  function writeChart(name: string, manifest: string): void {
    mkdirSync(join(cwd, name, 'templates'), { recursive: true })
    writeFileSync(join(cwd, name, 'Chart.yaml'), `apiVersion: v2\nname: ${name}\nversion: 1.0.0\n`)
    writeFileSync(join(cwd, name, 'templates/all.yaml'), manifest)
    writeFileSync(join(cwd, `${name}.yaml`), `releases: [{ name: app, chart: ./${name} }]\n`)
  }

  async function helm(namespace: string, ...args: readonly string[]): Promise<{ readonly succeeded: boolean; readonly stderr: string }> {
    return runHelm(cluster.kubeconfig, [...args, '-n', namespace], { cwd })
  }

  async function flotilla(
    namespace: string,
    chart: string,
    ...args: readonly string[]
  ): Promise<{ readonly succeeded: boolean; readonly stderr: string }> {
    const env = { PATH: process.env['PATH'], HOME: cwd, KUBECONFIG: cluster.kubeconfig }
    const { exit, stderr } = await runFlotilla(['-q', '-f', `${chart}.yaml`, '-n', namespace, ...args], { cwd, env })
    return { succeeded: exit === 0, stderr }
  }

  async function install(program: Program, namespace: string, chart: string): Promise<void> {
    release(`${namespace}/app`)
    const { succeeded, stderr } =
      program === 'helm'
        ? await helm(namespace, 'install', 'app', `./${chart}`, '--create-namespace', '--wait', '--wait-for-jobs')
        : await flotilla(namespace, chart, 'sync', '--wait', '--wait-for-jobs')
    assert.equal(succeeded, true, stderr)
  }

  async function gone(
    namespace: string,
    refs: readonly { readonly apiVersion: string; readonly kind: string; readonly name: string }[],
  ): Promise<void> {
    const { outcome } = await waitFor(
      cluster.client,
      refs.map((ref) => ({ ...ref, namespace })),
      { until: 'deleted', timeoutMs: 120_000 },
    )
    assert.equal(outcome, 'done')
  }

  async function there(
    namespace: string,
  ): Promise<readonly { readonly ref: { apiVersion: string; kind: string; name: string }; readonly text: string }[]> {
    const lists = await Promise.all(KINDS.map(([apiVersion, kind]) => cluster.client.list(apiVersion, kind, { namespace })))
    return lists.flat().map(({ apiVersion, kind, metadata }) => ({
      ref: { apiVersion, kind, name: metadata.name ?? '' },
      text: `${kind} of ${metadata.ownerReferences?.[0]?.kind ?? 'nobody'}`,
    }))
  }

  for (const program of ['helm', 'flotilla'] as const) {
    for (const mode of MODES) {
      for (const waits of [true, false]) {
        test(`${program}, ${mode}${waits ? ', waiting' : ''}`, async () => {
          const namespace = `t-cluster-${process.pid}-rm-${program}-${mode}-${waits}`
          await install(program, namespace, 'web')
          const { succeeded, stderr } =
            program === 'helm'
              ? await helm(namespace, 'uninstall', 'app', '--cascade', mode, ...(waits ? ['--wait'] : []))
              : await flotilla(namespace, 'web', 'destroy', '--yes', '--cascade', mode, ...(waits ? ['--deleteWait'] : []))
          // Helm takes objects that its watch has not listed yet for gone: its wait may end early, and then complain that they are there.
          const isHelmsRace = program === 'helm' && waits && / still exists\. status: Terminating/.test(stderr)
          assert.ok(succeeded || isHelmsRace, stderr)
          if (waits && program === 'flotilla') {
            const atOnce = (await there(namespace)).map(({ text }) => text)
            const owners = atOnce.filter((text) => /^(Deployment|Job) /.test(text))
            assert.deepEqual(owners, [], 'owners are gone')
            if (mode === 'foreground') assert.deepEqual(atOnce, [], 'everything is gone')
          }
          await gone(namespace, OWNERS)
          // What a controller made in its owner's last moments is garbage too.
          for (let owned = await there(namespace); mode !== 'orphan' && owned.length > 0; owned = await there(namespace)) {
            const refs = owned.map(({ ref }) => ref)
            await gone(namespace, refs)
          }
          assert.deepEqual((await there(namespace)).map(({ text }) => text).sort(), [...LEFT[mode]].sort())
        })
      }
    }
  }

  test('a removal that a finalizer holds back: Helm forgets the release, Flotilla goes on with it the next time', async () => {
    const namespaces = { helm: `t-cluster-${process.pid}-rm-held-helm`, flotilla: `t-cluster-${process.pid}-rm-held-ours` }
    const held = (namespace: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', name: 'held', namespace })
    await install('helm', namespaces.helm, 'held')
    await install('flotilla', namespaces.flotilla, 'held')
    const helms = await helm(namespaces.helm, 'uninstall', 'app', '--wait', '--timeout', '1s')
    const ours = await flotilla(namespaces.flotilla, 'held', 'destroy', '--yes', '--deleteWait', '--deleteTimeout', '1')
    // As above, Helm may also end without a complaint.
    if (!helms.succeeded) assert.match(helms.stderr, /still exists\. status: Terminating/)
    assert.equal(ours.succeeded, false)
    assert.match(ours.stderr, /ConfigMap \S+\/held is still there after 1s: .*, held by demo\.example\/hold/)
    assert.deepEqual(await statuses(namespaces.helm), [])
    assert.deepEqual(await statuses(namespaces.flotilla), ['uninstalling'])
    for (const namespace of Object.values(namespaces)) await unhold(held(namespace))
    const again = await flotilla(namespaces.flotilla, 'held', 'destroy', '--yes', '--deleteWait')
    assert.equal(again.succeeded, true, again.stderr)
    assert.deepEqual([await cluster.client.get(held(namespaces.flotilla)), await statuses(namespaces.flotilla)], [undefined, []])
  })

  async function statuses(namespace: string): Promise<readonly string[]> {
    return (await readHistory(cluster.client, { namespace, name: 'app' })).map(revisionOf).map(({ info }) => info.status)
  }

  async function unhold(ref: ObjectRef): Promise<void> {
    await cluster.client.patch(ref, 'application/merge-patch+json', { metadata: { finalizers: null } })
  }
})
