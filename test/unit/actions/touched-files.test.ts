import assert from 'node:assert/strict'
import { test } from 'node:test'
import { templateState } from '../../../src/actions/template-state.ts'
import type { FileSystem, Host } from '../../../src/base/host.ts'
import { memoryHost } from '../../support/memory-host.ts'

const CHART = 'apiVersion: v2\nversion: 1.0.0\nname: '
const CONFIG = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\ndata:\n  v: {{ .Values.v | quote }}\n'

const FILES = {
  'helmfile.yaml': `helmfiles: [{path: sub/helmfile.yaml, selectors: [team=b]}]
releases:
- {name: wanted, chart: ./charts/wanted, values: [wanted.yaml.gotmpl], strategicMergePatches: [wanted-patch.yaml]}
- {name: other, chart: ./charts/other, values: [other.yaml.gotmpl, missing.yaml], secrets: [other-secret.yaml], strategicMergePatches: [other-patch.yaml]}
`,
  'sub/helmfile.yaml': 'releases: [{name: nested, chart: ./nested}]\n',
  'wanted.yaml.gotmpl': 'v: {{ 1 }}\n',
  'wanted-patch.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: wanted}\ndata: {more: "1"}\n',
  'other.yaml.gotmpl': 'v: {{ fail "rendered" }}\n',
  'other-patch.yaml': 'x: y\n',
  'other-secret.yaml': 'sops: {}\n',
  'charts/wanted/Chart.yaml': `${CHART}wanted\n`,
  'charts/wanted/templates/c.yaml': CONFIG,
  'charts/other/Chart.yaml': `${CHART}other\n`,
  'charts/other/templates/c.yaml': '{{ fail "rendered" }}',
}

const READS = ['readFile', 'readText', 'readDir'] as const
const WRITES = ['writeFile', 'makeDir', 'remove', 'rename'] as const

/** A host that notes what is read, and on which nothing can be written. */
function watched(host: Host, reads: string[]): Host {
  const noted = READS.map((name) => [
    name,
    (path: string): unknown => {
      reads.push(path)
      return (host.fs[name] as (path: string) => unknown)(path)
    },
  ])
  const refused = WRITES.map((name) => [
    name,
    (): never => {
      throw new Error(`EROFS: read-only file system, ${name}`)
    },
  ])
  return { ...host, fs: { ...host.fs, ...Object.fromEntries([...noted, ...refused]) } as FileSystem }
}

test('with a selector only the chosen releases are looked at, and nothing is written', async () => {
  const reads: string[] = []
  const printed: string[] = []
  const host = watched(memoryHost(FILES), reads)
  await templateState(host, { selectors: ['name=wanted'] }, {}, (text) => printed.push(text))
  assert.match(printed.join(''), /more: "1"\n {2}v: "1"/)
  assert.ok(reads.some((path) => path.includes('charts/wanted')))
  assert.ok(reads.some((path) => path.includes('wanted-patch')))
  assert.deepEqual(
    reads.filter((path) => path.includes('other') || path.includes('nested')),
    [],
  )
})
