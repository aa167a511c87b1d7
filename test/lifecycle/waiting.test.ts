import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { KubeObject } from '../../src/kinds/kube-object.ts'
import { type Cluster, startCluster } from '../support/desired-release.ts'
import { deployment, inScenario, job, service } from '../support/scenario.ts'

let cluster: Cluster
before(async () => {
  cluster = await startCluster()
})
after(async () => cluster.close())

const text = (object: unknown): string => `---\n${JSON.stringify(object)}\n`
const pods = (app: string) => ({ metadata: { labels: { app } }, spec: { containers: [{ name: 'main', image: 'demo:1' }] } })

const statefulSet = text({
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'db' },
  spec: { serviceName: 'db', replicas: 2, selector: { matchLabels: { app: 'db' } }, template: pods('db') },
})
const daemonSet = text({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'agent' },
  spec: { selector: { matchLabels: { app: 'agent' } }, template: pods('agent') },
})

const storage = { capacity: '1Gi', accessModes: ['ReadWriteOnce'] }
const volume = (name: string) =>
  text({
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name },
    spec: {
      capacity: { storage: storage.capacity },
      accessModes: storage.accessModes,
      storageClassName: '',
      persistentVolumeReclaimPolicy: 'Retain',
      hostPath: { path: `/tmp/${name}` },
    },
  })
const claim = (volumeName: string) =>
  text({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data' },
    spec: { storageClassName: '', volumeName, accessModes: storage.accessModes, resources: { requests: { storage: storage.capacity } } },
  })

const statusOf = (object: KubeObject | undefined): Record<string, unknown> => (object?.['status'] ?? {}) as Record<string, unknown>

describe('waiting', () => {
  test('ends when workloads, jobs, claims and services are ready', () =>
    inScenario(cluster, async (s) => {
      const name = `${s.namespace}-data`
      s.chart({
        'all.yaml': deployment('web', { replicas: 2 }) + service('web') + statefulSet + daemonSet + job('once') + volume(name) + claim(name),
      })
      s.state({ wait: true, waitForJobs: true })
      await s.apply()
      const [web, db, agent] = await Promise.all([
        s.live('apps/v1', 'Deployment', 'web'),
        s.live('apps/v1', 'StatefulSet', 'db'),
        s.live('apps/v1', 'DaemonSet', 'agent'),
      ])
      assert.deepEqual([statusOf(web)['readyReplicas'], statusOf(db)['readyReplicas'], statusOf(agent)['numberReady']], [2, 2, 1])
      assert.equal(statusOf(await s.live('batch/v1', 'Job', 'once'))['succeeded'], 1)
      assert.equal(statusOf(await s.live('v1', 'PersistentVolumeClaim', 'data'))['phase'], 'Bound')
      await s.run(0, 'destroy', '--deleteWait')
      assert.deepEqual(await s.names('Deployment', 'Service', 'Job', 'PersistentVolumeClaim'), [])
    }))

  test('that takes too long names the object, its condition and what its pods say', () =>
    inScenario(cluster, async (s) => {
      s.chart({ 'web.yaml': deployment('web', { fail: 'CrashLoopBackOff' }) })
      s.state({ wait: true, timeout: 5 })
      const { stderr } = await s.applyFails()
      assert.match(stderr, new RegExp(`Deployment ${s.namespace}/web is not ready after 5s: .*\\[kube/not-ready\\]`))
      assert.match(stderr, /note: .*CrashLoopBackOff/)
      assert.match(
        (await s.history()).join('\n'),
        new RegExp(
          `^1 failed Release "app" failed: resource Deployment/${s.namespace}/web not ready\\. status: InProgress, message: .*\ncontext deadline exceeded$`,
        ),
      )
    }))

  test('goes back after an upgrade that did not become ready, when atomic', () =>
    inScenario(cluster, async (s) => {
      s.chart({ 'web.yaml': deployment('web') })
      s.state({ atomic: true, timeout: 60 })
      await s.apply()
      // A job that fails ends the waiting at once, so that the way back has all the time it needs.
      s.chart({ 'web.yaml': deployment('web', { image: 'demo:2' }), 'once.yaml': job('once', {}, { fail: 'JobFailed' }) })
      s.state({ atomic: true, waitForJobs: true, timeout: 60 })
      await s.applyFails()
      const lines = await s.history()
      assert.deepEqual([lines[0], lines[2]], ['1 superseded Install complete', '3 deployed Rollback to 1'])
      const live = (await s.live('apps/v1', 'Deployment', 'web')) as KubeObject & {
        spec: { template: { spec: { containers: { image: string }[] } } }
      }
      assert.equal(live.spec.template.spec.containers[0]?.image, 'demo:1')
    }))

  test('for a job that fails ends at once', () =>
    inScenario(cluster, async (s) => {
      s.chart({ 'once.yaml': job('once', {}, { fail: 'JobFailed' }) })
      s.state({ wait: true, waitForJobs: true, timeout: 60 })
      const { stderr } = await s.applyFails()
      assert.match(stderr, new RegExp(`Job ${s.namespace}/once `))
      assert.match(stderr, /BackoffLimitExceeded|backoff limit/)
      assert.match((await s.history()).join('\n'), /^1 failed Release "app" failed: resource Job\/\S+\/once not ready\. status: Failed/)
    }))
})
