import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { encodeJson } from '../../../src/go/json-encode.ts'
import { GoTime } from '../../../src/go/values.ts'
import { encodeYaml } from '../../../src/yaml/encode.ts'
import { YamlError } from '../../../src/yaml/yaml-error.ts'

const NOT_JSON = 'json: error calling MarshalJSON for type time.Time: Time.MarshalJSON: '

describe('times in JSON', () => {
  const good: readonly [seconds: number, zone: string, offset: number | undefined, expected: string][] = [
    [1_008_385_183, '', -18_000, '2001-12-14T21:59:43-05:00'],
    [1_625_097_600, 'Europe/Berlin', undefined, '2021-07-01T02:00:00+02:00'],
    [-62_167_219_200, 'UTC', undefined, '0000-01-01T00:00:00Z'],
    [253_402_300_799, '', 0, '9999-12-31T23:59:59Z'],
    [0, '', 86_340, '1970-01-01T23:59:00+23:59'],
  ]
  for (const [seconds, zone, offset, expected] of good) {
    it(expected, () => {
      const time = new GoTime(BigInt(seconds) * 1_000_000_000n, zone, offset)
      assert.equal(encodeJson(time), `"${expected}"`)
      assert.equal(encodeYaml(new Map([['a', time]]), 'helm'), `a: "${expected}"\n`)
    })
  }

  const bad: readonly [seconds: number, offset: number | undefined, message: string][] = [
    [-62_167_219_201, undefined, 'year outside of range [0,9999]'],
    [253_402_300_800, undefined, 'year outside of range [0,9999]'],
    [0, 86_400, 'timezone hour outside of range [0,23]'],
  ]
  for (const [seconds, offset, message] of bad) {
    it(`refuses ${seconds} at ${offset}`, () => {
      const time = new GoTime(BigInt(seconds) * 1_000_000_000n, 'UTC', offset)
      assert.throws(() => encodeJson(time), { message: NOT_JSON + message })
      const isSaid = (error: unknown): boolean =>
        error instanceof YamlError && error.goMessage === `error marshaling into JSON: ${NOT_JSON}${message}`
      assert.throws(() => encodeYaml(time, 'helm'), isSaid)
    })
  }
})
