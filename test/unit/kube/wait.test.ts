import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { type DiagnosticError, formatDiagnostic } from '../../../src/base/diagnostic.ts'
import { nodeHost } from '../../../src/base/host-node.ts'
import type { ObjectRef } from '../../../src/kinds/kube-object.ts'
import type { KubeClient } from '../../../src/kube/client.ts'
import { connect } from '../../../src/kube/connect.ts'
import { blockedDiagnostic } from '../../../src/kube/explain-blocked.ts'
import { type WaitOptions, waitFor } from '../../../src/kube/wait.ts'
import { helmWaitText, waitError } from '../../../src/kube/wait-error.ts'
import { type ScriptedAnswer, type ScriptedServer, scriptedServer } from '../../support/scripted-server.ts'

async function setUp(
  t: TestContext,
  script: Record<string, ScriptedAnswer | readonly ScriptedAnswer[]>,
): Promise<{ client: KubeClient; server: ScriptedServer }> {
  const server = await scriptedServer(script)
  const client = await connect(nodeHost({ env: { HOME: '/nonexistent' } }), { server: server.url, namespace: 'shop' })
  t.after(async () => {
    client.close()
    await server.close()
  })
  return { client, server }
}

const ref = (apiVersion: string, kind: string, name: string): ObjectRef => ({ apiVersion, kind, namespace: 'shop', name })
const DEPLOYMENTS = 'GET /apis/apps/v1/namespaces/shop/deployments'
const JOBS = 'GET /apis/batch/v1/namespaces/shop/jobs'
const PODS = 'GET /api/v1/namespaces/shop/pods'
const EVENTS = 'GET /api/v1/namespaces/shop/events'
const list = (...items: unknown[]): ScriptedAnswer => ({ json: { metadata: { resourceVersion: '1' }, items } })
const stream = (...events: unknown[]): ScriptedAnswer => ({ lines: events, keepOpen: true })
const object = (kind: string, name: string, status: object, spec: object = {}, resourceVersion = '1') => ({
  kind,
  apiVersion: kind === 'Job' ? 'batch/v1' : 'apps/v1',
  metadata: { name, namespace: 'shop', uid: `u-${name}`, resourceVersion },
  spec,
  status,
})
const up = { replicas: 1, updatedReplicas: 1, readyReplicas: 1, availableReplicas: 1, conditions: [{ type: 'Available', status: 'True' }] }
const down = {
  replicas: 1,
  updatedReplicas: 1,
  conditions: [{ type: 'Available', status: 'False', reason: 'MinimumReplicasUnavailable', message: 'no minimum availability' }],
}
const web = (status: object, resourceVersion = '1') =>
  object('Deployment', 'web', status, { selector: { matchLabels: { app: 'web' } } }, resourceVersion)
const soon: WaitOptions = { until: 'ready', timeoutMs: 5_000 }

test('a wait ends with the event that makes the last object ready', async (t) => {
  const { client, server } = await setUp(t, { [DEPLOYMENTS]: [list(web(down)), stream({ type: 'MODIFIED', object: web(up, '2') })] })
  const told: string[] = []
  const result = await waitFor(client, [ref('apps/v1', 'Deployment', 'web'), ref('v1', 'ConfigMap', 'settings')], {
    ...soon,
    onProgress: ({ done, total, pending }) => told.push(`${done}/${total} ${pending.map((one) => one.readiness?.message ?? '').join()}`),
  })
  assert.equal(result.outcome, 'done')
  assert.deepEqual(told, ['1/2 Available: 0/1', '2/2 '])
  assert.ok(server.seen.every((seen) => seen.path.includes('/deployments')))
})

test('objects of one kind and namespace share a watch, also between waits', async (t) => {
  const { client, server } = await setUp(t, {
    [DEPLOYMENTS]: [
      list(web(down), object('Deployment', 'api', down)),
      stream({ type: 'MODIFIED', object: web(up, '2') }, { type: 'MODIFIED', object: object('Deployment', 'api', up, {}, '3') }),
    ],
  })
  const results = await Promise.all([
    waitFor(client, [ref('apps/v1', 'Deployment', 'web'), ref('apps/v1', 'Deployment', 'api')], soon),
    waitFor(client, [ref('apps/v1', 'Deployment', 'api')], soon),
  ])
  assert.deepEqual(
    results.map((result) => result.outcome),
    ['done', 'done'],
  )
  assert.equal(server.seen.length, 2)
})

