import assert from 'node:assert/strict'
import { test } from 'node:test'
import { buildOutput } from '../../../src/state/build-output.ts'
import { dagAsTable, dagRows } from '../../../src/state/dag-output.ts'
import { type ListedRelease, listAsJson, listAsTable, listReleases } from '../../../src/state/list-output.ts'
import { loadState } from '../../../src/state/load-state.ts'
import { resolveHooks } from '../../../src/state/resolve-hooks.ts'
import { runHooks } from '../../../src/state/run-hooks.ts'
import type { Release, StateFile } from '../../../src/state/state.ts'
import { releasesToWrite, valuesFile } from '../../../src/state/values-output.ts'
import { memoryHost } from '../../support/memory-host.ts'

const FILES = {
  'helmfile.yaml': `values: [{k: v}]
helmDefaults: {wait: true}
hooks: [{events: [prepare], command: 'echo', args: ['{{ .HelmfileCommand }}']}]
releases:
- name: web
  chart: r/web
  namespace: shop
  needs: [db]
  values: [{a: 1, list: [1]}, more.yaml]
  hooks: [{name: say, events: [presync, cleanup], command: say, args: ['{{ .Release.Name }}', '{{ .Values.k }}', '{{ .Event.Name }}']}]
- {name: db, chart: r/db, namespace: shop, version: 1.0.0}
- {name: off, chart: r/off, installed: false}
`,
  'more.yaml': 'list: [2, 3]\nnothing: null\n',
}

const state = await loadState(memoryHost(FILES), { selection: 'matching' })
const file = state.files[0] as StateFile

test('list: by namespace and name, labels by key', () => {
  const listed = listReleases(state)
  assert.deepEqual(
    listed.map((release) => `${release.namespace}/${release.name} ${release.installed}`),
    ['/off false', 'shop/db true', 'shop/web true'],
  )
  assert.equal(JSON.parse(listAsJson(listed))[1].labels, 'chart:db,name:db,namespace:shop')
  assert.equal(listAsTable(listed).split('\n')[2], 'db  \tshop     \ttrue   \ttrue     \tchart:db,name:db,namespace:shop  \tr/db \t1.0.0')
})

test('list: nothing is null, and what HTML minds is escaped', () => {
  assert.equal(listAsJson([]), 'null\n')
  assert.match(listAsJson([{ ...(listReleases(state)[0] as ListedRelease), chart: 'a<b>&c' }]), /a\\u003cb\\u003e\\u0026c/)
})

test('dag: groups wait for those before them', () => {
  assert.equal(dagAsTable(dagRows([file])), 'GROUP RELEASE  DEPENDENCIES\n1     shop/db\n1     off\n2     shop/web shop/db\n')
})

test('build: keys in the order of the original, defaults filled in', () => {
  const lines = buildOutput(file).split('\n')
  assert.equal(lines[1], '#  Source: /repo/helmfile.yaml')
  assert.deepEqual(
    lines.filter((line) => /^\w/.test(line)).map((line) => line.split(':')[0]),
    ['filepath', 'helmBinary', 'kustomizeBinary', 'values', 'helmDefaults', 'releases', 'hooks', 'templates', 'renderedvalues'],
  )
})

test('write-values: files merged, the path from a template', async () => {
  const [web] = releasesToWrite(file)
  const options = { template: 'out/{{ .State.BaseName }}/{{ .Release.Namespace }}-{{ .Release.Name }}.yaml' }
  assert.deepEqual(await valuesFile(memoryHost(FILES), file, web as Release, options), {
    path: '/repo/out/helmfile/shop-web.yaml',
    text: 'a: 1\nlist:\n  - 2\n  - 3\nnothing: null\n',
  })
  assert.deepEqual(
    releasesToWrite(file).map(({ name }) => name),
    ['web', 'db'],
  )
})

test('hooks: those of an event, their expressions evaluated', () => {
  const host = memoryHost(FILES)
  const [hook, ...others] = resolveHooks(host, file, file.releases[0], { name: 'presync', command: 'sync' })
  assert.deepEqual(hook, {
    name: 'say',
    event: 'presync',
    command: 'say',
    args: ['web', 'v', 'presync'],
    showLogs: false,
    cwd: '/repo',
    kustomizeBinary: 'kustomize',
  })
  assert.equal(others.length, 0)
  assert.deepEqual(resolveHooks(host, file, undefined, { name: 'prepare', command: 'apply' })[0]?.args, ['apply'])
})

test('hooks: switched off by the environment', () => {
  const host = memoryHost(FILES, { env: { HELMFILE_DISABLE_HOOKS: '1' } })
  assert.throws(() => resolveHooks(host, file, undefined, { name: 'prepare', command: 'x' }), /hooks are disabled/)
})

test('hooks: the first that fails stops the rest', async () => {
  const ran: string[] = []
  const host = memoryHost(FILES, {
    run: (command) => {
      ran.push(command)
      return { code: command === 'bad' ? 4 : 0, stdout: 'broken' }
    },
  })
  const hook = (command: string) => ({
    name: command,
    event: 'prepare',
    command,
    args: [],
    showLogs: false,
    cwd: '/repo',
    kustomizeBinary: 'kustomize',
  })
  await assert.rejects(
    runHooks(host, [hook('good'), hook('bad'), hook('never')]),
    /hook\[bad\]: command `bad` failed: exit status 4 \[state\/hook-failed\]/,
  )
  assert.deepEqual(ran, ['good', 'bad'])
})

test('build: what it prints can be read again', async () => {
  const again = await loadState(memoryHost({ ...FILES, 'helmfile.yaml': buildOutput(file) }), { selection: 'matching' })
  assert.deepEqual(listReleases(again), listReleases(state))
})
