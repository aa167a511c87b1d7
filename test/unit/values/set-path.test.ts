import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DiagnosticError } from '../../../src/base/diagnostic.ts'
import { fromPlain } from '../../../src/go/plain.ts'
import { GoError, GoInt, type GoMap, type GoValue, goInt64 } from '../../../src/go/values.ts'
import { parseSet, setFile, setJson, setLiteral, setString } from '../../../src/values/set-path.ts'

/** Maps as objects; integers as `i` and their digits, to tell them from floats. */
function shown(value: GoValue): unknown {
  if (value instanceof GoInt) return `i${value.value}`
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [key, shown(item)]))
  return Array.isArray(value) ? value.map(shown) : value
}

const set: readonly (readonly [string, unknown])[] = [
  ['', {}],
  ['a=1', { a: 'i1' }],
  ['a=-5,b=9223372036854775807,c=9223372036854775808', { a: 'i-5', b: 'i9223372036854775807', c: '9223372036854775808' }],
  ['a=0,b=007,c=1.5,d=1e3', { a: 'i0', b: '007', c: '1.5', d: '1e3' }],
  ['a=true,b=FALSE,c=Null,d=yes', { a: true, b: false, c: null, d: 'yes' }],
  ['a=,b=', { a: '', b: '' }],
  ['a.b.c=x,a.b.d=y', { a: { b: { c: 'x', d: 'y' } } }],
  ['a={x,1,true},b={},c={x}d=1', { a: ['x', 'i1', true], b: [''], c: ['x'], d: 'i1' }],
  ['a[1]=x,a[0].b=y,a[3][1]=z', { a: [{ b: 'y' }, 'x', null, [null, 'z']] }],
  ['a\\.b\\,c=d\\,e\\=f\\\\', { 'a.b,c': 'd,e=f\\' }],
  ['a=b=c', { a: 'b=c' }],
  ['a.', {}],
  ['a[0', {}],
  ['=x', {}],
  ['__proto__.x=1,constructor=2', { ['__proto__']: { x: 'i1' }, constructor: 'i2' }],
]

test('--set', () => {
  for (const [text, expected] of set) assert.deepEqual(shown(parseSet(text)), expected, text)
})

const into: readonly (readonly [string, unknown])[] = [
  ['m.k=2', { m: { k: 'i2', o: 1 }, l: [1, { x: 1 }], n: null, s: 't' }],
  ['l[1].y=2', { m: { k: 1, o: 1 }, l: [1, { x: 1, y: 'i2' }], n: null, s: 't' }],
  ['l[0].y=2', { m: { k: 1, o: 1 }, l: [{ y: 'i2' }, { x: 1 }], n: null, s: 't' }],
  ['m=null,n=1', { m: null, l: [1, { x: 1 }], n: 'i1', s: 't' }],
]

test('--set over a tree leaves the shared parts of that tree alone', () => {
  const base = '{"m":{"k":1,"o":1},"l":[1,{"x":1}],"n":null,"s":"t"}'
  for (const [text, expected] of into) {
    const before = fromPlain(JSON.parse(base)) as GoMap
    assert.deepEqual(shown(parseSet(text, new Map(before))), expected, text)
    assert.deepEqual(shown(before), JSON.parse(base), text)
  }
})

const others: readonly (readonly [string, (text: string) => GoMap, string, unknown])[] = [
  ['string', setString, 'a=1,b={2,true},c=null', { a: '1', b: ['2', 'true'], c: 'null' }],
  ['literal', setLiteral, 'a.b=x,y={z}\\,', { a: { b: 'x,y={z}\\,' } }],
  ['literal', setLiteral, 'a[1]=x', { a: [null, 'x'] }],
  ['json', setJson, 'a={"x":[1,2.5]},b[0]="y,z",c=null,d= ,e=1', { a: { x: [1, 2.5] }, b: ['y,z'], c: null, d: null, e: 1 }],
  ['json', setJson, ' {"a":{"x":1},"b":[1]}', { a: { x: 1 }, b: [1] }],
  ['file', (text) => setFile(text, new Map(), (path) => `<${path}>`), 'a=x.txt,b={y,z}', { a: '<x.txt>', b: ['<y>', '<z>'] }],
]

test('the other forms', () => {
  for (const [what, apply, text, expected] of others) assert.deepEqual(shown(apply(text)), expected, `${what} ${text}`)
})

test('a JSON object is merged, later values and nulls winning', () => {
  assert.deepEqual(shown(setJson('{"a":{"c":null}}', new Map([['a', new Map<string, GoValue>([['b', goInt64(1)]])]]))), { a: { b: 'i1', c: null } })
})

