import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { DiagnosticError } from '../../../src/base/diagnostic.ts'
import type { KubeObject } from '../../../src/kinds/kube-object.ts'
import { type MergeStates, threeWayMerge } from '../../../src/kube/three-way-merge.ts'
import { goldenFolder } from '../../support/golden.ts'

interface RecordedCase extends MergeStates {
  readonly threeWay: boolean
  readonly expected: { readonly patch?: unknown; readonly error?: string }
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

test('patches are those that apimachinery makes', () => {
  const lines = readFileSync(join(goldenFolder('kube'), 'three-way-merge.jsonl'), 'utf8')
    .trim()
    .split('\n')
  assert.ok(lines.length >= 90)
  for (const [index, line] of lines.entries()) {
    const recorded = JSON.parse(line) as RecordedCase
    const make = () => plain(threeWayMerge(recorded, { threeWayForCustomKinds: recorded.threeWay }).patch)
    if (recorded.expected.error === undefined) assert.deepEqual(make(), recorded.expected.patch, `case ${index + 1}`)
    else assert.throws(make, DiagnosticError, `case ${index + 1}`)
  }
})

const service = (ports: readonly object[], more: object = {}): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 's' },
  spec: { ports, ...more },
})
const widget = (spec: object): KubeObject => ({ apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w' }, spec })

test('what others changed stays', () => {
  const cases: readonly [name: string, states: MergeStates, type: string, patch: unknown][] = [
    [
      'nothing to do',
      {
        original: service([{ port: 80 }]),
        target: service([{ port: 80 }]),
        live: service([{ port: 80, nodePort: 3000 }], { clusterIP: '10.0.0.1' }),
      },
      'strategic',
      {},
    ],
    [
      'a port that someone added',
      { original: service([{ port: 80 }]), target: service([{ port: 80, name: 'http' }]), live: service([{ port: 80 }, { port: 9 }]) },
      'strategic',
      { spec: { ports: [{ port: 80, name: 'http' }], '$setElementOrder/ports': [{ port: 80 }] } },
    ],
    [
      'a port that we took away',
      { original: service([{ port: 80 }, { port: 81 }]), target: service([{ port: 80 }]), live: service([{ port: 80 }, { port: 81 }]) },
      'strategic',
      { spec: { ports: [{ $patch: 'delete', port: 81 }], '$setElementOrder/ports': [{ port: 80 }] } },
    ],
    [
      'a custom kind: from what was applied, whatever is live',
      { original: widget({ a: 1, b: 2 }), target: widget({ a: 2 }), live: widget({ a: 2, b: 5, c: 6 }) },
      'merge',
      { spec: { a: 2, b: null } },
    ],
  ]
  for (const [name, states, type, patch] of cases) {
    const made = threeWayMerge(states)
    assert.deepEqual(plain(made.patch), patch, name)
    assert.ok(made.type.includes(type), name)
    assert.equal(made.isEmpty, Object.keys(patch as object).length === 0, name)
  }
})

test('documents cannot reach prototypes', () => {
  const hostile = JSON.parse(
    '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"c"},"data":{"__proto__":{"polluted":"yes"},"constructor":"x"}}',
  ) as KubeObject
  const empty: KubeObject = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, data: {} }
  const { patch } = threeWayMerge({ original: empty, target: hostile, live: empty })
  assert.equal(JSON.stringify(patch), '{"data":{"__proto__":{"polluted":"yes"},"constructor":"x"}}')
  assert.equal(({} as { polluted?: string }).polluted, undefined)
})
