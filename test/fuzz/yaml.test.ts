import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type GoMap, type GoValue, goInt } from '../../src/go/values.ts'
import { parseFirstDocument } from '../../src/yaml/compose.ts'
import { decodeNode, decodeYaml, decodeYamlAll } from '../../src/yaml/decode.ts'
import { encodeYaml } from '../../src/yaml/encode.ts'
import { quickDecode } from '../../src/yaml/quick-decode.ts'
import { YamlError } from '../../src/yaml/yaml-error.ts'

const seed = 20260101

const pieces = fc.constantFrom(
  ...[
    'a',
    'b',
    'key',
    '- ',
    ': ',
    '? ',
    '\n',
    '\n  ',
    '\n    ',
    ' ',
    '\t',
    '#',
    ' # c',
    '|',
    '>-',
    '|2+',
    '"',
    "'",
    '\\n',
    '\\x4',
    '\\',
    '[',
    ']',
    '{',
    '}',
    ',',
  ],
  ...[
    '&a ',
    '*a',
    '!!str ',
    '!!int ',
    '!x ',
    '! ',
    '<<: ',
    '---\n',
    '...\n',
    '%YAML 1.1\n',
    '%TAG ! x\n',
    '1',
    '0x1',
    'yes',
    'null',
    '2001-01-01',
    '\r\n',
    '\u0085',
    '\u2028',
  ],
  ...['é', '\u{1f600}', '\ufeff', '\u0000', '\udcff', '@', '`', '%', ':', '-'],
)
const texts = fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join(''))

test('any text is read or refused with a YamlError, the same way each time', () => {
  const read = (text: string, dialect: 'helm' | 'helmfile'): string => {
    try {
      return encodeYaml(decodeYamlAll({ name: 'fuzz', text }, dialect), 'helmfile')
    } catch (error) {
      assert.ok(error instanceof YamlError, String(error))
      return error.goMessage
    }
  }
  const property = fc.property(texts, fc.constantFrom('helm', 'helmfile'), (text, dialect) => assert.equal(read(text, dialect), read(text, dialect)))
  fc.assert(property, { seed, numRuns: 5000 })
})

// go-yaml v3 cannot read back what it writes for a block of lines that begins with a tab; neither can we.
const isReadable = (text: string): boolean => !(text.startsWith('\t') && text.includes('\n'))

const scalars = fc.oneof(
  texts.filter(isReadable),
  fc.string({ unit: 'binary' }).filter(isReadable),
  fc.boolean(),
  fc.constant(null),
  fc.integer().map(goInt),
  fc.maxSafeInteger().map(goInt),
)
const keys = fc.oneof(texts, fc.string()).filter((key) => key !== '<<' && isReadable(key))
const values: fc.Arbitrary<GoValue> = fc.letrec<{ value: GoValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    scalars as fc.Arbitrary<GoValue>,
    fc.array(tie('value'), { maxLength: 4 }) as fc.Arbitrary<GoValue>,
    fc.array(fc.tuple(keys, tie('value')), { maxLength: 4 }).map((entries): GoMap => new Map(entries)),
  ),
})).value

test('what is written for Helmfile reads back as it was', () => {
  const property = fc.property(values, (value) => {
    assert.deepEqual(decodeYaml({ name: 'fuzz', text: encodeYaml(value, 'helmfile') }, 'helmfile'), value)
  })
  fc.assert(property, { seed, numRuns: 3000 })
})

/** A value after a trip through JSON as Go makes it: integers as floats, bytes that are no UTF-8 replaced, NEL folded away by YAML. */
function asHelmSees(value: GoValue): GoValue {
  const once = decodeYaml({ name: 'fuzz', text: encodeYaml(value, 'helm') }, 'helm')
  return decodeYaml({ name: 'fuzz', text: encodeYaml(once, 'helm') }, 'helm')
}

test('what is written for Helm reads back the same from then on', () => {
  const property = fc.property(values, (value) => {
    let seen: GoValue
    try {
      seen = decodeYaml({ name: 'fuzz', text: encodeYaml(value, 'helm') }, 'helm')
    } catch (error) {
      assert.ok(error instanceof YamlError, String(error))
      return
    }
    assert.deepEqual(asHelmSees(value), seen)
  })
  fc.assert(property, { seed, numRuns: 3000 })
})

const SIMPLE = `# service
replicas: 2
image:
  repository: "registry.local/app"   # tag below
  tag: 'v1.2'
args: [a, "b", {c: 1}]
list:
- name: x
  value: some text
    over two lines

- - 1
  - true
empty: {}
script: |-
  #!/bin/sh
    echo "a: b"

text: 'one
  two

  three'
last: ~
`

/** The text with some characters taken out and other pieces put in. */
const changed = fc
  .array(fc.tuple(fc.nat(SIMPLE.length), fc.nat(6), pieces), { maxLength: 4 })
  .map((changes) => changes.reduce((text, [at, length, piece]) => text.slice(0, at) + piece + text.slice(at + length), SIMPLE))

test('what is read quickly is what the parser reads', () => {
  let taken = 0
  const property = fc.property(changed, fc.nat(SIMPLE.length), (text, from) => {
    const part = text.slice(text.lastIndexOf('\n', from) + 1)
    const value = quickDecode(part)
    if (value === undefined) return
    taken++
    assert.deepEqual(value, decodeNode(parseFirstDocument({ name: 'fuzz', text: part }, 'helm')?.root ?? null, 'helm'))
  })
  fc.assert(property, { seed, numRuns: 5000 })
  assert.ok(taken > 500, `${taken} taken`)
})
