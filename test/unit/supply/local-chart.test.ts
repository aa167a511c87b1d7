import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Chart } from '../../../src/chart/chart.ts'
import { withFileDependencies } from '../../../src/supply/file-dependencies.ts'
import { findLocalChart, requireLocalChart } from '../../../src/supply/local-chart.ts'
import { memoryHost } from '../../support/memory-host.ts'

const host = memoryHost({ 'charts/web/Chart.yaml': 'name: web\n', 'charts/web-1.0.0.tgz': '', 'manifests/cm.yaml': '' })
const baseDir = '/repo'

const found: readonly (readonly [string, string | undefined])[] = [
  ['./charts/web', '/repo/charts/web'],
  ['charts/web', '/repo/charts/web'],
  ['./charts/web-1.0.0.tgz', '/repo/charts/web-1.0.0.tgz'],
  ['file:///repo/charts/web', '/repo/charts/web'],
  ['../elsewhere/chart', '/elsewhere/chart'],
  ['/abs/chart', '/abs/chart'],
  ['stable/web', undefined],
  ['oci://registry/web', undefined],
  ['https://host/web.tgz', undefined],
  ['', undefined],
]

for (const [chart, expected] of found) {
  test(`"${chart}" is ${expected ?? 'not here'}`, () => assert.equal(findLocalChart(host.fs, { chart, baseDir }), expected))
}

const refused: readonly (readonly [string, RegExp])[] = [
  ['stable/web', /chart "stable\/web" is not on this machine, and charts are not fetched \[supply\/not-local\]/],
  ['./charts/gone', /path "\.\/charts\/gone" not found \[supply\/missing-chart\]/],
  ['./manifests', /folder "\.\/manifests" has no Chart\.yaml \[supply\/not-a-chart\]/],
]

for (const [chart, pattern] of refused) {
  test(`"${chart}" is refused`, () => assert.throws(() => requireLocalChart(host, { chart, baseDir }), pattern))
}

function chart(origin: string, version: string, dependencies: readonly { name: string; version: string; repository: string }[] = []): Chart {
  const name = origin.split('/').at(-1) as string
  const metadata = { name, version, apiVersion: 'v2', dependencies }
  return { metadata, lock: null, values: new Map(), valuesSource: null, schema: null, templates: [], files: [], raw: [], dependencies: [], origin }
}

const CHARTS = new Map<string, Chart>([
  ['/c/parent', chart('/c/parent', '1.0.0', [{ name: 'child', version: '^1.0.0', repository: 'file://../child' }])],
  ['/c/child', chart('/c/child', '1.2.0', [{ name: 'leaf', version: '1.x', repository: 'file:///c/leaf' }])],
  ['/c/leaf', chart('/c/leaf', '1.0.0')],
  ['/c/old', chart('/c/old', '1.0.0', [{ name: 'child', version: '^2.0.0', repository: 'file://../child' }])],
  ['/c/ring', chart('/c/ring', '1.0.0', [{ name: 'ring2', version: '*', repository: 'file://../ring2' }])],
  ['/c/ring2', chart('/c/ring2', '1.0.0', [{ name: 'ring', version: '*', repository: 'file://../ring' }])],
  ['/c/remote', chart('/c/remote', '1.0.0', [{ name: 'x', version: '1', repository: 'https://x' }])],
])
const chartAt = (path: string): Chart => CHARTS.get(path) as Chart
const loadAt = (path: string): Promise<Chart> => Promise.resolve(chartAt(path))

test('file dependencies are filled in, theirs too', async () => {
  const whole = await withFileDependencies(chartAt('/c/parent'), loadAt)
  assert.equal(whole.dependencies[0]?.metadata.name, 'child')
  assert.equal(whole.dependencies[0]?.dependencies[0]?.metadata.name, 'leaf')
  assert.equal(chartAt('/c/parent').dependencies.length, 0)
})

test('other dependencies stay missing', async () => assert.equal(await withFileDependencies(chartAt('/c/remote'), loadAt), CHARTS.get('/c/remote')))

test('a version that does not match is refused', async () => {
  await assert.rejects(
    withFileDependencies(chartAt('/c/old'), loadAt),
    /has version 1\.2\.0, which does not match \^2\.0\.0 \[supply\/dependency-version\]/,
  )
})

test('charts that depend on one another are refused', async () => {
  await assert.rejects(withFileDependencies(chartAt('/c/ring'), loadAt), /\/c\/ring -> \/c\/ring2 -> \/c\/ring \[supply\/dependency-cycle\]/)
})
