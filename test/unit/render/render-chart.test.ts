import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { DiagnosticError } from '../../../src/base/diagnostic.ts'
import { nodeHost } from '../../../src/base/host-node.ts'
import { positionAt } from '../../../src/base/source.ts'
import type { GoMap } from '../../../src/go/values.ts'
import { offlineCapabilities } from '../../../src/render/capabilities.ts'
import { type RenderOptions, renderChart, renderChartWithLookup } from '../../../src/render/render-chart.ts'
import type { Rendered } from '../../../src/render/rendered.ts'
import { chartOf, metadata, valuesOf } from '../chart/in-memory.ts'

const options: RenderOptions = {
  host: nodeHost(),
  release: { name: 'r', namespace: 'ns', isUpgrade: false, revision: 1 },
  capabilities: offlineCapabilities(),
}

async function render(files: Readonly<Record<string, string>>, values = '', more: Partial<RenderOptions> = {}): Promise<Rendered> {
  return renderChart(await chartOf(files), valuesOf(values), { ...options, ...more })
}

/** What `templates/a.yaml` prints under a key. */
async function printed(expression: string, files: Readonly<Record<string, string>> = {}, values = ''): Promise<string> {
  const { manifest } = await render({ 'templates/a.yaml': `v: ${expression}`, ...files }, values)
  return manifest.replace('---\n# Source: c/templates/a.yaml\nv: ', '').trimEnd()
}

const expressions: readonly (readonly [expression: string, expected: string])[] = [
  ['{{ .Release.Name }}/{{ .Release.Namespace }}/{{ .Release.Revision }}/{{ .Release.IsInstall }}', 'r/ns/1/true'],
  ['{{ .Chart.Name }}-{{ .Chart.Version }}{{ .Chart.Nope }}', 'c-1.2.3'],
  ['{{ .Template.Name }} {{ .Template.BasePath }}', 'c/templates/a.yaml c/templates'],
  ['{{ .Values.missing }}x', 'x'],
  ['{{ typeOf .Values }} {{ typeOf . }}', 'common.Values common.Values'],
  ['{{ .Capabilities.APIVersions.Has "apps/v1" }} {{ .Capabilities.KubeVersion.Minor }}', 'true 37'],
  ['{{ .Files.Get "f.txt" }}', 'text'],
  ['{{ tpl "{{ .Release.Name }}" . }}', 'r'],
  ['{{ tpl "{{ define \\"x\\" }}X{{ end }}{{ include \\"x\\" . }}" . }}', 'X'],
  ['{{ with index .Files "no" }}x{{ end }}{{ printf "x%#v %s" (index .Files "no") .Files.no }}{{ toJson .Files.no }}', 'x[]byte(nil) null'],
  ['{{ deepEqual .Files.no (.Files.GetBytes "no") }}', 'false'],
  ['{{ toToml .Capabilities.KubeVersion | quote }}', String.raw`"Version = \"v1.37.0\"\nMajor = \"1\"\nMinor = \"37\"\n"`],
  [
    '{{ toToml (dict "a" (list .Capabilities.KubeVersion)) | quote }}',
    String.raw`"[[a]]\n  Version = \"v1.37.0\"\n  Major = \"1\"\n  Minor = \"37\"\n"`,
  ],
  ['{{ toToml .Capabilities.HelmVersion | contains "GoVersion = " }}', 'true'],
  ['x{{ html .Capabilities | trunc 8 }}{{ print .Capabilities | trunc 8 }}', 'x{{v1.37.&{{v1.37'],
  ['{{ getHostByName "localhost" }}x{{ lookup "v1" "Pod" "a" "b" }}', 'xmap[]'],
]

