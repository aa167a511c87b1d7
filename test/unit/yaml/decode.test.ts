import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GO_TYPE, GoInt, type GoList, type GoMap, GoTime, type GoValue, goInt } from '../../../src/go/values.ts'
import { decodePlain, decodeYaml, decodeYamlAll } from '../../../src/yaml/decode.ts'
import type { Dialect } from '../../../src/yaml/dialect.ts'
import { YamlError } from '../../../src/yaml/yaml-error.ts'

/** Seconds, nanoseconds and offset of a time, as the recording has them. */
function time(text: string): GoTime {
  const [instant, offset] = text.split('/') as [string, string]
  const [seconds, nanoseconds] = instant.split('.') as [string, string]
  const value = BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds)
  return offset === '0' ? new GoTime(value, 'UTC') : new GoTime(value, '', Number(offset))
}

/** A message instead of a value. */
function error(goMessage: string): { readonly goMessage: string } {
  return { goMessage }
}

function decode(text: string, dialect: Dialect): GoValue {
  return decodeYaml({ name: 'a.yaml', text }, dialect)
}

function decoded(text: string, dialect: Dialect): unknown {
  try {
    return (decode(text, dialect) as GoMap).get('v')
  } catch (caught) {
    if (caught instanceof YamlError) return error(caught.goMessage)
    throw caught
  }
}

// What stands behind `v: `, its value for Helm, its value for Helmfile; recorded from the Go libraries.
const scalars: readonly (readonly [string, unknown, unknown])[] = [
  ['', null, null],
  ['~', null, null],
  ['null', null, null],
  ['Null', null, null],
  ['nULL', 'nULL', 'nULL'],
  ['true', true, true],
  ['True', true, true],
  ['tRue', 'tRue', 'tRue'],
  ['yes', true, 'yes'],
  ['Yes', true, 'Yes'],
  ['y', true, 'y'],
  ['N', false, 'N'],
  ['on', true, 'on'],
  ['Off', false, 'Off'],
  ['oFF', 'oFF', 'oFF'],
  ['0', 0, goInt(0n)],
  ['-0', 0, goInt(0n)],
  ['1', 1, goInt(1n)],
  ['+12', 12, goInt(12n)],
  ['0777', 511, goInt(511n)],
  ['08', 8, 8],
  ['0o17', 15, goInt(15n)],
  ['0O17', 15, goInt(15n)],
  ['-0o17', -15, goInt(-15n)],
  ['0b101', 5, goInt(5n)],
  ['-0b11', -3, goInt(-3n)],
  ['0b-1', -1, goInt(-1n)],
  ['0o-7', '0o-7', goInt(-7n)],
  ['0x1F', 31, goInt(31n)],
  ['-0X1f', -31, goInt(-31n)],
  ['1_000', 1000, goInt(1000n)],
  ['_1', '_1', '_1'],
  ['1__0', 10, goInt(10n)],
  ['9223372036854775807', 9.223372036854776e18, goInt(9223372036854775807n)],
  ['9223372036854775808', 9.223372036854776e18, new GoInt(9223372036854775808n, 'uint64')],
  ['-9223372036854775808', -9.223372036854776e18, goInt(-9223372036854775808n)],
  ['18446744073709551615', 1.8446744073709552e19, new GoInt(18446744073709551615n, 'uint64')],
  ['18446744073709551616', 1.8446744073709552e19, 1.8446744073709552e19],
  ['+18446744073709551615', 1.8446744073709552e19, 1.8446744073709552e19],
  ['1.5', 1.5, 1.5],
  ['1.', 1, 1],
  ['.5', 0.5, 0.5],
  ['+.5', 0.5, 0.5],
  ['-.5e3', -500, -500],
  ['1e3', 1000, 1000],
  ['1E+3', 1000, 1000],
  ['1e', '1e', '1e'],
  ['1e400', '1e400', '1e400'],
  ['1e-400', 0, 0],
  ['0x1p4', '0x1p4', '0x1p4'],
  ['._5', '._5', '._5'],
  ['.5_0', 0.5, 0.5],
  ['.', '.', '.'],
  ['..', '..', '..'],
  ['.inf', error('json: unsupported value: +Inf'), Number.POSITIVE_INFINITY],
  ['+.Inf', error('json: unsupported value: +Inf'), Number.POSITIVE_INFINITY],
  ['-.INF', error('json: unsupported value: -Inf'), Number.NEGATIVE_INFINITY],
  ['.NaN', error('json: unsupported value: NaN'), Number.NaN],
  ['.nAn', '.nAn', '.nAn'],
  ['<<', '<<', '<<'],
  ['=', '=', '='],
  ['1:30', '1:30', '1:30'],
  ['190:20:30', '190:20:30', '190:20:30'],
  ['2001-01-01', '2001-01-01', time('978307200.000000000/0')],
  ['2001-1-2', '2001-1-2', time('978393600.000000000/0')],
  ['2001-13-01', '2001-13-01', '2001-13-01'],
  ['2001-02-29', '2001-02-29', '2001-02-29'],
  ['2000-02-29', '2000-02-29', time('951782400.000000000/0')],
  ['2001-12-14t21:59:43.10-05:00', '2001-12-14t21:59:43.10-05:00', time('1008385183.100000000/-18000')],
  ['2001-12-14T21:59:43Z', '2001-12-14T21:59:43Z', time('1008367183.000000000/0')],
  ['2001-12-14T21:59:43', '2001-12-14T21:59:43', '2001-12-14T21:59:43'],
  ['2001-12-14 21:59:43', '2001-12-14 21:59:43', time('1008367183.000000000/0')],
  ['2001-12-14   1:2:3.5', '2001-12-14   1:2:3.5', time('1008291723.500000000/0')],
  ['2001-12-14 21:59:43.10 -5', '2001-12-14 21:59:43.10 -5', '2001-12-14 21:59:43.10 -5'],
  ['2001-12-14T21:59:43,123456789123Z', '2001-12-14T21:59:43,123456789123Z', time('1008367183.123456789/0')],
  ['2001-12-14T24:00:00Z', '2001-12-14T24:00:00Z', '2001-12-14T24:00:00Z'],
  ['!!str 12', '12', '12'],
  ['!!int 12', 12, goInt(12n)],
  ['!!float 12', 12, 12],
  ['!!str', '', ''],
  ['! 12', '12', goInt(12n)],
  ['!x 12', '12', '12'],
  ['!!binary SGk=', 'Hi', 'Hi'],
  ['"12"', '12', '12'],
  ["'a''b'", "a'b", "a'b"],
  ['|\n  x\n  y\n', 'x\ny\n', 'x\ny\n'],
  ['>-\n  x\n  y\n\n  z\n', 'x y\nz', 'x y\nz'],
  ['"\\x41\\u00e9\\U0001F600\\N\\_\\L\\P\\e\\0"', 'Aé😀\u0085\u00a0\u2028\u2029\u001b\u0000', 'Aé😀\u0085\u00a0\u2028\u2029\u001b\u0000'],
  ['"a\\\n  b"', 'ab', 'ab'],
  ['a  b\n  c\n\n  d', 'a  b c\nd', 'a  b c\nd'],
]

