import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toPlain } from '../../../src/go/plain.ts'
import { loadState } from '../../../src/state/load-state.ts'
import type { StateRequest } from '../../../src/state/request.ts'
import type { Release, State, StateFile } from '../../../src/state/state.ts'
import { mergeLayers } from '../../../src/values/merge-layers.ts'
import { memoryHost } from '../../support/memory-host.ts'

type Files = Readonly<Record<string, string>>

function load(files: Files, request: StateRequest = {}, env: Readonly<Record<string, string>> = {}): Promise<State> {
  return loadState(memoryHost(files, { env }), request)
}

const firstFile = (state: State): StateFile => state.files[0] as StateFile
const firstRelease = (state: State): Release => firstFile(state).selected[0] as Release

const ids = (state: State): readonly string[] => state.files.flatMap((file) => file.selected.map((release) => release.id))

const RELEASES = 'releases:\n- {name: web, chart: r/web, namespace: shop, labels: {tier: front}}\n- {name: db, chart: r/db, namespace: shop}\n'

const chosen: readonly (readonly [string, Files, StateRequest, readonly string[]])[] = [
  ['all releases without a selector', { 'helmfile.yaml': RELEASES }, {}, ['shop/web', 'shop/db']],
  ['by label', { 'helmfile.yaml': RELEASES }, { selectors: ['tier=front'] }, ['shop/web']],
  ['by built-in label', { 'helmfile.yaml': RELEASES }, { selectors: ['chart=db'] }, ['shop/db']],
  ['either of two selectors', { 'helmfile.yaml': RELEASES }, { selectors: ['name=db', 'tier=front'] }, ['shop/web', 'shop/db']],
  ['from a file named', { 'x.yaml': RELEASES }, { file: 'x.yaml' }, ['shop/web', 'shop/db']],
  [
    'from a folder, by file name',
    { 'd/b.yaml': RELEASES, 'd/a.yaml': 'releases: [{name: first, chart: r/x}]\n' },
    { file: 'd' },
    ['first', 'shop/web', 'shop/db'],
  ],
  ['from helmfile.d', { 'helmfile.d/a.yaml': RELEASES }, {}, ['shop/web', 'shop/db']],
  ['from standard input', {}, { file: '-', stdin: () => RELEASES }, ['shop/web', 'shop/db']],
  [
    'nested files come first',
    { 'helmfile.yaml': `helmfiles: [sub/x.yaml]\n${RELEASES}`, 'sub/x.yaml': 'releases: [{name: in, chart: r/x}]\n' },
    {},
    ['in', 'shop/web', 'shop/db'],
  ],
  [
    'nested selectors count for the nested file',
    { 'helmfile.yaml': 'helmfiles: [{path: x.yaml, selectors: [tier=front]}]\n', 'x.yaml': RELEASES },
    {},
    ['shop/web'],
  ],
  [
    'needs come before what needs them',
    { 'helmfile.yaml': 'releases:\n- {name: a, chart: r/a, needs: [b]}\n- {name: b, chart: r/b}\n' },
    {},
    ['b', 'a'],
  ],
  ['files in the opposite order', { 'helmfile.yaml': RELEASES }, { reverse: true }, ['shop/db', 'shop/web']],
  ['the namespace option moves all', { 'helmfile.yaml': RELEASES }, { namespace: 'q' }, ['q/web', 'q/db']],
  ['the context option too', { 'helmfile.yaml': RELEASES }, { kubeContext: 'k' }, ['k/shop/web', 'k/shop/db']],
  [
    'a condition switches off',
    { 'helmfile.yaml': `values: [{x: {enabled: false}}]\nreleases: [{name: a, chart: r/a, condition: x.enabled}, {name: b, chart: r/b}]\n` },
    {},
    ['b'],
  ],
]

for (const [name, files, request, expected] of chosen) {
  test(`chosen: ${name}`, async () => assert.deepEqual(ids(await load(files, request)), expected))
}

