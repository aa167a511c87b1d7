import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GoComplex } from '../../../src/go/complex.ts'
import { GoInt, type GoMap, type GoObject, GoPanic, GoTime, type GoValue, goDuration, goInt, withGoType } from '../../../src/go/values.ts'
import { decodeYaml } from '../../../src/yaml/decode.ts'
import { encodeYaml } from '../../../src/yaml/encode.ts'

function map(entries: Readonly<Record<string, GoValue>>): GoMap {
  return new Map(Object.entries(entries))
}

/** What stands behind `k:` when the text is the value of that key. */
function written(text: string, style: 'helm' | 'helm-pretty'): string {
  return encodeYaml(map({ k: text }), style)
    .replace(/^k:\s?/, '')
    .replace(/\n$/, '')
}

// Text, as Helm's toYaml writes it, as toYamlPretty and Helmfile write it; recorded from the Go libraries.
const texts: readonly (readonly [string, string, string])[] = [
  ['', '""', '""'],
  ['a', 'a', 'a'],
  ['a b', 'a b', 'a b'],
  [' a', "' a'", "' a'"],
  ['a ', "'a '", "'a '"],
  ['yes', '"yes"', '"yes"'],
  ['y', '"y"', '"y"'],
  ['no', '"no"', '"no"'],
  ['null', '"null"', '"null"'],
  ['~', '"~"', '"~"'],
  ['true', '"true"', '"true"'],
  ['1', '"1"', '"1"'],
  ['1.5', '"1.5"', '"1.5"'],
  ['0x1', '"0x1"', '"0x1"'],
  ['08', '"08"', '"08"'],
  ['1:30', '"1:30"', '"1:30"'],
  ['2001-01-01', '"2001-01-01"', '"2001-01-01"'],
  ['1e3', '"1e3"', '"1e3"'],
  ['.5', '".5"', '".5"'],
  ['=', '=', '='],
  ['<<', '<<', '<<'],
  ['-', "'-'", "'-'"],
  ['- a', "'- a'", "'- a'"],
  ['-a', '-a', '-a'],
  ['?', "'?'", "'?'"],
  ['? a', "'? a'", "'? a'"],
  ['?a', '?a', '?a'],
  [':', "':'", "':'"],
  ['a: b', "'a: b'", "'a: b'"],
  ['a:', "'a:'", "'a:'"],
  [':a', ':a', ':a'],
  ['a:b', 'a:b', 'a:b'],
  ['#a', "'#a'", "'#a'"],
  ['a #b', "'a #b'", "'a #b'"],
  ['a#b', 'a#b', 'a#b'],
  ['[a', "'[a'", "'[a'"],
  ['{a', "'{a'", "'{a'"],
  ['a]', 'a]', 'a]'],
  [',', "','", "','"],
  ['&a', "'&a'", "'&a'"],
  ['*a', "'*a'", "'*a'"],
  ['!a', "'!a'", "'!a'"],
  ['|', "'|'", "'|'"],
  ['>', "'>'", "'>'"],
  ["'", "''''", "''''"],
  ["it's", "it's", "it's"],
  ['"', "'\"'", "'\"'"],
  ['a"b', 'a"b', 'a"b'],
  ['%', "'%'", "'%'"],
  ['@', "'@'", "'@'"],
  ['`', "'`'", "'`'"],
  ['---', "'---'", "'---'"],
  ['--- a', "'--- a'", "'--- a'"],
  ['...', "'...'", "'...'"],
  ['a\\b', 'a\\b', 'a\\b'],
  ['a\nb', '|-\n  a\n  b', '|-\n  a\n  b'],
  ['a\nb\n', '|\n  a\n  b', '|\n  a\n  b'],
  ['a\n\n', '|+\n  a\n', '|+\n  a\n'],
  ['\n', '|2+\n', '|2+\n'],
  ['\n\n', '|2+\n\n', '|2+\n\n'],
  [' a\nb', '|2-\n   a\n  b', '|2-\n   a\n  b'],
  ['\na', '|2-\n\n  a', '|2-\n\n  a'],
  ['a \nb', '"a \\nb"', '"a \\nb"'],
  ['a\n b', '|-\n  a\n   b', '|-\n  a\n   b'],
  ['a\nb ', '"a\\nb "', '"a\\nb "'],
  ['a\tb', '"a\\tb"', '"a\\tb"'],
  ['\ta\nb', '"\\ta\\nb"', '|-\n  \ta\n  b'],
  ['a\rb', '"a\\rb"', '"a\\rb"'],
  ['é', 'é', 'é'],
  ['日本', '日本', '日本'],
  ['😀', '"\\U0001F600"', '"\\U0001F600"'],
  ['a\u0085b', 'a b', '"a\\Nb"'],
  ['a\u00a0b', 'a\u00a0b', 'a\u00a0b'],
  ['a\u2028b', "'a\u2028  b'", "'a\u2028  b'"],
  ['\ufeffab', '"\\uFEFF\\x61\\x62"', '"\\uFEFF\\x61\\x62"'],
  ['\u0007\u001b\u0000', '"\\a\\e\\0"', '"\\a\\e\\0"'],
  ['�', '�', '�'],
]

