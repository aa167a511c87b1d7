import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Diagnostic } from '../../../src/base/diagnostic.ts'
import { nodeHost } from '../../../src/base/host-node.ts'
import { offlineCapabilities } from '../../../src/render/capabilities.ts'
import { type RenderOptions, renderChart } from '../../../src/render/render-chart.ts'
import { chartOf, metadata, valuesOf } from '../chart/in-memory.ts'

const options: RenderOptions = {
  host: nodeHost(),
  release: { name: 'r', namespace: 'ns', isUpgrade: false, revision: 1 },
  capabilities: offlineCapabilities(),
}

async function unread(files: Readonly<Record<string, string>>, values: string): Promise<readonly string[]> {
  const found: Diagnostic[] = []
  renderChart(await chartOf(files), valuesOf(values), { ...options, unreadValues: 'warn', onWarning: (warning) => found.push(warning) })
  return found
    .filter(({ code }) => code === 'render/unread-value')
    .map(({ summary }) => JSON.parse(summary.replace('no template reads the value ', '')) as string)
}

const single: readonly (readonly [what: string, template: string, values: string, expected: readonly string[]])[] = [
  ['a field', 'a: {{ .Values.a }}', 'a: 1\nb: 2', ['b']],
  ['a nested field', 'a: {{ .Values.a.b }}', 'a: {b: 1, c: 2}', ['a.c']],
  ['a key that is not there', 'a: {{ .Values.x }}', 'z: 1', ['z']],
  ['null deletes', 'a: {{ .Values.a }}', 'b: null', []],
  ['with', '{{ with .Values.a }}a: {{ .b }}{{ end }}', 'a: {b: 1, c: 2}', ['a.c']],
  ['a variable', '{{ $a := .Values.a }}a: {{ $a.b }}', 'a: {b: 1, c: 2}', ['a.c']],
  ['range reads a map whole', '{{ range .Values.a }}x: 1\n{{ end }}', 'a: {b: 1, c: {d: 2}}\ne: 1', ['e']],
  ['maps in lists', '{{ range .Values.a }}x: {{ .b }}\n{{ end }}', 'a: [{b: 1}, {b: 1, c: 2}]', ['a.1.c']],
  ['toYaml reads all', 'a: {{ toYaml .Values.a | nindent 2 }}', 'a: {b: {c: 1}}\nd: 1', ['d']],
  ['toYaml of everything', 'a: {{ toYaml .Values | nindent 2 }}', 'a: {b: {c: 1}}\nd: 1', []],
  ['index', 'a: {{ index .Values "a" "b" }}', 'a: {b: 1, c: 2}', ['a.c']],
  [
    'get, dig and hasKey',
    'a: {{ get .Values "a" }}{{ dig "b" "c" 0 .Values.AsMap }}{{ hasKey .Values "d" }}',
    'a: 1\nb: {c: 1, e: 1}\nd: 1\nf: 1',
    ['b.e', 'f'],
  ],
  ['pluck', 'a: {{ pluck "a" .Values | first }}', 'a: 1\nb: 1', ['b']],
  ['tpl', 'a: {{ tpl "{{ .Values.a }}" . }}', 'a: 1\nb: 1', ['b']],
  ['include', '{{ define "x" }}{{ .v.a }}{{ end }}a: {{ include "x" (dict "v" .Values) }}', 'a: 1\nb: 1', ['b']],
  ['a branch that did not run', '{{ if .Values.active }}a: {{ .Values.a.b }}{{ end }}', 'active: false\na: {b: 1}\nc: 1', ['c']],
  ['with that did not run', '{{ with .Values.active }}a: {{ $.Values.a }}{{ .b }}{{ end }}', 'a: 1\nb: 1\nc: 1', ['c']],
  ['what and leaves out', '{{ if and .Values.active .Values.a }}x: 1{{ end }}', 'active: false\na: 1\nc: 1', ['c']],
  ['below a map that did not come to be read', '{{ if .Values.active }}a: {{ .Values.a.b }}{{ end }}', 'active: false\na: {b: 1, c: 2}', ['a.c']],
  ['below a field of something', '{{ range .Values.l }}a: {{ .a.b }}{{ toYaml .d }}{{ end }}', 'a: {b: 1, c: 2}\nd: {e: 1}\nl: []', ['a.c']],
  ['what is handed on where nothing ran', '{{ if .Values.active }}{{ include "x" (dict "v" .Values.a) }}{{ end }}', 'active: false\na: {b: 1}', []],
  ['templates in values', '{{ if .Values.active }}{{ tpl .Values.t . }}{{ end }}', 'active: false\nt: "{{ .Values.a.b }}"\na: {b: 1, c: 1}', ['a.c']],
  ['templates in literals', '{{ if .Values.active }}{{ tpl "{{ .Values.a.b }}-" . }}{{ end }}', 'active: false\na: {b: 1}', []],
  ['a define that nobody calls', '{{ define "x" }}{{ .Values.a }}{{ end }}x: 1', 'a: 1\nc: 1', ['c']],
  ['only as deep as it starts', 'a: {{ .Values.a }}', 'b: {c: 1, d: 2}', ['b']],
  ['odd keys', 'a: {{ .Values.a }}', '__proto__: {x: 1}\nconstructor: 1', ['__proto__', 'constructor']],
]

