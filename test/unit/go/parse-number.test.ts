import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseAtoi, parseFloat64, parseInteger, parseUint } from '../../../src/go/parse-number.ts'

const SYNTAX = 'invalid syntax'
const RANGE = 'value out of range'

describe('parseInteger', () => {
  const cases: readonly [text: string, base: number, value: bigint, error?: string][] = [
    ['42', 10, 42n],
    ['-42', 10, -42n],
    ['+7', 10, 7n],
    ['0x1F', 0, 31n],
    ['0b11', 0, 3n],
    ['0o17', 0, 15n],
    ['017', 0, 15n],
    ['1_000', 0, 1000n],
    ['0x_1', 0, 1n],
    ['0_', 0, 0n, SYNTAX],
    ['1__0', 0, 0n, SYNTAX],
    ['1_000', 10, 0n, SYNTAX],
    ['089', 0, 0n, SYNTAX],
    ['0x', 0, 0n, SYNTAX],
    ['', 10, 0n, SYNTAX],
    ['-', 10, 0n, SYNTAX],
    ['1.5', 10, 0n, SYNTAX],
    ['zz', 36, 1295n],
    ['9223372036854775807', 10, 9223372036854775807n],
    ['9223372036854775808', 10, 9223372036854775807n, RANGE],
    ['-9223372036854775808', 10, -9223372036854775808n],
    ['-9223372036854775809', 10, -9223372036854775808n, RANGE],
    ['12345678901234567890123x', 10, 9223372036854775807n, RANGE],
  ]
  for (const [text, base, value, error] of cases) {
    it(`${JSON.stringify(text)} in base ${base}`, () => {
      const message = error && `strconv.ParseInt: parsing ${JSON.stringify(text)}: ${error}`
      const result = parseInteger(text, base, 64)
      assert.deepEqual([result.value, result.error?.message], [value, message])
    })
  }
  it('holds to the size asked for', () => {
    assert.deepEqual(
      [parseInteger('128', 10, 8).value, parseUint('256', 10, 8).value, parseUint('-1', 10, 8).error?.message],
      [127n, 255n, 'strconv.ParseUint: parsing "-1": invalid syntax'],
    )
  })
  it('names Atoi', () => assert.equal(parseAtoi('x').error?.message, 'strconv.Atoi: parsing "x": invalid syntax'))
})

describe('parseFloat64', () => {
  const cases: readonly [text: string, value: number, error?: string][] = [
    ['1.5', 1.5],
    ['.5', 0.5],
    ['5.', 5],
    ['1e3', 1000],
    ['-0', -0],
    ['1_000.5', 1000.5],
    ['0x1p-2', 0.25],
    ['0x1.8p1', 3],
    ['0x1.00000000000008p0', 1],
    ['0x1.00000000000018p0', 1.0000000000000004],
    ['0x1p-1075', 0],
    ['inf', Number.POSITIVE_INFINITY],
    ['-Infinity', Number.NEGATIVE_INFINITY],
    ['NaN', Number.NaN],
    ['1e400', Number.POSITIVE_INFINITY, RANGE],
    ['0x1', 0, SYNTAX],
    ['+nan', 0, SYNTAX],
    ['', 0, SYNTAX],
    ['.', 0, SYNTAX],
    ['1e', 0, SYNTAX],
    ['_1', 0, SYNTAX],
    ['1 ', 0, SYNTAX],
    ['0b1', 0, SYNTAX],
  ]
  for (const [text, value, error] of cases) {
    it(JSON.stringify(text), () => {
      const result = parseFloat64(text)
      assert.deepEqual([result.value, result.error?.message], [value, error && `strconv.ParseFloat: parsing ${JSON.stringify(text)}: ${error}`])
    })
  }
})