test('texts are quoted as in each library', () => {
  for (const [text, helm, pretty] of texts) {
    assert.equal(written(text, 'helm'), helm, `helm ${JSON.stringify(text)}`)
    assert.equal(written(text, 'helm-pretty'), pretty, `pretty ${JSON.stringify(text)}`)
  }
})

test('long texts fold behind column 80 for Helm only', () => {
  const words = `${'word '.repeat(20)}end`
  assert.equal(written(words, 'helm'), `${'word '.repeat(16).trimEnd()}\n  word word word word end`)
  assert.equal(written(words, 'helm-pretty'), words)
  assert.equal(written(`${'w'.repeat(90)} a  b`, 'helm'), `${'w'.repeat(90)}\n  a  b`)
  assert.equal(written(`${'w'.repeat(90)}\t a`, 'helm'), `"${'w'.repeat(90)}\\t\n  a"`)
})

const LONG_KEY = 'k'.repeat(129)

// Value, Helm's text, the other text where it differs.
const values: readonly (readonly [GoValue, string, string?])[] = [
  [null, 'null\n'],
  ['text', 'text\n'],
  ['a\nb', '|-\n  a\n  b\n'],
  [true, 'true\n'],
  [1000000, '1000000\n', '1e+06\n'],
  [1.5, '1.5\n'],
  [-0, '0\n', '-0\n'],
  [1e20, '1e+20\n'],
  [1e21, '1e+21\n'],
  [0.000001, '1e-06\n'],
  [2 ** 63, '9223372036854776000\n', '9.223372036854776e+18\n'],
  [goInt(42), '42\n'],
  [new GoInt(18446744073709551615n, 'uint64'), '18446744073709551615\n'],
  [new Uint8Array([1, 255]), 'Af8=\n', '- 1\n- 255\n'],
  [new GoTime(1008385183100000000n, '', -18000), '"2001-12-14T21:59:43.1-05:00"\n', '2001-12-14T21:59:43.1-05:00\n'],
  [goDuration(90_000_000_000n), '90000000000\n', '1m30s\n'],
  [[], '[]\n'],
  [new Map(), '{}\n'],
  [withGoType([], '[]string', true), 'null\n', '[]\n'],
  [withGoType(new Map(), 'map[string]string', true), 'null\n', '{}\n'],
  [[[], [1, [2]], map({ a: 1, b: [1] })], '- []\n- - 1\n  - - 2\n- a: 1\n  b:\n  - 1\n', '- []\n- - 1\n  - - 2\n- a: 1\n  b:\n    - 1\n'],
  [
    map({ a: [map({ b: 'x\n' })], c: map({ d: map({ e: [] }) }) }),
    'a:\n- b: |\n    x\nc:\n  d:\n    e: []\n',
    'a:\n  - b: |\n      x\nc:\n  d:\n    e: []\n',
  ],
  [map({ a10: 1, a2: 1, a1: 1, B: 1, _: 1, 1: 1, 10: 1, 2: 1 }), '_: 1\n"1": 1\n"2": 1\n"10": 1\nB: 1\na1: 1\na2: 1\na10: 1\n'],
  [map({ 'a\nb': 1, '': 2, yes: 3 }), '"": 2\n? |-\n  a\n  b\n: 1\n"yes": 3\n'],
  [map({ [LONG_KEY]: [1] }), `? ${LONG_KEY}\n: - 1\n`],
  [map({ k: 'a\udc80b' }), 'k: a\ufffdb\n', 'k: !!binary YYBi\n'],
]

