import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type Answer, type SandboxSession, sandboxSession } from '../../support/sandbox-session.ts'

const APPS = '/apis/apps/v1/namespaces/default'
const CORE = '/api/v1/namespaces/default'
const JOBS = '/apis/batch/v1/namespaces/default/jobs'

function template(name: string, annotations: Readonly<Record<string, string>> = {}, spec: Answer = {}): Answer {
  return { metadata: { labels: { app: name }, annotations }, spec: { containers: [{ name: 'main', image: 'app:1' }], ...spec } }
}

function workload(kind: string, name: string, spec: Answer = {}, annotations: Readonly<Record<string, string>> = {}): Answer {
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name },
    spec: { selector: { matchLabels: { app: name } }, template: template(name, annotations), ...spec },
  }
}

function job(name: string, annotations: Readonly<Record<string, string>> = {}): Answer {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name },
    spec: { backoffLimit: 0, template: template(name, annotations, { restartPolicy: 'Never' }) },
  }
}

function status(object: Answer): Answer {
  return (object['status'] ?? {}) as Answer
}

function condition(object: Answer, type: string): Answer {
  return ((status(object)['conditions'] ?? []) as readonly Answer[]).find((c) => c['type'] === type) ?? {}
}

function nameOf(object: Answer | undefined): string {
  assert.ok(object)
  return String((object['metadata'] as Answer)['name'])
}

function items(list: Answer): readonly Answer[] {
  return list['items'] as readonly Answer[]
}

