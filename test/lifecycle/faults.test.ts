import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { Host } from '../../src/base/host.ts'
import { mapLimited } from '../../src/base/pool.ts'
import { connect } from '../../src/kube/connect.ts'
import { readKubeConfig } from '../../src/kube/kubeconfig.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { parseManifest } from '../../src/release/parse-manifest.ts'
import { readHistory, revisionOf } from '../../src/release/storage.ts'
import type { Release, ReleaseOptions } from '../../src/state/state.ts'
import { type Cluster, desired, release, startCluster } from '../support/desired-release.ts'
import { chance, FAULTS, type Fault, startFaultProxy } from '../support/fault-proxy.ts'
import { objectsIn } from '../support/objects-in.ts'
import { type PlanRuns, planRuns, planText, resultText } from '../support/plan-runs.ts'
import { configMap, deployment, job, service } from '../support/scenario.ts'

const isSandbox = process.env['FLOTILLA_TEST_KUBECONFIG'] === undefined
/** FLOTILLA_TEST_SEED: one seed alone, to look at a failure; FLOTILLA_TEST_SEEDS: how many. */
const ONLY = process.env['FLOTILLA_TEST_SEED']
const COUNT = Number(process.env['FLOTILLA_TEST_SEEDS'] ?? (isSandbox ? 150 : 50))
const SEEDS = ONLY === undefined ? Array.from({ length: COUNT }, (_, index) => index) : [Number(ONLY)]
const AT_ONCE = isSandbox ? 8 : 4
/** An answer that takes longer is given up. */
const SILENCE_MS = isSandbox ? 50 : 400

let cluster: Cluster
let folder: string
before(async () => {
  cluster = await startCluster()
  folder = mkdtempSync(join(tmpdir(), 'flotilla-faults-'))
})
after(async () => {
  rmSync(folder, { recursive: true, force: true })
  await cluster.close()
})

const hook = job('before', { 'helm.sh/hook': 'pre-install,pre-upgrade', 'helm.sh/hook-delete-policy': 'before-hook-creation,hook-succeeded' })
const leaving = job('leaving', { 'helm.sh/hook': 'pre-delete', 'helm.sh/hook-delete-policy': 'before-hook-creation,hook-succeeded' })
const one = desired(configMap('a', { value: '1' }) + configMap('b', { value: '1' }) + service('web') + deployment('web') + hook + leaving)
const two = desired(configMap('a', { value: '2' }) + configMap('c', { value: '2' }) + deployment('web', { image: 'demo:2' }) + hook + leaving)

/** A hook that failed stays, to be looked at, unless its policy says otherwise; running it again replaces it. */
const HOOKS: ReadonlySet<string> = new Set(['Job before', 'Job leaving'])

interface Job {
  readonly name: string
  readonly prepare: (plain: PlanRuns, app: Release) => Promise<unknown>
  readonly plan: (runs: PlanRuns, app: Release) => Promise<Plan>
}

const upgrade: Job = {
  name: 'an upgrade',
  prepare: (plain, app) => plain.sync([app], { [app.id]: one }),
  plan: (runs, app) => runs.plan([app], { [app.id]: two }),
}
const jobs: readonly Job[] = [
  { name: 'an install', prepare: async () => {}, plan: (runs, app) => runs.plan([app], { [app.id]: one }) },
  upgrade,
  {
    name: 'a rollback',
    prepare: async (plain, app) => {
      await plain.sync([app], { [app.id]: one })
      await plain.sync([app], { [app.id]: two })
    },
    plan: (runs, app) => runs.rollback(app, 1),
  },
  { ...upgrade, name: 'a removal', plan: (runs, app) => runs.destroy([app]) },
]

const ways: readonly ReleaseOptions[] = [{}, { wait: true }, { atomic: true }, { cleanupOnFail: true }, { serverSide: 'false' }, { historyMax: 2 }]

function pick<T>(items: readonly T[], ...parts: readonly (string | number)[]): T {
  return items[Math.floor(chance(...parts) * items.length)] as T
}

/** One fault alone or three of them, for few requests or for many. */
function troubleOf(seed: number): { readonly faults: readonly Fault[]; readonly rate: number } {
  const faults = [0, 1, 2].map((which) => pick(FAULTS, seed, 'fault', which))
  return { faults: seed % 3 === 0 ? faults.slice(0, 1) : faults, rate: pick([0.05, 0.1, 0.2, 0.5], seed, 'rate') }
}

