import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { followEndlessCalls } from '../../../src/template/endless-calls.ts'

/** Refuses the call number `bound`, from 1. */
const refuseAt =
  (bound: number) =>
  (names: Iterable<string>): string => {
    let count = 0
    for (const name of names) if (++count === bound) return name
    return `only ${count}`
  }

const calls = (names: string) => Array.from(names, (name) => ({ name, text: `${name};` }))

describe('followEndlessCalls', () => {
  const cases: readonly [name: string, seen: string, bound: number, reason: string, text: string][] = [
    ['one that calls itself', 'aaaaaaaa', 10, 'a', 'a;'.repeat(10)],
    ['a ring of two after a start', 'xabababababab', 16, 'a', 'x;a;b;a;b;a;b;a;b;a;b;a;b;a;b;a;'],
    ['a bound among the calls seen', 'abababab', 3, 'a', 'a;b;a;'],
    ['no ring', 'abcdefgh', 20, 'only 8', ''],
  ]
  for (const [name, seen, bound, reason, text] of cases) {
    it(name, () => assert.deepEqual(followEndlessCalls(calls(seen), refuseAt(bound)), { reason, text }))
  }
  it('ends even where nothing is refused', () =>
    assert.equal(followEndlessCalls(calls('aaaa'), refuseAt(Number.POSITIVE_INFINITY)).reason, 'only 100000'))
})