const NEEDS: Files = {
  'helmfile.yaml':
    'releases:\n- {name: a, chart: r/a, needs: [b]}\n- {name: b, chart: r/b, needs: [n/c]}\n- {name: c, chart: r/c, namespace: n, condition: off.enabled}\nvalues: [{off: {enabled: false}}]\n',
}

const needs: readonly (readonly [string, StateRequest, readonly string[]])[] = [
  ['left out by default', {}, ['a']],
  ['included with theirs', { includeNeeds: true }, ['n/c', 'b', 'a']],
  ['transitively', { includeTransitiveNeeds: true }, ['n/c', 'b', 'a']],
]

for (const [name, request, expected] of needs) {
  test(`needs: ${name}`, async () => assert.deepEqual(ids(await load(NEEDS, { ...request, selectors: ['name=a'] })), expected))
}

/** An environment, its values in the layers that Helmfile knows. */
const LAYERED: Files = {
  'helmfile.yaml.gotmpl':
    'bases: [base.yaml]\n---\nenvironments:\n  default:\n    values: [env.yaml, {inline: env}, t.yaml.gotmpl]\n---\nvalues: [{a: root, root: yes}]\n---\nreleases: [{name: x, chart: r/x}]\n',
  'base.yaml': 'environments: {default: {values: [{a: base, base: 1, l: [1, 2, 3]}]}}\n',
  'env.yaml': 'a: env\nl: [null, 9]\n',
  't.yaml.gotmpl': 'seen: {{ .Values | get "cli" "nothing" }}\n',
  'cli.yaml': 'a: file\n',
}

const values: readonly (readonly [string, StateRequest, object])[] = [
  ['environment over root values and bases', {}, { a: 'env', base: 1, root: 'yes', inline: 'env', l: [1, 9, 3], seen: 'nothing' }],
  [
    'a file of the command line over the environment',
    { stateValuesFiles: ['cli.yaml'] },
    { a: 'file', base: 1, root: 'yes', inline: 'env', l: [1, 9, 3], seen: 'nothing' },
  ],
  [
    'set over everything, lists by index',
    { stateValuesSet: ['a=set,l[0]=7,cli=5'] },
    { a: 'set', base: 1, root: 'yes', inline: 'env', l: [7, 9, 3], seen: 5, cli: 5 },
  ],
]

for (const [name, request, expected] of values) {
  test(`values: ${name}`, async () => assert.deepEqual(toPlain(firstFile(await load(LAYERED, request)).values), expected))
}

const layered: readonly (readonly [string, string, Files, StateRequest, object])[] = [
  ['files and maps in their order', 'values: [v.yaml, {a: 2, m: {y: 1}}]', { 'v.yaml': 'a: 1\nm: {x: 1}\n' }, {}, { a: 2, m: { x: 1, y: 1 } }],
  [
    'a template sees release and values',
    'values: [v.yaml.gotmpl]',
    { 'v.yaml.gotmpl': 'who: {{ .Release.Name }}\nwhat: {{ .Values.k }}\n' },
    {},
    { who: 'web', what: 'state' },
  ],
  ['a prefix for paths', 'valuesPathPrefix: d/\n  values: [v.yaml]', { 'd/v.yaml': 'a: 1\n' }, {}, { a: 1 }],
  [
    'set over files',
    'values: [{a: 1, l: [1, 2]}]\n  set: [{name: a, value: 5}, {name: "l[1]", value: x}]\n  setString: [{name: s, value: 7}]',
    {},
    {},
    { a: 5, l: [1, 'x'], s: '7' },
  ],
  ['commas and braces of set are text', 'set: [{name: a, value: "x,y{z}"}]', {}, {}, { a: 'x,y{z}' }],
  ['set from a file', 'set: [{name: a, file: f.txt}]', { 'f.txt': 'text\n' }, {}, { a: 'text\n' }],
  [
    'command line values under set, its set on top',
    'values: [{a: 1, b: 1, c: 1}]\n  set: [{name: b, value: 2}]',
    { 'x.yaml': 'b: 9\nc: 9\n' },
    { values: ['x.yaml'], set: ['a=3'] },
    { a: 3, b: 2, c: 9 },
  ],
  ['references to secrets', 'values: [{p: ref+echo://secret, f: "ref+file://s.yaml#/k"}]', { 's.yaml': 'k: 5\n' }, {}, { p: 'secret', f: 5 }],
  ['a templated tree', 'valuesTemplate: [{who: "{{ .Release.Name }}", num: "{{ 5 }}"}]', {}, {}, { who: 'web', num: '5' }],
  ['a missing file that may be missing', 'missingFileHandler: Warn\n  values: [gone.yaml, {a: 1}]', {}, {}, { a: 1 }],
]

