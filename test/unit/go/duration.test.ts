import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { durationString, parseDuration, roundDuration, truncateDuration } from '../../../src/go/duration.ts'

const SECOND = 1_000_000_000n

describe('durations', () => {
  const cases: readonly [nanoseconds: bigint, text: string][] = [
    [0n, '0s'],
    [1n, '1ns'],
    [1100n, '1.1µs'],
    [2_200_000n, '2.2ms'],
    [3_300_000_000n, '3.3s'],
    [245n * SECOND, '4m5s'],
    [3600n * SECOND, '1h0m0s'],
    [-90n * SECOND, '-1m30s'],
    [(1n << 63n) - 1n, '2562047h47m16.854775807s'],
    [-(1n << 63n), '-2562047h47m16.854775808s'],
  ]
  for (const [nanoseconds, text] of cases) {
    it(text, () => {
      assert.equal(durationString(nanoseconds), text)
      assert.equal(parseDuration(text), nanoseconds)
    })
  }
  const parsed: readonly [text: string, nanoseconds: bigint][] = [
    ['0', 0n],
    ['+1.5h', 5400n * SECOND],
    ['.5s', SECOND / 2n],
    ['1.s', SECOND],
    ['1h1m1s1ms1us1ns', 3661n * SECOND + 1_001_001n],
    ['1μs', 1000n],
    ['0.123456789123456789s', 123_456_789n],
  ]
  for (const [text, nanoseconds] of parsed) it(`reads ${text}`, () => assert.equal(parseDuration(text), nanoseconds))
  const bad: readonly [text: string, message: string][] = [
    ['', 'time: invalid duration ""'],
    ['-', 'time: invalid duration "-"'],
    ['1', 'time: missing unit in duration "1"'],
    ['1d', 'time: unknown unit "d" in duration "1d"'],
    ['.s', 'time: invalid duration ".s"'],
    ['é', 'time: invalid duration "\\xc3\\xa9"'],
    ['9223372036854775808ns', 'time: invalid duration "9223372036854775808ns"'],
    ['99999999999h', 'time: invalid duration "99999999999h"'],
  ]
  for (const [text, message] of bad) it(`refuses ${JSON.stringify(text)}`, () => assert.throws(() => parseDuration(text), { message }))
  it('rounds halves away from zero and truncates towards it', () => {
    const half = 3n * SECOND + SECOND / 2n
    assert.deepEqual(
      [roundDuration(half, SECOND), roundDuration(-half, SECOND), truncateDuration(-half, SECOND)],
      [4n * SECOND, -4n * SECOND, -3n * SECOND],
    )
    assert.deepEqual([roundDuration(half, 0n), truncateDuration(half, -1n)], [half, half])
  })
})
