import assert from 'node:assert/strict'
import { test } from 'node:test'
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
  ['stable/web', /chart "stable\/web" is not on this machine \[supply\/not-local\]/],
  ['./charts/gone', /path "\.\/charts\/gone" not found \[supply\/missing-chart\]/],
  ['./manifests', /folder "\.\/manifests" has no Chart\.yaml \[supply\/not-a-chart\]/],
]

for (const [chart, pattern] of refused) {
  test(`"${chart}" is refused`, () => assert.throws(() => requireLocalChart(host, { chart, baseDir }), pattern))
}
