import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { executePlan } from '../../src/plan/execute-plan.ts'
import type { Plan } from '../../src/plan/plan.ts'
import type { Release } from '../../src/state/state.ts'
import { type Cluster, desired, release, startCluster } from '../support/desired-release.ts'
import { dyingClient } from '../support/killed-client.ts'
import { objectsIn } from '../support/objects-in.ts'
import { planRuns, planText, resultText } from '../support/plan-runs.ts'
import { configMap, deployment, job, service } from '../support/scenario.ts'

let cluster: Cluster
const { plan, destroy, rollback, execute, sync, history } = planRuns(() => cluster)
before(async () => {
  cluster = await startCluster()
})
after(async () => cluster.close())

const hook = job('before', { 'helm.sh/hook': 'pre-install,pre-upgrade', 'helm.sh/hook-delete-policy': 'before-hook-creation,hook-succeeded' })
const one = desired(configMap('a', { value: '1' }) + configMap('b', { value: '1' }) + service('web') + deployment('web') + hook)
const two = desired(configMap('a', { value: '2' }) + configMap('c', { value: '2' }) + deployment('web', { image: 'demo:2' }) + hook)

const KINDS = [
  ['v1', 'ConfigMap'],
  ['v1', 'Service'],
  ['apps/v1', 'Deployment'],
] as const

/** Carries `planned` out by a process that dies before its `writes`-th write; true when it died. */
async function dieAfter(writes: number, planned: Plan): Promise<boolean> {
  const { client, isDead } = dyingClient(cluster.client, writes)
  await executePlan(cluster.host, async () => client, planned)
  return isDead()
}

interface Case {
  readonly name: string
  /** What is there before. */
  readonly prepare: (app: Release) => Promise<unknown>
  /** What is being done by the process that dies. */
  readonly plan: (app: Release) => Promise<Plan>
}

const nothing = async (): Promise<void> => {}
const cases: readonly Case[] = [
  { name: 'an install', prepare: nothing, plan: (app) => plan([app], { [app.id]: one }) },
  { name: 'an upgrade', prepare: (app) => sync([app], { [app.id]: one }), plan: (app) => plan([app], { [app.id]: two }) },
  {
    name: 'a rollback',
    prepare: async (app) => {
      await sync([app], { [app.id]: one })
      await sync([app], { [app.id]: two })
    },
    plan: (app) => rollback(app, 1),
  },
  { name: 'a removal', prepare: (app) => sync([app], { [app.id]: one }), plan: (app) => destroy([app]) },
]

const MOST_WRITES = 60
const AT_ONCE = 4

/** One process that dies, and what the next run makes of it; false when the process came to its end. */
async function dieAndRecover({ name, prepare, plan: planned }: Case, place: string, writes: number): Promise<boolean> {
  const namespace = `t-cluster-${process.pid}-killed-${place}-${writes}`
  const app = release(`${namespace}/app`)
  const label = `${name}, dead after ${writes} writes`
  await prepare(app)
  const died = await dieAfter(writes, await planned(app))
  // Where all was written but the answer, there is nothing left to do.
  assert.match(resultText(await sync([app], { [app.id]: two })), /^(done|none) \S+$/, label)
  assert.deepEqual(await objectsIn(cluster, namespace, KINDS), ['ConfigMap a', 'ConfigMap c', 'Deployment web'], label)
  const lines = await history(namespace, 'app')
  assert.deepEqual(
    lines.filter((line) => / (pending-\S+|deployed) /.test(line)),
    lines.slice(-1).filter((line) => / deployed /.test(line)),
    label,
  )
  assert.equal(planText(await plan([app], { [app.id]: two })), `none ${app.id}: nothing changed`, label)
  assert.equal(resultText(await execute(await destroy([app]))), `done ${app.id}`, label)
  assert.deepEqual([await objectsIn(cluster, namespace, KINDS), await history(namespace, 'app')], [[], []], label)
  return died
}

describe('a process that dies at any of its writes', () => {
  for (const [at, item] of cases.entries()) {
    test(`during ${item.name}: the next run has what it wants, and nothing else is left`, async () => {
      let died = true
      for (let first = 0; died; first += AT_ONCE) {
        assert.ok(first < MOST_WRITES, 'it ends at last')
        const runs = Array.from({ length: AT_ONCE }, (_, n) => dieAndRecover(item, String(at), first + n))
        died = (await Promise.all(runs)).every(Boolean)
      }
    })
  }
})