describe('renderChart', () => {
  for (const [expression, expected] of expressions) it(expression, async () => assert.equal(await printed(expression, { 'f.txt': 'text' }), expected))

  it('runs deep and late templates first, on shared values', async () => {
    const set = (key: string): string => `{{ $_ := set .Values "seen" (printf "%s${key}" (default "" .Values.seen)) }}k: {{ .Values.seen }}\n`
    const { manifest } = await render({ 'templates/a.yaml': set('a'), 'templates/b.yaml': set('b'), 'templates/d/c.yaml': set('c') })
    assert.deepEqual(
      [...manifest.matchAll(/k: (.*)/g)].map((match) => match[1]),
      ['cba', 'cb', 'c'],
    )
  })

  it("shows a subchart's changes to its values to the parent", async () => {
    const files = {
      'charts/s/Chart.yaml': metadata('s'),
      'charts/s/templates/x.yaml': '{{ $_ := set .Values "x" 1 }}{{ typeOf .Values }}: 1',
      'templates/a.yaml': 'x: {{ .Values.s.x }} {{ typeOf .Values.s }}',
    }
    assert.match((await render(files)).manifest, /x: 1 map\[string\]interface \{\}/)
  })

  it('gives the same bytes again, and with other values others', async () => {
    const chart = await chartOf({ 'templates/a.yaml': 'a: {{ .Values.a }}' })
    const once = renderChart(chart, valuesOf('a: 1'), options).manifest
    assert.equal(renderChart(chart, valuesOf('a: 2'), options).manifest, once.replace('a: 1', 'a: 2'))
    assert.equal(renderChart(chart, valuesOf('a: 1'), options).manifest, once)
  })

  it('keeps notes, hooks and custom resource definitions apart', async () => {
    const files = {
      'templates/NOTES.txt': 'Hello {{ .Release.Name }}',
      'templates/h.yaml': 'kind: Job\nmetadata: {name: h, annotations: {helm.sh/hook: post-install}}',
      'templates/s.yaml': 'kind: Service\nmetadata: {name: s}',
      'crds/x.yaml': 'kind: A\n---\nkind: B\n',
    }
    const { notes, hooks, objects, crds, manifest } = await render(files, '', { includeCrds: true })
    assert.equal(notes, 'Hello r')
    assert.deepEqual(
      hooks.map((hook) => hook.name),
      ['h'],
    )
    assert.deepEqual(
      objects.map((object) => object.object.kind),
      ['Service'],
    )
    assert.deepEqual(
      crds.map((crd) => crd.object.kind),
      ['A', 'B'],
    )
    assert.ok(manifest.startsWith('---\n# Source: c/crds/x.yaml\nkind: A\n---\nkind: B\n\n---\n# Source: c/templates/s.yaml\n'))
  })

  it('survives a trip through JSON', async () => {
    const rendered = await render({ 'templates/s.yaml': 'kind: Service\nmetadata: {name: s}', 'crds/x.yaml': 'kind: A' })
    assert.deepEqual(JSON.parse(JSON.stringify(rendered)).objects[0].object, { kind: 'Service', metadata: { name: 's' } })
  })

  const refused: readonly (readonly [name: string, files: Readonly<Record<string, string>>, message: string])[] = [
    ['fail', { 'templates/a.yaml': 'a\n{{ fail "no" }}' }, 'execution error at (c/templates/a.yaml:2:3): no'],
    [
      'required inside an include',
      { 'templates/a.yaml': '{{ include "x" . }}', 'templates/_x.tpl': '{{ define "x" }}{{ required "need it" .Values.x }}{{ end }}' },
      'execution error at (c/templates/a.yaml:1:3): need it',
    ],
    ['an unknown function', { 'templates/a.yaml': '\n{{ nope }}' }, 'parse error at (c/templates/a.yaml:2): function "nope" not defined'],
    [
      'a field of nothing',
      { 'templates/a.yaml': '{{ .Values.a.b }}' },
      'c/templates/a.yaml:1:10\n  executing "c/templates/a.yaml" at <.Values.a.b>:\n    nil pointer evaluating interface {}.b',
    ],
    [
      'an unknown template',
      { 'templates/a.yaml': '{{ include "x" . }}' },
      'c/templates/a.yaml:1:3\n  executing "c/templates/a.yaml" at <include "x" .>:\n    error calling include:\ntemplate: no template "x" associated with template "gotpl"',
    ],
    [
      'an endless include',
      { 'templates/a.yaml': '{{ include "x" . }}', 'templates/_x.tpl': '{{ define "x" }}{{ include "x" . }}{{ end }}' },
      'unable to execute template',
    ],
    [
      'a tpl that fails',
      { 'templates/a.yaml': '{{ tpl "{{ .a.b.c }}" . }}' },
      'error during tpl function execution for "{{ .a.b.c }}": template: gotpl:1:5',
    ],
    [
      "words that look like Helm's marks",
      { 'templates/x.yaml': '{{ fail "HELM_ERR_START x" }}' },
      'execution error at (c/templates/x.yaml:1:3):  x">: error calling fail: HELM_ERR_STARTHELM_ERR_START x',
    ],
    ['a library', { 'Chart.yaml': metadata('c', 'type: library\n') }, 'library charts are not installable'],
    [
      'a missing dependency',
      { 'Chart.yaml': metadata('c', 'dependencies: [{name: s}]\n') },
      'found in Chart.yaml, but missing in charts/ directory: s',
    ],
    [
      'another Kubernetes',
      { 'Chart.yaml': metadata('c', 'kubeVersion: "<1.20"\n') },
      'chart requires kubeVersion: <1.20 which is incompatible with Kubernetes v1.37.0',
    ],
  ]
  for (const [name, files, message] of refused) {
    it(`refuses ${name} in Helm's words`, () => assert.rejects(render(files), (error: Error) => error.message.includes(message)))
  }

  it('points at the innermost place and tells how it came there', async () => {
    const files = { 'templates/a.yaml': '{{ include "x" . }}', 'templates/_x.tpl': '{{ define "x" }}\n{{ .Values.a.b }}{{ end }}' }
    await assert.rejects(render(files), (error: DiagnosticError) => {
      const [first] = error.diagnostics
      assert.equal(first?.at?.source.name, 'c/templates/_x.tpl')
      assert.equal(positionAt(first?.at?.source as never, first?.at?.start as number).line, 2)
      assert.ok(first?.notes?.some((note) => note.at?.source.name === 'c/templates/a.yaml'))
      return true
    })
  })
})

