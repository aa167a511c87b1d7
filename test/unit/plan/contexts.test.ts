import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { KubeClient } from '../../../src/kube/client.ts'
import type { PlanEvent } from '../../../src/plan/events.ts'
import { executePlan } from '../../../src/plan/execute-plan.ts'
import { planReleases } from '../../../src/plan/plan-releases.ts'
import { readHistory } from '../../../src/release/storage.ts'
import { type Cluster, desired, release, startCluster } from '../../support/desired-release.ts'
import { planText, resultText } from '../../support/plan-runs.ts'

const skip = process.env['FLOTILLA_TEST_KUBECONFIG'] ? 'needs two clusters of its own' : false
let clusters: ReadonlyMap<string | undefined, Cluster>

before(async () => {
  if (!skip)
    clusters = new Map([
      ['east', await startCluster()],
      ['west', await startCluster()],
    ])
})
after(async () => {
  for (const cluster of clusters?.values() ?? []) await cluster.close()
})

test('releases of one plan go to several clusters, needs across them included', { skip }, async () => {
  const clientFor = async (context: string | undefined): Promise<KubeClient> => (clusters.get(context) as Cluster).client
  const releases = [
    release('two/app', { id: 'west/two/app', kubeContext: 'west', needs: ['east/two/app'] }),
    release('two/app', { id: 'east/two/app', kubeContext: 'east' }),
  ]
  const { host } = clusters.get('east') as Cluster
  const desire = async () => desired('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: same}\ndata: {a: "1"}\n')
  const plan = await planReleases(host, { environment: 'default', releases, desire, clientFor })
  assert.equal(
    planText(plan),
    'install east/two/app: not installed\n  create ConfigMap same\ninstall west/two/app: not installed\n  create ConfigMap same',
  )
  const events: PlanEvent[] = []
  const result = await executePlan(host, clientFor, plan, { onEvent: (event) => events.push(event) })
  assert.equal(resultText(result), 'done east/two/app\ndone west/two/app')
  const order = events.flatMap((event) =>
    event.type === 'release-started' || event.type === 'release-finished' ? [`${event.type} ${event.release}`] : [],
  )
  assert.deepEqual(order, [
    'release-started east/two/app',
    'release-finished east/two/app',
    'release-started west/two/app',
    'release-finished west/two/app',
  ])
  for (const cluster of clusters.values()) assert.equal((await readHistory(cluster.client, { namespace: 'two', name: 'app' })).length, 1)
})
