import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { readKubeConfig } from '../../src/kube/kubeconfig.ts'
import { waitFor } from '../../src/kube/wait.ts'
import { parseManifest } from '../../src/release/parse-manifest.ts'
import { readHistory, revisionOf } from '../../src/release/storage.ts'
import { type Cluster, startCluster } from '../support/desired-release.ts'
import { type Moment, startKillingProxy } from '../support/killing-proxy.ts'
import { configMap, deployment, inScenario, job, type Scenario, service } from '../support/scenario.ts'

const main = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url))

let cluster: Cluster
before(async () => {
  cluster = await startCluster()
})
after(async () => cluster.close())

const DELETED = { 'helm.sh/hook-delete-policy': 'before-hook-creation,hook-succeeded' }
const hooks = job('before', { 'helm.sh/hook': 'pre-install,pre-upgrade', ...DELETED }) + job('leaving', { 'helm.sh/hook': 'pre-delete', ...DELETED })
const one = { 'all.yaml': configMap('a', { value: '1' }) + configMap('b', { value: '1' }) + service('web') + deployment('web') + hooks }
const two = { 'all.yaml': configMap('a', { value: '2' }) + configMap('c', { value: '2' }) + deployment('web', { image: 'demo:2' }) + hooks }

interface Case {
  readonly name: string
  readonly prepare: (s: Scenario) => Promise<unknown>
  readonly command: readonly string[]
  /** The objects there are when it has converged. */
  readonly objects: readonly string[]
}

const APPLY = ['apply', '--suppress-diff']
const installed = async (s: Scenario): Promise<void> => {
  s.chart(one)
  await s.run(0, ...APPLY)
}
const cases: readonly Case[] = [
  {
    name: 'an install',
    prepare: async (s) => s.chart(one),
    command: APPLY,
    objects: ['ConfigMap/a', 'ConfigMap/b', 'Deployment/web', 'Service/web'],
  },
  {
    name: 'an upgrade',
    prepare: async (s) => {
      await installed(s)
      s.chart(two)
    },
    command: APPLY,
    objects: ['ConfigMap/a', 'ConfigMap/c', 'Deployment/web'],
  },
  { name: 'a removal', prepare: installed, command: ['destroy', '--yes'], objects: [] },
]

/** On a real cluster every write in turn, so that each state is met; on the sandbox each third, another third for each case. */
const isSandbox = process.env['FLOTILLA_TEST_KUBECONFIG'] === undefined
const STEP = isSandbox ? 3 : 1
const AT_ONCE = isSandbox ? 1 : 4
const MOST_WRITES = 60

/** A write that is not let through leaves what the one before it left, if that was answered. */
function momentOf(nth: number): Moment {
  return isSandbox && nth % 2 === 0 ? 'before' : 'after'
}

/** Runs the program in a process of its own, which is killed at its `nth` write; what that was, undefined when it came to its end. */
async function killedAt(s: Scenario, command: readonly string[], nth: number, moment: Moment): Promise<string | undefined> {
  const { users, contexts, currentContext } = readKubeConfig(cluster.host, cluster.kubeconfig)
  const token = users.get(contexts.get(currentContext ?? '')?.user ?? '')?.token
  const upstream = new URL(cluster.client.server)
  const kill = (): void => {
    child.kill('SIGKILL')
  }
  const proxy = await startKillingProxy({ upstream, token, nth, moment, kill })
  const kubeconfig = join(s.folder, 'killing.json')
  const server = `${proxy.url}${upstream.pathname.replace(/\/$/, '')}`
  writeFileSync(kubeconfig, JSON.stringify(kubeconfigOf(server)))
  const child = spawn(process.execPath, [main, ...command], {
    cwd: s.folder,
    env: { ...s.env, KUBECONFIG: kubeconfig },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let printed = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    printed += text
  })
  const [exit, signal] = (await once(child, 'close')) as [number | null, string | null]
  await proxy.close()
  const at = proxy.killedAt()
  assert.deepEqual([exit, signal], at === undefined ? [0, null] : [null, 'SIGKILL'], `${at ?? 'not killed'}\n${printed}`)
  return at
}