test('who begins to wait later is not told of what was before', async (t) => {
  const busy = object('Deployment', 'busy', down)
  const { client, server } = await setUp(t, {
    // What has been written since is not in the first list, and no event tells of it.
    [DEPLOYMENTS]: [list(web(up), busy), stream(), list(web(down, '2'), busy), stream({ type: 'MODIFIED', object: web(up, '3') })],
  })
  const stop = new AbortController()
  const told: string[] = []
  const early = waitFor(client, [ref('apps/v1', 'Deployment', 'busy')], { ...soon, signal: stop.signal })
  while (server.seen.length < 2) await new Promise((done) => setImmediate(done))
  const result = await waitFor(client, [ref('apps/v1', 'Deployment', 'web')], {
    ...soon,
    onProgress: ({ pending }) => told.push(pending.map((one) => one.readiness?.message ?? '').join()),
  })
  assert.equal(result.outcome, 'done')
  assert.deepEqual(told, ['Available: 0/1', ''])
  assert.equal(server.seen.length, 4)
  stop.abort(new Error('enough'))
  await assert.rejects(early, /enough/)
})

test('who may not watch a whole kind watches single objects, or asks for them again', async (t) => {
  const forbidden: ScriptedAnswer = { status: 403, json: { kind: 'Status', code: 403, reason: 'Forbidden', message: 'no' } }
  const one = `${DEPLOYMENTS}/web`
  const cases: readonly [name: string, script: Record<string, ScriptedAnswer | readonly ScriptedAnswer[]>, expected: string][] = [
    ['single objects', { [DEPLOYMENTS]: [forbidden, list(web(up)), stream()] }, 'done'],
    ['no watch at all', { [DEPLOYMENTS]: forbidden, [one]: { json: web(up) } }, 'done'],
    ['nothing', { [DEPLOYMENTS]: forbidden, [one]: forbidden }, 'kube/forbidden'],
  ]
  for (const [name, script, expected] of cases) {
    await t.test(name, async (t) => {
      const { client } = await setUp(t, script)
      const outcome = await waitFor(client, [ref('apps/v1', 'Deployment', 'web')], soon).then(
        (result) => result.outcome,
        (error: unknown) => (error as DiagnosticError).diagnostics[0]?.code,
      )
      assert.equal(outcome, expected)
    })
  }
})

test('what is asked of hooks and of jobs', async (t) => {
  const running = object('Job', 'j', { startTime: 't', active: 1 })
  const complete = object('Job', 'j', { conditions: [{ type: 'Complete', status: 'True' }] }, {}, '2')
  const script = { [JOBS]: [list(running), stream({ type: 'MODIFIED', object: complete })] }
  const cases: readonly [name: string, options: Partial<WaitOptions>, message: string][] = [
    ['ready: it runs', {}, 'Job in progress. success:0, active: 1, failed: 0'],
    ['ready with jobs: it has completed', { jobs: true }, 'Job Completed. succeeded: 0/1'],
    ['complete', { until: 'complete' }, 'Job Completed. succeeded: 0/1'],
  ]
  for (const [name, options, message] of cases) {
    await t.test(name, async (t) => {
      const { client } = await setUp(t, script)
      const result = await waitFor(client, [ref('batch/v1', 'Job', 'j')], { ...soon, ...options })
      assert.equal(result.objects[0]?.readiness?.message, message)
    })
  }
  await t.test('complete: other kinds are not waited for', async (t) => {
    const { client, server } = await setUp(t, {})
    assert.equal((await waitFor(client, [ref('apps/v1', 'Deployment', 'web')], { ...soon, until: 'complete' })).outcome, 'done')
    assert.equal(server.seen.length, 0)
  })
})

test('a removal is over when the object is gone', async (t) => {
  const { client } = await setUp(t, { [DEPLOYMENTS]: [list(web(up)), stream({ type: 'DELETED', object: web(up, '2') })] })
  const result = await waitFor(client, [ref('apps/v1', 'Deployment', 'web'), ref('apps/v1', 'Deployment', 'never')], { ...soon, until: 'deleted' })
  assert.equal(result.outcome, 'done')
})

