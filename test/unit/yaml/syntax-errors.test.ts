import assert from 'node:assert/strict'
import { test } from 'node:test'
import { positionAt } from '../../../src/base/source.ts'
import { decodeYaml } from '../../../src/yaml/decode.ts'
import type { Dialect } from '../../../src/yaml/dialect.ts'
import { YamlError } from '../../../src/yaml/yaml-error.ts'

function errorOf(text: string, dialect: Dialect): YamlError | undefined {
  try {
    decodeYaml({ name: 'a.yaml', text }, dialect)
    return undefined
  } catch (error) {
    assert.ok(error instanceof YamlError, String(error))
    return error
  }
}

// Text, what go-yaml v2 says, what go-yaml v3 says; recorded from the libraries.
const messages: readonly (readonly [string, string | undefined, string | undefined])[] = [
  ['a: b: c', 'yaml: mapping values are not allowed in this context', 'yaml: mapping values are not allowed in this context'],
  ['x: 1\ny: a: b', 'yaml: line 2: mapping values are not allowed in this context', 'yaml: line 2: mapping values are not allowed in this context'],
  ['a: [1, 2\nb: 3', "yaml: line 1: did not find expected ',' or ']'", "yaml: line 1: did not find expected ',' or ']'"],
  ['a:\n  - b\n c: d', 'yaml: line 2: did not find expected key', 'yaml: line 2: did not find expected key'],
  ['\ta: 1', 'yaml: found character that cannot start any token', 'yaml: found character that cannot start any token'],
  ['a: 1\n\tb: 2', 'yaml: line 2: found a tab character that violates indentation', 'yaml: line 2: found a tab character that violates indentation'],
  ['a: "x', 'yaml: found unexpected end of stream', 'yaml: found unexpected end of stream'],
  ["a: 'x\nb: 1", 'yaml: line 2: found unexpected end of stream', 'yaml: line 2: found unexpected end of stream'],
  ['a: "\\q"', 'yaml: found unknown escape character', 'yaml: found unknown escape character'],
  ['a: "\\ud800"', 'yaml: found invalid Unicode character escape code', 'yaml: found invalid Unicode character escape code'],
  ['a: *x', "yaml: unknown anchor 'x' referenced", "yaml: unknown anchor 'x' referenced"],
  ['a: &x [*x]', "yaml: anchor 'x' value contains itself", "yaml: anchor 'x' value contains itself"],
  ['a\nb', undefined, undefined],
  ['- a\nb: c', "yaml: line 1: did not find expected '-' indicator", "yaml: line 1: did not find expected '-' indicator"],
  ['a: 1\n- b', 'yaml: line 1: did not find expected key', 'yaml: line 1: did not find expected key'],
  ['[a', "yaml: line 1: did not find expected ',' or ']'", "yaml: line 1: did not find expected ',' or ']'"],
  ['{a: 1', "yaml: line 1: did not find expected ',' or '}'", "yaml: line 1: did not find expected ',' or '}'"],
  ['{a: 1}}', undefined, undefined],
  [
    'a: |\n\tx',
    'yaml: line 2: found a tab character where an indentation space is expected',
    'yaml: line 2: found a tab character where an indentation space is expected',
  ],
  ['a: |0\n x', 'yaml: found an indentation indicator equal to 0', 'yaml: found an indentation indicator equal to 0'],
  ['a: |x\n', 'yaml: did not find expected comment or line break', 'yaml: did not find expected comment or line break'],
  ['%YAML 1.2\n---\na: 1', 'yaml: found incompatible YAML document', 'yaml: found incompatible YAML document'],
  ['%FOO bar\n---\na: 1', 'yaml: found unknown directive name', 'yaml: found unknown directive name'],
  ['%YAML 1.1\n%YAML 1.1\n---\n', 'yaml: line 1: found duplicate %YAML directive', 'yaml: line 1: found duplicate %YAML directive'],
  ['a: !x!y z', 'yaml: found undefined tag handle', 'yaml: found undefined tag handle'],
  ['a: @b', 'yaml: found character that cannot start any token', 'yaml: found character that cannot start any token'],
  ['a: `b`', 'yaml: found character that cannot start any token', 'yaml: found character that cannot start any token'],
  ['a: %b', 'yaml: found character that cannot start any token', 'yaml: found character that cannot start any token'],
  ['"a\n---\nb"', 'yaml: line 2: found unexpected document indicator', 'yaml: line 2: found unexpected document indicator'],
  ['a: 1\n---\nb: [', undefined, undefined],
  ['a: !!int x', 'yaml: cannot decode !!str `x` as a !!int', 'yaml: cannot decode !!str `x` as a !!int'],
  ['a: !!float yes', 'yaml: cannot decode !!bool `yes` as a !!float', 'yaml: cannot decode !!str `yes` as a !!float'],
  ['a: !!binary "*"', 'yaml: !!binary value contains invalid base64 data', 'yaml: !!binary value contains invalid base64 data'],
  ['<<: 1', 'yaml: map merge requires map or sequence of maps as the value', 'yaml: map merge requires map or sequence of maps as the value'],
  ['<<: [1]', 'yaml: map merge requires map or sequence of maps as the value', 'yaml: map merge requires map or sequence of maps as the value'],
  ['? [a]\n: b', 'yaml: invalid map key: []interface {}{"a"}', 'yaml: invalid map key: []interface {}{"a"}'],
  ['? {a: 1}\n: b', 'yaml: invalid map key: map[interface {}]interface {}{"a":1}', 'yaml: invalid map key: map[string]interface {}{"a":1}'],
  ['null: 1', 'unsupported map key of type: %!s(<nil>), key: <nil>, value: 1', undefined],
  [
    '~: {a: [1, x]}',
    'unsupported map key of type: %!s(<nil>), key: <nil>, value: map[interface {}]interface {}{"a":[]interface {}{1, "x"}}',
    undefined,
  ],
  ['null: 1\n~: 2', 'unsupported map key of type: %!s(<nil>), key: <nil>, value: 2', undefined],
  [
    '~: {<<: {z: 1, b: 1}, 2: x, b: 2, 2024-01-02: t, 1.5: f, true: g}',
    'unsupported map key of type: %!s(<nil>), key: <nil>, value: map[interface {}]interface {}{"2024-01-02":"t", "b":2, "z":1, 2:"x", 1.5:"f", true:"g"}',
    undefined,
  ],
  ['18446744073709551615: 1', 'unsupported map key of type: uint64, key: 0xffffffffffffffff, value: 1', undefined],
  ['a: .inf', 'json: unsupported value: +Inf', undefined],
  ['a: -.INF', 'json: unsupported value: -Inf', undefined],
  ['a: .nan', 'json: unsupported value: NaN', undefined],
  ['b: .nan\na: -.inf', 'json: unsupported value: -Inf', undefined],
  ['- [.inf]\n- .nan', 'json: unsupported value: +Inf', undefined],
  ['a: .inf\na: 1', undefined, 'yaml: unmarshal errors:\n  line 2: mapping key "a" already defined at line 1'],
  ['a: [{b: .inf}]\na: 1', undefined, 'yaml: unmarshal errors:\n  line 2: mapping key "a" already defined at line 1'],
  ['a: {b: 1, <<: {c: .inf}, c: 2}', undefined, undefined],
  ['a: {c: .inf, <<: {c: 1}}', undefined, undefined],
  ['a: {~: 1}\na: 1', undefined, 'yaml: unmarshal errors:\n  line 2: mapping key "a" already defined at line 1'],
  [
    'a: .inf\na: {~: 1}\nb: .inf',
    'unsupported map key of type: %!s(<nil>), key: <nil>, value: 1',
    'yaml: unmarshal errors:\n  line 2: mapping key "a" already defined at line 1',
  ],
  ['a: \udce9', 'yaml: incomplete UTF-8 octet sequence', 'yaml: incomplete UTF-8 octet sequence'],
  ['a: \udce9b', 'yaml: incomplete UTF-8 octet sequence', 'yaml: incomplete UTF-8 octet sequence'],
  ['\udcff\udcfea\0:\0\n', 'yaml: incomplete UTF-16 character', 'yaml: incomplete UTF-16 character'],
  ['a: \udce9bc', 'yaml: invalid trailing UTF-8 octet', 'yaml: invalid trailing UTF-8 octet'],
  ['a: \u0001', 'yaml: control characters are not allowed', 'yaml: control characters are not allowed'],
  ['a: \u007f', 'yaml: control characters are not allowed', 'yaml: control characters are not allowed'],
  ['x: 1\na: 1\na: 2', undefined, 'yaml: unmarshal errors:\n  line 3: mapping key "a" already defined at line 2'],
  ['[]: x', undefined, 'yaml: invalid map key: []interface {}{}'],
  ['{}: x', undefined, 'yaml: invalid map key: map[string]interface {}{}'],
  ['a: ? b', 'yaml: mapping keys are not allowed in this context', 'yaml: mapping keys are not allowed in this context'],
  ['&a &b c', undefined, undefined],
  ['- - a\n - b', "yaml: line 1: did not find expected '-' indicator", "yaml: line 1: did not find expected '-' indicator"],
  ['a: b\n  c: d', 'yaml: line 2: mapping values are not allowed in this context', 'yaml: line 2: mapping values are not allowed in this context'],
  ['key\n: v', undefined, undefined],
  ['"a b\n c": v', 'yaml: line 2: mapping values are not allowed in this context', 'yaml: line 2: mapping values are not allowed in this context'],
  ['a:\n- b\n  c', undefined, undefined],
  ['a: 1\n# c\n\t# d\nb: 2', 'yaml: line 3: found character that cannot start any token', undefined],
]

