import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Clusters } from '../../src/actions/clusters.ts'
import { lockEnvironment, lockTargetOf } from '../../src/actions/lock-environment.ts'
import type { KubeClient } from '../../src/kube/client.ts'
import { executePlan } from '../../src/plan/execute-plan.ts'
import { planReleases } from '../../src/plan/plan-releases.ts'
import { groupByRelease, listRecords } from '../../src/release/storage.ts'
import type { Release, State } from '../../src/state/state.ts'
import { type Cluster, desired, release, startCluster } from '../support/desired-release.ts'
import { dyingClient } from '../support/killed-client.ts'
import { configMap } from '../support/scenario.ts'

const TRIES = 200
const WRITES: ReadonlySet<PropertyKey> = new Set(['create', 'replace', 'patch', 'apply', 'delete'])

let cluster: Cluster
before(async () => {
  cluster = await startCluster()
})
after(async () => cluster.close())

/** Numbers from 0 up to 1, the same for the same seed. Source: mulberry32. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** `client` with pauses by `random` before its requests; its writes are noted in `log` as `name`. */
function slowed(client: KubeClient, random: () => number, log: string[], name: string): KubeClient {
  const pause = async (): Promise<void> => {
    for (let turns = Math.floor(random() * 6); turns > 0; turns--) await new Promise((resolve) => setImmediate(resolve))
  }
  return new Proxy(client, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key)
      if (typeof value !== 'function' || key === 'watch' || key === 'close') return value
      return async (...args: unknown[]): Promise<unknown> => {
        await pause()
        if (WRITES.has(key)) log.push(name)
        return value.apply(target, args)
      }
    },
  })
}

interface Run {
  readonly client: KubeClient
  readonly releases: readonly Release[]
  readonly value: string
}

/** One run of `sync`, from the lock to its end; what it was told while waiting. */
async function run({ client, releases, value }: Run): Promise<readonly string[]> {
  const told: string[] = []
  const clientFor = async (): Promise<KubeClient> => client
  const state = { files: [{ environment: 'test', releases, selected: releases }] } as unknown as State
  const clusters: Clusters = { clientFor, opened: new Map(), close: () => {} }
  const lock = await lockEnvironment(cluster.host, lockTargetOf(state), clusters, { waitMs: 600_000, onWaiting: (text) => told.push(text) })
  try {
    const input = { environment: 'test', releases, desire: async () => desired(configMap('a', { value })), clientFor }
    await executePlan(cluster.host, clientFor, await planReleases(cluster.host, input, { always: true }))
  } finally {
    await lock.release()
  }
  return told
}

describe(`${TRIES} times two runs at once`, () => {
  test('one comes after the other, whichever is first, and also when the first is killed', async () => {
    const orders = new Set<string>()
    let killed = 0
    for (let seed = 0; seed < TRIES; seed++) {
      const random = randomFrom(seed)
      const log: string[] = []
      const releases = [release(`t-cluster-${process.pid}-two-runs-${seed % 4}/app`)]
      const dies = seed % 5 === 4 ? dyingClient(cluster.client, Math.floor(random() * 6)) : undefined
      const a = slowed(dies?.client ?? cluster.client, random, log, 'a')
      const b = slowed(cluster.client, random, log, 'b')
      const ends = await Promise.allSettled([run({ client: a, releases, value: `${seed}a` }), run({ client: b, releases, value: `${seed}b` })])
      assert.equal(ends[1].status, 'fulfilled', `seed ${seed}`)
      if (dies?.isDead()) killed++
      else assert.equal(ends[0].status, 'fulfilled', `seed ${seed}`)
      const order = log.join('')
      assert.match(order, /^(a*b+|b+a*)$/, `seed ${seed}: ${order}`)
      orders.add(order[0] ?? '')
    }
    assert.deepEqual([...orders].sort(), ['a', 'b'])
    assert.ok(killed > 0)
  })

  test('no record and no lock is left over', async () => {
    const namespaces = [0, 1, 2, 3].map((n) => `t-cluster-${process.pid}-two-runs-${n}`)
    const groups = groupByRelease(await listRecords(cluster.client, namespaces))
    for (const [name, records] of groups) {
      assert.equal(records.filter(({ status }) => status === 'deployed').length, 1, name)
      assert.deepEqual(
        records.filter(({ status }) => status.startsWith('pending')).map(({ version }) => version),
        [],
        name,
      )
    }
    const leases = (await cluster.client.list('coordination.k8s.io/v1', 'Lease')).map(({ metadata }) => metadata.name ?? '')
    assert.deepEqual(
      leases.filter((name) => name.startsWith('flotilla.environment.test.')),
      [],
    )
  })
})

test('two plans of one release without a common environment: one is told who is at work', async () => {
  const app = release(`t-cluster-${process.pid}-two-plans/app`)
  const clientFor = async (): Promise<KubeClient> => cluster.client
  const plan = async (value: string) =>
    planReleases(
      cluster.host,
      { environment: 'x', releases: [app], desire: async () => desired(configMap('a', { value })), clientFor },
      { always: true },
    )
  await executePlan(cluster.host, clientFor, await plan('0'))
  const plans = [await plan('1'), await plan('2')]
  const results = await Promise.all(plans.map((one) => executePlan(cluster.host, clientFor, one)))
  const codes = results.flatMap((result) => result.releases.map(({ result, diagnostics }) => `${result} ${diagnostics[0]?.code ?? ''}`.trim()))
  assert.equal(codes.filter((code) => code === 'done').length, 1, codes.join())
  assert.match(codes.find((code) => code !== 'done') ?? '', /^failed (kube\/locked|release\/record-exists)$/)
})
