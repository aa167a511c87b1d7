import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { runFlotilla } from '../support/command-line.ts'
import { type Cluster, release, startCluster } from '../support/desired-release.ts'
import { findHelm, runHelm } from '../support/helm.ts'

const TEMPLATES = `apiVersion: v1
kind: ConfigMap
metadata: { name: {{ .Release.Name }} }
data: { v: {{ .Values.v | quote }} }
{{- if .Values.bad }}
---
apiVersion: v1
kind: Service
metadata: { name: bad }
spec: { ports: [{ port: 99999999 }] }
{{- end }}
{{- if .Values.keep }}
---
apiVersion: v1
kind: ConfigMap
metadata: { name: {{ .Release.Name }}-keep, annotations: { helm.sh/resource-policy: keep } }
{{- end }}
`

const FLOTILLA: Readonly<Record<string, readonly string[]>> = {
  sync: ['sync'],
  rollback: ['rollback', '--yes', 'app'],
  uninstall: ['destroy', '--yes'],
}
const HELM: Readonly<Record<string, readonly string[]>> = {
  sync: ['upgrade', '--install', '--create-namespace', '--reset-values', 'app', './chart'],
  rollback: ['rollback', 'app'],
  uninstall: ['uninstall', 'app'],
}

/** What is done one after another, in words that both programs have. */
const SEQUENCES: readonly (readonly [string, readonly string[]])[] = [
  ['a failed install, mended', ['sync --set bad=1', 'sync', 'uninstall']],
  ['a failed install, removed', ['sync --set bad=1', 'uninstall']],
  ['nothing but failures', ['sync --set bad=1', 'sync --set bad=1', 'rollback 1', 'uninstall']],
  ['a failed upgrade, taken back', ['sync --set v=1', 'sync --set v=2 --set bad=1', 'rollback', 'rollback 2', 'sync --set v=3', 'uninstall']],
  [
    'a history that is kept',
    ['sync --set v=1', 'sync --set v=2', 'uninstall --keep-history', 'rollback 1', 'uninstall --keep-history', 'sync --set v=3', 'uninstall'],
  ],
  ['a limited history', [1, 2, 3, 4].map((v) => `sync --set v=${v} --history-max 2`).concat('rollback 3 --history-max 2', 'uninstall')],
  ['objects to keep', ['sync --set keep=1', 'sync', 'uninstall']],
  ['a failure that is taken back at once', ['sync --set v=1', 'sync --set v=2 --set bad=1 --rollback-on-failure', 'uninstall']],
  ['a failed install that is taken back at once', ['sync --set bad=1 --rollback-on-failure']],
  ['a failure that is cleaned up', ['sync --set v=1', 'sync --set keep=1 --set bad=1 --cleanup-on-fail', 'uninstall']],
  [
    'descriptions',
    [
      'sync --description first',
      'sync --set v=2 --description second',
      'rollback 1 --description back',
      'uninstall --keep-history --description gone',
    ],
  ],
]

describe('the same commands by Helm and by Flotilla', { skip: findHelm() === undefined ? 'no Helm 4 found (set FLOTILLA_HELM)' : false }, () => {
  let cluster: Cluster
  let cwd: string
  before(async () => {
    cluster = await startCluster()
    cwd = mkdtempSync(join(tmpdir(), 'flotilla-lifecycle-'))
    mkdirSync(join(cwd, 'chart/templates'), { recursive: true })
    writeFileSync(join(cwd, 'chart/Chart.yaml'), 'apiVersion: v2\nname: app\nversion: 1.0.0\n')
    writeFileSync(join(cwd, 'chart/values.yaml'), 'v: ""\n')
    writeFileSync(join(cwd, 'chart/templates/all.yaml'), TEMPLATES)
    writeFileSync(join(cwd, 'helmfile.yaml'), 'releases: [{ name: app, chart: ./chart }]\n')
  })
  after(async () => {
    rmSync(cwd, { recursive: true, force: true })
    await cluster.close()
  })

  /** Whether it went well. */
  async function perform(program: 'helm' | 'flotilla', namespace: string, words: string): Promise<boolean> {
    const [operation = '', ...options] = words.split(' ')
    if (program === 'helm') return (await runHelm(cluster.kubeconfig, [...(HELM[operation] ?? []), ...options, '-n', namespace], { cwd })).succeeded
    const env = { PATH: process.env['PATH'], HOME: cwd, KUBECONFIG: cluster.kubeconfig }
    return (await runFlotilla(['-q', '-n', namespace, ...(FLOTILLA[operation] ?? []), ...options], { cwd, env })).exit === 0
  }

  /** The history as Helm tells it, and the objects there are. */
  async function seen(namespace: string): Promise<readonly string[]> {
    const { stdout } = await runHelm(cluster.kubeconfig, ['history', 'app', '-n', namespace, '-o', 'json'])
    const history = JSON.parse(stdout || '[]') as { revision: number; status: string; description: string }[]
    const objects = await cluster.client.list('v1', 'ConfigMap', { namespace })
    return [
      ...history.map(({ revision, status, description }) => `${revision} ${status} ${description}`.replaceAll(namespace, 'NAMESPACE')),
      ...objects.map(({ metadata }) => metadata.name ?? '').filter((name) => name !== 'kube-root-ca.crt'),
    ]
  }

  for (const [index, [name, steps]] of SEQUENCES.entries()) {
    test(name, async () => {
      const namespaces = { helm: `t-cluster-${process.pid}-lc-helm-${index}`, flotilla: `t-cluster-${process.pid}-lc-ours-${index}` }
      for (const namespace of Object.values(namespaces)) release(`${namespace}/app`)
      for (const [at, step] of steps.entries()) {
        const wanted = await perform('helm', namespaces.helm, step)
        assert.equal(await perform('flotilla', namespaces.flotilla, step), wanted, `${step}: ended differently`)
        assert.deepEqual(await seen(namespaces.flotilla), await seen(namespaces.helm), steps.slice(0, at + 1).join('; '))
      }
    })
  }
})