const sub = { 'charts/s/Chart.yaml': metadata('s'), 'charts/s/values.yaml': 'd: 1\n' }
const needs = (more: string): Readonly<Record<string, string>> => ({
  ...sub,
  'Chart.yaml': metadata('c', `dependencies:\n  - name: s\n    version: 1.2.3\n${more}`),
})

const several: readonly (readonly [what: string, files: Readonly<Record<string, string>>, values: string, expected: readonly string[]])[] = [
  ['subcharts', { ...sub, 'charts/s/templates/a.yaml': 'a: {{ .Values.d }}' }, 's: {d: 2, e: 3}\nd: 1', ['s.e', 'd']],
  [
    'globals read by a subchart',
    { ...sub, 'charts/s/templates/a.yaml': 'a: {{ .Values.global.g.h }}' },
    'global: {g: {h: 1, i: 2}, j: 1}',
    ['global.g.i', 'global.j'],
  ],
  [
    'conditions and tags',
    { ...needs('    condition: s.active\n    tags: [t]\n'), 'charts/s/templates/a.yaml': 'a: 1' },
    's: {active: true}\ntags: {t: true}\nx: 1',
    ['x'],
  ],
  [
    'charts that are off, though their parent looks at some of their values',
    { ...needs('    condition: s.active\n'), 'templates/a.yaml': 'a: {{ .Values.s.q }}{{ .Values.m.r }}' },
    's: {active: false, q: 1, r: {t: 1}}\nm: {r: 1, t: 1}',
    ['m.t'],
  ],
  ['charts that are off', { ...needs('    condition: s.active\n'), 'charts/s/templates/a.yaml': 'a: 1' }, 's: {active: false, q: 1}\nx: 1', ['x']],
  ['aliases', { ...needs('    alias: t\n'), 'charts/s/templates/a.yaml': 'a: {{ .Values.d }}' }, 't: {d: 1, e: 1}', ['t.e']],
  [
    'imports',
    { ...needs('    import-values: [{child: k, parent: p}]\n'), 'templates/a.yaml': 'a: {{ .Values.p }}' },
    's: {k: {l: 1}, m: 1}',
    ['s.m'],
  ],
  [
    'templates in files',
    { 'files/a.conf': 'x={{ .Values.a.b }}', 'templates/a.yaml': '{{ if .Values.active }}{{ tpl (.Files.Get "files/a.conf") . }}{{ end }}' },
    'active: false\na: {b: 1, c: 1}',
    ['a.c'],
  ],
  [
    'schemas that name all entries, and those that do not',
    {
      'values.schema.json': '{"properties": {"a": {"properties": {"b": {}}}, "d": {"additionalProperties": {"properties": {"e": {}}}}, "f": {}}}',
      'templates/a.yaml': 'a: 1',
    },
    'a: {b: 1, c: 1}\nd: {x: {y: 1}}\nf: {g: 1}',
    ['a.c'],
  ],
  ['schemas', { 'values.schema.json': '{"properties": {"a": {"type": "integer"}}}', 'templates/a.yaml': 'a: 1' }, 'a: 1\nb: 1', ['b']],
]

describe('values that nothing reads', () => {
  for (const [what, template, values, expected] of single) {
    it(what, async () => assert.deepEqual(await unread({ 'templates/a.yaml': template }, values), expected))
  }
  for (const [what, files, values, expected] of several) it(what, async () => assert.deepEqual(await unread(files, values), expected))

  it('names the nearest key there is', async () => {
    const found: Diagnostic[] = []
    const chart = await chartOf({ 'values.yaml': 'service: {port: 80}\n', 'templates/a.yaml': 'a: {{ .Values.service.port }}' })
    renderChart(chart, valuesOf('service: {prot: 81}'), { ...options, unreadValues: 'warn', onWarning: (warning) => found.push(warning) })
    assert.equal(found[0]?.hint, 'write service.port if that is what you mean')
  })

  it('names a key that only code mentions which did not run, and none that is given, too', async () => {
    const found: Diagnostic[] = []
    const chart = await chartOf({ 'templates/a.yaml': '{{ if .Values.active }}{{ .Values.service.nodePort }}{{ end }}' })
    const given = valuesOf('active: false\nservice: {nodeport: 1, alpha: 1, alphas: 1}')
    renderChart(chart, given, { ...options, unreadValues: 'warn', onWarning: (warning) => found.push(warning) })
    const none = 'remove it, or check where the chart wants it'
    assert.deepEqual(
      found.map(({ hint }) => hint),
      ['write service.nodePort if that is what you mean', none, none],
    )
  })

  it('refuses them when asked to', async () => {
    const chart = await chartOf({ 'templates/a.yaml': 'a: 1' })
    assert.throws(() => renderChart(chart, valuesOf('b: 1'), { ...options, unreadValues: 'refuse' }), /no template reads the value "b"/)
  })

  it('changes nothing of what is rendered', async () => {
    const files = {
      'values.yaml': 'a: {b: [1, {c: 2}]}\n',
      'templates/a.yaml': '# {{ toJson .Values }} {{ typeOf .Values.a }} {{ len .Values.a }} {{ $_ := set .Values "n" 1 }}{{ .Values.n }}',
    }
    const chart = await chartOf(files)
    const texts = ([undefined, 'warn'] as const).map(
      (unreadValues) => renderChart(chart, new Map(), { ...options, ...(unreadValues && { unreadValues }) }).manifest,
    )
    assert.equal(texts[0], texts[1])
  })
})
