import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Host } from '../../../src/base/host.ts'
import type { KubeObject } from '../../../src/kinds/kube-object.ts'
import { type KubeClient, KubeError } from '../../../src/kube/client.ts'
import { acquireLease } from '../../../src/kube/lease/acquire-lease.ts'
import type { HeldLease } from '../../../src/kube/lease/hold-lease.ts'
import { describeHolder } from '../../../src/kube/lease/lease-holder.ts'
import { leaseObstacle } from '../../../src/kube/lease/lease-requests.ts'
import { type Cluster, startCluster } from '../../support/desired-release.ts'

let cluster: Cluster
before(async () => {
  cluster = await startCluster()
})
after(async () => cluster.close())

const ref = (name: string) => ({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', namespace: 'default', name })
const place = (name: string) => ({ namespace: 'default', name })

/** How long renewals may take: a sleep that long waits for an answer, and here answers come at last. */
const ATTEMPTS_MS: readonly number[] = [3000, 1900]
/** How often is looked while waiting. */
const LOOK_MS = 1000

/** A host on another machine, whose time passes only while it sleeps, `slowness` times as long as it wants; `pause` is what happens meanwhile. */
function elsewhere(pause: (now: number, ms: number) => Promise<void> = async () => {}, hangs = false, slowness = 1): Host {
  let now = 1000
  return {
    ...cluster.host,
    process: { hostname: 'elsewhere', pid: 7, pidSpace: undefined, isRunning: () => true },
    monotonic: () => now,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted()
      if (ATTEMPTS_MS.includes(ms) && !hangs) return asleep().sleep(ms, signal)
      now += ms * slowness
      await pause(now, ms)
      await new Promise((resolve) => setImmediate(resolve))
      signal?.throwIfAborted()
    },
  }
}

/** One that never wakes: its holder never renews. */
const asleep = (): Host => ({
  ...cluster.host,
  sleep: (_ms, signal) => new Promise((_, fail) => signal?.addEventListener('abort', () => fail(signal.reason))),
})

function acquire(
  name: string,
  host: Host,
  options: { readonly waitMs?: number; readonly onWaiting?: (holder: string) => void; readonly client?: KubeClient } = {},
): Promise<HeldLease> {
  const { client = cluster.client, ...rest } = options
  return acquireLease(host, client, place(name), { what: 'the thing', label: 'test', waitMs: 0, ...rest })
}

/** A Lease as another program left it. */
async function leave(
  name: string,
  over: { readonly holder?: string; readonly seconds?: number; readonly renewTime?: string; readonly pidSpace?: string } = {},
): Promise<KubeObject> {
  const { holder = 'root@runner/4321/aa.bb', seconds = 15, renewTime = '2001-01-01T00:00:00.000000Z', pidSpace } = over
  const spec = { holderIdentity: holder, leaseDurationSeconds: seconds, acquireTime: '2026-01-02T03:04:05.000000Z', renewTime, leaseTransitions: 2 }
  const annotations = pidSpace ? { 'flotilla.dev/pid-space': pidSpace } : {}
  return cluster.client.create({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { ...place(name), annotations }, spec })
}

const specOf = async (name: string) => (await cluster.client.get(ref(name)))?.['spec'] as { readonly [key: string]: unknown } | undefined
const codeOf = (code: string) => (error: unknown) => (error as { diagnostics?: { code: string }[] }).diagnostics?.[0]?.code === code

describe('a Lease that nobody holds', () => {
  test('costs one request to take and one to give back, and leaves nothing', async () => {
    const count = () => [...cluster.client.requestCounts].filter(([key]) => key.endsWith(' leases')).map(([key, n]) => [key, n] as const)
    const earlier = new Map(count())
    const lease = await acquire('free', cluster.host)
    const spec = await specOf('free')
    assert.match(String(spec?.['holderIdentity']), new RegExp(`/${process.pid}/[0-9a-f.]+$`))
    assert.equal(spec?.['leaseDurationSeconds'], 15)
    await lease.release()
    assert.equal(await specOf('free'), undefined)
    const made = count().map(([key, n]) => `${key} ${n - (earlier.get(key) ?? 0)}`)
    // The two GETs are this test's own.
    assert.deepEqual(made.sort(), ['DELETE leases 1', 'GET leases 2', 'POST leases 1'])
  })

  test('is one whose holder is empty, too', async () => {
    await leave('emptied', { holder: '' })
    const lease = await acquire('emptied', elsewhere())
    assert.equal((await specOf('emptied'))?.['leaseTransitions'], 3)
    await lease.release()
  })
})

describe('a Lease that somebody holds', () => {
  test('is refused once its holder is seen to live, and the holder is named', async () => {
    await leave('alive')
    let text = ''
    const renew = async (): Promise<void> => {
      await cluster.client.patch(ref('alive'), 'application/merge-patch+json', { spec: { renewTime: '2001-01-01T00:00:03.000000Z' } })
    }
    await assert.rejects(
      acquire('alive', elsewhere(renew), {
        onWaiting: (holder) => {
          text = holder
        },
      }),
      (error: unknown) => {
        assert.ok(codeOf('kube/locked')(error))
        assert.match(String(error), /the thing is being changed by root@runner, process 4321, since 2026-01-02T03:04:05Z/)
        return true
      },
    )
    assert.match(text, /^root@runner, process 4321/)
    assert.equal((await specOf('alive'))?.['holderIdentity'], 'root@runner/4321/aa.bb')
  })

  test('is waited for as long as is asked', async () => {
    await leave('waited')
    let last = 0
    const renew = async (now: number): Promise<void> => {
      last = now
      await cluster.client.patch(ref('waited'), 'application/merge-patch+json', {
        spec: { renewTime: new Date(now).toISOString().replace('Z', '000Z') },
      })
    }
    await assert.rejects(acquire('waited', elsewhere(renew), { waitMs: 60_000 }), codeOf('kube/locked'))
    assert.equal(last, 1000 + 60_000)
  })

  test('is taken when it is given back, told by the watch', async () => {
    const first = await acquire('given', cluster.host)
    const second = acquire('given', asleep(), { waitMs: 600_000, onWaiting: () => void first.release() })
    await (await second).release()
    assert.equal(await specOf('given'), undefined)
  })

  const clocks: readonly (readonly [string, string])[] = [
    ['far behind', '2001-01-01T00:00:00.000000Z'],
    ['far ahead', '2099-01-01T00:00:00.000000Z'],
  ]
  for (const [name, renewTime] of clocks) {
    test(`is taken over after its whole duration without a change, when its clock is ${name}`, async () => {
      const lease = `clock-${name.replaceAll(' ', '-')}`
      await leave(lease, { renewTime, seconds: 20 })
      let slept = 0
      const taken = await acquire(
        lease,
        elsewhere(async (_now, ms) => {
          if (ms === LOOK_MS) slept += ms
        }),
      )
      assert.equal(slept, 20_000)
      await taken.release()
    })
  }

  const processes: readonly (readonly [string, { holder: string; pidSpace?: string }, boolean])[] = [
    ['a process that is gone from here', { holder: 'me@here/99/aa.bb', pidSpace: 'k/1' }, true],
    ['a process of that number that runs here', { holder: 'me@here/98/aa.bb', pidSpace: 'k/1' }, false],
    ['this process, by another copy of the code', { holder: 'me@here/7/aa.bb', pidSpace: 'k/1' }, false],
    ['a process elsewhere', { holder: 'me@there/99/aa.bb', pidSpace: 'k/2' }, false],
    ['a process that does not say where', { holder: 'me@here/99/aa.bb' }, false],
    ['another program', { holder: 'controller-0', pidSpace: 'k/1' }, false],
  ]
  for (const [name, over, atOnce] of processes) {
    test(`of ${name}: ${atOnce ? 'taken at once' : 'waited out'}`, async () => {
      const lease = `process-${processes.findIndex(([other]) => other === name)}`
      await leave(lease, over)
      let slept = 0
      const host = elsewhere(async (_now, ms) => {
        if (ms === LOOK_MS) slept++
      })
      const here = { hostname: 'here', pid: 7, pidSpace: 'k/1', isRunning: (pid: number) => pid !== 99 }
      await (await acquire(lease, { ...host, process: here })).release()
      assert.equal(slept === 0, atOnce)
    })
  }

  test('and has gone is taken by one of many', async () => {
    await leave('contended', { holder: 'me@here/99/aa.bb', pidSpace: 'k/1' })
    const here = { hostname: 'here', pid: 7, pidSpace: 'k/1', isRunning: () => false }
    const all = await Promise.allSettled(Array.from({ length: 8 }, () => acquire('contended', { ...elsewhere(), process: here })))
    const winners = all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    assert.equal(winners.length, 1, String(all.map((one) => one.status)))
    await winners[0]?.release()
  })
})

describe('a holder', () => {
  /** Runs a holder whose pauses are told to `pause`, until it has lost. */
  async function untilLost(name: string, pause: (now: number) => Promise<void>, client?: KubeClient, hangs = false): Promise<HeldLease> {
    const held = await acquire(name, elsewhere(pause, hangs), client ? { client } : {})
    await new Promise((resolve) => held.lost.addEventListener('abort', resolve))
    assert.ok(codeOf('kube/lease-lost')(held.lost.reason))
    return held
  }

  test('renews until somebody takes the Lease, and then leaves it alone', async () => {
    let renewals = 0
    const steal = async (): Promise<void> => {
      if (++renewals === 3) await cluster.client.patch(ref('stolen'), 'application/merge-patch+json', { spec: { holderIdentity: 'thief' } })
    }
    const held = await untilLost('stolen', steal)
    await held.release()
    assert.equal((await specOf('stolen'))?.['holderIdentity'], 'thief')
  })

  test('has lost when the Lease is deleted', async () => {
    await untilLost('deleted', async () => void (await cluster.client.delete(ref('deleted'))))
  })

  test('goes on when its renewal arrived without an answer', async () => {
    let pauses = 0
    const meanwhile = async (): Promise<void> => {
      if (++pauses === 1) await cluster.client.patch(ref('ambiguous'), 'application/merge-patch+json', { metadata: { labels: { a: 'b' } } })
      if (pauses === 3) await cluster.client.delete(ref('ambiguous'))
    }
    await untilLost('ambiguous', meanwhile)
    assert.equal(pauses >= 3, true)
  })

  test('without time to spare goes on while nobody has taken the Lease', async () => {
    let pauses = 0
    const meanwhile = async (): Promise<void> => {
      if (++pauses === 4) await cluster.client.delete(ref('starved'))
    }
    const held = await acquire('starved', elsewhere(meanwhile, false, 10))
    await new Promise((resolve) => held.lost.addEventListener('abort', resolve))
    assert.equal(pauses, 4)
  })

  const answers: readonly (readonly [string, () => Promise<never>, boolean, number])[] = [
    ['refuses connections', () => Promise.reject(new Error('no answer')), false, 4],
    ['is busy', () => Promise.reject(new KubeError(429, 'TooManyRequests', 'later')), false, 4],
    ['answers nothing', () => new Promise<never>(() => {}), true, 2],
  ]
  for (const [name, put, hangs, tries] of answers) {
    test(`gives up before others may take over, when the server ${name}`, async () => {
      let last = 0
      let tried = 0
      const request = (asked: { method: string }) => (asked.method === 'PUT' && ++tried ? put() : cluster.client.request(asked as never))
      const pause = async (now: number): Promise<void> => {
        last = now - 1000
      }
      const lease = name.replaceAll(' ', '-')
      await untilLost(lease, pause, { ...cluster.client, request } as KubeClient, hangs)
      assert.ok(last >= 10_000 && last < 15_000, String(last))
      assert.equal(tried, tries)
      await cluster.client.delete(ref(lease))
    })
  }

  test('that was killed inside this very process is known to be gone', async () => {
    const dead = {
      ...cluster.client,
      request: (asked: { method: string }) =>
        asked.method === 'POST' ? cluster.client.request(asked as never) : Promise.reject(new Error('killed')),
    }
    await (await acquire('killed', cluster.host, { client: dead as KubeClient })).release()
    assert.ok(await specOf('killed'))
    await (await acquire('killed', asleep())).release()
  })
})

test('why there can be no Lease', () => {
  const cases: readonly (readonly [unknown, RegExp | undefined])[] = [
    [new KubeError(403, 'Forbidden', 'no'), /may not be written/],
    [new KubeError(404, 'NotFound', 'no'), /no such namespace/],
    [new KubeError(500, 'InternalError', 'no'), undefined],
    [new Error('x'), undefined],
  ]
  for (const [error, expected] of cases) {
    if (expected) assert.match(leaseObstacle(error) ?? '', expected)
    else assert.equal(leaseObstacle(error), undefined)
  }
})

test('holders in words', () => {
  const now = Date.parse('2026-01-02T05:04:05Z')
  const cases: readonly (readonly [string, string, string])[] = [
    ['root@ci/12/a.b', '2026-01-02T05:03:05.000000Z', 'root@ci, process 12, since 2026-01-02T05:03:05Z (60s ago)'],
    ['ci/12/a.b', '2026-01-02T05:00:05.000000Z', 'ci, process 12, since 2026-01-02T05:00:05Z (4m ago)'],
    ['controller', '2026-01-02T02:04:05.000000Z', 'controller, since 2026-01-02T02:04:05Z (3h ago)'],
    ['controller', '2026-01-03T02:04:05.000000Z', 'controller, since 2026-01-03T02:04:05Z (0s ago)'],
    ['controller', '', 'controller'],
  ]
  for (const [identity, since, expected] of cases) assert.equal(describeHolder({ identity, since, run: undefined }, now), expected)
})
