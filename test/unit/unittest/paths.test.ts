import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toPlain } from '../../../src/go/plain.ts'
import { GoError, type GoValue } from '../../../src/go/values.ts'
import { findPath } from '../../../src/unittest/path-find.ts'
import { valuesAtPath } from '../../../src/unittest/set-path.ts'
import { decodeYaml } from '../../../src/yaml/decode.ts'

const DOCUMENT = decodeYaml(
  { name: 'd.yaml', text: 'a: { b: [1, 2, 3, 4], "c.d": x, "e f": null }\nlist: [{ n: one, v: 1 }, { n: two, v: 2.5 }, { n: three }]\n' },
  'helmfile',
)

const found = (path: string): unknown => findPath(DOCUMENT, path).map((value: GoValue) => toPlain(value))

test('paths lead to what they say', () => {
  const cases: readonly (readonly [string, unknown])[] = [
    ['a.b[0]', [1]],
    ['a.b[-1]', [4]],
    ['a.b[1:3]', [2, 3]],
    ['a.b[::2]', [1, 3]],
    ['a.b[::-1]', [4, 3, 2, 1]],
    ['a.b[-2:]', [3, 4]],
    ['a.b[0,2]', [1, 3]],
    ['a.b[99]', []],
    ['a.b[0:99999999999]', [1, 2, 3, 4]],
    ['a["c.d"]', ['x']],
    ["$['a']['c.d']", ['x']],
    ['a.c\\.d', ['x']],
    ['a["e f"]', [null]],
    ['a["b","c.d"]', [[1, 2, 3, 4], 'x']],
    ['a[*]~', ['b', 'c.d', 'e f']],
    ['list[*].n', ['one', 'two', 'three']],
    ['list..n', ['one', 'two', 'three']],
    ['list[?(@.v)].n', ['one', 'two']],
    ['list[?(!@.v)].n', ['three']],
    ['list[?(@.v >= 2)].n', ['two']],
    ['list[?(@.v != 1)].n', ['two']],
    ["list[?(@.n == 'one' || @.n == 'three')].n", ['one', 'three']],
    ['list[?((@.v < 2) && @.n =~ /^o/)].n', ['one']],
    ['list[?(@.v == $.a.b[0])].n', ['one']],
    ['list[?(@.n > 1)].n', []],
    ['nowhere.x', []],
    ['a.b.c', []],
  ]
  for (const [path, expected] of cases) assert.deepEqual(found(path), expected, path)
})

test('what is no path is refused', () => {
  for (const path of ['a[', 'a[x]', 'a[1:2:3:4]', 'a[::0]', 'a["b]', 'a..', 'a.', 'list[?(@.n == )]', 'list[?(@.n =~ x)]', 'list[?(@.n', 'a b']) {
    assert.throws(() => findPath(DOCUMENT, path), GoError, path)
  }
  assert.throws(() => findPath(DOCUMENT, `list[?(${'('.repeat(5000)}@.n${')'.repeat(5000)})]`), GoError)
})

test('values are set along a path', () => {
  const cases: readonly (readonly [string, unknown])[] = [
    ['a', { a: 1 }],
    ['a.b', { a: { b: 1 } }],
    ['a[1].b', { a: [null, { b: 1 }] }],
    ['a.[b.c/d]', { a: { 'b.c/d': 1 } }],
    ['[a.b]', { 'a.b': 1 }],
    ['a[0][1]', { a: [[null, 1]] }],
  ]
  for (const [path, expected] of cases) assert.deepEqual(toPlain(valuesAtPath(path, 1)), expected, path)
  for (const path of ['', 'a.', 'a[x]', 'a[', 'a]', '{', 'a[99999]', 'a=b']) assert.throws(() => valuesAtPath(path, 1), GoError, path)
})
