import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { typeOf } from '../../../src/go/kind.ts'
import { unnamedMap } from '../../../src/go/unnamed-map.ts'
import { type GoMap, withGoType } from '../../../src/go/values.ts'

describe('unnamedMap', () => {
  it('is the map itself where that has no name', () => {
    const map: GoMap = new Map()
    assert.equal(unnamedMap(map), map)
  })

  it('shares its entries with the named map', () => {
    const named = withGoType<GoMap>(new Map([['a', 1]]), 'common.Values')
    const shared = unnamedMap(named)
    shared.set('b', 2)
    named.delete('a')
    assert.deepEqual([typeOf(named), typeOf(shared)], ['common.Values', 'map[string]interface {}'])
    assert.deepEqual(
      [[...named], [...shared], shared.size, [...shared.keys()], shared.has('b'), shared.get('b')],
      [[['b', 2]], [['b', 2]], 1, ['b'], true, 2],
    )
  })
})