test('errors are worded and counted as in Go', () => {
  for (const [text, helm, helmfile] of messages) {
    assert.equal(errorOf(text, 'helm')?.goMessage, helm, JSON.stringify(text))
    assert.equal(errorOf(text, 'helmfile')?.goMessage, helmfile, JSON.stringify(text))
  }
})

// Text, line and column where our own diagnostic points.
const places: readonly (readonly [string, number, number])[] = [
  ['a: b: c', 1, 5],
  ['x: 1\ny: a: b', 2, 5],
  ['a:\n  - b\n c: d', 3, 2],
  ['a: [1, 2\nb: 3', 2, 2],
  ['a: *x', 1, 4],
  ['ok: 1\na: "\\q"', 2, 5],
  ['ok: 1\nbad: \u0001', 2, 6],
  ['ok: {x: !!int y}', 1, 9],
]

test('diagnostics point at the place itself', () => {
  for (const [text, line, column] of places) {
    const at = errorOf(text, 'helm')?.diagnostics[0]?.at
    assert.ok(at, text)
    assert.deepEqual(positionAt(at.source, at.start), { line, column }, text)
  }
})

test('a duplicate key names both places', () => {
  const error = errorOf('a: 1\nb: 2\na: 3\n', 'helmfile')
  const diagnostic = error?.diagnostics[0]
  assert.equal(diagnostic?.code, 'yaml/duplicate-key')
  assert.equal(diagnostic?.at?.start, 10)
  assert.equal(diagnostic?.notes?.[0]?.at?.start, 0)
})

