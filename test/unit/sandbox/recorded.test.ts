import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { goldenFolder } from '../../support/golden.ts'
import { type Answer, type SandboxSession, sandboxSession } from '../../support/sandbox-session.ts'

// Requests and what kube-apiserver 1.36.3 answered to them.
interface Recorded {
  readonly method: string
  readonly path: string
  readonly body: unknown
  readonly contentType?: string
}
interface Refusal extends Recorded {
  readonly code: number
  readonly reason?: string
  readonly message?: string
  readonly text?: string
  readonly causes?: unknown
}

function recorded<T>(name: string): T {
  return JSON.parse(readFileSync(join(goldenFolder('sandbox'), name), 'utf8')) as T
}

// What differs between any two clusters.
const OWN = new Set(['uid', 'resourceVersion', 'creationTimestamp', 'time', 'clusterIP', 'clusterIPs', 'nodePort', 'healthCheckNodePort'])

function withoutOwn(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22,}/g, 'UID')
  if (Array.isArray(value)) return value.map(withoutOwn)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !OWN.has(key))
      .map(([key, item]) => [key, withoutOwn(item)]),
  )
}

describe('answers as recorded from a real API server', () => {
  let session: SandboxSession
  before(async () => {
    session = await sandboxSession()
    await session.call('POST', '/api/v1/namespaces', { metadata: { name: 'recorded' } })
  })
  after(() => session.sandbox.close())

  test('objects with their defaults and managed fields', async (t) => {
    for (const { method, path, body, contentType, expected } of recorded<readonly (Recorded & { readonly expected: unknown })[]>('objects.json')) {
      await t.test(`${method} ${path}`, async () => {
        const reply = await session.call(method, path, body, contentType)
        assert.deepEqual(withoutOwn(reply.body), expected)
      })
    }
  })

  test('sequences of patches', async (t) => {
    const { definition, steps } = recorded<{
      readonly definition: Answer
      readonly steps: readonly (Recorded & { readonly code: number; readonly expected: unknown })[]
    }>('sequence.json')
    await session.call('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', definition)
    for (const [i, { method, path, body, contentType, code, expected }] of steps.entries()) {
      await t.test(`step ${i}: ${method} ${path}`, async () => {
        const reply = await session.call(method, path, body, contentType)
        assert.equal(reply.code, code)
        assert.deepEqual(sortedOwners(withoutOwn(reply.body)), sortedOwners(expected))
      })
    }
  })

  test('refusals', async (t) => {
    const { setup, cases } = recorded<{ readonly setup: readonly Recorded[]; readonly cases: readonly Refusal[] }>('refusals.json')
    for (const { method, path, body } of setup) await session.call(method, path, body)
    for (const { method, path, body, contentType, code, reason, message, text, causes } of cases) {
      await t.test(`${method} ${path}: ${message?.slice(0, 80) ?? code}`, async () => {
        const reply = await session.call(method, path, body, contentType)
        assert.equal(reply.code, code)
        if (text !== undefined) return assert.equal(reply.text, text)
        assert.deepEqual([reply.body['reason'] ?? null, reply.body['message']], [reason ?? null, message])
        if (causes) assert.deepEqual((reply.body['details'] as Answer)['causes'], causes)
      })
    }
  })
})

/** The owners of one second stand in the order of their names; the recording was made slowly, the test runs fast. */
function sortedOwners(value: unknown): unknown {
  const metadata = (value as Answer)['metadata'] as Answer | undefined
  const owners = metadata?.['managedFields']
  if (!Array.isArray(owners)) return value
  return {
    ...(value as Answer),
    metadata: { ...metadata, managedFields: [...(owners as readonly Answer[])].sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1)) },
  }
}

function idOf(owner: Answer): string {
  return `${String(owner['manager'])} ${String(owner['operation'])} ${String(owner['subresource'] ?? '')}`
}
