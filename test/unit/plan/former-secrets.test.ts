import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formerSecrets } from '../../../src/plan/former-secrets.ts'
import type { Plan } from '../../../src/plan/plan.ts'

function plan(current: unknown, next: unknown): Plan {
  const operation = { current: { config: current }, revision: { config: next } }
  return { formatVersion: 1, environment: 'default', releases: [{ id: 'a', operation }] } as unknown as Plan
}

const cases: readonly (readonly [string, unknown, unknown, readonly string[]])[] = [
  ['what stood where a secret stands', { db: { pass: 'old', user: 'u' } }, { db: { pass: 'new', user: 'v' } }, ['old']],
  ['what will stand where one stood', { a: 'new' }, { a: 'next' }, ['next']],
  ['elements of lists', { l: [{ p: 'old' }] }, { l: [{ p: 'new' }] }, ['old']],
  ['numbers', { a: 123456 }, { a: 'new' }, ['123456']],
  ['nothing of another shape', { a: { b: 'x' } }, { a: 'new' }, []],
  ['nothing where no secret stands', { a: 'x' }, { a: 'y' }, []],
]
for (const [name, current, next, expected] of cases) {
  test(`${name}: ${expected.join(', ') || '-'}`, () => assert.deepEqual(formerSecrets(plan(current, next), ['new']), expected))
}

test('by the places in the state files, too', () => {
  assert.deepEqual(formerSecrets(plan({ a: 'older' }, { a: 'old' }), ['new'], new Map([['a', [{ a: 'new' }]]])), ['older', 'old'])
})