test('values are written as in each library', () => {
  for (const [value, helm, pretty] of values) {
    assert.equal(encodeYaml(value, 'helm'), helm)
    assert.equal(encodeYaml(value, 'helm-pretty'), pretty ?? helm)
    assert.equal(encodeYaml(value, 'helmfile'), pretty ?? helm)
  }
})

test('Helm cannot write what its way through JSON cannot carry', () => {
  const refused: readonly (readonly [GoValue, string])[] = [
    [Number.NaN, 'error marshaling into JSON: json: unsupported value: NaN'],
    [Number.POSITIVE_INFINITY, 'error marshaling into JSON: json: unsupported value: +Inf'],
    ['\u007f', 'yaml: control characters are not allowed'],
    ['\uffff', 'yaml: control characters are not allowed'],
    [map({ ['k'.repeat(1100)]: 1 }), "yaml: did not find expected ',' or '}'"],
  ]
  for (const [value, goMessage] of refused) assert.throws(() => encodeYaml(value, 'helm'), { goMessage })
  assert.equal(encodeYaml(Number.NaN, 'helmfile'), '.nan\n')
})

test('a value that holds itself ends in an error', () => {
  const circle: GoMap = new Map()
  circle.set('self', circle)
  for (const style of ['helm', 'helmfile'] as const) assert.throws(() => encodeYaml(circle, style), { name: 'DiagnosticError' })
})

const kubeVersion: GoObject = {
  goType: 'common.KubeVersion',
  goKind: 'struct',
  field: () => undefined,
  method: () => undefined,
  structFields: () => [
    ['Version', 'v1.2'],
    ['normalizedVersion', 'v1'],
    ['Major', '1'],
  ],
  plain: () => map({ Version: 'v1.2', Major: '1' }),
}

test('structs have the names JSON gives them for Helm, lower-case ones in their order for go-yaml v3', () => {
  assert.equal(encodeYaml(kubeVersion, 'helm'), 'Major: "1"\nVersion: v1.2\n')
  assert.equal(encodeYaml(kubeVersion, 'helm-pretty'), 'version: v1.2\nmajor: "1"\n')
})

test('complex numbers are refused, by v3 with a panic', () => {
  const complex = new GoComplex(0, 1)
  assert.throws(() => encodeYaml(complex, 'helm'), { goMessage: 'error marshaling into JSON: json: unsupported type: complex128' })
  assert.throws(() => encodeYaml(complex, 'helmfile'), new GoPanic('cannot marshal type: complex128'))
})

test('as deep as is read can be written', () => {
  const text = `${'['.repeat(1000)}${']'.repeat(1000)}`
  for (const dialect of ['helm', 'helmfile'] as const) {
    const value = decodeYaml({ name: 'a.yaml', text }, dialect)
    assert.deepEqual(decodeYaml({ name: 'a.yaml', text: encodeYaml(value, dialect) }, dialect), value)
  }
})

test('the order of keys can be kept', () => {
  assert.equal(encodeYaml(map({ b: 1, a: map({ d: 1, c: 2 }) }), 'helmfile', { keepOrder: true }), 'b: 1\na:\n  d: 1\n  c: 2\n')
})
