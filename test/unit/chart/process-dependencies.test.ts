import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Chart } from '../../../src/chart/chart.ts'
import { missingDependencies, processDependencies } from '../../../src/chart/process-dependencies.ts'
import { toPlain } from '../../../src/go/plain.ts'
import { chartOf, metadata, valuesOf } from './in-memory.ts'

interface Row {
  readonly name: string
  /** Entries of `dependencies`, as flow YAML. */
  readonly declared: string
  readonly values?: string
  readonly given?: string
  readonly expected: readonly string[]
}

const rows: readonly Row[] = [
  { name: 'undeclared subcharts stay', declared: '', expected: ['s', 't'] },
  { name: 'a condition switches off', declared: '{name: s, version: 1.x.x, condition: s.use}', given: 's: {use: false}', expected: ['t'] },
  { name: 'a condition that is not set leaves on', declared: '{name: s, version: 1.x.x, condition: s.use}', expected: ['t', 's'] },
  {
    name: 'the first boolean of several conditions counts',
    declared: '{name: s, version: 1.x.x, condition: "s.none,s.use"}',
    values: 's: {use: false}',
    expected: ['t'],
  },
  {
    name: 'blanks inside a list of conditions count',
    declared: '{name: s, version: 1.x.x, condition: "s.none, s.use"}',
    values: 's: {use: false}',
    expected: ['t', 's'],
  },
  {
    name: 'a condition that is no boolean is passed over',
    declared: '{name: s, version: 1.x.x, condition: s.use}',
    given: 's: {use: "false"}',
    expected: ['t', 's'],
  },
  { name: 'a tag switches off', declared: '{name: s, version: 1.x.x, tags: [a]}', given: 'tags: {a: false}', expected: ['t'] },
  {
    name: 'one tag that is on is enough',
    declared: '{name: s, version: 1.x.x, tags: [a, b]}',
    given: 'tags: {a: false, b: true}',
    expected: ['t', 's'],
  },
  {
    name: 'a condition wins over tags',
    declared: '{name: s, version: 1.x.x, tags: [a], condition: s.use}',
    given: 'tags: {a: false}\ns: {use: true}',
    expected: ['t', 's'],
  },
  {
    name: 'aliases rename, and one chart may come twice',
    declared: '{name: s, version: 1.x.x, alias: one}, {name: s, version: 1.x.x, alias: two}',
    expected: ['t', 'one', 'two'],
  },
  { name: 'a version that does not fit leaves the chart undeclared', declared: '{name: s, version: 2.x.x, alias: one}', expected: ['s', 't'] },
]

async function chartWith(declared: string, values = ''): Promise<Chart> {
  return chartOf({
    'Chart.yaml': metadata('c', declared === '' ? '' : `dependencies: [${declared}]\n`),
    'values.yaml': values,
    'charts/s/Chart.yaml': metadata('s'),
    'charts/s/values.yaml': 'exports: {data: {imported: {a: 1}}}\nown: {b: 2}\n',
    'charts/t/Chart.yaml': metadata('t'),
  })
}

describe('processDependencies', () => {
  for (const { name, declared, values, given = '', expected } of rows) {
    it(name, async () => {
      const chart = await chartWith(declared, values)
      const names = processDependencies(chart, valuesOf(given), () => undefined).dependencies.map((dependency) => dependency.metadata.name)
      assert.deepEqual(names, expected)
    })
  }

  const imports: readonly (readonly [name: string, entry: string, own: string, expected: unknown])[] = [
    ['an export', 'data', '', { imported: { a: 1 } }],
    ['a path', '{child: own, parent: mine}', '', { mine: { b: 2 } }],
    ['under what the parent has', '{child: own, parent: mine}', 'mine: {b: 3}', { mine: { b: 3 } }],
    ['to the top', '{child: own, parent: .}', '', { b: 2 }],
  ]
  for (const [name, entry, own, expected] of imports) {
    it(`imports ${name}`, async () => {
      const chart = await chartWith(`{name: s, version: 1.x.x, import-values: [${entry}]}`, own)
      const values = toPlain(processDependencies(chart, valuesOf(''), () => undefined).values) as Record<string, unknown>
      assert.deepEqual(Object.fromEntries(Object.entries(values).filter(([key]) => key !== 's' && key !== 't')), expected)
    })
  }

  it('warns of exports that are not there', async () => {
    const said: string[] = []
    processDependencies(await chartWith('{name: s, version: 1.x.x, import-values: [gone]}'), valuesOf(''), (warning) => void said.push(warning))
    assert.deepEqual(said, ['ImportValues missing table: "gone" is not a table'])
  })

  it('changes nothing it was given', async () => {
    const chart = await chartWith('{name: s, version: 1.x.x, alias: one, import-values: [data]}')
    const before = JSON.stringify({ ...chart, values: toPlain(chart.values) })
    processDependencies(chart, valuesOf(''), () => undefined)
    assert.equal(JSON.stringify({ ...chart, values: toPlain(chart.values) }), before)
  })

  it('names missing dependencies by name only', async () => {
    assert.deepEqual(missingDependencies(await chartWith('{name: s, alias: x}, {name: gone}, {name: away, condition: off}')), ['gone', 'away'])
  })
})
