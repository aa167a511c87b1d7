import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { KubeObject } from '../../../src/kinds/kube-object.ts'
import { isSameQuantity } from '../../../src/plan/quantity.ts'
import { isProvenUnchanged } from '../../../src/plan/unchanged.ts'
import type { FieldsV1 } from '../../../src/release/field-managers.ts'

type Fields = { readonly [field: string]: Fields }

function object(body: object, kind = 'Widget'): KubeObject {
  return { apiVersion: kind === 'Secret' ? 'v1' : 'demo/v1', kind, metadata: { name: 'a', namespace: 'n' }, ...body }
}

const leaf: Fields = {}
const spec = (fields: Fields): FieldsV1 => ({ 'f:spec': fields })

/** name, desired, live, owned, proven when something else was applied before, proven when exactly this was applied before */
const cases: readonly (readonly [string, object, object, FieldsV1, boolean, boolean, string?])[] = [
  ['equal', { spec: { a: 1 } }, { spec: { a: 1 } }, spec({ 'f:a': leaf }), true, true],
  ['others add fields', { spec: { a: 1 } }, { spec: { a: 1, b: 2 }, status: {} }, spec({ 'f:a': leaf }), true, true],
  ['another value', { spec: { a: 1 } }, { spec: { a: 2 } }, spec({ 'f:a': leaf }), false, false],
  ['a field that is gone', { spec: { a: 1 } }, { spec: {} }, spec({ 'f:a': leaf }), false, false],
  ['a field owned by others', { spec: { a: 1 } }, { spec: { a: 1 } }, spec({ 'f:b': leaf }), false, false],
  ['a field that is no longer wanted', { spec: { a: 1 } }, { spec: { a: 1, b: 2 } }, spec({ 'f:a': leaf, 'f:b': leaf }), false, false],
  [
    'zero values that Go leaves out',
    { spec: { a: false, b: 0, c: '', d: [], e: {} } },
    { spec: {} },
    spec({ 'f:a': leaf, 'f:b': leaf, 'f:c': leaf, 'f:d': leaf, 'f:e': leaf }),
    true,
    true,
  ],
  ['null is no value', { spec: { a: 1, b: null } }, { spec: { a: 1 } }, spec({ 'f:a': leaf }), true, true],
  ['a quantity in other words', { spec: { cpu: '1000m' } }, { spec: { cpu: '1' } }, spec({ 'f:cpu': leaf }), false, true],
  ['an atomic list', { spec: { l: [{ a: 1 }] } }, { spec: { l: [{ a: 1 }] } }, spec({ 'f:l': leaf }), true, true],
  ['an atomic list with defaults filled in', { spec: { l: [{ a: 1 }] } }, { spec: { l: [{ a: 1, b: 2 }] } }, spec({ 'f:l': leaf }), false, true],
  ['an atomic list that grew', { spec: { l: [1] } }, { spec: { l: [1, 2] } }, spec({ 'f:l': leaf }), false, false],
  ['an atomic map', { spec: { m: { a: 'x' } } }, { spec: { m: { a: 'x', b: 'y' } } }, spec({ 'f:m': leaf }), false, true],
  [
    'a list with keys, in another order, with an item of others',
    {
      spec: {
        l: [
          { name: 'a', v: 1 },
          { name: 'b', v: 2 },
        ],
      },
    },
    { spec: { l: [{ name: 'x' }, { name: 'b', v: 2 }, { name: 'a', v: 1, more: true }] } },
    spec({ 'f:l': { 'k:{"name":"a"}': { '.': leaf, 'f:name': leaf, 'f:v': leaf }, 'k:{"name":"b"}': { '.': leaf, 'f:name': leaf, 'f:v': leaf } } }),
    true,
    true,
  ],
  [
    'a key that is left to its default',
    { spec: { ports: [{ port: 80 }] } },
    { spec: { ports: [{ port: 80, protocol: 'TCP', targetPort: 80 }] } },
    spec({ 'f:ports': { 'k:{"port":80,"protocol":"TCP"}': { '.': leaf, 'f:port': leaf } } }),
    true,
    true,
  ],
  [
    'an item that is no longer wanted',
    { spec: { l: [{ name: 'a' }] } },
    { spec: { l: [{ name: 'a' }, { name: 'b' }] } },
    spec({ 'f:l': { 'k:{"name":"a"}': { '.': leaf, 'f:name': leaf }, 'k:{"name":"b"}': { '.': leaf, 'f:name': leaf } } }),
    false,
    false,
  ],
  ['a set', { spec: { l: ['b', 'a'] } }, { spec: { l: ['a', 'x', 'b'] } }, spec({ 'f:l': { 'v:"a"': leaf, 'v:"b"': leaf } }), true, true],
  ['a set that lost an item', { spec: { l: ['b', 'a'] } }, { spec: { l: ['a'] } }, spec({ 'f:l': { 'v:"a"': leaf, 'v:"b"': leaf } }), false, false],
  [
    'stringData of a Secret',
    { stringData: { p: 'x' } },
    { data: { p: 'eA==' }, type: 'Opaque' },
    { 'f:stringData': { 'f:p': leaf } },
    true,
    true,
    'Secret',
  ],
  ['stringData that was changed', { stringData: { p: 'x' } }, { data: { p: 'eQ==' } }, { 'f:stringData': { 'f:p': leaf } }, false, false, 'Secret'],
  [
    'labels',
    { metadata: { name: 'a', labels: { l: '1' } } },
    { metadata: { name: 'a', uid: 'u', labels: { l: '1', m: '2' } } },
    { 'f:metadata': { 'f:labels': { 'f:l': leaf } } },
    true,
    true,
  ],
  [
    'labels that were changed',
    { metadata: { name: 'a', labels: { l: '1' } } },
    { metadata: { name: 'a', labels: { l: '2' } } },
    { 'f:metadata': { 'f:labels': { 'f:l': leaf } } },
    false,
    false,
  ],
  ['another type', { spec: { a: { b: 1 } } }, { spec: { a: [1] } }, spec({ 'f:a': { 'f:b': leaf } }), false, false],
]

describe('isSameQuantity', () => {
  const same: readonly (readonly [unknown, unknown])[] = [
    ['1000m', '1'],
    [0.5, '500m'],
    ['1024Mi', '1Gi'],
    ['1e3', '1k'],
    ['0.1', '100m'],
    [2, '2'],
    ['.5', '500m'],
    ['-1', '-1000m'],
  ]
  const different: readonly (readonly [unknown, unknown])[] = [
    ['1', '2'],
    ['1Gi', '1G'],
    ['a', 'a'],
    ['', ''],
    ['1x', '1x'],
    ['1e999', '1'],
    [true, 'true'],
    ['.', '0'],
  ]
  for (const [a, b] of same) test(`${String(a)} is ${String(b)}`, () => assert.ok(isSameQuantity(a, b)))
  for (const [a, b] of different) test(`${String(a)} is not ${String(b)}`, () => assert.ok(!isSameQuantity(a, b)))
})

describe('isProvenUnchanged', () => {
  for (const [name, desired, live, owned, afterOther, afterSame, kind] of cases) {
    test(name, () => {
      assert.equal(isProvenUnchanged(object(desired, kind), object(live, kind), owned, false), afterOther, 'something else was applied')
      assert.equal(isProvenUnchanged(object(desired, kind), object(live, kind), owned, true), afterSame, 'the same was applied')
    })
  }
})
