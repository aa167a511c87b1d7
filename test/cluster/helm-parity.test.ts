import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { loadChart } from '../../src/chart/load-chart.ts'
import { processDependencies } from '../../src/chart/process-dependencies.ts'
import { fromPlain, type Plain } from '../../src/go/plain.ts'
import type { GoMap } from '../../src/go/values.ts'
import type { DesiredRelease } from '../../src/plan/plan.ts'
import { planTest } from '../../src/plan/plan-test.ts'
import { readHistory, revisionOf } from '../../src/release/storage.ts'
import { serverKubeVersion } from '../../src/render/capabilities.ts'
import { renderChart } from '../../src/render/render-chart.ts'
import type { ReleaseOptions } from '../../src/state/state.ts'
import { type Cluster, release, startCluster } from '../support/desired-release.ts'
import { findHelm, runHelm } from '../support/helm.ts'
import { planRuns } from '../support/plan-runs.ts'

const TEMPLATE = `apiVersion: v1
kind: ConfigMap
metadata: {name: cm}
data: {v: "{{ .Values.v }}"}
{{- with .Values.fate }}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}, annotations: {sandbox.flotilla.dev/fail: {{ . }}}}
    spec: {containers: [{name: main, image: web}]}
{{- end }}
{{- with .Values.port }}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {ports: [{port: {{ . }}}]}
{{- end }}
{{- range $i, $hook := .Values.hooks }}
---
apiVersion: batch/v1
kind: Job
metadata:
  name: h{{ $i }}
  annotations: {"helm.sh/hook": "{{ $hook.on }}", "helm.sh/hook-weight": {{ $hook.weight | default 0 | quote }}{{ with $hook.policy }}, "helm.sh/hook-delete-policy": "{{ . }}"{{ end }}}
spec:
  backoffLimit: 0
  template:
    metadata: {annotations: {sandbox.flotilla.dev/fail: {{ $hook.fail | default "" | quote }}}}
    spec: {restartPolicy: Never, containers: [{name: main, image: job}]}
{{- end }}
`

type Values = { readonly [key: string]: Plain }
type Step =
  /** `helmForgets`: Helm leaves behind what a failed revision made; we do not. */
  | { readonly up: Values; readonly options?: ReleaseOptions; readonly helmForgets?: true }
  | { readonly back: number }
  | { readonly test: true }
  | { readonly remove: ReleaseOptions }

const fails = 'JobFailed'
const keep = { keepHistory: true }
const scenarios: Readonly<Record<string, readonly Step[]>> = {
  'a hook before the install fails': [{ up: { v: '1', hooks: [{ on: 'pre-install,pre-upgrade', fail: fails }] } }, { up: { v: '2' } }],
  'hooks after the work fail': [
    { up: { v: '1', hooks: [{ on: 'post-install', fail: fails, policy: 'hook-failed' }] } },
    { up: { v: '2', hooks: [{ on: 'pre-upgrade' }, { on: 'post-upgrade', fail: fails }] } },
    { up: { v: '3' } },
  ],
  'hooks of every event': [
    {
      up: {
        v: '1',
        hooks: [
          { on: 'pre-install', weight: 5, policy: 'hook-succeeded' },
          { on: 'pre-install', weight: -5 },
          { on: 'post-delete' },
          { on: 'pre-delete' },
          { on: 'pre-rollback,post-rollback' },
        ],
      },
    },
    { up: { v: '2' } },
    { back: 1 },
    { remove: {} },
  ],
  'not ready in time': [
    { up: { v: '1' } },
    { up: { v: '2', fate: 'CrashLoopBackOff' }, options: { wait: true, timeout: 1 } },
    { up: { v: '3' }, helmForgets: true },
  ],
  'not ready in time, and back': [
    { up: { v: '1' } },
    { up: { v: '2', fate: 'CrashLoopBackOff' }, options: { atomic: true, timeout: 1 } },
    { up: { v: '3' } },
  ],
  'an install that is not ready in time, and back': [
    { up: { v: '1', fate: 'ImagePullBackOff' }, options: { atomic: true, timeout: 1 } },
    { up: { v: '2' } },
  ],
  'refused by the server': [{ up: { v: '1', port: 80 } }, { up: { v: '2', port: 99999 } }, { up: { v: '3', port: 81 } }, { back: 1 }],
  'refused from the start': [{ up: { v: '1', port: 99999 } }, { up: { v: '2', port: 99999 } }, { up: { v: '3', port: 80 } }],
  'a test that succeeds': [{ up: { v: '1', hooks: [{ on: 'test' }] } }, { test: true }],
  'a test that fails': [{ up: { v: '1', hooks: [{ on: 'test', fail: fails }, { on: 'test' }] } }, { test: true }],
  'kept history': [{ up: { v: '1' } }, { remove: keep }, { up: { v: '2' } }, { remove: keep }, { remove: {} }],
  'a short history': [1, 2, 3, 4].map((v) => ({ up: { v: String(v) }, options: { historyMax: 2 } })),
  'client-side': [
    { up: { v: '1', port: 80 }, options: { serverSide: 'false' } },
    { up: { v: '2' } },
    { up: { v: '3', port: 80 }, options: { serverSide: 'true' } },
    { back: 1 },
  ],
}