test('scalars resolve as in each library', () => {
  for (const [text, helm, helmfile] of scalars) {
    assert.deepEqual(decoded(`v: ${text}`, 'helm'), helm, `helm ${JSON.stringify(text)}`)
    assert.deepEqual(decoded(`v: ${text}`, 'helmfile'), helmfile, `helmfile ${JSON.stringify(text)}`)
  }
})

/** Maps as objects, for comparing. */
function shown(value: GoValue): unknown {
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [key, shown(item)]))
  if (Array.isArray(value)) return (value as GoList).map(shown)
  return value instanceof GoInt ? Number(value.value) : value
}

// Text, Helm's value, Helmfile's value.
const structures: readonly (readonly [string, unknown, unknown])[] = [
  ['', null, null],
  ['# only a comment\n', null, null],
  ['---\n', null, null],
  ['\ufeffa: 1', { a: 1 }, { a: 1 }],
  ['a: 1\r\nb: |\r\n  x\r\n  y\r\n', { a: 1, b: 'x\ny\n' }, { a: 1, b: 'x\ny\n' }],
  [
    'y: 1\non: 2\n0777: 3\n1.50: 4\n3.141592653589793: 5',
    { true: 2, 511: 3, 1.5: 4, 3.1415927: 5 },
    { y: 1, on: 2, 511: 3, 1.5: 4, 3.141592653589793: 5 },
  ],
  ['a: &x {b: 1, c: 2}\nd:\n  b: 9\n  <<: *x\n', { a: { b: 1, c: 2 }, d: { b: 1, c: 2 } }, { a: { b: 1, c: 2 }, d: { b: 9, c: 2 } }],
  ['d:\n  <<: [{b: 1}, {b: 2, c: 3}]\n  e: 4\n', { d: { b: 1, c: 3, e: 4 } }, { d: { b: 1, c: 3, e: 4 } }],
  ['"<<": x', { '<<': 'x' }, { '<<': 'x' }],
  ['? |\n  block key\n: - one\n  - two\n', { 'block key\n': ['one', 'two'] }, { 'block key\n': ['one', 'two'] }],
  [
    '- - a\n  - b\n-\n  c: d\n- [e: f, {g, h: }]\n',
    [['a', 'b'], { c: 'd' }, [{ e: 'f' }, { g: null, h: null }]],
    [['a', 'b'], { c: 'd' }, [{ e: 'f' }, { g: null, h: null }]],
  ],
  ['a:\n- b\n-\n- c: 1\n  d: 2\ne:\n', { a: ['b', null, { c: 1, d: 2 }], e: null }, { a: ['b', null, { c: 1, d: 2 }], e: null }],
  ['%TAG !e! tag:yaml.org,2002:\n---\na: !e!str 1\n', { a: '1' }, { a: '1' }],
  ['a: 1 # one\nb: "#no" #yes\n# end', { a: 1, b: '#no' }, { a: 1, b: '#no' }],
  ['a: !!binary gIGC', { a: '\ufffd\ufffd\ufffd' }, { a: '\udc80\udc81\udc82' }],
]

