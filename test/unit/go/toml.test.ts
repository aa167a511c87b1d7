import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { GoComplex } from '../../../src/go/complex.ts'
import { encodeJson } from '../../../src/go/json-encode.ts'
import { fromPlain } from '../../../src/go/plain.ts'
import { decodeToml } from '../../../src/go/toml-decode.ts'
import { encodeToml } from '../../../src/go/toml-encode.ts'
import { type GoMap, type GoValue, goInt } from '../../../src/go/values.ts'

describe('encodeToml', () => {
  const cases: readonly (readonly [string, GoValue, string])[] = [
    ['plain entries before tables', fromPlain({ t: { x: 1 }, a: 's' }), 'a = "s"\n\n[t]\n  x = 1.0\n'],
    ['nested tables indented', fromPlain({ a: { b: { c: 'd' } } }), '[a]\n  [a.b]\n    c = "d"\n'],
    ['lists of tables', fromPlain({ l: [{ a: true }, { a: false }] }), '\n[[l]]\n  a = true\n\n[[l]]\n  a = false\n'.slice(1)],
    ['mixed lists inline', fromPlain({ l: [1, { a: 'b' }] }), 'l = [1.0, {a = "b"}]\n'],
    ['keys that need quotes', fromPlain({ 'a b': 1, 'c-d': 2 }), '"a b" = 1.0\nc-d = 2.0\n'],
    ['nil left out', fromPlain({ a: null, b: 1 }), 'b = 1.0\n'],
    ['integers', new Map([['i', goInt(5)]]), 'i = 5\n'],
    ['escapes', fromPlain({ s: 'a"\\\n\u0001' }), 's = "a\\"\\\\\\n\\u0001"\n'],
    ['large floats', fromPlain({ f: 1e21 }), 'f = 1e+21\n'],
  ]
  for (const [name, value, expected] of cases) it(name, () => assert.equal(encodeToml(value), expected))
  it('refuses nil in a list', () =>
    assert.throws(() => encodeToml(fromPlain({ l: [1, null] })), { message: 'toml: cannot encode array with nil element' }))
  it('refuses complex numbers', () => {
    const complex = new GoComplex(0, 1)
    assert.throws(() => encodeToml(complex), { message: "unsupported type for key '': complex128" })
    assert.throws(() => encodeToml(new Map([['a', complex]])), { message: 'unsupported type: complex128' })
  })
  it('refuses a map that holds itself', () => {
    const map: GoMap = new Map()
    map.set('a', map)
    assert.throws(() => encodeToml(map), { message: 'toml: values nest deeper than 1000' })
  })
})

describe('decodeToml', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['a = 1\nb = 1.0\nc = "x\\u00e9"\nd = true', '{"a":1,"b":1,"c":"xé","d":true}'],
    ["a.b.c = 'raw\\n'\n[t.u]\nx = 0x1F", '{"a":{"b":{"c":"raw\\\\n"}},"t":{"u":{"x":31}}}'],
    ['[[l]]\nn = 1\n[[l]]\nn = 2\n[l.s]\nk = 3', '{"l":[{"n":1},{"n":2,"s":{"k":3}}]}'],
    ['a = [1, 2, # c\n 3,\n]\nb = {x = 1, y.z = 2}', '{"a":[1,2,3],"b":{"x":1,"y":{"z":2}}}'],
    ['s = """\nfirst \\\n   second"""', '{"s":"first second"}'],
    ['__proto__ = 1', '{"__proto__":1}'],
  ]
  for (const [text, expected] of cases) it(JSON.stringify(text), () => assert.equal(encodeJson(decodeToml(text)), expected))

  const refused: readonly (readonly [string, string])[] = [
    ['a = 1\na = 2', 'toml: line 2 (last key "a"): Key \'a\' has already been defined.'],
    ['a = ', 'toml: line 1 (last key "a"): unexpected EOF; expected value'],
    ['a = 01', 'toml: line 1 (last key "a"): Invalid integer "01": cannot have leading zeroes'],
    ['a b = 1', "toml: line 1: expected '.' or '=', but got 'b' instead"],
    ['[a]\n[a]', "toml: line 2: Key 'a' has already been defined."],
    ['a = "x', 'toml: line 1 (last key "a"): unexpected EOF; expected \'"\''],
    ['a = 2020-13-01', 'toml: line 1 (last key "a"): invalid datetime: "2020-13-01"'],
    [`a = ${'['.repeat(600)}`, 'toml: line 1 (last key "a"): arrays and inline tables nest deeper than 500'],
  ]
  for (const [text, message] of refused) it(`refuses ${JSON.stringify(text.slice(0, 30))}`, () => assert.throws(() => decodeToml(text), { message }))
})
