import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Outcome, retryDelay } from '../../../src/kube/retry.ts'

const answer = (status: number, retryAfter?: string, message = ''): Outcome => ({ status, retryAfter, message })
const broken = (code: string, unsent = false): Outcome => ({ code, unsent })

test('which outcomes are tried again, and when', () => {
  const cases: readonly [name: string, attempt: number, outcome: Outcome, idempotent: boolean, expected: number | undefined][] = [
    ['too many requests', 1, answer(429), false, 50],
    ['each pause is twice as long', 3, answer(429), false, 200],
    ['Retry-After wins over the pause', 1, answer(429, '3'), false, 3000],
    ['the pause wins over a short Retry-After', 6, answer(429, '1'), false, 1600],
    ['the last attempt', 7, answer(429), false, undefined],
    ['a wait of minutes', 1, answer(503, '120'), true, undefined],
    ['a date is no number of seconds', 1, answer(503, 'Wed, 21 Oct 2026 07:28:00 GMT'), false, 50],
    ['a gateway, reading', 1, answer(502), true, 50],
    ['a gateway, creating', 1, answer(504), false, undefined],
    ['an internal error', 1, answer(500), true, undefined],
    ['etcd elects a leader', 1, answer(500, undefined, 'etcdserver: leader changed'), true, 50],
    ['not found', 1, answer(404), true, undefined],
    ['a reset, reading', 1, broken('ECONNRESET'), true, 50],
    ['a reset, creating', 1, broken('ECONNRESET'), false, undefined],
    ['a refused connection', 1, broken('ECONNREFUSED', true), false, 50],
    ['a refused connection, again and again', 4, broken('ECONNREFUSED', true), true, undefined],
    ['a name that is not there', 1, broken('ENOTFOUND', true), true, undefined],
    ['silence', 1, broken('ETIMEDOUT'), true, 50],
    ['silence again', 2, broken('ETIMEDOUT'), true, undefined],
    ['a bad certificate', 1, broken('CERT_HAS_EXPIRED', true), true, undefined],
  ]
  for (const [name, attempt, outcome, idempotent, expected] of cases) assert.equal(retryDelay(attempt, outcome, idempotent, 0), expected, name)
})

test('clients that were refused together spread out', () => {
  assert.deepEqual(
    [0, 0.5, 1].map((random) => retryDelay(1, answer(429), false, random)),
    [50, 75, 100],
  )
})