test('structures decode as in each library', () => {
  for (const [text, helm, helmfile] of structures) {
    assert.deepEqual(shown(decode(text, 'helm')), helm, `helm ${JSON.stringify(text)}`)
    assert.deepEqual(shown(decode(text, 'helmfile')), helmfile, `helmfile ${JSON.stringify(text)}`)
  }
})

test('UTF-16 with a byte order mark is read', () => {
  const bytes = [...Buffer.from('a: \u00e9\n', 'utf16le')]
  const text = [0xff, 0xfe, ...bytes].map((byte) => (byte < 0x80 ? String.fromCharCode(byte) : String.fromCharCode(0xdc00 + byte))).join('')
  assert.deepEqual(shown(decode(text, 'helm')), { a: '\u00e9' })
})

test('keys like __proto__ are ordinary', () => {
  const value = decode('__proto__: {x: 1}\nconstructor: 2', 'helm') as GoMap
  assert.deepEqual([...value.keys()], ['__proto__', 'constructor'])
  const [plain] = decodePlain({ name: 'a.yaml', text: '__proto__: {x: 1}' }) as [object]
  assert.deepEqual(Object.keys(plain), ['__proto__'])
  assert.equal(({} as { x?: number }).x, undefined)
})

test('a map with other keys than strings is marked for Helmfile', () => {
  assert.equal((decode('1: a', 'helmfile') as GoMap)[GO_TYPE]?.type, 'map[interface {}]interface {}')
  assert.equal((decode('a: 1', 'helmfile') as GoMap)[GO_TYPE], undefined)
})

test('strict decoding refuses a key that stands twice', () => {
  const source = { name: 'a.yaml', text: 'a: 1\nb: 2\na: 3\n' }
  assert.deepEqual(shown(decodeYaml(source, 'helm')), { a: 3, b: 2 })
  assert.throws(() => decodeYaml(source, 'helm', { strict: true }), { goMessage: 'yaml: unmarshal errors:\n  line 3: key "a" already set in map' })
})

test('streams: all documents, the first alone, manifests without empty ones', () => {
  const source = { name: 'a.yaml', text: 'a: 1\n---\n---\nb: 2\n...\n' }
  assert.deepEqual(decodeYamlAll(source, 'helm').map(shown), [{ a: 1 }, null, { b: 2 }])
  assert.deepEqual(shown(decodeYaml({ name: 'a.yaml', text: 'a: 1\n---\n[' }, 'helm')), { a: 1 })
  assert.deepEqual(decodePlain(source), [{ a: 1 }, { b: 2 }])
})

test('anchors last one document for Helm and the whole stream for Helmfile', () => {
  const source = { name: 'a.yaml', text: 'a: &x 1\n---\nb: *x\n' }
  assert.throws(() => decodeYamlAll(source, 'helm'), { goMessage: "yaml: unknown anchor 'x' referenced" })
  assert.deepEqual(decodeYamlAll(source, 'helmfile').map(shown), [{ a: 1 }, { b: 1 }])
})

test('hostile texts end in an error', () => {
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
    .split('')
    .map(
      (name, i) =>
        `${name}: &${name} [${Array(9)
          .fill(`*${'abcdefgh'.charAt(i)}`)
          .join(',')}]\n`,
    )
    .join('')}`
  for (const dialect of ['helm', 'helmfile'] as const) {
    assert.throws(() => decode(bomb, dialect), { goMessage: 'yaml: document contains excessive aliasing' })
    assert.throws(() => decode('['.repeat(100_000), dialect), { goMessage: 'yaml: exceeded max depth of 1000' })
    assert.throws(() => decode('- '.repeat(20_000), dialect), { goMessage: /exceeded max depth/ })
  }
})
