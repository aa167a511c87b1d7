import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  checkConstraint,
  compareVersions,
  parseConstraint,
  parseStrictVersion,
  parseVersion,
  versionString,
} from '../../../src/go/masterminds-semver.ts'

describe('parseVersion', () => {
  const accepted: readonly (readonly [string, string])[] = [
    ['1.2.3', '1.2.3'],
    ['v1.2', '1.2.0'],
    ['1', '1.0.0'],
    ['01.2.3', '1.2.3'],
    ['1.2.3-rc.1+b.5', '1.2.3-rc.1+b.5'],
    ['18446744073709551615.0.0', '18446744073709551615.0.0'],
  ]
  for (const [text, expected] of accepted) it(`reads ${text}`, () => assert.equal(versionString(parseVersion(text)), expected))

  const refused: readonly (readonly [string, string])[] = [
    ['', 'invalid semantic version'],
    ['V1.2.3', 'invalid semantic version'],
    ['1.2.3.4', 'invalid semantic version'],
    ['1.2.3-01', 'version segment starts with 0'],
    ['99999999999999999999', 'error parsing version segment: strconv.ParseUint: parsing "99999999999999999999": value out of range'],
    [`1.0.0-${'a'.repeat(260)}`, 'version string is too long (max 256 bytes)'],
  ]
  for (const [text, message] of refused) it(`refuses ${text.slice(0, 30)}`, () => assert.throws(() => parseVersion(text), { message }))
})

describe('parseStrictVersion', () => {
  const refused: readonly (readonly [string, string])[] = [
    ['', 'version string empty'],
    ['1.2', 'invalid semantic version'],
    ['v1.2.3', 'invalid characters in version'],
    ['1.02.3', 'version segment starts with 0'],
    ['1.2.3-', 'invalid prerelease string'],
    ['1.2.3+', 'invalid metadata string'],
  ]
  for (const [text, message] of refused) it(`refuses "${text}"`, () => assert.throws(() => parseStrictVersion(text), { message }))
  it('keeps what was written', () => assert.equal(parseStrictVersion('1.2.3-a+b').original, '1.2.3-a+b'))
})

describe('compareVersions', () => {
  const ordered = ['1.0.0-1', '1.0.0-2', '1.0.0-10', '1.0.0-alpha', '1.0.0-alpha.1', '1.0.0-beta', '1.0.0', '1.0.1', '1.2.0', '10.0.0']
  it('puts each before the next', () => {
    const results = ordered.slice(1).map((text, i) => compareVersions(parseVersion(ordered[i] as string), parseVersion(text)))
    assert.deepEqual(new Set(results), new Set([-1]))
  })
  it('passes over metadata', () => assert.equal(compareVersions(parseVersion('1.0.0+a'), parseVersion('1.0.0+b')), 0))
})

describe('checkConstraint', () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ['', '1.2.3', false],
    ['1.2', '1.2.9', true],
    ['=1.2', '1.3.0', false],
    ['^1.2', '1.9.0', true],
    ['^0.2.3', '0.3.0', false],
    ['^0.0.3', '0.0.3', true],
    ['~1', '1.9.0', true],
    ['~1.2.3', '1.3.0', false],
    ['>1', '1.9.9', false],
    ['>1.2', '1.2.9', false],
    ['<=1.2', '1.2.9', true],
    ['!=1.2.x', '1.2.5', false],
    ['!=1.2.x', '2.0.0-rc.1', false],
    ['>=1.2 <2 || 3.x', '3.1.0', true],
    ['1.2 - 1.4', '1.4.5', true],
    ['1.2.0 - 1.4.0', '1.4.1', false],
    ['*', '2.0.0-rc.1', false],
    ['*-0', '2.0.0-rc.1', true],
    ['>=1.16-0', '1.20.3-gke.1', true],
    ['=>1.2, =<1.3', '1.3.0', true],
  ]
  for (const [constraint, version, expected] of cases) {
    it(`${version} ${expected ? 'is in' : 'is not in'} "${constraint}"`, () => {
      const check = (): boolean => checkConstraint(parseConstraint(constraint), parseVersion(version))
      if (constraint === '') assert.throws(check, { message: 'improper constraint: ""' })
      else assert.equal(check(), expected)
    })
  }

  it('takes pre-releases in when all are wanted', () => {
    assert.equal(checkConstraint(parseConstraint('>=1.0'), parseVersion('1.1.0-rc.1'), { includePrerelease: true }), true)
  })

  const refused: readonly (readonly [string, string])[] = [
    ['==1.2', 'improper constraint: "==1.2"'],
    ['>=1.2,', 'improper constraint: ">=1.2,"'],
    ['1.2.3.4', 'improper constraint: "1.2.3.4"'],
    ['1|2', 'constraint parser error'],
    ['1||'.repeat(40), 'too many constraint groups (max 32)'],
    ['1 '.repeat(300), 'constraint string is too long (max 512 bytes)'],
  ]
  for (const [constraint, message] of refused) {
    it(`refuses "${constraint.slice(0, 20)}"`, () => assert.throws(() => parseConstraint(constraint), { message }))
  }
})