/** Carries `work` out over a proxy that does what `seed` says; what it did. */
async function underFaults(seed: number, namespace: string, work: (runs: PlanRuns) => Promise<unknown>): Promise<readonly string[]> {
  const { users, contexts, currentContext } = readKubeConfig(cluster.host, cluster.kubeconfig)
  const token = users.get(contexts.get(currentContext ?? '')?.user ?? '')?.token
  const tokenFile = join(folder, `token-${seed}`)
  const upstream = new URL(cluster.client.server)
  const onTicket = (ticket: string): void => writeFileSync(tokenFile, ticket)
  const proxy = await startFaultProxy({ upstream, token, seed, namespace, onTicket, ...troubleOf(seed) })
  const kubeconfig = join(folder, `config-${seed}`)
  writeFileSync(kubeconfig, JSON.stringify(kubeconfigOf(`${proxy.url}${upstream.pathname}`, tokenFile)))
  const impatient: Host = { ...cluster.host, sleep: (ms, signal) => cluster.host.sleep(Math.min(ms / 100, 10), signal) }
  const client = await connect(impatient, { kubeconfig, silenceMs: SILENCE_MS })
  try {
    await work(planRuns(() => ({ ...cluster, host: impatient, client })))
  } catch (error) {
    // Planning may fail, as long as it says why.
    assert.equal((error as Error).name.endsWith('Error') && 'diagnostics' in (error as Error), true, String((error as Error).stack))
  } finally {
    client.close()
    await proxy.close()
  }
  return proxy.done
}

function kubeconfigOf(server: string, tokenFile: string): unknown {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'c',
    clusters: [{ name: 'c', cluster: { server } }],
    users: [{ name: 'c', user: { tokenFile } }],
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'c' } }],
  }
}

const KINDS = [
  ['v1', 'ConfigMap'],
  ['v1', 'Service'],
  ['apps/v1', 'Deployment'],
  ['batch/v1', 'Job'],
] as const

/** The whole of one seed: a run under faults, whatever comes of it, and a plain run that puts everything right. */
async function converges(seed: number): Promise<void> {
  const namespace = `t-cluster-${process.pid}-faults-${seed}`
  const way = pick(ways, seed, 'way')
  const { name, prepare, plan } = pick(jobs, seed, 'job')
  const app = release(`${namespace}/app`, { options: way })
  const hurried = { ...app, options: { ...way, timeout: 2 } }
  const plain = planRuns(() => cluster)
  await prepare(plain, app)
  const versions = (await readHistory(cluster.client, { namespace, name: 'app' })).map((record) => record.version)
  const done = await underFaults(seed, namespace, async (runs) => runs.execute(await plan(runs, hurried)))
  const label = `FLOTILLA_TEST_SEED=${seed}: ${name} ${JSON.stringify(way)} after\n${done.join('\n')}\n`
  const between = await readHistory(cluster.client, { namespace, name: 'app' })
  if (name !== 'a removal' && way.historyMax === undefined)
    assert.deepEqual(between.map((record) => record.version).slice(0, versions.length), versions, `${label}no record is lost`)
  if (chance(seed, 'then') < 0.3) return goesAway(plain, app, label)
  const text = resultText(await plain.sync([app], { [app.id]: two }))
  assert.match(text, /^(done|none) \S+$/, `${label}${text}`)
  const history = await readHistory(cluster.client, { namespace, name: 'app' })
  const states = history.map((record) => `${record.version} ${record.status}`)
  assert.deepEqual(
    states.filter((line) => / (pending-\S+|deployed|uninstalling)$/.test(line)),
    states.slice(-1).filter((line) => / deployed$/.test(line)),
    `${label}${states.join('\n')}`,
  )
  const { manifest } = revisionOf(history.at(-1) as (typeof history)[number])
  const recorded = parseManifest(manifest).map(({ kind, metadata }) => `${kind} ${metadata.name}`)
  const there = (await objectsIn(cluster, namespace, KINDS)).filter((object) => !HOOKS.has(object))
  assert.deepEqual(there, recorded.sort(), label)
  assert.equal(planText(await plain.plan([app], { [app.id]: two })), `none ${app.id}: nothing changed`, label)
  await goesAway(plain, app, label)
}

/** A plain removal leaves nothing. */
async function goesAway(plain: PlanRuns, app: Release, label: string): Promise<void> {
  const text = resultText(await plain.execute(await plain.destroy([app])))
  assert.match(text, /^(done|none) \S+$/, `${label}${text}`)
  const left = (await objectsIn(cluster, app.namespace, KINDS)).filter((object) => !HOOKS.has(object))
  assert.deepEqual([left, await plain.history(app.namespace, 'app')], [[], []], label)
}

describe('whatever happens between us and the server', () => {
  test('a plain run afterwards has what it wants, and nothing else is left', async () => {
    const failed = await mapLimited(SEEDS, AT_ONCE, async (seed) => {
      try {
        await converges(seed)
        return undefined
      } catch (error) {
        return `seed ${seed}: ${(error as Error).stack ?? String(error)}`
      }
    })
    assert.deepEqual(
      failed.filter((text) => text !== undefined),
      [],
    )
  })
})
