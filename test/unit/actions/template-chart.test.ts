import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { renderTemplates, templateChart, templateChartDetailed } from '../../../src/actions/template-chart.ts'

const files = {
  'Chart.yaml': 'apiVersion: v2\nname: c\nversion: 1.0.0\n',
  'values.yaml': 'a: 1\nm: {x: 1}\n',
  'templates/a.yaml': 'a: {{ .Values.a }}\nm: {{ toJson .Values.m }}\n{{ with .Values.t }}t: {{ typeOf . }}{{ end }}\n',
  'templates/empty.yaml': '  \n',
  'templates/NOTES.txt': 'notes',
  'charts/s/Chart.yaml': 'apiVersion: v2\nname: s\nversion: 1.0.0\n',
  'charts/s/templates/s.yaml': 's: {{ .Release.Name }}',
}

const chart = { files }

describe('templateChart', () => {
  it('takes the chart out of memory', async () => {
    assert.equal(
      await templateChart({ chart, name: 'r' }),
      '---\n# Source: c/charts/s/templates/s.yaml\ns: r\n---\n# Source: c/templates/a.yaml\na: 1\nm: {"x":1}\n',
    )
  })

  const values: readonly (readonly [name: string, options: Parameters<typeof templateChart>[0], line: string])[] = [
    ['plain values', { chart, values: { a: 2, m: { y: [true, null] } } }, 'm: {"x":1,"y":[true,null]}'],
    ['a Map', { chart, values: new Map([['a', 'map']]) }, 'a: map'],
    ['--set over values', { chart, values: { a: 2 }, set: ['a=3,m.x=null'] }, 'm: {}'],
    ['--set gives integers', { chart, set: ['t=5'] }, 't: int64'],
    ['--set-string over --set', { chart, set: ['t=5'], setString: ['t=5'] }, 't: string'],
    ['--set-json before --set', { chart, set: ['a=6'], setJson: ['a=7'] }, 'a: 6'],
    ['--set-literal last', { chart, setString: ['a=x'], setLiteral: ['a=b,c=d'] }, 'a: b,c=d'],
    ['a key like a prototype', { chart, values: JSON.parse('{"m": {"__proto__": 1}}') as Record<string, unknown> }, 'm: {"__proto__":1,"x":1}'],
  ]
  for (const [name, options, line] of values)
    it(name, async () => assert.ok((await templateChart({ name: 'r', ...options })).split('\n').includes(line)))

  it('names releases and namespaces as Helm does by default', async () => {
    const text = { ...files, 'templates/a.yaml': 'a: {{ .Release.Name }}/{{ .Release.Namespace }}' }
    assert.match(await templateChart({ chart: { files: text } }), /a: release-name\/default/)
  })

  it('refuses names that are none', () => {
    return assert.rejects(
      templateChart({ chart, name: 'Not_A_Name' }),
      /release name check failed: release name "Not_A_Name": invalid release name, must match regex/,
    )
  })

  const missing: readonly (readonly [path: string, message: RegExp])[] = [
    ['./nothing', /path ".\/nothing" not found/],
    ['nothing', /non-absolute URLs should be in form of repo_name\/path_to_chart, got: nothing/],
    ['stable/mysql', /repo stable not found/],
  ]
  for (const [path, message] of missing)
    it(`says what is wrong with ${path}`, () => assert.rejects(templateChart({ chart: path, name: 'r' }), { message }))

  it('collects warnings', async () => {
    const text = { ...files, 'Chart.yaml': `${files['Chart.yaml']}deprecated: true\n` }
    const heard: string[] = []
    const { warnings } = await templateChartDetailed({ chart: { files: text }, name: 'r', onWarning: (warning) => void heard.push(warning.summary) })
    assert.deepEqual(warnings, ['this chart is deprecated'])
    assert.deepEqual(heard, warnings)
  })
})

describe('renderTemplates', () => {
  it('gives every template by path, nothing trimmed or dropped', async () => {
    assert.deepEqual(await renderTemplates({ chart, name: 'r', set: ['a=x'] }), {
      'c/charts/s/templates/s.yaml': 's: r',
      'c/templates/empty.yaml': '  \n',
      'c/templates/a.yaml': 'a: x\nm: {"x":1}\n\n',
      'c/templates/NOTES.txt': 'notes',
    })
  })
})
