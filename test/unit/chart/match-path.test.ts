import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { matchPath } from '../../../src/chart/match-path.ts'

const cases: readonly (readonly [pattern: string, name: string, expected: boolean | undefined])[] = [
  ['abc', 'abc', true],
  ['*', 'abc', true],
  ['*', 'a/b', false],
  ['*c', 'abc', true],
  ['a*', 'ab/c', false],
  ['a*/b', 'abc/b', true],
  ['a*/b', 'a/c/b', false],
  ['a*b*c*d*e*', 'axbxcxdxe', true],
  ['a*b?c*x', 'abxbbxdbxebxczzx', true],
  ['a*b?c*x', 'abxbbxdbxebxczzy', false],
  ['ab[c]', 'abc', true],
  ['ab[b-d]', 'abc', true],
  ['ab[^c]', 'abc', false],
  ['ab[^e-g]', 'abc', true],
  ['a\\*b', 'a*b', true],
  ['a\\*b', 'ab', false],
  ['a?b', 'a☺b', true],
  ['a[^a]b', 'a☺b', true],
  ['a?b', 'a/b', false],
  ['[\\]a]', ']', true],
  ['[x\\-]', '-', true],
  ['*x', 'xxx', true],
  ['', '', true],
  ['[]a]', 'a', undefined],
  ['[-]', '-', undefined],
  ['[a-b-c]', 'a', undefined],
  ['[', 'a', undefined],
  ['[a', 'a', undefined],
  ['a[', 'ab', undefined],
  ['a\\', 'a', undefined],
]

describe('matchPath', () => {
  for (const [pattern, name, expected] of cases) {
    it(`${pattern} on ${name || 'nothing'}: ${expected}`, () => assert.equal(matchPath(pattern, name), expected))
  }

  it('bears many stars', () => assert.equal(matchPath(`${'a*'.repeat(50)}b`, 'a'.repeat(500)), false))
})
