import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import semver from 'semver'
import { checkConstraint, compareVersions, parseConstraint, parseVersion, versionString } from '../../../src/go/masterminds-semver.ts'

// npm reads versions in its own way, so it is no substitute for Masterminds/semver; where the specification leaves no choice both agree.

const RUN = { seed: 20261121, numRuns: 2_000 }

// Small numbers, so that equal and neighbouring versions come up.
const number = fc.nat({ max: 3 })
const release = fc.tuple(number, number, number).map((parts) => parts.join('.'))
const identifier = fc.oneof(fc.nat({ max: 12 }).map(String), fc.constantFrom('alpha', 'beta', 'rc', 'rc1', 'x-1', '-', 'A'))
const version = fc
  .tuple(release, fc.array(identifier, { maxLength: 3 }))
  .map(([numbers, identifiers]) => numbers + (identifiers.length === 0 ? '' : `-${identifiers.join('.')}`))

const partial = fc.oneof(
  release,
  fc.tuple(number, number).map((parts) => parts.join('.')),
  number.map(String),
)
const comparison = fc.oneof(
  fc.tuple(fc.constantFrom('>=', '<', '=', ''), release).map((parts) => parts.join('')),
  fc.tuple(fc.constantFrom('^', '~', '>=', '<=', '>', ''), partial).map((parts) => parts.join('')),
)
const group = fc.oneof(
  fc.array(comparison, { minLength: 1, maxLength: 2 }).map((parts) => parts.join(' ')),
  fc.tuple(release, release).map((parts) => parts.join(' - ')),
)
const range = fc.array(group, { minLength: 1, maxLength: 2 }).map((groups) => groups.join(' || '))

test('versions are written as they were read, and ordered as npm orders them', () => {
  fc.assert(
    fc.property(version, version, (a, b) => {
      assert.equal(versionString(parseVersion(a)), semver.parse(a)?.version)
      assert.equal(compareVersions(parseVersion(a), parseVersion(b)), semver.compare(a, b), `${a} and ${b}`)
    }),
    RUN,
  )
})

test('releases satisfy what they satisfy for npm', () => {
  const answers = new Set<boolean>()
  fc.assert(
    fc.property(release, range, (a, constraint) => {
      const answer = checkConstraint(parseConstraint(constraint), parseVersion(a))
      assert.equal(answer, semver.satisfies(a, constraint), `${a} and ${constraint}`)
      answers.add(answer)
    }),
    RUN,
  )
  assert.equal(answers.size, 2)
})
