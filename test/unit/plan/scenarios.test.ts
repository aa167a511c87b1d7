import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { DiagnosticError } from '../../../src/base/diagnostic.ts'
import type { KubeObject } from '../../../src/kinds/kube-object.ts'
import type { PlanEvent } from '../../../src/plan/events.ts'
import type { DesiredRelease, Plan } from '../../../src/plan/plan.ts'
import { newRevision } from '../../../src/release/new-revision.ts'
import type { ReleaseStatus } from '../../../src/release/record.ts'
import { createRecord } from '../../../src/release/storage.ts'
import { type Cluster, desired, release, startCluster } from '../../support/desired-release.ts'
import { planRuns, planText, resultText } from '../../support/plan-runs.ts'

let cluster: Cluster
const { plan, destroy, rollback, execute, sync, history } = planRuns(() => cluster)

before(async () => {
  cluster = await startCluster()
})
after(async () => cluster.close())

const config = (name: string, value: string, annotations = ''): string =>
  `---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n  annotations: {${annotations}}\ndata: {value: "${value}"}\n`

const service = (port: number): string =>
  `---\napiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}, ports: [{port: ${port}}]}\n`

const deployment = (image: string): string => `---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 1
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: "${image}", ports: [{containerPort: 80}], resources: {limits: {cpu: 1000m}}}]}
`

const job = (name: string, event: string, more = ''): string => `---
apiVersion: batch/v1
kind: Job
metadata: {name: ${name}, annotations: {"helm.sh/hook": "${event}"${more}}}
spec: {backoffLimit: 0, template: {spec: {restartPolicy: Never, containers: [{name: main, image: job}]}}}
`

async function get(apiVersion: string, kind: string, namespace: string, name: string): Promise<KubeObject | undefined> {
  return cluster.client.get({ apiVersion, kind, namespace, name })
}

const invalidPort =
  'Service "web" is invalid: [spec.ports[0].port: Invalid value: 99999: must be between 1 and 65535, inclusive, ' +
  'spec.ports[0].targetPort: Invalid value: 99999: must be between 1 and 65535, inclusive]'