for (const [name, body, files, request, expected] of layered) {
  test(`layers: ${name}`, async () => {
    const state = await load({ 'helmfile.yaml': `values: [{k: state}]\nreleases:\n- name: web\n  chart: r/web\n  ${body}\n`, ...files }, request)
    const merged = mergeLayers(await firstRelease(state).layers())
    assert.deepEqual(toPlain(merged.tree), expected)
  })
}

const resolved: readonly (readonly [string, string, object])[] = [
  [
    'templates, their lists first',
    'templates: {t: {namespace: n, values: [t.yaml], labels: {a: t}}}\nreleases: [{name: x, chart: r/x, values: [own.yaml], inherit: [{template: t}]}]',
    { namespace: 'n', values: ['t.yaml', 'own.yaml'] },
  ],
  [
    'but for exceptions',
    'templates: {t: {namespace: n, values: [t.yaml]}}\nreleases: [{name: x, chart: r/x, inherit: [{template: t, except: [values]}]}]',
    { namespace: 'n' },
  ],
  [
    'a false of the release does not undo',
    'templates: {t: {wait: true}}\nreleases: [{name: x, chart: r/x, wait: false, inherit: [{template: t}]}]',
    { wait: true },
  ],
  ['templates by default', 'defaultInherit: t\ntemplates: {t: {version: 1.0.0}}\nreleases: [{name: x, chart: r/x}]', { version: '1.0.0' }],
  [
    'expressions that refer to one another',
    'releases: [{name: x, chart: "r/{{ .Release.Namespace }}", namespace: "{{ .Release.Name }}-ns"}]',
    { chart: 'r/x-ns', namespace: 'x-ns' },
  ],
  [
    'templates for booleans',
    `releases: [{name: x, chart: r/x, installedTemplate: '{{ eq .Release.Name "y" }}', waitTemplate: "yes"}]`,
    { installed: false, wait: true },
  ],
]

for (const [name, text, expected] of resolved) {
  test(`resolved: ${name}`, async () => {
    const state = await load({ 'helmfile.yaml': `${text}\n` })
    const spec = firstRelease(state).spec as Readonly<Record<string, unknown>>
    for (const [key, value] of Object.entries(expected)) assert.deepEqual(spec[key], value, key)
  })
}

test('one release changes nothing of the template the next one inherits', async () => {
  const state = await load({
    'helmfile.yaml':
      'templates: {t: {timeout: 100}}\nreleases: [{name: x, chart: r/x, timeout: 5, inherit: [{template: t}]}, {name: y, chart: r/x, inherit: [{template: t}]}]\n',
  })
  assert.deepEqual(
    firstFile(state).releases.map((release) => release.options.timeout),
    [5, 100],
  )
})

test('nothing of a release is read before its layers are asked for', async () => {
  const state = await load({ 'helmfile.yaml': 'releases: [{name: a, chart: r/a, values: [gone.yaml]}, {name: b, chart: r/b, values: [{x: 1}]}]\n' })
  const [a, b] = firstFile(state).selected as [Release, Release]
  assert.equal((await b.layers()).length, 1)
  await assert.rejects(a.layers(), /values file matching "gone.yaml" does not exist in "\." \[state\/missing-file\]/)
})