describe('controllers', () => {
  let session: SandboxSession
  before(async () => {
    session = await sandboxSession()
  })
  after(() => session.sandbox.close())

  const pods = async (name: string): Promise<readonly Answer[]> => items((await session.call('GET', `${CORE}/pods?labelSelector=app=${name}`)).body)
  const apply = (plural: string, object: Answer) => session.apply(`${APPS}/${plural}/${(object['metadata'] as Answer)['name']}`, object)

  test('a deployment becomes available, rolls, and keeps its old ReplicaSet', async () => {
    await apply('deployments', workload('Deployment', 'web', { replicas: 3 }))
    await session.until(`${APPS}/deployments`, 'web', (d) => condition(d, 'Progressing')['reason'] === 'NewReplicaSetAvailable')
    await apply('deployments', workload('Deployment', 'web', { replicas: 3, template: template('web', { changed: 'yes' }) }))
    const done = await session.until(
      `${APPS}/deployments`,
      'web',
      (d) => status(d)['observedGeneration'] === 2 && condition(d, 'Progressing')['reason'] === 'NewReplicaSetAvailable',
    )
    const sets = items((await session.call('GET', `${APPS}/replicasets?labelSelector=app=web`)).body)
    assert.deepEqual([status(done)['readyReplicas'], status(done)['updatedReplicas']], [3, 3])
    assert.deepEqual(sets.map((set) => (set['spec'] as Answer)['replicas']).sort(), [0, 3])
  })

  test('a stateful set starts its pods in order, with their claims bound', async () => {
    const claim = { metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } }
    const mounts = { containers: [{ name: 'main', image: 'app:1', volumeMounts: [{ name: 'data', mountPath: '/d' }] }] }
    const spec = { replicas: 2, serviceName: 'db', volumeClaimTemplates: [claim], template: template('db', {}, mounts) }
    assert.equal((await apply('statefulsets', workload('StatefulSet', 'db', spec))).code, 201)
    await session.until(`${APPS}/statefulsets`, 'db', (s) => status(s)['readyReplicas'] === 2)
    assert.deepEqual(
      (await pods('db')).map((pod) => (pod['metadata'] as Answer)['name']),
      ['db-0', 'db-1'],
    )
    await session.until(`${CORE}/persistentvolumeclaims`, 'data-db-1', (c) => status(c)['phase'] === 'Bound')
  })

  test('a daemon set has one pod, for the one node', async () => {
    await apply('daemonsets', workload('DaemonSet', 'agent'))
    const done = await session.until(`${APPS}/daemonsets`, 'agent', (d) => status(d)['numberReady'] === 1)
    assert.equal(status(done)['desiredNumberScheduled'], 1)
  })

  test('a job completes, and its pod has logs', async () => {
    await session.call('POST', JOBS, job('fine', { 'sandbox.flotilla.dev/logs': 'one\ntwo' }))
    await session.until(JOBS, 'fine', (j) => condition(j, 'Complete')['status'] === 'True')
    const [pod] = await pods('fine')
    const name = nameOf(pod)
    assert.equal((await session.call('GET', `${CORE}/pods/${name}/log?tailLines=1`)).text, 'two\n')
  })

  test('a job fails on request, once its pods have', async () => {
    await session.call('POST', JOBS, job('bad', { 'sandbox.flotilla.dev/fail': 'JobFailed' }))
    const failed = await session.until(JOBS, 'bad', (j) => condition(j, 'Failed')['status'] === 'True')
    assert.deepEqual([condition(failed, 'Failed')['reason'], status(failed)['failed']], ['BackoffLimitExceeded', 1])
  })

  test('a pod without a controller ends well when it is not to be restarted', async () => {
    await session.call('POST', `${CORE}/pods`, {
      metadata: { name: 'once' },
      spec: { restartPolicy: 'Never', containers: [{ name: 'a', image: 'x:1' }] },
    })
    await session.until(`${CORE}/pods`, 'once', (pod) => status(pod)['phase'] === 'Succeeded')
  })

  const failures: readonly (readonly [fail: string, phase: string, reason: string, event: string])[] = [
    ['CrashLoopBackOff', 'Running', 'CrashLoopBackOff', 'BackOff'],
    ['ImagePullBackOff', 'Pending', 'ImagePullBackOff', 'Failed'],
    ['Unschedulable', 'Pending', '', 'FailedScheduling'],
  ]
  for (const [fail, phase, reason, event] of failures) {
    test(`a deployment whose pods end as ${fail} does not become available`, async () => {
      const name = fail.toLowerCase()
      await apply('deployments', workload('Deployment', name, { progressDeadlineSeconds: 1 }, { 'sandbox.flotilla.dev/fail': fail }))
      const late = await session.until(`${APPS}/deployments`, name, (d) => condition(d, 'Progressing')['reason'] === 'ProgressDeadlineExceeded')
      const [pod] = await pods(name)
      const [container] = (status(pod as Answer)['containerStatuses'] ?? []) as readonly { readonly state: { readonly waiting: Answer } }[]
      const events = items((await session.call('GET', `${CORE}/events?fieldSelector=involvedObject.kind=Pod,reason=${event}`)).body)
      assert.deepEqual(
        [condition(late, 'Available')['status'], status(pod as Answer)['phase'], container?.state.waiting['reason'] ?? ''],
        ['False', phase, reason],
      )
      assert.ok(events.some((e) => String((e['involvedObject'] as Answer)['name']).startsWith(name)))
    })
  }

  test('a load balancer gets an address', async () => {
    await session.call('POST', `${CORE}/services`, {
      metadata: { name: 'lb' },
      spec: { type: 'LoadBalancer', ports: [{ port: 80 }], selector: { app: 'x' } },
    })
    await session.until(`${CORE}/services`, 'lb', (s) => JSON.stringify(status(s)).includes('"ip":"198.18.'))
  })

  const policies: readonly (readonly [policy: string, left: number])[] = [
    ['Background', 0],
    ['Foreground', 0],
    ['Orphan', 1],
  ]
  for (const [policy, left] of policies) {
    test(`deleting an owner with policy ${policy} leaves ${left} of what it owns`, async () => {
      const name = `gc-${policy.toLowerCase()}`
      await apply('deployments', workload('Deployment', name))
      await session.until(`${APPS}/deployments`, name, (d) => status(d)['readyReplicas'] === 1)
      const [set] = items((await session.call('GET', `${APPS}/replicasets?labelSelector=app=${name}`)).body)
      const setName = nameOf(set)
      const isGone = session.until(`${APPS}/deployments`, name, (_d, type) => type === 'DELETED')
      await session.call('DELETE', `${APPS}/deployments/${name}`, { propagationPolicy: policy })
      await isGone
      if (left === 1) {
        const orphan = await session.until(`${APPS}/replicasets`, setName, (s) => (s['metadata'] as Answer)['ownerReferences'] === undefined)
        assert.equal((orphan['spec'] as Answer)['replicas'], 1)
      } else {
        while ((await session.call('GET', `${APPS}/replicasets/${setName}`)).code === 200);
        while ((await pods(name)).length > 0);
      }
    })
  }

  test('a finalizer keeps a deleted object until it is taken away', async () => {
    const path = `${CORE}/configmaps/held`
    await session.call('POST', `${CORE}/configmaps`, { metadata: { name: 'held', finalizers: ['example.com/hold'] } })
    await session.call('DELETE', path)
    assert.notEqual(((await session.call('GET', path)).body['metadata'] as Answer)['deletionTimestamp'], undefined)
    await session.call('PATCH', path, { metadata: { finalizers: null } }, 'application/merge-patch+json')
    assert.equal((await session.call('GET', path)).code, 404)
  })

  test('a namespace is equipped, and empties before it goes', async () => {
    await session.call('POST', '/api/v1/namespaces', { metadata: { name: 'short' } })
    await session.until('/api/v1/namespaces/short/serviceaccounts', 'default', () => true)
    await session.call('POST', '/api/v1/namespaces/short/configmaps', { metadata: { name: 'a' } })
    const isGone = session.until('/api/v1/namespaces', 'short', (_n, type) => type === 'DELETED')
    assert.equal(status((await session.call('DELETE', '/api/v1/namespaces/short')).body)['phase'], 'Terminating')
    await isGone
    assert.equal(items((await session.call('GET', '/api/v1/namespaces/short/configmaps')).body).length, 0)
    assert.equal((await session.call('POST', '/api/v1/namespaces/short/configmaps', { metadata: { name: 'a' } })).code, 404)
  })
})

describe('a sandbox with a folder', () => {
  test('remembers what it holds, its token included, and goes on with it', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'sandbox-'))
    try {
      const first = await sandboxSession({ dataDir, readyAfterMs: 60_000 })
      await first.apply(`${APPS}/deployments/kept`, workload('Deployment', 'kept'))
      for (const [plural, kind] of [
        ['statefulsets', 'StatefulSet'],
        ['daemonsets', 'DaemonSet'],
      ] as const)
        await first.apply(`${APPS}/${plural}/kept`, workload(kind, 'kept'))
      await first.until(`${APPS}/deployments`, 'kept', (d) => status(d)['replicas'] === 1)
      await first.sandbox.close()
      const second = await sandboxSession({ dataDir })
      assert.equal(second.sandbox.token, first.sandbox.token)
      await second.until(`${APPS}/deployments`, 'kept', (d) => status(d)['readyReplicas'] === 1)
      await second.until(`${APPS}/statefulsets`, 'kept', (s) => status(s)['readyReplicas'] === 1)
      await second.until(`${APPS}/daemonsets`, 'kept', (s) => status(s)['numberReady'] === 1)
      await second.sandbox.close()
    } finally {
      rmSync(dataDir, { recursive: true })
    }
  })
})
