import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { templateChart } from '../../../src/actions/template-chart.ts'

const SECRET = 'only-outside-the-chart'
let folder = ''

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'flotilla-outside-'))
  mkdirSync(join(folder, 'chart/templates'), { recursive: true })
  writeFileSync(join(folder, 'secret.txt'), SECRET)
  writeFileSync(join(folder, 'schema.json'), JSON.stringify({ type: 'object', required: [SECRET] }))
  writeFileSync(join(folder, 'chart/Chart.yaml'), 'apiVersion: v2\nname: c\nversion: 0.1.0\n')
})

after(() => rmSync(folder, { recursive: true, force: true }))

function chartWith(template: string, schema?: object): string {
  const path = join(folder, 'chart')
  writeFileSync(join(path, 'templates/x.yaml'), template)
  rmSync(join(path, 'values.schema.json'), { force: true })
  if (schema) writeFileSync(join(path, 'values.schema.json'), JSON.stringify(schema))
  return path
}

test('.Files reaches nothing outside the chart', async () => {
  const paths = ['../secret.txt', join(folder, 'secret.txt'), 'templates/../../secret.txt', './../secret.txt']
  const reads = paths.map((path, i) => `a${i}: {{ .Files.Get ${JSON.stringify(path)} | quote }}`)
  const globs = ['../*', '/**', '**/secret.txt'].map(
    (path, i) => `b${i}: {{ range $name, $_ := .Files.Glob ${JSON.stringify(path)} }}{{ $name }}{{ end }}`,
  )
  const output = await templateChart({ chart: chartWith([...reads, ...globs].join('\n')), name: 'r' })
  assert.ok(!output.includes(SECRET))
  assert.ok(!output.includes('secret.txt'))
  assert.match(output, /a0: ""\na1: ""\na2: ""\na3: ""/)
})

test('a schema refers to nothing outside the chart', async () => {
  for (const reference of [`file://${join(folder, 'schema.json')}`, '../schema.json', join(folder, 'schema.json')]) {
    const chart = chartWith('a: 1\n', { $ref: reference })
    await assert.rejects(templateChart({ chart, name: 'r' }), (error) => error instanceof Error && !error.message.includes(SECRET), reference)
  }
})
