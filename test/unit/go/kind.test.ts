import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { elementTypeOf, isNil, isTrue, kindOf, typeOf, zeroValue } from '../../../src/go/kind.ts'
import { GoInt, type GoMap, GoTime, type GoValue, goInt, withGoType } from '../../../src/go/values.ts'

const empty = (): GoMap => new Map()

describe('kinds, types and truth', () => {
  const cases: readonly [value: GoValue, kind: string, type: string, isTrue: boolean][] = [
    [null, 'invalid', '<nil>', false],
    ['', 'string', 'string', false],
    ['a', 'string', 'string', true],
    [0, 'float64', 'float64', false],
    [Number.NaN, 'float64', 'float64', true],
    [false, 'bool', 'bool', false],
    [goInt(0), 'int', 'int', false],
    [new GoInt(1n, 'int64', 'time.Duration'), 'int64', 'time.Duration', true],
    [[], 'slice', '[]interface {}', false],
    [[null], 'slice', '[]interface {}', true],
    [withGoType(['a'], '[]string'), 'slice', '[]string', true],
    [new Uint8Array(1), 'slice', '[]uint8', true],
    [empty(), 'map', 'map[string]interface {}', false],
    [withGoType(empty().set('a', 1), 'common.Values'), 'map', 'common.Values', true],
    [new GoTime(0n, 'UTC'), 'struct', 'time.Time', true],
  ]
  for (const [value, kind, type, truth] of cases) {
    it(`${type} ${truth}`, () => assert.deepEqual([kindOf(value), typeOf(value), isTrue(value)], [kind, type, truth]))
  }
  it('knows nils and zeros', () => {
    assert.deepEqual([null, empty(), withGoType(empty(), 'map[string]string', true)].map(isNil), [true, false, true])
    assert.deepEqual(['string', 'bool', 'float64', 'int', 'interface {}'].map(zeroValue), ['', false, 0, goInt(0), null])
    assert.deepEqual(
      [elementTypeOf([]), elementTypeOf(withGoType(empty(), 'map[string]string')), elementTypeOf(withGoType([], '[]int'))],
      ['interface {}', 'string', 'int'],
    )
  })
})