function kubeconfigOf(server: string): unknown {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'c',
    clusters: [{ name: 'c', cluster: { server } }],
    users: [{ name: 'c', user: { token: 'any' } }],
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'c' } }],
  }
}

/** What the last record says is there, as `names` gives it. */
async function recorded({ namespace }: Scenario): Promise<readonly string[]> {
  const last = (await readHistory(cluster.client, { namespace, name: 'app' })).at(-1)
  if (last === undefined) return []
  return parseManifest(revisionOf(last).manifest)
    .map(({ kind, metadata }) => `${kind}/${metadata.name}`)
    .sort()
}

async function leases({ namespace }: Scenario): Promise<readonly string[]> {
  return (await cluster.client.list('coordination.k8s.io/v1', 'Lease', { namespace })).map(({ metadata }) => metadata.name ?? '')
}

/**
 * The same command once more, without any flag: it converges. A process that died when only its lock was left leaves that, and there
 * is nothing to do for the next; it is in nobody's way when there is.
 */
async function converges(s: Scenario, { command, objects }: Case, label: string): Promise<void> {
  await s.run(0, ...command)
  const kinds = ['ConfigMap', 'Deployment', 'Service', 'Job']
  assert.deepEqual(await s.names(...kinds), objects, label)
  assert.deepEqual(await recorded(s), objects, label)
  const lines = await s.history()
  assert.deepEqual(
    lines.filter((line) => /^\d+ (pending-|deployed|uninstalling)/.test(line)),
    objects.length === 0 ? [] : lines.slice(-1).filter((line) => / deployed /.test(line)),
    label,
  )
  assert.deepEqual(lines.length > 0, objects.length > 0, label)
  await s.run(0, 'sync')
  assert.deepEqual(await leases(s), [], label)
  await s.run(0, 'destroy', '--yes')
  assert.deepEqual([await s.names(...kinds), await s.history(), await leases(s)], [[], [], []], label)
}

/**
 * On a real cluster: Jobs that the dead process left have ended. One that goes in the instant in which its pod is made lets the Job
 * controller wait for that pod for five minutes, if another Job gets its name; that is Kubernetes' and no matter here.
 */
async function jobsSettle({ namespace }: Scenario): Promise<void> {
  if (isSandbox) return
  const jobs = await cluster.client.list('batch/v1', 'Job', { namespace })
  const refs = jobs.filter(({ metadata }) => !metadata.deletionTimestamp).map(({ metadata }) => metadata.name ?? '')
  await waitFor(
    cluster.client,
    refs.map((name) => ({ apiVersion: 'batch/v1', kind: 'Job', namespace, name })),
    { until: 'complete', timeoutMs: 60_000 },
  )
}

/** One process that dies, and what the next makes of it; false when it came to its end. */
function dieAndConverge(item: Case, nth: number): Promise<boolean> {
  return inScenario(cluster, async (s) => {
    s.state()
    await item.prepare(s)
    const moment = momentOf(nth)
    const at = await killedAt(s, item.command, nth, moment)
    await jobsSettle(s)
    await converges(s, item, `${item.name}, killed ${moment} its write ${nth}, ${at ?? 'none'}`)
    return at !== undefined
  })
}

describe('the program, killed at its writes', () => {
  for (const [index, item] of cases.entries()) {
    test(`during ${item.name}: a plain run converges`, async () => {
      let died = true
      for (let first = 1 + (index % STEP); died; first += STEP * AT_ONCE) {
        assert.ok(first < MOST_WRITES, 'it ends at last')
        const runs = Array.from({ length: AT_ONCE }, (_, n) => dieAndConverge(item, first + n * STEP))
        died = (await Promise.all(runs)).every(Boolean)
      }
    })
  }
})