describe('the life of a release', () => {
  const web = release('life/web')
  const one = desired(config('settings', 'one') + deployment('web:1') + service(80))
  const two = desired(config('settings', 'two') + deployment('web:1') + service(80))

  test('install', async () => {
    const planned = await plan([web], { 'life/web': one })
    assert.equal(planText(planned), 'install life/web: not installed\n  create ConfigMap settings\n  create Service web\n  create Deployment web')
    assert.equal(resultText(await execute(planned)), 'done life/web')
    assert.deepEqual(await history('life', 'web'), ['1 deployed Install complete'])
  })

  test('a plan is data: it survives a round trip', async () => {
    const copy = JSON.parse(JSON.stringify(await plan([release('copy/web')], { 'copy/web': one }))) as Plan
    assert.equal(resultText(await execute(copy)), 'done copy/web')
    assert.deepEqual(await history('copy', 'web'), ['1 deployed Install complete'])
  })

  test('nothing to do, and sync that upgrades all the same', async () => {
    assert.equal(planText(await plan([web], { 'life/web': one })), 'none life/web: nothing changed')
    assert.equal(planText(await plan([web], { 'life/web': one }, { always: true })), 'upgrade life/web: nothing changed, but sync always upgrades')
  })

  test('upgrade', async () => {
    const planned = await plan([web], { 'life/web': two })
    assert.equal(planText(planned), 'upgrade life/web: 1 object changes\n  change ConfigMap settings')
    assert.equal(resultText(await execute(planned)), 'done life/web')
    assert.deepEqual(await history('life', 'web'), ['1 superseded Install complete', '2 deployed Upgrade complete'])
  })

  test('an upgrade that the server refuses is recorded as failed, and planned again', async () => {
    const failed = await sync([web], { 'life/web': desired(config('settings', 'two') + config('extra', 'x') + deployment('web:1') + service(99999)) })
    assert.equal(resultText(failed), `failed life/web\n  server-side apply failed for object life/web /v1, Kind=Service: ${invalidPort}`)
    assert.deepEqual((await history('life', 'web')).slice(1), [
      '2 deployed Upgrade complete',
      `3 failed Upgrade "web" failed: server-side apply failed for object life/web /v1, Kind=Service: ${invalidPort}`,
    ])
    const again = await plan([web], { 'life/web': two })
    assert.equal(planText(again), 'upgrade life/web: revision 3 failed\n  delete ConfigMap extra')
    assert.equal(resultText(await execute(again)), 'done life/web')
    assert.deepEqual((await history('life', 'web')).slice(-1), ['4 deployed Upgrade complete'])
    assert.equal(await get('v1', 'ConfigMap', 'life', 'extra'), undefined)
  })

  test('rollback', async () => {
    const planned = await rollback(web, 1)
    assert.equal(planText(planned), 'rollback life/web: back to revision 1\n  change ConfigMap settings')
    assert.equal(resultText(await execute(planned)), 'done life/web')
    assert.deepEqual((await history('life', 'web')).slice(-2), ['4 superseded Upgrade complete', '5 deployed Rollback to 1'])
    assert.deepEqual((await get('v1', 'ConfigMap', 'life', 'settings'))?.['data'], { value: 'one' })
    await assert.rejects(rollback(web, 9), /release has no 9 version/)
  })

  test('what was changed or deleted by hand is put right', async () => {
    await cluster.client.patch(
      { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'life', name: 'web' },
      'application/merge-patch+json',
      { spec: { replicas: 5 } },
      { fieldManager: 'kubectl-edit' },
    )
    await cluster.client.delete({ apiVersion: 'v1', kind: 'Service', namespace: 'life', name: 'web' })
    const planned = await plan([web], { 'life/web': one })
    assert.match(
      planText(planned),
      /^upgrade life\/web: 2 objects change\n {2}create Service web\n {2}change Deployment web \(conflict: spec\.replicas is owned by kubectl-edit: ours is 1, theirs is 5/,
    )
    const forced = await plan([release('life/web', { options: { forceConflicts: true } })], { 'life/web': one })
    assert.equal(
      planText(forced),
      'upgrade life/web: 2 objects change\n  create Service web\n  change Deployment web (kubectl-edit has set spec.replicas, which this changes)',
    )
    assert.equal(resultText(await execute(forced)), 'done life/web')
    const live = (await get('apps/v1', 'Deployment', 'life', 'web')) as KubeObject & { readonly spec: { readonly replicas: number } }
    assert.equal(live.spec.replicas, 1)
  })

  test('removal', async () => {
    const planned = await destroy([web])
    assert.equal(planText(planned), 'uninstall life/web: everything goes\n  delete Service web\n  delete Deployment web\n  delete ConfigMap settings')
    assert.equal(resultText(await execute(planned)), 'done life/web')
    assert.deepEqual(await history('life', 'web'), [])
    assert.equal(await get('v1', 'ConfigMap', 'life', 'settings'), undefined)
    assert.equal(planText(await destroy([web])), 'none life/web: not installed')
  })
})

describe('records', () => {
  test('a first install that fails is followed by an upgrade', async () => {
    const app = release('first/app')
    await sync([app], { 'first/app': desired(service(99999)) })
    assert.deepEqual(await history('first', 'app'), [
      `1 failed Release "app" failed: server-side apply failed for object first/web /v1, Kind=Service: ${invalidPort}`,
    ])
    await sync([app], { 'first/app': desired(service(80)) })
    assert.match((await history('first', 'app')).join('\n'), /^1 superseded Release "app" failed: .*\n2 deployed Upgrade complete$/)
  })

  test('kept history: removed, then installed again with the next number', async () => {
    const app = release('kept/app', { options: { keepHistory: true } })
    await sync([app], { 'kept/app': desired(config('a', '1')) })
    await execute(await destroy([app]))
    assert.deepEqual(await history('kept', 'app'), ['1 uninstalled Uninstallation complete'])
    assert.equal(planText(await destroy([app])), 'none kept/app: not installed')
    await sync([app], { 'kept/app': desired(config('a', '1')) })
    assert.deepEqual(await history('kept', 'app'), ['1 superseded superseded by new release', '2 deployed Install complete'])
  })

  test('the history limit holds', async () => {
    const app = release('limit/app', { options: { historyMax: 2 } })
    for (const value of ['1', '2', '3', '4']) await sync([app], { 'limit/app': desired(config('a', value)) })
    assert.deepEqual(await history('limit', 'app'), ['3 superseded Upgrade complete', '4 deployed Upgrade complete'])
  })

  test('a revision that was left pending is taken over, visibly', async () => {
    const app = release('stuck/app')
    const wanted = desired(config('a', '1'))
    await sync([app], { 'stuck/app': wanted })
    const { chart, config: values, rendered } = wanted
    const pending = newRevision({ name: 'app', namespace: 'stuck', version: 2, chart, config: values, rendered, applyMethod: 'ssa' })
    await createRecord(cluster.host, cluster.client, { ...pending, info: { ...pending.info, status: 'pending-upgrade' } })
    const planned = await plan([app], { 'stuck/app': wanted })
    assert.equal(
      planText(planned),
      'upgrade stuck/app: revision 2 is stuck in pending-upgrade\n  note: revision 2 was left in pending-upgrade; this takes it over',
    )
    assert.equal(resultText(await execute(planned)), 'done stuck/app')
    assert.deepEqual(await history('stuck', 'app'), [
      '1 superseded Install complete',
      '2 failed Upgrade was interrupted; taken up again by revision 3',
      '3 deployed Upgrade complete',
    ])
  })

  test('every stored status leads on', async () => {
    const statuses: readonly ReleaseStatus[] = [
      'failed',
      'superseded',
      'uninstalling',
      'uninstalled',
      'unknown',
      'pending-install',
      'pending-rollback',
      'pending-upgrade',
    ]
    for (const status of statuses) {
      const app = release(`status/${status}`)
      const wanted = { [app.id]: desired(config(status, '1')) }
      const { chart, config: values, rendered } = wanted[app.id] as DesiredRelease
      const revision = newRevision({ name: status, namespace: 'status', version: 1, chart, config: values, rendered, applyMethod: 'ssa' })
      await sync([release('status/there')], { 'status/there': desired(config('there', '1')) })
      await createRecord(cluster.host, cluster.client, { ...revision, info: { ...revision.info, status } })
      assert.equal(resultText(await sync([app], wanted)), `done ${app.id}`, status)
      assert.match((await history('status', status)).at(-1) as string, /^2 deployed /, status)
      assert.equal(resultText(await execute(await destroy([app]))), `done ${app.id}`, status)
    }
  })

  test('a corrupt record stops the plan and says what to do', async () => {
    await sync([release('corrupt/app')], { 'corrupt/app': desired(config('a', '1')) })
    const ref = { apiVersion: 'v1', kind: 'Secret', namespace: 'corrupt', name: 'sh.helm.release.v1.app.v1' }
    await cluster.client.patch(ref, 'application/merge-patch+json', { data: { release: 'AAAA' } })
    await assert.rejects(plan([release('corrupt/app')], { 'corrupt/app': desired(config('a', '1')) }), (error: unknown) => {
      assert.match((error as DiagnosticError).diagnostics[0]?.hint ?? '', /kubectl delete secret --namespace corrupt sh\.helm\.release\.v1\.app\.v1$/)
      return true
    })
  })

  test('a record that does not fit is refused before anything else', async () => {
    const noise = Buffer.from(cluster.host.randomBytes(1_200_000)).toString('base64')
    const result = await sync([release('large/app')], { 'large/app': desired(config('a', '1'), { notes: noise }) })
    assert.match(resultText(result), /^failed large\/app\n {2}the record of revision 1 takes \d+ KiB, and the cluster stores at most 1024 KiB/)
  })

  test('what the server would refuse is told in the plan', async () => {
    await sync([release('refused/app')], { 'refused/app': desired(config('a', '1')) })
    const planned = await plan([release('refused/app')], { 'refused/app': desired(config('a', '1') + service(99999)) })
    assert.equal(planText(planned), `upgrade refused/app: 1 object changes\n  create Service web (the server would refuse this: ${invalidPort})`)
  })

  test('of two writers of the same revision one fails', async () => {
    const app = release('race/app')
    const planned = await plan([app], { 'race/app': desired(config('a', '1')) })
    const results = await Promise.all([execute(planned), execute(planned)])
    assert.deepEqual(results.map((result) => result.succeeded).sort(), [false, true])
    assert.match(results.map(resultText).join('\n'), /revision 1 of release app was written by someone else meanwhile/)
  })
})

describe('going back after a failure', () => {
  test('an upgrade goes back to the last revision that succeeded', async () => {
    const app = release('goback/app', { options: { atomic: true } })
    await sync([app], { 'goback/app': desired(config('a', '1') + service(80)) })
    const result = await sync([app], { 'goback/app': desired(config('a', '2') + config('b', 'new') + service(99999)) })
    assert.equal(
      resultText(result),
      `failed goback/app (back to 1)\n  server-side apply failed for object goback/web /v1, Kind=Service: ${invalidPort}`,
    )
    assert.deepEqual(await history('goback', 'app'), [
      '1 superseded Install complete',
      `2 failed Upgrade "app" failed: server-side apply failed for object goback/web /v1, Kind=Service: ${invalidPort}`,
      '3 deployed Rollback to 1',
    ])
    assert.deepEqual((await get('v1', 'ConfigMap', 'goback', 'a'))?.['data'], { value: '1' })
    assert.equal(await get('v1', 'ConfigMap', 'goback', 'b'), undefined)
  })

  test('an install is removed', async () => {
    const app = release('goback/fresh', { options: { atomic: true } })
    const result = await sync([app], { 'goback/fresh': desired(config('fresh', '1') + service(99999).replace('name: web', 'name: fresh')) })
    assert.match(resultText(result), /^failed goback\/fresh \(back to 0\)/)
    assert.deepEqual(await history('goback', 'fresh'), [])
    assert.equal(await get('v1', 'ConfigMap', 'goback', 'fresh'), undefined)
  })

  test('cleanupOnFail deletes what was new', async () => {
    const app = release('clean/app', { options: { cleanupOnFail: true } })
    await sync([app], { 'clean/app': desired(config('a', '1') + service(80)) })
    await sync([app], { 'clean/app': desired(config('a', '2') + config('b', 'new') + service(99999)) })
    assert.deepEqual((await get('v1', 'ConfigMap', 'clean', 'a'))?.['data'], { value: '2' })
    assert.equal(await get('v1', 'ConfigMap', 'clean', 'b'), undefined)
  })
})

describe('ownership', () => {
  test('an object that belongs to nobody stops the release, unless it may be taken over', async () => {
    await cluster.client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'own' } })
    await cluster.client.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'own' }, data: { value: 'by hand' } })
    const wanted = { 'own/app': desired(config('a', '1')) }
    const planned = await plan([release('own/app')], wanted)
    assert.match(
      planText(planned),
      /blocked: unable to continue with install: ConfigMap "a" in namespace "own" exists and cannot be imported into the current release: invalid ownership metadata; label validation error: missing key "app\.kubernetes\.io\/managed-by": must be set to "Helm"/,
    )
    assert.match(resultText(await execute(planned)), /^failed own\/app/)
    assert.deepEqual(await history('own', 'app'), [])
    const taking = release('own/app', { options: { takeOwnership: true, forceConflicts: true } })
    const taken = await plan([taking], wanted)
    assert.equal(planText(taken), 'install own/app: not installed\n  adopt ConfigMap a (flotilla has set data.value, which this changes)')
    assert.equal(resultText(await execute(taken)), 'done own/app')
    assert.equal((await get('v1', 'ConfigMap', 'own', 'a'))?.metadata.labels?.['app.kubernetes.io/managed-by'], 'Helm')
  })

  test('the other release is named', async () => {
    await sync([release('own/first')], { 'own/first': desired(config('shared', '1')) })
    const planned = await plan([release('own/second')], { 'own/second': desired(config('shared', '2')) })
    assert.match(planText(planned), /annotation validation error: key "meta\.helm\.sh\/release-name" must equal "second": current value is "first"/)
    assert.match(planned.releases[0]?.blockers[0]?.hint ?? '', /release own\/first/)
  })

  test('two releases of one plan cannot have the same object', async () => {
    const wanted = { 'rival/a': desired(config('same', '1')), 'rival/b': desired(config('same', '2')) }
    const planned = await plan([release('rival/a'), release('rival/b')], wanted)
    assert.match(planText(planned), /blocked: ConfigMap rival\/same is part of release rival\/a, too/)
    assert.match(resultText(await execute(planned)), /^done rival\/a\nfailed rival\/b/)
  })

  test('objects to be kept stay', async () => {
    const app = release('keep/app')
    await sync([app], { 'keep/app': desired(config('a', '1', '"helm.sh/resource-policy": keep') + config('b', '1')) })
    const upgrade = await plan([app], { 'keep/app': desired(config('b', '1')) })
    assert.equal(planText(upgrade), 'none keep/app: nothing changed\n  keep ConfigMap a (kept due to the resource policy)')
    await execute(await destroy([app]))
    assert.notEqual(await get('v1', 'ConfigMap', 'keep', 'a'), undefined)
    assert.equal(await get('v1', 'ConfigMap', 'keep', 'b'), undefined)
  })
})

