import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromPlain, toPlain } from '../../../src/go/plain.ts'
import type { GoMap } from '../../../src/go/values.ts'
import { type ListRule, mergeMaps, overrideMaps } from '../../../src/values/merge-maps.ts'

const map = (value: object): GoMap => fromPlain(value) as GoMap

const merges: readonly (readonly [string, object, object, ListRule, object])[] = [
  ['maps merge key by key', { a: { x: 1 } }, { a: { y: 2 } }, 'sparse', { a: { x: 1, y: 2 } }],
  ['null fills a gap', { a: 1 }, { b: null }, 'sparse', { a: 1, b: null }],
  ['null never replaces', { a: 1 }, { a: null }, 'sparse', { a: 1 }],
  ['false and zero replace', { a: true, b: 5 }, { a: false, b: 0 }, 'sparse', { a: false, b: 0 }],
  ['a full list replaces', { l: [1, 2, 3] }, { l: [9] }, 'sparse', { l: [9] }],
  ['an empty list replaces', { l: [1] }, { l: [] }, 'sparse', { l: [] }],
  ['a list with a null merges by index', { l: [1, 2, 3] }, { l: [null, 9] }, 'sparse', { l: [1, 9, 3] }],
  ['a list with a null may be longer', { l: [1] }, { l: [null, null, 7] }, 'sparse', { l: [1, null, 7] }],
  ['maps in lists merge by index', { l: [{ a: 1 }, { b: 2 }] }, { l: [null, { c: 3 }] }, 'sparse', { l: [{ a: 1 }, { b: 2, c: 3 }] }],
  ['by index even without nulls', { l: [1, 2, 3] }, { l: [9] }, 'by-index', { l: [9, 2, 3] }],
  ['replaced even with nulls', { l: [1, 2] }, { l: [null] }, 'replace', { l: [null] }],
  ['a scalar replaces a map', { a: { x: 1 } }, { a: 5 }, 'sparse', { a: 5 }],
  ['a map replaces a scalar', { a: 5 }, { a: { x: 1 } }, 'sparse', { a: { x: 1 } }],
]

for (const [name, lower, upper, rule, expected] of merges) {
  test(`mergeMaps: ${name}`, () => {
    const below = map(lower)
    assert.deepEqual(toPlain(mergeMaps(below, map(upper), rule)), expected)
    assert.deepEqual(toPlain(below), lower)
  })
}

const overrides: readonly (readonly [string, object, object, object])[] = [
  ['maps merge', { a: { x: 1 } }, { a: { y: 2 } }, { a: { x: 1, y: 2 } }],
  ['null replaces', { a: 1 }, { a: null }, { a: null }],
  ['lists replace, nulls in them or not', { l: [1, 2] }, { l: [null] }, { l: [null] }],
  ['an empty map changes nothing', { a: { x: 1 } }, { a: {} }, { a: { x: 1 } }],
]

for (const [name, lower, upper, expected] of overrides) {
  test(`overrideMaps: ${name}`, () => {
    const below = map(lower)
    assert.deepEqual(toPlain(overrideMaps(below, map(upper))), expected)
    assert.deepEqual(toPlain(below), lower)
  })
}

test('keys named like parts of every object are ordinary keys', () => {
  const upper: GoMap = new Map([['__proto__', new Map([['polluted', true]])]])
  const merged = mergeMaps(new Map(), upper)
  assert.equal(merged.get('__proto__'), upper.get('__proto__'))
  assert.equal(({} as { polluted?: boolean }).polluted, undefined)
})
