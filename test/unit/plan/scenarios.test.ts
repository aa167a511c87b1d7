import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { executePlan } from '../../../src/plan/execute-plan.ts'
import type { PlanEvent, PlanResult } from '../../../src/plan/events.ts'
import { planDestroy } from '../../../src/plan/plan-destroy.ts'
import { planReleases } from '../../../src/plan/plan-releases.ts'
import type { DesiredRelease, Plan, PlanOptions } from '../../../src/plan/plan.ts'
import { readHistory, revisionOf } from '../../../src/release/storage.ts'
import type { Release } from '../../../src/state/state.ts'
import { desired, release, startCluster, type Cluster } from '../../support/desired-release.ts'

let cluster: Cluster

before(async () => {
  cluster = await startCluster()
})
after(async () => cluster.close())

async function plan(releases: readonly Release[], wanted: Readonly<Record<string, DesiredRelease>>, options: PlanOptions = {}): Promise<Plan> {
  const desire = async ({ id }: Release): Promise<DesiredRelease> => wanted[id] as DesiredRelease
  return planReleases(cluster.host, { environment: 'default', releases, desire, clientFor: async () => cluster.client }, options)
}

async function execute(planned: Plan, events: PlanEvent[] = []): Promise<PlanResult> {
  return executePlan(cluster.host, async () => cluster.client, planned, { onEvent: (event) => events.push(event) })
}

/** A plan as text: one line for each release and each object that changes. */
function text(planned: Plan): string {
  return planned.releases
    .flatMap((r) => [
      `${r.action} ${r.id}: ${r.reason}`,
      ...r.changes.filter((c) => c.action !== 'none').map((c) => `  ${c.action} ${c.ref.kind} ${c.ref.name}${c.notes.map((note) => ` (${note})`).join('')}`),
      ...r.blockers.map((b) => `  blocked: ${b.summary}`),
    ])
    .join('\n')
}

async function history(namespace: string, name: string): Promise<readonly string[]> {
  const records = await readHistory(cluster.client, { namespace, name })
  return records.map(revisionOf).map((revision) => `${revision.version} ${revision.info.status} ${revision.info.description}`)
}

const config = (name: string, value: string, annotations = ''): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: ${name}\n  annotations: {${annotations}}\ndata: {value: ${value}}\n`

const deployment = (image: string, app = 'web'): string => `---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 1
  selector: {matchLabels: {app: ${app}}}
  template:
    metadata: {labels: {app: ${app}}}
    spec: {containers: [{name: web, image: ${image}, ports: [{containerPort: 80}], resources: {limits: {cpu: 1000m}}}]}
`

describe('the life of a release', () => {
  const web = release('life/web')
  const one = desired(config('settings', 'one') + deployment('web:1'))
  const two = desired(config('settings', 'two') + deployment('web:1'))

  test('install, nothing to do, upgrade, failed upgrade, uninstall', async () => {
    const install = await plan([web], { 'life/web': one })
    assert.equal(text(install), 'install life/web: not installed\n  create ConfigMap settings\n  create Deployment web')
    const installed = await execute(install)
    assert.deepEqual(installed.releases[0]?.diagnostics, [])
    assert.deepEqual(await history('life', 'web'), ['1 deployed Install complete'])

    assert.equal(text(await plan([web], { 'life/web': one })), 'none life/web: nothing changed')

    const upgrade = await plan([web], { 'life/web': two })
    assert.equal(text(upgrade), 'upgrade life/web: 1 object changes\n  change ConfigMap settings')
    await execute(upgrade)
    assert.deepEqual(await history('life', 'web'), ['1 superseded Install complete', '2 deployed Upgrade complete'])

    const failed = await execute(await plan([web], { 'life/web': desired(config('settings', 'three') + deployment('web:1', 'other')) }))
    assert.equal(failed.succeeded, false)
    assert.deepEqual(await history('life', 'web'), [
      '1 superseded Install complete',
      '2 deployed Upgrade complete',
      '3 failed Upgrade "web" failed: server-side apply failed for object life/web apps/v1, Kind=Deployment: Deployment.apps "web" is invalid: ' +
        'spec.selector: Invalid value: {"matchLabels":{"app":"other"}}: field is immutable',
    ])

    const again = await plan([web], { 'life/web': two })
    assert.match(text(again), /^upgrade life\/web: revision 3 failed/)
    await execute(again)
    assert.equal((await history('life', 'web')).at(-1), '4 deployed Upgrade complete')

    const destroy = await planDestroy(cluster.host, { environment: 'default', releases: [web], clientFor: async () => cluster.client })
    assert.equal(text(destroy), 'uninstall life/web: everything goes\n  delete Deployment web\n  delete ConfigMap settings')
    const gone = await execute(destroy)
    assert.equal(gone.succeeded, true)
    assert.deepEqual(await history('life', 'web'), [])
    assert.equal(await cluster.client.get({ apiVersion: 'v1', kind: 'ConfigMap', namespace: 'life', name: 'settings' }), undefined)
  })
})