describe('definitions', () => {
  const crd = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: widgets.demo.example}
spec:
  group: demo.example
  scope: Namespaced
  names: {plural: widgets, singular: widget, kind: Widget}
  versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}}]
`
  const widget = 'apiVersion: demo.example/v1\nkind: Widget\nmetadata: {name: w}\nspec: {size: 1}\n'

  test('an unknown kind is told in the plan, and fails before anything is written', async () => {
    const planned = await plan([release('crd/app')], { 'crd/app': desired(widget) })
    assert.equal(planText(planned), 'install crd/app: not installed\n  create Widget w (kind Widget of demo.example/v1 is not served yet)')
    assert.match(
      resultText(await execute(planned)),
      /resource mapping not found for name: "w" namespace: "crd" from "": no matches for kind "Widget" in version "demo\.example\/v1"/,
    )
    assert.deepEqual(await history('crd', 'app'), [])
  })

  test('definitions of the chart come first', async () => {
    const planned = await plan([release('crd/app')], { 'crd/app': desired(widget, { crds: crd }) })
    assert.equal(
      planText(planned),
      'install crd/app: not installed\n  create crd CustomResourceDefinition widgets.demo.example\n  create Widget w (kind Widget of demo.example/v1 is not served yet)',
    )
    assert.equal(resultText(await execute(planned)), 'done crd/app')
    assert.deepEqual((await get('demo.example/v1', 'Widget', 'crd', 'w'))?.['spec'], { size: 1 })
    assert.equal(planText(await plan([release('crd/app')], { 'crd/app': desired(widget, { crds: crd }) })), 'none crd/app: nothing changed')
  })

  test('definitions among the templates serve the objects after them', async () => {
    const own = (text: string): string => text.replaceAll('widget', 'gadget').replaceAll('Widget', 'Gadget')
    const result = await sync([release('crd/templated')], { 'crd/templated': desired(`${own(crd)}---\n${own(widget)}`) })
    assert.equal(resultText(result), 'done crd/templated')
  })
})

describe('hooks', () => {
  test('run by weight, are recorded, and go by their policies', async () => {
    const events: PlanEvent[] = []
    const app = release('hooks/app')
    const hooks =
      job('late', 'pre-install', ', "helm.sh/hook-weight": "5", "helm.sh/hook-delete-policy": hook-succeeded') +
      job('early', 'pre-install', ', "helm.sh/hook-weight": "-5"') +
      job('done', 'post-install')
    const result = await execute(await plan([app], { 'hooks/app': desired(config('a', '1') + hooks) }), { onEvent: (event) => events.push(event) })
    assert.equal(resultText(result), 'done hooks/app')
    const order = events.flatMap((event) =>
      event.type === 'hook-started' ? [event.hook] : event.type === 'object-written' && event.origin === 'manifest' ? [event.ref.name] : [],
    )
    assert.deepEqual(order, ['early', 'late', 'a', 'done'])
    assert.equal(await get('batch/v1', 'Job', 'hooks', 'late'), undefined)
    assert.notEqual(await get('batch/v1', 'Job', 'hooks', 'early'), undefined)
  })

  test('a changed hook alone is a change', async () => {
    const wanted = desired(config('a', '1') + job('early', 'pre-install,pre-upgrade'))
    assert.match(planText(await plan([release('hooks/app')], { 'hooks/app': wanted })), /change hook Job early/)
  })
})

describe('waiting', { skip: process.env['FLOTILLA_TEST_KUBECONFIG'] ? 'pods of this cluster do as they like' : false }, () => {
  const failing = (fate: string): string =>
    deployment('web:1').replace('metadata: {labels: {app: web}}', `metadata: {labels: {app: web}, annotations: {sandbox.flotilla.dev/fail: ${fate}}}`)

  test('for objects to become ready', async () => {
    const events: PlanEvent[] = []
    const app = release('wait/app', { options: { wait: true } })
    const planned = await plan([app], { 'wait/app': desired(deployment('web:1')) })
    assert.equal(resultText(await execute(planned, { onEvent: (event) => events.push(event) })), 'done wait/app')
    assert.ok(events.some((event) => event.type === 'phase' && event.phase === 'waiting'))
    const live = (await get('apps/v1', 'Deployment', 'wait', 'web')) as KubeObject & { status: { readyReplicas: number } }
    assert.equal(live.status.readyReplicas, 1)
  })

  test('ends with the timeout, is recorded in the words of Helm and explained', async () => {
    const app = release('wait/app', { options: { wait: true, timeout: 0.3 } })
    const result = await sync([app], { 'wait/app': desired(failing('CrashLoopBackOff')) })
    assert.equal(result.releases[0]?.result, 'failed')
    assert.equal(result.releases[0]?.diagnostics[0]?.code, 'kube/not-ready')
    assert.match(resultText(result), /^failed wait\/app\n {2}Deployment wait\/web is not ready after 0\.3s: /)
    assert.match(JSON.stringify(result.releases[0]?.diagnostics[0]?.notes), /CrashLoopBackOff/)
    assert.match(
      (await history('wait', 'app')).at(-1) as string,
      /^2 failed Upgrade "app" failed: resource Deployment\/wait\/web not ready\. status: InProgress, message: .*\ncontext deadline exceeded$/,
    )
  })

  test('goes back when it was not ready in time and that was asked for', async () => {
    const app = release('wait/app', { options: { atomic: true, timeout: 0.5 } })
    const result = await sync([app], { 'wait/app': desired(failing('ImagePullBackOff')) })
    assert.deepEqual([result.releases[0]?.result, result.releases[0]?.rolledBackTo], ['failed', 1])
    assert.equal((await history('wait', 'app')).at(-1), '4 deployed Rollback to 1')
  })

  test('is ended by an interrupt, without a pending revision', async () => {
    const stop = new AbortController()
    const app = release('wait/app', { options: { wait: true } })
    const planned = await plan([app], { 'wait/app': desired(failing('CrashLoopBackOff')) })
    const result = await execute(planned, { signal: stop.signal, onEvent: (event) => void (event.type === 'waiting-on' && stop.abort()) })
    assert.equal(result.releases[0]?.result, 'interrupted')
    assert.equal((await history('wait', 'app')).at(-1), '5 failed Upgrade "app" failed: interrupted')
  })

  test('a hook that fails keeps the release back, sends its logs and goes by its policy', async () => {
    const events: PlanEvent[] = []
    const bad = job('bad', 'pre-install', ', "helm.sh/hook-delete-policy": "hook-failed", "helm.sh/hook-output-log-policy": hook-failed').replace(
      'template: {spec',
      'template: {metadata: {annotations: {sandbox.flotilla.dev/fail: JobFailed}}, spec',
    )
    const good = job('good', 'pre-install', ', "helm.sh/hook-weight": "-1", "helm.sh/hook-delete-policy": hook-succeeded')
    const app = release('wait/hooked')
    const result = await execute(await plan([app], { 'wait/hooked': desired(config('never', '1') + bad + good) }), {
      onEvent: (event) => events.push(event),
    })
    assert.equal(result.releases[0]?.result, 'failed')
    assert.match(
      (await history('wait', 'hooked')).join('\n'),
      /^1 failed Release "hooked" failed: failed pre-install: resource Job\/wait\/bad not ready\. status: Failed/,
    )
    assert.equal(await get('v1', 'ConfigMap', 'wait', 'never'), undefined)
    for (const name of ['bad', 'good']) assert.equal(await get('batch/v1', 'Job', 'wait', name), undefined, name)
    assert.ok(events.some((event) => event.type === 'log' && event.container === 'main'))
  })
})

describe('needs', () => {
  const chain = [release('needs/c', { needs: ['needs/b'] }), release('needs/b', { needs: ['needs/a'] }), release('needs/a'), release('needs/d')]
  const wanted = {
    'needs/a': desired(service(99999)),
    'needs/b': desired(config('b', '1')),
    'needs/c': desired(config('c', '1')),
    'needs/d': desired(config('d', '1')),
  }

  test('come first; a failure keeps back only what depends on it', async () => {
    const planned = await plan(chain, wanted)
    assert.deepEqual(
      planned.releases.map((r) => r.id).filter((id) => id !== 'needs/d'),
      ['needs/a', 'needs/b', 'needs/c'],
    )
    const lines = resultText(await execute(planned))
      .split('\n')
      .filter((line) => !line.startsWith('  '))
      .sort()
    assert.deepEqual(lines, ['done needs/d', 'failed needs/a', 'skipped needs/b because of needs/a', 'skipped needs/c because of needs/a'])
  })

  test('removal goes the other way', async () => {
    const fine = { ...wanted, 'needs/a': desired(config('a', '1')) }
    assert.equal((await execute(await plan(chain, fine, { concurrency: 0 }), { concurrency: 0 })).succeeded, true)
    const events: PlanEvent[] = []
    await execute(await destroy(chain), { onEvent: (event) => events.push(event) })
    const order = events.flatMap((event) => (event.type === 'release-finished' && event.release !== 'needs/d' ? [event.release] : []))
    assert.deepEqual(order, ['needs/c', 'needs/b', 'needs/a'])
  })
})

describe('an interrupt', () => {
  test('starts nothing new, and leaves no revision pending', async () => {
    const stop = new AbortController()
    const releases = [release('stop/a'), release('stop/b', { needs: ['stop/a'] })]
    const planned = await plan(releases, { 'stop/a': desired(config('a', '1') + job('never', 'pre-install')), 'stop/b': desired(config('b', '1')) })
    const result = await execute(planned, { signal: stop.signal, onEvent: (event) => void (event.type === 'hook-started' && stop.abort()) })
    assert.equal(result.interrupted, true)
    assert.deepEqual(
      result.releases.map((r) => r.result),
      ['interrupted', 'interrupted'],
    )
    assert.match((await history('stop', 'a')).join('\n'), /^1 failed Release "a" failed: /)
    assert.deepEqual(await history('stop', 'b'), [])
  })
})