// The mark stands where the mistake is told to be.
const hints: readonly (readonly [marked: string, hint: string | undefined])[] = [
  ['a: b«: c', 'a text with ": " in it must stand in quotes'],
  ['a: b\n  c«: d', 'the line stands deeper than the one above, which has a value already'],
  ['a\nb«: c', 'a ":" is missing in the line above'],
  ['a b\nc«: d\n', 'a ":" is missing in the line above'],
  ['a:b\nc«: d\n', 'a blank is missing behind the ":" of the line above'],
  ['x: 1\n«a:b\nc: d\n', 'a blank is missing behind the ":" of this line'],
  ['a:\n    b: 1\n  «c: 2', 'the line is indented by 2, which is none of the levels above (0, 4)'],
  ['a: 1\n«- b', 'an entry of a list where a key is to stand: mind its indentation'],
  ['- a\n«b: c', 'begin the line with "- " as those above, or indent it as their key'],
  ['a: «- b', 'the first "- " belongs on a line of its own'],
  ['a: 1\n«\tb: 2', 'indent with blanks: YAML takes no tabs there'],
  ['a: «@b', 'a text that begins with @ must stand in quotes'],
  ['a: «%b', 'a text that begins with % must stand in quotes'],
  ['a: «*x', 'set the anchor before with &x; a text that begins with * must stand in quotes'],
  ['a: {«{ .x }}', '{{ … }} must stand in quotes to be a text here'],
  ['a: { f .x }«}', 'an action begins with {{: a brace is missing'],
  ['a: «"x\nb: 1\n', 'close the text with "'],
  ['a: "x\nb: "«y"\n', 'close the text in quotes on the line where it begins'],
  ['a: [1, 2\nb«: 3', 'close the list with ], or put the text in quotes'],
  ['a: 1\n«<<<<<<< HEAD\nb: 1\n', 'the text holds the marks of a merge conflict: <<<<<<< ======= >>>>>>>'],
]

for (const [marked, hint] of hints) {
  test(`advice on ${JSON.stringify(marked)}`, () => {
    const [diagnostic] = errorOf(marked.replace('«', ''), 'helm')?.diagnostics ?? []
    assert.deepEqual([diagnostic?.hint, diagnostic?.at?.start], [hint, marked.indexOf('«')])
  })
}
