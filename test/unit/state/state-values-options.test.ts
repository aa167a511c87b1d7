import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toPlain } from '../../../src/go/plain.ts'
import { parseStateValuesOptions } from '../../../src/state/state-values-options.ts'

const cases: readonly (readonly [string, readonly string[], readonly string[], unknown])[] = [
  ['whole numbers and words are typed', ['a=1,b=-5,c=true,d=FALSE,e=null,f=0'], [], { a: 1, b: -5, c: true, d: false, e: null, f: 0 }],
  ['other numbers stay texts', ['a=1.5,b=1e3,c=007,d=99999999999999999999'], [], { a: '1.5', b: '1e3', c: '007', d: '99999999999999999999' }],
  ['paths', ['a.b.c=x'], [], { a: { b: { c: 'x' } } }],
  ['an escaped dot', ['a\\.b=x'], [], { 'a.b': 'x' }],
  ['an index pads with nulls', ['a[2]=x'], [], { a: [null, null, 'x'] }],
  ['maps in lists', ['a[0].b=1,a[1].b=2'], [], { a: [{ b: 1 }, { b: 2 }] }],
  ['the value keeps its equals signs', ['a=b=c'], [], { a: 'b=c' }],
  ['strings stay texts', [], ['a=1,b=true'], { a: '1', b: 'true' }],
  ['quotes of strings stay, commas in them too', [], ["a='x,y'"], { a: "'x,y'" }],
  ['typed values win over strings', ['a=1'], ['a=2,b=3'], { a: 1, b: '3' }],
  ['a null does not win', ['a=null'], ['a=2'], { a: '2' }],
]

for (const [name, typed, strings, expected] of cases) {
  test(name, () => assert.deepEqual(toPlain(parseStateValuesOptions(typed, strings)), expected))
}

for (const bad of ['a', 'a=1,b', '=1', 'a=1,a.b=2', 'a[99999999]=1', 'a=1,a[0]=2']) {
  test(`${bad} is refused`, () => assert.throws(() => parseStateValuesOptions([bad], []), /state\/bad-set/))
}
