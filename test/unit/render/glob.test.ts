import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { compileGlob } from '../../../src/render/glob.ts'

const cases: readonly (readonly [pattern: string, name: string, expected: boolean | undefined])[] = [
  ['*.txt', 'a.txt', true],
  ['*.txt', 'd/a.txt', false],
  ['**.txt', 'd/a.txt', true],
  ['**/a.txt', 'a.txt', false],
  ['**/a.txt', 'd/e/a.txt', true],
  ['d/**', 'd/e/f', true],
  ['d/*', 'd/e/f', false],
  ['?', 'a', true],
  ['?', '/', false],
  ['[abc].x', 'b.x', true],
  ['[!abc].x', 'b.x', false],
  ['[a-c].x', 'b.x', true],
  ['[!a-c].x', 'd.x', true],
  ['{a,b*}.x', 'bcd.x', true],
  ['{a,{b,c}}.x', 'c.x', true],
  ['{a,}.x', '.x', true],
  ['a,b', 'a,b', true],
  ['a}', 'a}', true],
  ['\\*', '*', true],
  ['\\*', 'a', false],
  ['', '', true],
  ['é?', 'éñ', true],
  ['[', 'a', undefined],
  ['[]', 'a', undefined],
  ['[c-a]', 'a', undefined],
  ['[a-cx]', 'a', undefined],
]

describe('compileGlob', () => {
  for (const [pattern, name, expected] of cases) {
    it(`${pattern || 'nothing'} on ${name || 'nothing'}: ${expected}`, () => assert.equal(compileGlob(pattern)?.(name), expected))
  }

  it('bears many stars', () => assert.equal(compileGlob(`${'*a'.repeat(40)}b`)?.('a'.repeat(400)), false))
})
