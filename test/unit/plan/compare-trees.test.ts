import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { sameJson } from '../../../src/base/json.ts'
import { mergeFields } from '../../../src/kinds/merge-fields.ts'
import { compareTrees, isSame } from '../../../src/plan/diff/compare-trees.ts'
import { diffLines } from '../../../src/plan/diff/diff-lines.ts'
import { editsOf } from '../../../src/plan/diff/edits.ts'
import { formatPath } from '../../../src/plan/diff/field-path.ts'
import { diffText } from '../../../src/plan/object-diff.ts'

const container = (fields: object): object => ({ spec: { containers: [{ name: 'web', ...fields }] } })
const edited = (before: object, after: object): readonly string[] =>
  editsOf(compareTrees(before, after, mergeFields('v1', 'Pod'))).map(
    ({ path, before: old, after: next }) => `${formatPath(path)}: ${JSON.stringify(old)} > ${JSON.stringify(next)}`,
  )

describe('fields that differ', () => {
  const cases: readonly (readonly [string, object, object, readonly string[]])[] = [
    ['a value', { a: 1 }, { a: 2 }, ['a: 1 > 2']],
    ['a field that comes and one that goes', { a: 1 }, { b: 1 }, ['a: 1 > undefined', 'b: undefined > 1']],
    ['null is a value', { a: null }, { a: 0 }, ['a: null > 0']],
    ['keys that are no words', { 'a.b/c': 1, '': 1 }, { 'a.b/c': 2, '': 2 }, ['[""]: 1 > 2', '["a.b/c"]: 1 > 2']],
    [
      'labels one by one, also the first',
      { metadata: {} },
      { metadata: { labels: { a: '1', b: '2' } } },
      ['metadata.labels.a: undefined > "1"', 'metadata.labels.b: undefined > "2"'],
    ],
    [
      'elements by their merge key, wherever they stand',
      container({
        env: [
          { name: 'A', value: '1' },
          { name: 'B', value: '2' },
        ],
      }),
      container({
        env: [
          { name: 'X', value: '0' },
          { name: 'A', value: '1' },
          { name: 'B', value: '3' },
        ],
      }),
      ['spec.containers[web].env[X]: undefined > {"name":"X","value":"0"}', 'spec.containers[web].env[B].value: "2" > "3"'],
    ],
    [
      'mounts of one volume by their path',
      container({
        volumeMounts: [
          { name: 'v', mountPath: '/a' },
          { name: 'v', mountPath: '/b' },
        ],
      }),
      container({
        volumeMounts: [
          { name: 'v', mountPath: '/a' },
          { name: 'v', mountPath: '/b', readOnly: true },
        ],
      }),
      ['spec.containers[web].volumeMounts[/b].readOnly: undefined > true'],
    ],
    [
      'one port for two protocols',
      container({ ports: [{ containerPort: 53 }, { containerPort: 53, protocol: 'UDP' }] }),
      container({ ports: [{ containerPort: 53 }, { containerPort: 53, protocol: 'UDP', hostPort: 53 }] }),
      ['spec.containers[web].ports[53/UDP].hostPort: undefined > 53'],
    ],
    ['an order', { l: [{ name: 'a' }, { name: 'b' }] }, { l: [{ name: 'b' }, { name: 'a' }] }, ['l: ["a","b"] > ["b","a"]']],
    ['texts in a list in their order', { l: ['a', 'b', 'c'] }, { l: ['a', 'x', 'c'] }, ['l[1]: "b" > "x"']],
    ['texts that come', { l: ['a', 'c'] }, { l: ['a', 'b', 'c', 'd'] }, ['l[1]: undefined > "b"', 'l[3]: undefined > "d"']],
    ['elements without names in their order', { l: [{ x: 1 }, { x: 2 }] }, { l: [{ x: 1 }, { x: 3 }] }, ['l[1].x: 2 > 3']],
    [
      'names that are not unique',
      {
        l: [
          { name: 'a', x: 1 },
          { name: 'a', x: 2 },
        ],
      },
      {
        l: [
          { name: 'a', x: 1 },
          { name: 'a', x: 3 },
        ],
      },
      ['l[1].x: 2 > 3'],
    ],
    ['another shape', { a: [1] }, { a: { b: 1 } }, ['a: [1] > {"b":1}']],
    [
      'keys of every object',
      JSON.parse('{"__proto__":1,"constructor":1}'),
      JSON.parse('{"__proto__":2}'),
      ['__proto__: 1 > 2', 'constructor: 1 > undefined'],
    ],
  ]
  for (const [name, before, after, expected] of cases) test(name, () => assert.deepEqual(edited(before, after), expected))

  test('there are none exactly where two values are the same', () => {
    const json = fc.jsonValue({ maxDepth: 4 })
    fc.assert(
      fc.property(json, json, (a, b) => {
        assert.ok(isSame(compareTrees(a, structuredClone(a), undefined)))
        assert.equal(isSame(compareTrees({ a }, { a: b }, undefined)), sameJson({ a }, { a: b }))
      }),
      { seed: 7, numRuns: 500 },
    )
  })
})