test('a value knows the file and line it was written in', async () => {
  const state = await load({
    'helmfile.yaml': 'releases:\n- name: a\n  chart: r/a\n  values:\n  - v.yaml\n  - inline:\n      deep: 1\n',
    'v.yaml': 'x:\n  z: 2\n',
  })
  const { origin } = mergeLayers(await firstRelease(state).layers())
  const place = (path: readonly string[]): string => {
    const at = origin(path)?.at
    return at ? `${at.source.name}:${at.source.text.slice(0, at.start).split('\n').length}` : 'nowhere'
  }
  assert.equal(place(['x', 'z']), 'v.yaml:2')
  assert.equal(place(['inline', 'deep']), 'helmfile.yaml:7')
})

test('a template that changes values changes them for itself alone', async () => {
  const change = '{{ $_ := set .Values.m "k" "changed" }}{{ $_ := set .Environment.Values.m "e" 1 }}'
  const state = await load({
    'helmfile.yaml.gotmpl': `environments: {default: {values: [{m: {k: written}}]}}\n---\n${change}\nreleases:\n- name: {{ .Values.m.k }}\n  chart: r/x\n  values: [v.yaml.gotmpl]\n- {name: b, chart: r/x, values: [w.yaml.gotmpl]}\n`,
    'v.yaml.gotmpl': `${change.replace('changed', 'again')}{{ tpl "{{ $_ := set .Values.m \\"t\\" 1 }}" . }}{{ toYaml .Values.m }}`,
    'w.yaml.gotmpl': '{{ toYaml .Values.m }}',
  })
  const merged = await Promise.all(firstFile(state).selected.map(async (release) => toPlain(mergeLayers(await release.layers()).tree)))
  assert.deepEqual(ids(state), ['changed', 'b'])
  assert.deepEqual(merged, [{ k: 'again', t: 1 }, { k: 'written' }])
  assert.deepEqual(toPlain(firstFile(state).values), { m: { k: 'written' } })
})

const LOCKED: Files = {
  'helmfile.yaml':
    'repositories: [{name: r, url: "https://r"}]\nreleases:\n- {name: a, chart: r/a, version: ~1.2, values: [v.yaml.gotmpl]}\n- {name: b, chart: r/b}\n- {name: c, chart: other/a}\n',
  'helmfile.lock': 'dependencies: [{name: a, version: 1.2.7}, {name: b, version: 0.3.0}]\n',
  'v.yaml.gotmpl': 'is: {{ .Release.ChartVersion }}\n',
}

test("Helmfile's lock says which versions releases have", async () => {
  const { selected } = firstFile(await load(LOCKED))
  assert.deepEqual(
    selected.map(({ version }) => version),
    ['1.2.7', '0.3.0', undefined],
  )
  assert.deepEqual(toPlain(mergeLayers(await (selected[0] as Release).layers()).tree), { is: '1.2.7' })
})

test('a lock that lacks a chart is only wrong for releases that are worked on', async () => {
  const files = { ...LOCKED, 'helmfile.lock': 'dependencies: [{name: a, version: 1.2.7}]\n' }
  assert.deepEqual(ids(await load(files, { selectors: ['name=a'] })), ['a'])
  assert.deepEqual(ids(await load(files, { ignoreLocks: true })), ['a', 'b', 'c'])
  await assert.rejects(load(files), /no resolved dependency found for "b"/)
})

test('addresses of hosts', async () => {
  const state = await loadState(
    memoryHost({ 'helmfile.yaml.gotmpl': 'releases: [{name: a, chart: r/x, labels: {at: {{ getHostByName "127.0.0.1" | quote }}}}]\n' }),
  )
  assert.equal((state.files[0] as StateFile).selected[0]?.labels['at'], '127.0.0.1')
})
