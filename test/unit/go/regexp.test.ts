import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { compileRegexp, findAll, matches, parseExpansion, quoteMeta, replaceAll, splitBy } from '../../../src/go/regexp.ts'

const found = (source: string, text: string, limit = -1): string[] => findAll(compileRegexp(source), text, limit).map((m) => text.slice(m[0], m[1]))

describe('findAll', () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ['a+', 'aab a', ['aa', 'a']],
    ['a|ab', 'ab', ['a']],
    ['x*', 'axb', ['', 'x', '']],
    ['(?U)a+', 'aa', ['a', 'a']],
    ['\\pL+', 'é日1x', ['é日', 'x']],
    ['(?i)k', 'kKK', ['k', 'K', 'K']],
    ['.', '😀b', ['😀', 'b']],
    ['\\Qa.b\\E', 'a.b axb', ['a.b']],
  ]
  for (const [source, text, expected] of cases) it(`${source} in ${text}`, () => assert.deepEqual(found(source, text), expected))
  it('stops at its limit', () => assert.deepEqual(found('a', 'aaa', 2), ['a', 'a']))
  it('counts a byte outside UTF-8 as one character', () => assert.deepEqual(found('a.b', 'a\uDCFFb'), ['a\uDCFFb']))
})

describe('compileRegexp', () => {
  const refused: readonly (readonly [string, string])[] = [
    ['(', 'error parsing regexp: missing closing ): `(`'],
    ['a**', 'error parsing regexp: invalid nested repetition operator: `**`'],
    ['a{1001}', 'error parsing regexp: invalid repeat count: `{1001}`'],
    ['(?=a)', 'error parsing regexp: invalid or unsupported Perl syntax: `(?=`'],
    ['[z-a]', 'error parsing regexp: invalid character class range: `z-a`'],
    ['\\', 'error parsing regexp: trailing backslash at end of expression: ``'],
    ['a\uDCFF', 'error parsing regexp: invalid UTF-8: `a\uDCFF`'],
  ]
  for (const [source, message] of refused) it(`refuses ${source}`, () => assert.throws(() => compileRegexp(source), { message }))

  it('refuses again from its cache', () => assert.throws(() => compileRegexp('('), { message: 'error parsing regexp: missing closing ): `(`' }))

  it('takes linear time where a backtracking engine takes exponential', () => {
    assert.equal(matches(compileRegexp('^(a+)+$'), `${'a'.repeat(5_000)}b`), false)
  })
})

describe('replaceAll', () => {
  const cases: readonly (readonly [string, string, string, string])[] = [
    ['', 'abc', '-', '-a-b-c-'],
    ['a*', 'baac', '<$0>', '<>b<aa>c<>'],
    ['(?P<n>a)(b)?', 'aab', '[$n|$2|${n}x|$nx|$$|$]', '[a||ax||$|$][a|b|ax||$|$]'],
    ['(a)|(b)', 'ab', '${1}-${2}', 'a--b'],
    ['(?P<n>a)|(?P<n>b)', 'ab', '<$n>', '<a><b>'],
  ]
  for (const [source, text, template, expected] of cases) {
    it(`${source} in ${text} by ${template}`, () => {
      const regexp = compileRegexp(source)
      const expand = parseExpansion(regexp, template)
      assert.equal(
        replaceAll(regexp, text, (match) => expand(text, match)),
        expected,
      )
    })
  }
})

describe('splitBy', () => {
  const cases: readonly (readonly [string, string, number, readonly string[] | null])[] = [
    [',', 'a,b,c', -1, ['a', 'b', 'c']],
    [',', 'a,b,c', 2, ['a', 'b,c']],
    [',', 'a,b', 0, null],
    [',', '', -1, ['']],
    ['', 'abc', -1, ['a', 'b', 'c']],
    ['a*', 'baac', -1, ['b', 'c']],
  ]
  for (const [source, text, limit, expected] of cases) {
    it(`${source} in "${text}", ${limit}`, () => assert.deepEqual(splitBy(compileRegexp(source), text, limit), expected))
  }
})

describe('quoteMeta', () => {
  it('escapes what has a meaning', () => assert.equal(quoteMeta('a.b*[c]-{}'), 'a\\.b\\*\\[c\\]-\\{\\}'))
})
