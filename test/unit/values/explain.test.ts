import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromPlain, toPlain } from '../../../src/go/plain.ts'
import type { GoMap } from '../../../src/go/values.ts'
import { explain } from '../../../src/values/explain.ts'
import type { Layer } from '../../../src/values/layer.ts'
import { mergeLayers } from '../../../src/values/merge-layers.ts'

const layer = (name: string, tree: object, secret = false): Layer => ({
  name,
  tree: fromPlain(tree) as GoMap,
  secret,
  placeOf: (path) => ({ source: { name, text: path.join('.') }, start: 0, end: 1 }),
})

const LAYERS: readonly Layer[] = [
  layer('base', { image: { tag: 'v1', name: 'web' }, list: [{ a: 1 }], gone: { x: 1 } }),
  layer('prod', { image: { tag: 'v2' }, gone: null }),
  layer('secrets', { password: 'hunter2', image: { pull: 'key' } }, true),
  layer('set', { image: { tag: 'v3' }, list: [{ a: 2 }, 5] }),
]

const origins: readonly (readonly [string, readonly string[], string | undefined])[] = [
  ['the highest layer that has it', ['image', 'tag'], 'set'],
  ['lower layers show through maps', ['image', 'name'], 'base'],
  ['a list index', ['list', '1'], 'set'],
  ['inside a list item', ['list', '0', 'a'], 'set'],
  ['a null cuts off what is below', ['gone', 'x'], undefined],
  ['nothing at all', ['nowhere'], undefined],
]

for (const [name, path, expected] of origins) {
  test(`origin: ${name}`, () => assert.equal(mergeLayers(LAYERS).origin(path)?.layer.name, expected))
}

test('the tree is what Helm makes of the layers', () => {
  assert.deepEqual(toPlain(mergeLayers(LAYERS).tree), {
    image: { tag: 'v3', name: 'web', pull: 'key' },
    list: [{ a: 2 }, 5],
    gone: null,
    password: 'hunter2',
  })
})

test('explain names every layer with a value, and the winner', () => {
  const found = explain(LAYERS, ['image', 'tag'])
  assert.deepEqual(
    found.map((item) => [item.layer, item.value, item.wins]),
    [
      ['base', 'v1', false],
      ['prod', 'v2', false],
      ['set', 'v3', true],
    ],
  )
  assert.equal(found[0]?.at?.source.text, 'image.tag')
})

test('explain masks what comes from secrets', () => {
  const [found] = explain(LAYERS, ['password'])
  assert.equal(found?.secret, true)
  assert.doesNotMatch(String(found?.value), /hunter2/)
})

test('a layer that replaces the parent ends what lower layers said', () => {
  assert.deepEqual(explain(LAYERS, ['gone', 'x']), [])
})