const base = (): GoMap => fromPlain({ s: 't', n: null, l: [1], m: {} }) as GoMap

const failures: readonly (readonly [(into: GoMap) => GoMap, string])[] = [
  [(m) => parseSet('a', m), 'failed parsing --set data: key "a" has no value'],
  [(m) => parseSet('a,b=1', m), 'failed parsing --set data: key "a" has no value (cannot end with ,)'],
  [(m) => parseSet('a.=1', m), 'failed parsing --set data: key map "a" has no value'],
  [(m) => parseSet('a={x', m), "failed parsing --set data: list must terminate with '}'"],
  [(m) => parseSet('a[x]=1', m), 'failed parsing --set data: error parsing index: strconv.Atoi: parsing "x": invalid syntax'],
  [(m) => parseSet('a[-1]=1', m), 'failed parsing --set data: negative -1 index not allowed'],
  [(m) => parseSet('a[65537]=1', m), 'failed parsing --set data: index of 65537 is greater than maximum supported index of 65536'],
  [(m) => parseSet('a[0]bc=1', m), "failed parsing --set data: unexpected data at end of array index: ['b' 'c']"],
  [
    (m) => parseSet(`${'a.'.repeat(31)}b=1`, m),
    'failed parsing --set data: value name nested level is greater than maximum supported nested level of 30',
  ],
  [
    (m) => parseSet('s.x=1', m),
    'failed parsing --set data: unable to parse key: interface conversion: interface {} is string, not map[string]interface {}',
  ],
  [
    (m) => parseSet('n.x=1', m),
    'failed parsing --set data: unable to parse key: interface conversion: interface {} is nil, not map[string]interface {}',
  ],
  [
    (m) => parseSet('m[0]=1', m),
    'failed parsing --set data: unable to parse key: interface conversion: interface {} is map[string]interface {}, not []interface {}',
  ],
  [
    (m) => parseSet('l[0][0]=1', m),
    'failed parsing --set data: unable to parse key: interface conversion: interface {} is float64, not []interface {}',
  ],
  [(m) => setString('a', m), 'failed parsing --set-string data: key "a" has no value'],
  [(m) => setLiteral('a', m), 'failed parsing --set-literal data: key "a" has no value'],
  [(m) => setJson('a=x', m), 'failed parsing --set-json data a=x'],
  [(m) => setJson('a=1e999', m), 'failed parsing --set-json data a=1e999'],
  [(m) => setJson('{"a":}', m), 'failed parsing --set-json data JSON: {"a":}'],
  [(m) => setFile('a=x', m, fail), 'failed parsing --set-file data: open x: no such file or directory'],
]

function fail(path: string): never {
  throw new GoError(`open ${path}: no such file or directory`)
}

test('errors are worded as Helm words them', () => {
  for (const [apply, summary] of failures) {
    assert.throws(
      () => apply(base()),
      (error) => error instanceof DiagnosticError && error.diagnostics[0]?.summary === summary && error.diagnostics[0].code === 'values/bad-set',
    )
  }
})

const told: readonly (readonly [apply: () => unknown, subject: string | undefined, hint: string | undefined])[] = [
  [() => parseSet('a'), undefined, 'write KEY=VALUE'],
  [() => parseSet('a.b=s3cret,x'), '--set a.b', 'commas divide pairs; one within a value is written \\,'],
  [() => parseSet('a..b=1'), '--set a..b', 'a key is missing beside a dot: write KEY.KEY=VALUE'],
  [() => parseSet('a={b,c'), '--set a', '{ begins a list, as in {a,b}: close it with }, or take --set-literal for a text'],
  [() => parseSet('a[x]=1'), '--set a[x]', 'an entry of a list is written KEY[NUMBER], counted from 0'],
  [() => parseSet('a[-1]=1'), '--set a[-1]', 'an entry of a list is written KEY[NUMBER], counted from 0'],
  [() => parseSet('a[0]b=1'), '--set a[0]b', 'behind KEY[NUMBER] comes =, a dot or another ['],
  [() => setJson('a={b'), '--set-json a', 'write KEY=JSON: texts stand in double quotes'],
  [() => setJson('{a: b}'), undefined, 'the whole must be JSON, keys and texts in double quotes; or write KEY=JSON'],
]

test('errors name the argument without its value and say what to write', () => {
  for (const [apply, subject, hint] of told) {
    assert.throws(apply, (error) => {
      assert.ok(error instanceof DiagnosticError)
      assert.deepEqual([error.diagnostics[0]?.subject, error.diagnostics[0]?.hint], [subject, hint])
      return true
    })
  }
})
