import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { commonEdits } from '../../../src/plan/diff/common-edits.ts'
import { findRenames } from '../../../src/plan/diff/renames.ts'
import { objectDiffer } from '../../../src/plan/object-diff.ts'
import type { ObjectChange } from '../../../src/plan/plan.ts'

function change(
  action: 'create' | 'delete' | 'change',
  name: string,
  before: object | undefined,
  after: object | undefined,
  kind = 'ConfigMap',
): ObjectChange {
  const whole = (body: object) => ({ apiVersion: 'v1', kind, metadata: { name, namespace: 'shop' }, ...body })
  const sides = { ...(before && { before: whole(before) }), ...(after && { after: whole(after) }) }
  return { ref: { apiVersion: 'v1', kind, namespace: 'shop', name }, action, origin: 'manifest', secret: false, notes: [], ...sides }
}

const data = (...lines: string[]): object => ({ data: Object.fromEntries(lines.map((line) => [line, line])) })
const pairs = (...changes: readonly ObjectChange[]): readonly string[] =>
  findRenames(changes).map(({ from, to }) => `${from.ref.name} > ${to.ref.name}`)

describe('an object under a new name', () => {
  const gone = (name: string, ...lines: string[]): ObjectChange => change('delete', name, data(...lines), undefined)
  const come = (name: string, ...lines: string[]): ObjectChange => change('create', name, undefined, data(...lines))
  test('is the one that is most alike', () => {
    assert.deepEqual(pairs(gone('old', 'a', 'b', 'c', 'd'), come('x', 'a', 'b', 'y', 'z'), come('y', 'a', 'b', 'c', 'z')), ['old > y'])
  })
  test('is used once', () => {
    assert.deepEqual(pairs(gone('a', 'x', 'y'), gone('b', 'x', 'y'), come('c', 'x', 'y')), ['a > c'])
  })
  test('is none that shares little', () => {
    assert.deepEqual(pairs(gone('a', ...'abcdefghij'), come('b', ...'klmnopqrst')), [])
  })
  test('is of the same kind', () => {
    assert.deepEqual(pairs(gone('a', 'x'), change('create', 'b', undefined, data('x'), 'Secret')), [])
  })
})

describe('what objects have in common', () => {
  const differ = objectDiffer({ salt: 's' })
  const common = (...changes: readonly ObjectChange[]): readonly string[] =>
    commonEdits(changes.map((one) => ({ release: 'r', change: one, edits: differ(one).edits }))).edits.map(
      ({ title, objects, inTemplates }) => `${title} ${objects.length} ${inTemplates}`,
    )
  const labelled = (name: string, from: string, to: string): ObjectChange =>
    change('change', name, { spec: { template: { metadata: { labels: { v: from } } } } }, { spec: { template: { metadata: { labels: { v: to } } } } })
  test('is the same edit on two', () => assert.deepEqual(common(labelled('a', '1', '2'), labelled('b', '1', '2')), ['label v 2 2']))
  test('is not another value', () => assert.deepEqual(common(labelled('a', '1', '2'), labelled('b', '1', '3')), []))
  test('is not a long text', () => {
    const long = (name: string): ObjectChange => change('change', name, { a: 'x' }, { a: 'y'.repeat(300) })
    assert.deepEqual(common(long('a'), long('b')), [])
  })
  test('is not twice on one', () => {
    const twice = change(
      'change',
      'a',
      { metadata: { labels: { v: '1' } }, spec: { metadata: { labels: { v: '1' } } } },
      { metadata: { labels: { v: '2' } }, spec: { metadata: { labels: { v: '2' } } } },
    )
    assert.deepEqual(common(twice), [])
  })
})
