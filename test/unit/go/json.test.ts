import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { decodeJson } from '../../../src/go/json-decode.ts'
import { encodeJson } from '../../../src/go/json-encode.ts'
import { fromPlain } from '../../../src/go/plain.ts'
import { type GoMap, type GoValue, goInt64, withGoType } from '../../../src/go/values.ts'

describe('encodeJson', () => {
  const cases: readonly (readonly [string, GoValue, string])[] = [
    ['keys sorted by bytes', fromPlain({ é: 1, b: 2, B: 3, 10: 4, 9: 5 }), '{"10":4,"9":5,"B":3,"b":2,"é":1}'],
    ['HTML escaped', '<a&b>', '"\\u003ca\\u0026b\\u003e"'],
    ['line separators escaped', '\u2028\u2029', '"\\u2028\\u2029"'],
    ['control characters', '\b\f\n\r\t\u0001"\\/', '"\\b\\f\\n\\r\\t\\u0001\\"\\\\/"'],
    ['bytes outside UTF-8', 'a\uDCFF\uDC80b', '"a\\ufffd\\ufffdb"'],
    ['large and small floats', [1e21, 1e20, 1e-6, 1e-7, -0, 0.1], '[1e+21,100000000000000000000,0.000001,1e-7,-0,0.1]'],
    ['integers beyond 2^53', goInt64(9007199254740993n), '9007199254740993'],
    ['bytes as base64', Uint8Array.of(1, 2, 255), '"AQL/"'],
    ['typed nils', [withGoType([], '[]string', true), withGoType(new Map(), 'map[string]string', true)], '[null,null]'],
  ]
  for (const [name, value, expected] of cases) it(name, () => assert.equal(encodeJson(value), expected))

  it('leaves HTML raw on demand', () => assert.equal(encodeJson('<a>\u2028', { rawHtml: true }), '"<a>\\u2028"'))
  it('indents', () => assert.equal(encodeJson(fromPlain({ a: [1, {}], b: [] }), { indent: '  ' }), '{\n  "a": [\n    1,\n    {}\n  ],\n  "b": []\n}'))
  it('refuses NaN', () => assert.throws(() => encodeJson([Number.NaN]), { message: 'json: unsupported value: NaN' }))
  it('refuses a map that holds itself', () => {
    const map: GoMap = new Map()
    map.set('a', map)
    assert.throws(() => encodeJson(map), { message: 'json: unsupported value: encountered a cycle via map[string]interface {}' })
  })
})

describe('decodeJson', () => {
  it('reads __proto__ as any key', () => assert.equal(encodeJson(decodeJson('{"__proto__":{"a":1}}').value), '{"__proto__":{"a":1}}'))
  it('mends lone surrogates', () => assert.equal(decodeJson('"\\ud800x\\ud83d\\ude00"').value, '\uFFFDx😀'))
  it('goes on after a number out of range', () => {
    const { value, error } = decodeJson('[1e999,2]')
    assert.deepEqual([value, error?.message], [[null, 2], 'json: cannot unmarshal number 1e999 into Go value of type float64'])
  })
  it('bears 10,000 levels', () => assert.ok(Array.isArray(decodeJson('['.repeat(10_000) + ']'.repeat(10_000)).value)))

  const refused: readonly (readonly [string, string])[] = [
    ['', 'unexpected end of JSON input'],
    ['{a', "invalid character 'a' looking for beginning of object key string"],
    ['[1,]', "invalid character ']' looking for beginning of value"],
    ['{"a" 1}', "invalid character '1' after object key"],
    ['{"a":1 "b"}', `invalid character '"' after object key:value pair`],
    ['[1 2]', "invalid character '2' after array element"],
    ['1 2', "invalid character '2' after top-level value"],
    ["'a'", "invalid character '\\'' looking for beginning of value"],
    ['é', "invalid character 'Ã' looking for beginning of value"],
    ['tru', "invalid character ' ' in literal true (expecting 'e')"],
    ['"\n"', "invalid character '\\n' in string literal"],
    ['"\\x"', "invalid character 'x' in string escape code"],
    ['1.', "invalid character ' ' after decimal point in numeric literal"],
    ['['.repeat(10_001), 'exceeded max depth'],
  ]
  for (const [text, message] of refused) it(`refuses ${JSON.stringify(text.slice(0, 20))}`, () => assert.throws(() => decodeJson(text), { message }))
})