test('a failed job is explained with its events and the last lines of its log', async (t) => {
  const failed = {
    ...object(
      'Job',
      'migrate',
      {
        failed: 1,
        conditions: [{ type: 'Failed', status: 'True', reason: 'BackoffLimitExceeded', message: 'Job has reached the specified backoff limit' }],
      },
      { selector: { matchLabels: { job: 'migrate' } } },
    ),
  }
  const pod = {
    metadata: { name: 'migrate-x', namespace: 'shop', uid: 'u-pod' },
    status: {
      phase: 'Failed',
      containerStatuses: [
        { name: 'main', restartCount: 3, state: { terminated: { reason: 'Error', exitCode: 2 } } },
        { name: 'fine', state: { terminated: { exitCode: 0 } } },
      ],
    },
  }
  const event = (reason: string, message: string, at: string, type = 'Warning') => ({
    metadata: { name: reason },
    type,
    reason,
    message,
    count: 2,
    lastTimestamp: at,
    involvedObject: { kind: 'Job', name: 'migrate' },
  })
  const { client, server } = await setUp(t, {
    [JOBS]: [list(failed), stream()],
    [PODS]: list(pod),
    [EVENTS]: [
      list(
        event('Second', 'later', '2026-01-02T00:00:00Z'),
        event('First', 'earlier', '2026-01-01T00:00:00Z'),
        event('Pulled', 'noise', '2026-01-03T00:00:00Z', 'Normal'),
      ),
      list(),
    ],
    'GET /api/v1/namespaces/shop/pods/migrate-x/log': { text: 'starting\nno such table\n' },
  })
  const result = await waitFor(client, [ref('batch/v1', 'Job', 'migrate')], { ...soon, until: 'complete' })
  assert.equal(result.outcome, 'failed')
  assert.equal(
    waitError(result, 'complete').diagnostics.map(formatDiagnostic).join('\n'),
    `Job shop/migrate: error: Job Failed. failed: 1/1 [kube/not-ready]
  note: condition Failed is True: BackoffLimitExceeded: Job has reached the specified backoff limit
  note: container main of pod migrate-x: Error, exit code 2, 3 restarts
  note:   main: starting
  note:   main: no such table
  note: event First on Job migrate (2 times): earlier
  note: event Second on Job migrate (2 times): later`,
  )
  assert.equal(helmWaitText(result, { until: 'complete' }), 'resource Job/shop/migrate not ready. status: Failed, message: Job Failed. failed: 1/1')
  assert.deepEqual(
    server.seen.filter((seen) => seen.path.includes('/pods?')).map((seen) => new URL(seen.path, 'http://x').searchParams.get('labelSelector')),
    ['job=migrate'],
  )
})

test('what cannot be asked is said, and the rest is told', async (t) => {
  const denied: ScriptedAnswer = { status: 403, json: { kind: 'Status', code: 403, reason: 'Forbidden', message: 'events is forbidden' } }
  const waiting = {
    metadata: { name: 'web-x', namespace: 'shop', uid: 'u' },
    status: {
      phase: 'Pending',
      containerStatuses: [{ name: 'main', ready: false, state: { waiting: { reason: 'ImagePullBackOff', message: 'Back-off pulling image' } } }],
    },
  }
  const { client } = await setUp(t, {
    [DEPLOYMENTS]: [
      list(
        web({
          ...down,
          conditions: [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message: 'timed out progressing' }],
        }),
      ),
      stream(),
    ],
    [PODS]: list(waiting),
    [EVENTS]: denied,
  })
  const result = await waitFor(client, [ref('apps/v1', 'Deployment', 'web')], soon)
  assert.deepEqual(
    waitError(result, 'ready').diagnostics[0]?.notes?.map((note) => note.text),
    [
      'condition Progressing is False: ProgressDeadlineExceeded: timed out progressing',
      'container main of pod web-x: ImagePullBackOff: Back-off pulling image',
      'events could not be read: events is forbidden',
    ],
  )
})

test('events that tell the same are told once', async (t) => {
  const about = { kind: 'Job', name: 'migrate' }
  const event = (at: number, message: string, count = 1) => ({
    metadata: { name: `e${at}` },
    type: 'Warning',
    reason: 'FailedCreate',
    message,
    count,
    lastTimestamp: `2026-01-01T00:00:0${at}Z`,
    involvedObject: about,
  })
  const refused = (pod: string): string => `Error creating: pods "${pod}" is forbidden: exceeded quota: q`
  const failed = object('Job', 'migrate', { conditions: [{ type: 'Failed', status: 'True', reason: 'DeadlineExceeded' }] })
  const { client } = await setUp(t, {
    [JOBS]: [list(failed), stream()],
    [EVENTS]: list(
      event(1, refused('migrate-1')),
      event(2, 'service account "a" not found'),
      event(3, refused('migrate-2')),
      event(4, 'service account "b" not found'),
      event(5, `(combined from similar events): ${refused('migrate-3')}`, 7),
    ),
  })
  const { blocked } = await waitFor(client, [ref('batch/v1', 'Job', 'migrate')], { ...soon, until: 'complete' })
  assert.deepEqual(
    blocked[0]?.events.map(({ message, count }) => `${count} ${message}`),
    ['1 service account "a" not found', '1 service account "b" not found', `9 ${refused('migrate-3')}`],
  )
})

