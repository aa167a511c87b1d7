import assert from 'node:assert/strict'
import { it } from 'node:test'
import { LayeredTable } from '../../../src/template/layered-table.ts'

for (const size of [1, 100]) {
  it(`keeps copies of ${size} entries apart`, () => {
    const table = new LayeredTable<number>(new Map([['base', 0]]))
    for (let i = 0; i < size; i++) table.set(`k${i}`, i)
    const copy = table.copy()
    copy.set('k0', -1)
    table.set('later', 5)
    const second = copy.copy()
    second.set('base', -2)
    assert.deepEqual(
      [table, copy, second].map((t) => [t.get('base'), t.get('k0'), t.get('later'), t.get('nope')]),
      [
        [0, 0, 5, undefined],
        [0, -1, undefined, undefined],
        [-2, -1, undefined, undefined],
      ],
    )
  })
}
