import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { type Cluster, startCluster } from '../support/desired-release.ts'
import { inScenario, job } from '../support/scenario.ts'

let cluster: Cluster
before(async () => {
  cluster = await startCluster()
})
after(async () => cluster.close())

const isSandbox = process.env['FLOTILLA_TEST_KUBECONFIG'] === undefined

const text = (object: unknown): string => `---\n${JSON.stringify(object)}\n`

interface PodOptions {
  readonly annotations?: Readonly<Record<string, string>>
  readonly cpu?: string
}

const podSpec = (restartPolicy: string, { cpu }: PodOptions): unknown => ({
  restartPolicy,
  containers: [{ name: 'main', image: 'demo:1', ...(cpu === undefined ? {} : { resources: { requests: { cpu } } }) }],
})
const workload = (kind: string, options: PodOptions = {}): string =>
  text({
    apiVersion: 'apps/v1',
    kind,
    metadata: { name: 'web' },
    spec: {
      selector: { matchLabels: { app: 'web' } },
      ...(kind === 'StatefulSet' ? { serviceName: 'web' } : {}),
      template: { metadata: { labels: { app: 'web' }, annotations: options.annotations ?? {} }, spec: podSpec('Always', options) },
    },
  })
const noPods = (annotations: Readonly<Record<string, string>> = {}): string =>
  text({ apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'none', annotations }, spec: { hard: { pods: '0' } } })
