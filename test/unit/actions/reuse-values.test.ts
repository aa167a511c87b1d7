import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { upgradeValues } from '../../../src/actions/reuse-values.ts'
import type { Chart } from '../../../src/chart/chart.ts'
import { coalesceValues } from '../../../src/chart/coalesce-values.ts'
import { fromPlain, type Plain, toPlain } from '../../../src/go/plain.ts'
import type { GoMap } from '../../../src/go/values.ts'
import type { Revision } from '../../../src/release/record.ts'
import type { ReleaseOptions } from '../../../src/state/state.ts'

type Values = { readonly [key: string]: Plain }

const metadata = { name: 'app', version: '1.0.0', apiVersion: 'v2' }
const parts = { metadata, lock: null, valuesSource: null, schema: null, templates: [], files: [], raw: [], dependencies: [], origin: 'app' }
const newChart: Chart = { ...parts, values: fromPlain({ a: 'new', b: 'new', c: { x: 'new', y: 'new' } }) as GoMap }
const stored = { metadata, lock: null, templates: [], values: { a: 'old', b: 'old', c: { x: 'old' }, gone: 'old' }, schema: null, files: [] }
const current = { chart: stored, config: { b: 'given', c: { z: 'given' }, n: null } } as unknown as Revision

/** What templates see and what the record keeps, as Helm 4.3.1 printed it for the same charts and options (`helm get values -a`, `helm get values`). */
describe('values of an upgrade', () => {
  const now: Values = { a: 'now' }
  const cases: readonly (readonly [string, ReleaseOptions, Values, Values, Values])[] = [
    ['reset, as Helmfile has it', {}, now, { a: 'now', b: 'new', c: { x: 'new', y: 'new' } }, { a: 'now' }],
    [
      'reused',
      { reuseValues: true },
      now,
      { a: 'now', b: 'given', c: { x: 'old', z: 'given' }, gone: 'old' },
      { a: 'now', b: 'given', c: { z: 'given' }, n: null },
    ],
    [
      'reset, then reused',
      { resetThenReuseValues: true },
      now,
      { a: 'now', b: 'given', c: { x: 'new', y: 'new', z: 'given' }, n: null },
      { a: 'now', b: 'given', c: { z: 'given' }, n: null },
    ],
    [
      'reset beats the others',
      { resetValues: true, reuseValues: true, resetThenReuseValues: true },
      now,
      { a: 'now', b: 'new', c: { x: 'new', y: 'new' } },
      now,
    ],
    [
      'reused beats reset, then reused',
      { reuseValues: true, resetThenReuseValues: true },
      {},
      { a: 'old', b: 'given', c: { x: 'old', z: 'given' }, gone: 'old' },
      { b: 'given', c: { z: 'given' }, n: null },
    ],
  ]
  for (const [name, options, given, seen, kept] of cases) {
    test(name, () => {
      const { chart, config } = upgradeValues(newChart, fromPlain(given) as GoMap, options, current)
      assert.deepEqual(toPlain(coalesceValues(chart, config, () => {})), seen)
      assert.deepEqual(toPlain(config), kept)
    })
  }

  test('an install has nothing to reuse', () => {
    assert.deepEqual(upgradeValues(newChart, fromPlain(now) as GoMap, { reuseValues: true }, undefined), { chart: newChart, config: fromPlain(now) })
  })
})
