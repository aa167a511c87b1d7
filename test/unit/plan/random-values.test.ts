import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { KubeObject } from '../../../src/kinds/kube-object.ts'
import type { ObjectChange } from '../../../src/plan/plan.ts'
import { notesOnRandom, randomPlaces } from '../../../src/plan/random-values.ts'

const secret = (fields: Readonly<Record<string, unknown>>): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { name: 'db', namespace: 'shop' },
  ...fields,
})
const change = (before: KubeObject, after: KubeObject): ObjectChange => ({
  ref: { apiVersion: 'v1', kind: 'Secret', namespace: 'shop', name: 'db' },
  action: 'change',
  origin: 'manifest',
  before,
  after,
  secret: true,
  notes: [],
})

const once = secret({ stringData: { password: 'a', user: 'u' } })
const twice = secret({ stringData: { password: 'b', user: 'u' } })
const words = '1 value is another one at every render (random, or the time): Secret shop/db stringData.password'

/** What differs between renders, what changes, and the note. */
const cases: readonly (readonly [string, readonly [KubeObject, KubeObject], readonly ObjectChange[], readonly string[]])[] = [
  ['nothing is random', [once, once], [change(secret({ data: { password: 'x' } }), secret({ data: { password: 'y' } }))], []],
  [
    'only what is random changes',
    [once, twice],
    [change(secret({ data: { password: 'x' } }), secret({ data: { password: 'y' } }))],
    [`${words}; nothing else changes`],
  ],
  [
    'something else changes in the object',
    [once, twice],
    [change(secret({ data: { password: 'x', user: 'u' } }), secret({ data: { password: 'y', user: 'v' } }))],
    [words],
  ],
  ['nothing changes', [once, twice], [], [words]],
]

for (const [name, [first, second], changes, expected] of cases) {
  test(name, () => {
    assert.deepEqual(notesOnRandom(randomPlaces([first], [second]), changes), expected)
  })
}