const claim = (storageClassName: string): string =>
  text({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data' },
    spec: { storageClassName, accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  })
const fate = (fail: string, logs = ''): Readonly<Record<string, string>> => ({
  'sandbox.flotilla.dev/fail': fail,
  'sandbox.flotilla.dev/logs': logs,
})

interface Case {
  readonly name: string
  readonly chart: string
  /** Each must be told while the wait goes on. */
  readonly told: readonly RegExp[]
  /** What only a pod that has a log can tell. */
  readonly logged?: RegExp
  /** The sandbox has no such rule. */
  readonly needsRealCluster?: true
}

const quota = /exceeded quota: none, requested: pods=1, used: pods=0, limited: pods=0/
const cases: readonly Case[] = [
  {
    name: 'containers that crash',
    chart: workload('Deployment', { annotations: fate('CrashLoopBackOff', 'starting\ncannot reach the database') }),
    told: [
      /warning: Deployment \S+\/web: Available: 0\/1/,
      /condition Available is False: /,
      /container main of pod web-\S+: CrashLoopBackOff, exit code 1/,
    ],
    logged: /main: cannot reach the database/,
  },
  {
    name: 'an image that cannot be pulled',
    chart: workload('StatefulSet', { annotations: fate('ImagePullBackOff') }),
    told: [/warning: StatefulSet \S+\/web: /, /container main of pod web-0: ImagePullBackOff: .*demo:1/],
  },
  {
    name: 'a pod that no node takes',
    chart: workload('Deployment', { cpu: '10k', annotations: isSandbox ? fate('Unschedulable') : {} }),
    told: [/condition PodScheduled is False: Unschedulable: 0\/1 nodes are available: 1 Insufficient cpu/, /event FailedScheduling on Pod web-/],
  },
  {
    name: 'a quota that allows a Deployment no pods',
    chart: noPods() + workload('Deployment'),
    told: [/condition ReplicaFailure is True: FailedCreate: /, quota],
    needsRealCluster: true,
  },
  {
    name: 'a quota that allows a StatefulSet no pods',
    chart: noPods() + workload('StatefulSet'),
    told: [/event FailedCreate on StatefulSet web/, quota],
    needsRealCluster: true,
  },
  {
    name: 'a quota that allows a hook no pods',
    chart: noPods({ 'helm.sh/hook': 'pre-install', 'helm.sh/hook-weight': '-1' }) + job('before', { 'helm.sh/hook': 'pre-install' }),
    told: [/warning: Job \S+\/before: /, /event FailedCreate on Job before( \(\d+ times\))?: /, quota],
    needsRealCluster: true,
  },
  {
    name: 'a claim of a class that is not there',
    chart: claim('nowhere'),
    told: [/PVC is not Bound\. phase: Pending/, /event ProvisioningFailed on PersistentVolumeClaim data.*"nowhere" not found/],
    needsRealCluster: true,
  },
  {
    name: 'a claim without a class that no volume fits',
    chart: claim(''),
    told: [/PVC is not Bound\. phase: Pending/, /event FailedBinding on PersistentVolumeClaim data/],
    needsRealCluster: true,
  },
]

describe('a wait that gets nowhere tells why while it goes on', { concurrency: true }, () => {
  for (const { name, chart, told, logged, needsRealCluster } of cases) {
    test(`of ${name}`, { skip: isSandbox && needsRealCluster ? 'needs a real control plane' : false }, () =>
      inScenario(cluster, async (s) => {
        s.chart({ 'all.yaml': chart })
        s.state({ wait: true, timeout: 60 })
        const wanted = isSandbox && logged ? [...told, logged] : told
        let printed = ''
        // The interrupt gives another exit code than the end of the time.
        const onOutput = (more: string, interrupt: () => void): void => {
          printed += more
          if (wanted.every((line) => line.test(printed))) interrupt()
        }
        await s.runWith({ onOutput }, 130, 'sync')
        assert.match((await s.history()).join('\n'), /^1 failed /)
      }),
    )
  }
})

describe('waiting', { concurrency: true }, () => {
  test('for a job that has failed is over, with its reason, its pod and its log', () =>
    inScenario(cluster, async (s) => {
      const spec = { backoffLimit: 0, template: { metadata: { annotations: fate('JobFailed', 'no such table') }, spec: podSpec('Never', {}) } }
      s.chart({ 'all.yaml': text({ apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'migrate' }, spec }) })
      s.state({ wait: true, waitForJobs: true, timeout: 300 })
      const { stderr } = await s.syncFails()
      assert.match(stderr, /Job \S+\/migrate has failed: Job Failed\. failed: 1\/1 \[kube\/not-ready\]/)
      assert.match(stderr, /note: condition Failed is True: BackoffLimitExceeded: /)
      assert.match(stderr, /note: container main of pod migrate-\S+: Error, exit code 1/)
      // Of the events only the pod's making is certain to be older than the condition that ends the wait.
      assert.match(stderr, /note: event \w+ on Job migrate: /)
      if (isSandbox) assert.match(stderr, /note: {3}main: no such table/)
    }))

  test('for a load balancer is over when it has its cluster address, as in Helm', () =>
    inScenario(cluster, async (s) => {
      s.chart({
        'all.yaml': text({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'door' }, spec: { type: 'LoadBalancer', ports: [{ port: 80 }] } }),
      })
      s.state({ wait: true, timeout: 60 })
      await s.run(0, 'sync')
      const status = (await s.live('v1', 'Service', 'door'))?.['status'] as { readonly loadBalancer?: object } | undefined
      // Nothing but the sandbox gives addresses here.
      if (!isSandbox) assert.deepEqual(status?.loadBalancer ?? {}, {})
    }))

  test('goes by the Ready condition of custom resources, where waiting is asked for and there is one', () =>
    inScenario(cluster, async (s) => {
      const group = `${s.namespace}.demo.example`
      const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } }
      const names = { kind: 'Gadget', plural: 'gadgets', singular: 'gadget', listKind: 'GadgetList' }
      const versions = [{ name: 'v1', served: true, storage: true, schema, subresources: { status: {} } }]
      const crd = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: `gadgets.${group}` } }
      const gadget = (size: number): string => text({ apiVersion: `${group}/v1`, kind: 'Gadget', metadata: { name: 'it' }, spec: { size } })
      const definition = text({ ...crd, spec: { group, scope: 'Namespaced', names, versions } })
      s.chart({ 'crd.yaml': definition, 'it.yaml': gadget(1) })
      s.state({ wait: true, timeout: 60 })
      await s.run(0, 'sync')
      const live = (await s.live(`${group}/v1`, 'Gadget', 'it')) as object
      const conditions = [
        { type: 'Ready', status: 'False', reason: 'NotSynced', message: 'no such account', lastTransitionTime: '2026-01-01T00:00:00Z' },
      ]
      await cluster.client.request({
        method: 'PUT',
        path: `/apis/${group}/v1/namespaces/${s.namespace}/gadgets/it/status`,
        body: { ...live, status: { conditions } },
      })
      s.chart({ 'crd.yaml': definition, 'it.yaml': gadget(2) })
      s.state({})
      await s.run(0, 'sync')
      s.chart({ 'crd.yaml': definition, 'it.yaml': gadget(3) })
      s.state({ wait: true, timeout: 60 })
      const onOutput = (more: string, interrupt: () => void): void => {
        if (more.includes('waiting on Gadget it: no such account')) interrupt()
      }
      await s.runWith({ onOutput }, 130, 'sync')
      assert.match((await s.history()).join('\n'), /^1 superseded .*\n2 deployed .*\n3 failed /)
    }))
})