describe('renderChartWithLookup', () => {
  it('asks each question once and starts again from fresh values', async () => {
    const chart = await chartOf({
      'templates/a.yaml':
        'a: {{ (lookup "v1" "Secret" "ns" "x").data }} {{ (lookup "v1" "Secret" "ns" "x").data }} {{ (lookup "v1" "Pod" "" "").kind }}',
      'templates/b.yaml': '{{ $_ := set .Values "n" (add1 .Values.n) }}n: {{ .Values.n }}',
    })
    const asked: string[] = []
    const rendered = await renderChartWithLookup(chart, valuesOf('n: 0'), options, async (question) => {
      asked.push(JSON.stringify(question))
      return new Map([
        ['data', 'd'],
        ['kind', 'PodList'],
      ]) as GoMap
    })
    assert.equal(asked.length, 2)
    assert.match(rendered.manifest, /a: d d PodList/)
    assert.match(rendered.manifest, /n: 1\n/)
  })

  it('asks for hosts only where allowed', async () => {
    const chart = await chartOf({ 'templates/a.yaml': 'a: "{{ getHostByName "h" }}"' })
    const ask = async (): Promise<string> => '10.0.0.1'
    assert.match((await renderChartWithLookup(chart, new Map(), { ...options, enableDns: true }, ask)).manifest, /a: "10.0.0.1"/)
    assert.match((await renderChartWithLookup(chart, new Map(), options, ask)).manifest, /a: ""/)
  })

  it('hands all documents to the post-renderer and takes them back', async () => {
    const chart = await chartOf({ 'templates/a.yaml': 'kind: A\nmetadata:\n  name: a\n---\nkind: B\n', 'templates/b.yaml': 'kind: C\n' })
    const rendered = await renderChartWithLookup(
      chart,
      new Map(),
      { ...options, postRenderer: (stream) => `${stream.replace('kind: B', 'kind: Changed')}---\nkind: New\n` },
      async () => '',
    )
    assert.deepEqual(
      rendered.objects.map((object) => [object.path, object.object.kind]),
      [
        ['c/templates/a.yaml', 'A'],
        ['c/templates/b.yaml', 'C'],
        ['c/templates/a.yaml', 'Changed'],
        ['generated-by-postrender-3.yaml', 'New'],
      ],
    )
    assert.ok(!rendered.manifest.includes('postrenderer.helm.sh'))
  })
})
