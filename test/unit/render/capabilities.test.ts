import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseKubeVersion } from '../../../src/render/capabilities.ts'

const cases: readonly (readonly [text: string, version: string, normalized: string, major: string, minor: string])[] = [
  ['1.33', 'v1.33', 'v1.33', '1', '33'],
  ['v1.33.4', 'v1.33.4', 'v1.33.4', '1', '33'],
  ['1.33.4-gke.1245000', 'v1.33.4-gke.1245000', 'v1.33.4', '1', '33'],
  ['1.28.4+k3s1', 'v1.28.4+k3s1', 'v1.28.4', '1', '28'],
  ['1.30+', 'v1.30+', 'v1.30', '1', '30'],
  ['1.020', 'v1.020', 'v1.20', '1', '20'],
  ['1.2.3.4', 'v1.2.3.4', 'v1.2.3.4', '1', '2'],
]

const refused: readonly (readonly [text: string, message: RegExp])[] = [
  ['abc', /invalid kube version 'abc': could not parse "abc" as version/],
  ['1', /illegal version string "1"/],
  ['01.2', /illegal zero-prefixed version component "01" in "01.2"/],
]

describe('parseKubeVersion', () => {
  for (const [text, version, normalized, major, minor] of cases) {
    it(text, () => assert.deepEqual(parseKubeVersion(text), { version, normalized, major, minor }))
  }
  for (const [text, message] of refused) it(`refuses ${text}`, () => assert.throws(() => parseKubeVersion(text), { message }))
})