/** As Helm's own flags. */
function flagsOf(options: ReleaseOptions): readonly string[] {
  return [
    ...(options.wait ? ['--wait'] : []),
    ...(options.timeout ? ['--timeout', `${options.timeout}s`] : []),
    ...(options.atomic ? ['--rollback-on-failure'] : []),
    ...(options.keepHistory ? ['--keep-history'] : []),
    ...(options.historyMax ? ['--history-max', String(options.historyMax)] : []),
    ...(options.serverSide ? [`--server-side=${options.serverSide}`] : []),
  ]
}

const skip =
  findHelm() === undefined
    ? 'no Helm 4 found (set FLOTILLA_HELM)'
    : process.env['FLOTILLA_TEST_KUBECONFIG']
      ? 'needs the fates of the sandbox'
      : false

describe('Helm and Flotilla do the same, step by step', { skip }, () => {
  let cluster: Cluster
  let folder: string
  const runs = planRuns(() => cluster)

  before(async () => {
    cluster = await startCluster()
    folder = mkdtempSync(join(tmpdir(), 'flotilla-parity-'))
    mkdirSync(join(folder, 'templates'))
    writeFileSync(join(folder, 'Chart.yaml'), 'apiVersion: v2\nname: parity\nversion: 1.0.0\n')
    writeFileSync(join(folder, 'templates/all.yaml'), TEMPLATE)
  })
  after(async () => {
    rmSync(folder, { recursive: true, force: true })
    await cluster.close()
  })

  async function helm(step: Step, namespace: string): Promise<boolean> {
    const run = (...args: readonly string[]): Promise<boolean> =>
      runHelm(cluster.kubeconfig, [...args, '--namespace', namespace]).then(({ succeeded }) => succeeded)
    if ('back' in step) return run('rollback', 'app', String(step.back))
    if ('test' in step) return run('test', 'app')
    if ('remove' in step) return run('uninstall', 'app', ...flagsOf(step.remove))
    const values = Object.entries(step.up).map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    return run(
      'upgrade',
      '--install',
      'app',
      folder,
      '--create-namespace',
      '--reset-values',
      '--set-json',
      values.join(','),
      ...flagsOf(step.options ?? {}),
    )
  }

  async function rendered(values: Values, namespace: string): Promise<DesiredRelease> {
    const chart = await loadChart(cluster.host, folder)
    const given = fromPlain(values) as GoMap
    const { apiVersions } = await cluster.client.discovery()
    const options = {
      host: cluster.host,
      release: { name: 'app', namespace, revision: 1, isUpgrade: false },
      capabilities: { kubeVersion: serverKubeVersion(await cluster.client.version()), apiVersions, helmVersion: 'v4.3.1' },
    }
    return { chart: processDependencies(chart, given, () => {}), config: values, rendered: renderChart(chart, given, options) }
  }

  async function ours(step: Step, namespace: string): Promise<boolean> {
    const wanted = (options: ReleaseOptions = {}) => release(`${namespace}/app`, { options })
    if ('back' in step) return (await runs.execute(await runs.rollback(wanted(), step.back))).succeeded
    if ('remove' in step) return (await runs.execute(await runs.destroy([wanted(step.remove)]))).succeeded
    if ('up' in step)
      return (await runs.sync([wanted(step.options)], { [`${namespace}/app`]: await rendered(step.up, namespace) }, { always: true })).succeeded
    return (await runs.execute(await planTest(cluster.host, { environment: 'default', release: wanted(), clientFor: async () => cluster.client })))
      .succeeded
  }

  /** Records, and the values of objects, as text. */
  async function left(namespace: string, withObjects: boolean): Promise<string> {
    const records = (await readHistory(cluster.client, { namespace, name: 'app' }))
      .map(revisionOf)
      .map(({ version, info, hooks, applyMethod, config }) => {
        const ran = hooks.map((hook) => `${hook.name} ${hook.lastRun.phase} ${hook.deletePolicies?.join(',') ?? ''}`)
        return [version, info.status, info.description.replaceAll(namespace, 'NS'), applyMethod, JSON.stringify(config), ...ran].join(' | ')
      })
    const objects = await Promise.all([
      cluster.client.list('batch/v1', 'Job', { namespace }),
      cluster.client.list('v1', 'ConfigMap', { namespace }),
      cluster.client.list('v1', 'Service', { namespace }),
      cluster.client.list('apps/v1', 'Deployment', { namespace }),
    ])
    const named = withObjects ? objects.flat().filter((object) => object.metadata.name !== 'kube-root-ca.crt') : []
    return [...records, ...named.map((object) => `${object.kind} ${object.metadata.name} ${JSON.stringify(object['data'] ?? {})}`).sort()].join('\n')
  }

  for (const [index, [name, steps]] of Object.entries(scenarios).entries()) {
    test(name, async () => {
      const [theirs, own] = [`helm-${index}`, `ours-${index}`]
      for (const [at, step] of steps.entries()) {
        const label = `step ${at + 1}: ${JSON.stringify(step)}`
        assert.equal(await ours(step, own), await helm(step, theirs), label)
        const withObjects = !('helmForgets' in step)
        assert.equal(await left(own, withObjects), await left(theirs, withObjects), label)
      }
    })
  }
})
