import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { failure } from '../../../src/base/diagnostic.ts'
import type { Host } from '../../../src/base/host.ts'
import { nodeHost } from '../../../src/base/host-node.ts'
import type { KubeObject } from '../../../src/kinds/kube-object.ts'
import { type KubeClient, KubeError } from '../../../src/kube/client.ts'
import { remainingPaths } from '../../../src/plan/critical-path.ts'
import { executePlan } from '../../../src/plan/execute-plan.ts'
import type { Plan, ReleasePlan } from '../../../src/plan/plan.ts'
import type { ReleaseOperation } from '../../../src/release/operation.ts'
import type { Revision } from '../../../src/release/record.ts'

const REVISION: Revision = {
  name: 'r',
  namespace: 'n',
  version: 1,
  info: { firstDeployed: '', lastDeployed: '', deleted: '', description: '', status: 'deployed' },
  chart: undefined,
  config: {},
  manifest: '',
  hooks: [],
  labels: {},
}
const OPERATION = { kind: 'test', revision: REVISION, options: { timeoutMs: 1 } } as unknown as ReleaseOperation

/** `a 3`: lasts 3; `b 2 a`: lasts 2 and waits for a. Each has a cluster of its own, so that its requests can be told apart. */
function releasesOf(lines: readonly string[]): readonly ReleasePlan[] {
  return lines.map((line) => {
    const [id = '', duration, ...after] = line.split(' ')
    const facts = {
      id,
      name: id,
      namespace: 'n',
      kubeContext: id,
      needs: after,
      after,
      reason: '',
      changes: [],
      notes: [],
      blockers: [],
      suppressDiff: false,
    }
    return { ...facts, action: 'test', expectedMs: Number(duration), operation: OPERATION }
  })
}

/** A clock that goes on to the next end of work when nothing else can happen any more. */
function virtualClock(): { now(): number; work(ms: number): Promise<void> } {
  let time = 0
  let isRunning = false
  const ends: { readonly at: number; readonly done: () => void }[] = []
  const goOn = async (): Promise<void> => {
    isRunning = true
    while (ends.length > 0) {
      // By then whatever has become ready has started.
      for (let turn = 0; turn < 3; turn++) await new Promise((next) => setImmediate(next))
      const next = ends.sort((a, b) => a.at - b.at).shift()
      time = next?.at ?? time
      next?.done()
      for (let turn = 0; turn < 3; turn++) await new Promise((settled) => setImmediate(settled))
    }
    isRunning = false
  }
  return {
    now: () => time,
    work: (ms) =>
      new Promise((done) => {
        ends.push({ at: time + ms, done })
        if (!isRunning) void goOn()
      }),
  }
}

interface Outcome {
  readonly makespan: number
  readonly started: string
  readonly results: string
}

async function run(
  lines: readonly string[],
  options: { readonly concurrency?: number; readonly failing?: string; readonly failFast?: boolean } = {},
): Promise<Outcome> {
  const clock = virtualClock()
  const releases = releasesOf(lines)
  const started: string[] = []
  const host: Host = { ...nodeHost(), now: clock.now, monotonic: clock.now }
  const clientFor = async (id: string | undefined): Promise<KubeClient> => {
    started.push(id as string)
    const replace = async (object: KubeObject): Promise<KubeObject> => {
      await clock.work(releases.find((release) => release.id === id)?.expectedMs ?? 0)
      if (id === options.failing) throw failure('test/failed', 'it failed')
      return object
    }
    // Locks are not allowed here, so that there are none.
    const request = async (): Promise<never> => {
      throw new KubeError(403, 'Forbidden', 'no')
    }
    return { replace, request } as unknown as KubeClient
  }
  const plan: Plan = { formatVersion: 1, environment: 'default', releases }
  const result = await executePlan(host, clientFor, plan, { concurrency: options.concurrency ?? 0, ...(options.failFast && { failFast: true }) })
  return {
    makespan: clock.now(),
    started: started.join(' '),
    results: result.releases.map(({ id, result: how, causedBy }) => `${id} ${how}${causedBy ? ` ${causedBy}` : ''}`).join(', '),
  }
}

/** A chain of six that lasts 60, and 24 others of 5 that fill the rest of two slots; they stand first. */
const thirty = [
  ...Array.from({ length: 12 }, (_, i) => `s${i} 5`),
  'c0 10',
  ...Array.from({ length: 5 }, (_, i) => `c${i + 1} 10 c${i}`),
  ...Array.from({ length: 12 }, (_, i) => `t${i} 5${i < 4 ? '' : ` s${i}`}`),
]

describe('what has most behind it starts first', () => {
  test('thirty releases end with their critical path, in as few slots as that takes', async () => {
    assert.equal(thirty.length, 30)
    const path = Math.max(...remainingPaths(releasesOf(thirty)).values())
    assert.equal(path, 60)
    assert.equal((await run(thirty)).makespan, path)
    assert.equal((await run(thirty, { concurrency: 3 })).makespan, path)
  })

  test('the order of the plan decides between equals', async () => {
    assert.equal((await run(['a 1', 'b 1', 'c 3', 'd 1 b'], { concurrency: 1 })).started, 'c b a d')
  })
})

describe('a failure', () => {
  const lines = ['a 1', 'b 2', 'c 1 a', 'd 1 b', 'e 9']
  test('lets go on what does not need the failed release', async () => {
    assert.equal((await run(lines, { failing: 'a' })).results, 'a failed, b done, c skipped a, d done, e done')
  })
  test('stops what has not started, with failFast', async () => {
    assert.equal((await run(lines, { failing: 'a', failFast: true })).results, 'a failed, b done, c skipped a, d skipped a, e done')
  })
})