describe('their lines', () => {
  const lines = (before: object, after: object, context = 0): string =>
    diffText(diffLines(compareTrees(before, after, mergeFields('v1', 'Pod')), { context }))
  const cases: readonly (readonly [string, object, object, string])[] = [
    ['name the field', { a: { b: 1 } }, { a: { b: 2 } }, '@@ a.b @@\n-  b: 1\n+  b: 2\n'],
    ['of a whole element', { l: [] }, { l: [{ x: 1, name: 'a' }] }, '@@ l[a] @@\n+- name: a\n+  x: 1\n'],
    ['of the first field of an element', { l: [{ a: 1, b: [1] }] }, { l: [{ a: 2, b: [1] }] }, '@@ l[0].a @@\n-- a: 1\n+- a: 2\n'],
    ['of a list in a list', { l: [[1, 2]] }, { l: [[1, 3]] }, '@@ l[0][1] @@\n-  - 2\n+  - 3\n'],
    ['of a text', { t: 'a\nb\nc\n' }, { t: 'a\nx\nc\n' }, '@@ t @@\n-  b\n+  x\n'],
    ['of a text that no longer ends its last line', { t: 'a\nb\n' }, { t: 'a\nb' }, '@@ t @@\n-t: |\n+t: |-\n'],
    ['of texts with what disturbs a terminal', { t: 'a\nb' }, { t: 'a\n\u001b[31mb' }, '@@ t @@\n-  b\n+  \\u001b[31mb\n'],
    [
      'of JSON in a text',
      { t: JSON.stringify({ a: 'x'.repeat(100), b: 1 }) },
      { t: JSON.stringify({ a: 'x'.repeat(100), b: 2 }) },
      '@@ t @@\n-    "b": 1\n+    "b": 2\n',
    ],
  ]
  for (const [name, before, after, expected] of cases) test(name, () => assert.equal(lines(before, after), expected))

  test('with a long text cut down to what differs', () => {
    const text = lines({ t: `${'a'.repeat(300)}1${'b'.repeat(300)}` }, { t: `${'a'.repeat(300)}2${'b'.repeat(300)}` })
    assert.match(text, /^-t: …a{40}1b{40}… \(601 characters\)$/m)
    assert.match(text, /^\+t: …a{40}2b{40}… \(601 characters\)$/m)
  })

  test('without fields that are told of elsewhere', () => {
    const node = compareTrees({ a: 1, b: 1 }, { a: 2, b: 2 }, undefined)
    assert.equal(diffText(diffLines(node, { context: -1, isToldElsewhere: (path) => formatPath(path) === 'a' })), ' a: 2\n-b: 1\n+b: 2\n')
  })

  test('the whole of it with a negative context, hunks apart else', () => {
    const before = Object.fromEntries([...'abcdefgh'].map((key) => [key, 1]))
    assert.equal(lines(before, { ...before, a: 2, h: 2 }, 1), '@@ a @@\n-a: 1\n+a: 2\n b: 1\n@@ h @@\n g: 1\n-h: 1\n+h: 2\n')
    assert.equal(lines(before, { ...before, a: 2 }, -1).split('\n').length, 10)
  })
})