test('an object that may not be watched, and an aborted wait, reject', async (t) => {
  const denied: ScriptedAnswer = { status: 403, json: { kind: 'Status', code: 403, reason: 'Forbidden', message: 'deployments.apps is forbidden' } }
  const { client } = await setUp(t, { [DEPLOYMENTS]: denied, [`${DEPLOYMENTS}/web`]: denied, [JOBS]: [list(), stream()] })
  await assert.rejects(waitFor(client, [ref('apps/v1', 'Deployment', 'web')], soon), /deployments.apps is forbidden/)
  const stop = new AbortController()
  const waiting = waitFor(client, [ref('batch/v1', 'Job', 'j')], { ...soon, signal: stop.signal })
  stop.abort(new Error('enough'))
  await assert.rejects(waiting, /enough/)
})

test('a timeout names what is missing and what holds back a removal', async (t) => {
  const held = {
    ...web(up),
    metadata: { name: 'web', namespace: 'shop', uid: 'u', deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['example.com/hold'] },
  }
  const { client } = await setUp(t, { [DEPLOYMENTS]: [list(held), stream()], [JOBS]: [list(), stream()], [PODS]: list(), [EVENTS]: list() })
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const timedOut = (waited: ObjectRef, until: WaitOptions['until']) =>
    waitFor(client, [waited], { until, timeoutMs: 300_000, onProgress: () => t.mock.timers.tick(300_000) })
  const removal = await timedOut(ref('apps/v1', 'Deployment', 'web'), 'deleted')
  assert.equal(waitError(removal, 'deleted').diagnostics[0]?.summary, 'still exists, held by example.com/hold')
  assert.equal(
    helmWaitText(removal, { until: 'deleted' }),
    'resource Deployment/shop/web still exists. status: Terminating, message: Resource scheduled for deletion\ncontext deadline exceeded',
  )
  const missing = await timedOut(ref('batch/v1', 'Job', 'j'), 'ready')
  assert.deepEqual([missing.outcome, missing.blocked[0]?.state, missing.blocked[0]?.message], ['timeout', 'missing', 'Resource not found'])
})

test('what is in the way is told within seconds, once, while the wait goes on', async (t) => {
  const crashing = (restartCount: number) => ({
    metadata: { name: 'web-x', namespace: 'shop', uid: 'u' },
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'False' }],
      containerStatuses: [
        { name: 'main', restartCount, state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: { terminated: { exitCode: 1 } } },
      ],
    },
  })
  const held = {
    ...object('Job', 'j', {}),
    metadata: {
      name: 'j',
      namespace: 'shop',
      uid: 'u',
      resourceVersion: '1',
      deletionTimestamp: '2026-01-01T00:00:00Z',
      finalizers: ['example.com/hold'],
    },
  }
  const { client, server } = await setUp(t, {
    [DEPLOYMENTS]: [list(web(down)), stream()],
    [JOBS]: [list(held), stream()],
    [PODS]: [list(crashing(1)), list(crashing(2)), list(crashing(3))],
    [EVENTS]: list(),
    'GET /api/v1/namespaces/shop/pods/web-x/log': { text: 'no such host\n' },
  })
  t.mock.timers.enable({ apis: ['setTimeout'] })
  /** Told by the time that a third look has begun. */
  const looked = async (waited: ObjectRef, until: WaitOptions['until'], requests: number): Promise<readonly string[]> => {
    const stop = new AbortController()
    const told: string[] = []
    const asked = (): number => server.seen.filter((seen) => seen.path.includes('/events')).length
    const before = asked()
    let seen = (): void => {}
    const isSeen = new Promise<void>((done) => {
      seen = done
    })
    const waiting = waitFor(client, [waited], {
      until,
      timeoutMs: 300_000,
      signal: stop.signal,
      onProgress: () => seen(),
      onTrouble: (blocked) => told.push(formatDiagnostic(blockedDiagnostic(blocked, until))),
    })
    await isSeen
    while (asked() <= before + 2 * requests) {
      t.mock.timers.tick(10_000)
      await new Promise((done) => setImmediate(done))
    }
    stop.abort(new Error('enough'))
    await assert.rejects(waiting, /enough/)
    return told
  }
  assert.deepEqual(await looked(ref('apps/v1', 'Deployment', 'web'), 'ready', 2), [
    `Deployment shop/web: error: Available: 0/1 [kube/not-ready]
  note: condition Available is False: MinimumReplicasUnavailable: no minimum availability
  note: condition Ready is False
  note: container main of pod web-x: CrashLoopBackOff, exit code 1, 1 restarts
  note:   main: no such host`,
  ])
  assert.deepEqual(await looked(ref('batch/v1', 'Job', 'j'), 'deleted', 1), [
    'Job shop/j: error: still exists, held by example.com/hold [kube/not-deleted]',
  ])
})
