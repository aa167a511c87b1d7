import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { withoutSecretValues } from '../../../src/actions/stored-config.ts'
import { fromPlain, type Plain, toPlain } from '../../../src/go/plain.ts'
import type { GoMap } from '../../../src/go/values.ts'
import type { Layer } from '../../../src/values/layer.ts'
import { mergeLayers } from '../../../src/values/merge-layers.ts'

type Values = { readonly [key: string]: Plain }

const layer = (values: Values, secret = false): Layer => ({ name: 'a layer', tree: fromPlain(values) as GoMap, secret, placeOf: () => undefined })
const secret = (values: Values): Layer => layer(values, true)

describe('withoutSecretValues', () => {
  const cases: readonly (readonly [string, readonly Layer[], readonly string[], Values])[] = [
    ['nothing secret', [layer({ a: 1, b: { c: 'x' }, d: {}, e: [], f: null })], [], { a: 1, b: { c: 'x' }, d: {}, e: [], f: null }],
    ['a secret leaf', [layer({ db: { host: 'h', password: 'dev' } }), secret({ db: { password: 'p' } })], [], { db: { host: 'h' } }],
    ['maps that become empty', [layer({ a: 1 }), secret({ db: { admin: { password: 'p' } } })], [], { a: 1 }],
    ['a secret that something plain replaces', [secret({ a: 'p', b: 'q' }), layer({ a: 'plain' })], [], { a: 'plain' }],
    ['a secret list', [layer({ users: ['a'] }), secret({ users: ['b', 'c'] })], [], {}],
    ['a number and a flag', [secret({ pin: 1234, on: true }), layer({ x: 1 })], [], { x: 1 }],
    ['a map over a secret text', [secret({ a: 'p' }), layer({ a: { b: 1 } })], [], { a: { b: 1 } }],
    ['a secret text over a map', [layer({ a: { b: 1 } }), secret({ a: 'p' })], [], {}],
    ['a secret inside of a plain text', [layer({ url: 'postgres://u:geheim@db', host: 'db' })], ['geheim'], { host: 'db' }],
    ['a secret inside of a plain list', [layer({ args: ['--token=geheim'], other: ['x'] })], ['geheim'], { other: ['x'] }],
    ['a short secret that is all of a text', [layer({ a: 'abc', b: 'abcd' })], ['abc'], { b: 'abcd' }],
    ['a number that is a secret', [layer({ a: 123456, b: 7 })], ['123456'], { b: 7 }],
    ['what a former revision left over', [], [], {}],
  ]
  for (const [name, layers, secrets, expected] of cases) {
    test(name, () => assert.deepEqual(withoutSecretValues(toPlain(mergeLayers(layers).tree) as Values, layers, secrets), expected))
  }

  test('a key of JavaScript stays a key', () => {
    const config = JSON.parse('{"__proto__":{"x":1},"a":"p"}') as Values
    assert.equal(JSON.stringify(withoutSecretValues(config, [secret({ a: 'p' })], [])), '{"__proto__":{"x":1}}')
  })
})
