import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { ignoringFields } from '../../../src/plan/ignore-fields.ts'
import type { IgnoreRule, ObjectChange } from '../../../src/plan/plan.ts'

function change(before: object, after: object, notes: readonly string[] = []): ObjectChange {
  const whole = (body: object) => ({ apiVersion: 'v1', kind: 'Widget', metadata: { name: 'web-1', namespace: 'shop' }, ...body })
  const ref = { apiVersion: 'v1', kind: 'Widget', namespace: 'shop', name: 'web-1' }
  return { ref, action: 'change', origin: 'manifest', before: whole(before), after: whole(after), secret: false, notes }
}

describe('fields that are ignored', () => {
  const list = (value: number): object => ({
    l: [
      { name: 'a', x: value },
      { name: 'b', x: 1 },
    ],
  })
  const cases: readonly (readonly [string, IgnoreRule, object, object, 'none' | 'change'])[] = [
    ['a path', { path: 'spec.n' }, { spec: { n: 1 } }, { spec: { n: 2 } }, 'none'],
    ['a JSON pointer', { path: '/spec/a~1b' }, { spec: { 'a/b': 1 } }, { spec: { 'a/b': 2 } }, 'none'],
    ['a quoted key', { path: 'spec["a.b/c"]' }, { spec: { 'a.b/c': 1 } }, { spec: { 'a.b/c': 2 } }, 'none'],
    ['a field that comes', { path: 'spec.n' }, { spec: {} }, { spec: { n: 2 } }, 'none'],
    ['a named element', { path: 'l[a].x' }, list(1), list(2), 'none'],
    ['another element', { path: 'l[b].x' }, list(1), list(2), 'change'],
    ['any element', { path: 'l[*].x' }, list(1), list(2), 'none'],
    ['an element by position', { path: 'l[0]' }, list(1), list(2), 'none'],
    ['any key', { path: 'spec.*.n' }, { spec: { q: { n: 1 } } }, { spec: { q: { n: 2 } } }, 'none'],
    ['the beginning of a key', { path: 'spec.n*' }, { spec: { nn: 1 } }, { spec: { nn: 2 } }, 'none'],
    ['another beginning', { path: 'spec.m*' }, { spec: { nn: 1 } }, { spec: { nn: 2 } }, 'change'],
    ['any way', { path: '**.n' }, { n: 1, a: { n: 1, l: [{ n: 1 }] } }, { n: 2, a: { n: 2, l: [{ n: 2 }] } }, 'none'],
    ['any way to an element', { path: 'a.**.l[b].x' }, { a: { q: list(1) } }, { a: { q: list(2) } }, 'change'],
    ['any way to that element', { path: 'a.**.l[a].x' }, { a: { q: list(1) } }, { a: { q: list(2) } }, 'none'],
    ['everything below', { path: 'a.**' }, { a: { b: { c: 1 } } }, { a: { b: { c: 2 } } }, 'none'],
    ['any way, but not that', { path: '**.b.n' }, { a: { n: 1 } }, { a: { n: 2 } }, 'change'],
    ['all that a map holds', { path: 'a.b.n' }, {}, { a: { b: { n: 1 } } }, 'none'],
    ['all but one that a map holds', { path: 'a.b.n' }, {}, { a: { b: { n: 1, m: 1 } } }, 'change'],
    ['a map that was empty', { path: 'a.n' }, {}, { a: {} }, 'change'],
    ['of its kind', { path: 'n', kind: 'W*' }, { n: 1 }, { n: 2 }, 'none'],
    ['of another kind', { path: 'n', kind: 'Gadget' }, { n: 1 }, { n: 2 }, 'change'],
    ['of its name', { path: 'n', name: 'web-*', namespace: 'shop' }, { n: 1 }, { n: 2 }, 'none'],
    ['of another name', { path: 'n', name: 'api-*' }, { n: 1 }, { n: 2 }, 'change'],
    ['of another namespace', { path: 'n', namespace: 'prod' }, { n: 1 }, { n: 2 }, 'change'],
    ['beside others', { path: 'n' }, { n: 1, m: 1 }, { n: 2, m: 2 }, 'change'],
  ]
  for (const [name, rule, before, after, expected] of cases) {
    test(`${name}: ${expected}`, () => assert.equal(ignoringFields([rule])(change(before, after)).action, expected))
  }

  test('are shown on neither side', () => {
    const { before, after } = ignoringFields([{ path: 'n' }])(change({ n: 1, m: 1 }, { n: 2, m: 2 }))
    assert.deepEqual([before?.['n'], after?.['n'], before?.['m'], after?.['m']], [undefined, undefined, 1, 2])
  })

  test('what the server says stays a change', () => {
    assert.equal(ignoringFields([{ path: 'n' }])(change({ n: 1 }, { n: 2 }, ['the server would refuse this'])).action, 'change')
  })

  for (const path of ['', 'spec..n', 'a[', 'a.[b]', 'a b']) {
    test(`${JSON.stringify(path)} is no path`, () => assert.throws(() => ignoringFields([{ path }]), /no path to a field/))
  }
})
