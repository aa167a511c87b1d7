import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { formatFloat } from '../../../src/go/float.ts'

describe('formatFloat', () => {
  const cases: readonly [value: number, format: string, precision: number, expected: string][] = [
    [1000000, 'g', -1, '1e+06'],
    [123456, 'g', -1, '123456'],
    [123456789, 'g', -1, '1.23456789e+08'],
    [0.0001, 'g', -1, '0.0001'],
    [0.00001, 'g', -1, '1e-05'],
    [0.1, 'g', -1, '0.1'],
    [-0, 'g', -1, '-0'],
    [5e-324, 'g', -1, '5e-324'],
    [1.7976931348623157e308, 'g', -1, '1.7976931348623157e+308'],
    [123456, 'g', 3, '1.23e+05'],
    [100, 'g', 3, '100'],
    [100, 'g', 2, '1e+02'],
    [0, 'g', 0, '0'],
    [2.5, 'f', 0, '2'],
    [3.5, 'f', 0, '4'],
    [0.5, 'f', 0, '0'],
    [0.125, 'f', 2, '0.12'],
    [0.375, 'f', 2, '0.38'],
    [9.995, 'f', 2, '9.99'],
    [99.96, 'f', 1, '100.0'],
    [1e21, 'f', -1, '1000000000000000000000'],
    [1e-7, 'f', -1, '0.0000001'],
    [0.1, 'f', 20, '0.10000000000000000555'],
    [1.5, 'e', -1, '1.5e+00'],
    [0, 'e', 2, '0.00e+00'],
    [9.99, 'e', 1, '1.0e+01'],
    [1e100, 'e', 0, '1e+100'],
    [1, 'b', -1, '4503599627370496p-52'],
    [1, 'x', -1, '0x1p+00'],
    [3.75, 'x', -1, '0x1.ep+01'],
    [3.75, 'X', 1, '0X1.EP+01'],
    [0, 'x', 2, '0x0.00p+00'],
    [Number.NaN, 'f', 2, 'NaN'],
    [Number.POSITIVE_INFINITY, 'g', -1, '+Inf'],
    [Number.NEGATIVE_INFINITY, 'e', 3, '-Inf'],
  ]
  for (const [value, format, precision, expected] of cases) {
    it(`${value} as ${format}${precision}`, () => assert.equal(formatFloat(value, format, precision), expected))
  }
})
