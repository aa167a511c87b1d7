import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { compileRegexp, matches } from '../../../src/go/regexp.ts'
import { simpleRegexp } from '../../../src/go/simple-regexp.ts'

describe('simpleRegexp', () => {
  const simple: readonly (readonly [string, string])[] = [
    ['[^a-z0-9-]', '[^a-z0-9\\-]'],
    ['^[a-z]+$', '^[a-z]+$'],
    ['a.c', 'a[^\\n]c'],
    ['\\s+', '[\\t\\n\\f\\r ]+'],
    ['\\-\\.', '-\\.'],
    ['x\\$', 'x\\$'],
  ]
  for (const [source, pattern] of simple) it(`translates ${source}`, () => assert.equal(simpleRegexp(source)?.pattern, pattern))

  const others = [
    '(a)',
    'a|b',
    'a{2}',
    'a*b*',
    'a+?',
    'a**',
    '\\b',
    '\\pL',
    '[[:alpha:]]',
    '[]a]',
    '[a-Z]',
    'é',
    '(?i)a',
    'a?a?a?a?',
    '\\',
    'a$b',
    '*',
  ]
  for (const source of others) it(`leaves ${source} to RE2`, () => assert.equal(simpleRegexp(source), undefined))

  it('leaves long texts to RE2 where a search may be quadratic', () => {
    assert.equal(matches(compileRegexp('a*b'), 'a'.repeat(200_000)), false)
  })
})
