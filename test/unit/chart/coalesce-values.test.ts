import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { coalesceValues } from '../../../src/chart/coalesce-values.ts'
import { toPlain } from '../../../src/go/plain.ts'
import { chartOf, metadata, valuesOf } from './in-memory.ts'

interface Row {
  readonly name: string
  readonly defaults: string
  readonly sub?: string
  readonly given: string
  readonly expected: unknown
  readonly warnings?: readonly string[]
}

const rows: readonly Row[] = [
  { name: 'given values win, key by key', defaults: 'a: {b: 1, c: 2}', given: 'a: {b: 3}', expected: { a: { b: 3, c: 2 } } },
  { name: 'lists are replaced', defaults: 'a: [1, 2]', given: 'a: [3]', expected: { a: [3] } },
  { name: 'null removes a default', defaults: 'a: 1', given: 'a: null', expected: {} },
  { name: 'null removes a default further in', defaults: 'a: {b: 1, c: 2}', given: 'a: {b: null}', expected: { a: { c: 2 } } },
  { name: 'null for an unknown key stays', defaults: 'a: 1', given: 'b: null', expected: { a: 1, b: null } },
  { name: 'nulls among the defaults go', defaults: 'a: null\nb: {c: null}', given: '', expected: { b: {} } },
  { name: 'nulls in lists stay', defaults: 'a: [null]', given: '', expected: { a: [null] } },
  {
    name: 'a map is not overwritten by a scalar default',
    defaults: 'a: 1',
    given: 'a: {b: 2}',
    expected: { a: { b: 2 } },
    warnings: ['warning: skipped value for c.a: Not a table.'],
  },
  {
    name: 'a scalar does not overwrite a map of the chart',
    defaults: 'a: {b: {c: 1}}',
    given: 'a: {b: 2}',
    expected: { a: { b: 2 } },
    warnings: ['warning: cannot overwrite table with non table for c.a.b (map[c:1])'],
  },
  {
    name: 'subcharts get their defaults and the globals',
    defaults: 'global: {g: 1}',
    sub: 'x: 1',
    given: '',
    expected: { global: { g: 1 }, s: { x: 1, global: { g: 1 } } },
  },
  { name: 'the parent wins over the subchart', defaults: 's: {x: 2}', sub: 'x: 1\nz: 1', given: '', expected: { s: { x: 2, z: 1, global: {} } } },
  {
    name: "the parent's globals win",
    defaults: 'global: {a: {b: 1}}',
    sub: 'global: {a: {b: 2, c: 3}, d: 4}',
    given: '',
    expected: { global: { a: { b: 1 } }, s: { global: { a: { b: 1, c: 3 }, d: 4 } } },
  },
  {
    name: 'a null of the user removes a default of the subchart',
    defaults: '',
    sub: 'x: 1\nz: 1',
    given: 's: {x: null}',
    expected: { s: { z: 1, global: {} } },
  },
]

describe('coalesceValues', () => {
  for (const { name, defaults, sub, given, expected, warnings = [] } of rows) {
    it(name, async () => {
      const chart = await chartOf({
        'values.yaml': defaults,
        ...(sub === undefined ? {} : { 'charts/s/Chart.yaml': metadata('s'), 'charts/s/values.yaml': sub }),
      })
      const said: string[] = []
      assert.deepEqual(toPlain(coalesceValues(chart, valuesOf(given), (warning) => void said.push(warning))), expected)
      assert.deepEqual(said, warnings)
    })
  }

  it('leaves chart and given values alone', async () => {
    const chart = await chartOf({ 'values.yaml': 'a: {b: null, c: 1}' })
    const given = valuesOf('a: {c: null}')
    coalesceValues(chart, given, () => undefined)
    assert.deepEqual(toPlain(chart.values), { a: { b: null, c: 1 } })
    assert.deepEqual(toPlain(given), { a: { c: null } })
  })

  it('refuses a scalar for a subchart', async () => {
    const chart = await chartOf({ 'charts/s/Chart.yaml': metadata('s') })
    assert.throws(() => coalesceValues(chart, valuesOf('s: 1'), () => undefined), /type mismatch on s: %!t\(float64=1\)/)
  })
})
