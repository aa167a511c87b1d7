import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { fromTransferred, type Transferred, toTransferred } from '../../../src/go/transfer.ts'
import { GO_TYPE, GoInt, type GoMap, GoTime, type GoValue, goDuration, goInt, withGoMethods, withGoType } from '../../../src/go/values.ts'

const cases: readonly [string, GoValue][] = [
  ['nil', null],
  ['a string', 'x\udc80'],
  ['a float', 1.5],
  ['an integer', new GoInt(2n ** 63n, 'uint64')],
  ['a duration', goDuration(5n)],
  ['a time', new GoTime(7n, 'UTC')],
  ['a time with an offset', new GoTime(7n, '', 3600)],
  ['bytes', new Uint8Array([1, 2])],
  ['a list', [goInt(1), [true]]],
  ['a map', new Map<string, GoValue>([['__proto__', goInt(1)]])],
  ['a typed list', withGoType(['a'], '[]string')],
  ['a typed nil', withGoType(new Map(), 'map[string]string', true)],
]

describe('values that go to another thread', () => {
  for (const [name, value] of cases) {
    it(`come back equal: ${name}`, () => {
      const back = fromTransferred(structuredClone(toTransferred(value)) as Transferred)
      assert.deepEqual(back, value)
      assert.deepEqual((back as GoMap | null)?.[GO_TYPE], (value as GoMap | null)?.[GO_TYPE])
    })
  }

  it('stay where something in them has methods', () => {
    const named = withGoMethods(new Map(), () => undefined)
    assert.equal(toTransferred(new Map([['x', [named]]]) as GoMap), undefined)
  })
})
