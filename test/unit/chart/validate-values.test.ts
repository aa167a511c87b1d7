import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { validateValues } from '../../../src/chart/validate-values.ts'
import { chartOf, valuesOf } from './in-memory.ts'

interface Row {
  readonly name: string
  readonly schema: unknown
  readonly values: string
  /** What is said below the chart's name; undefined: nothing is wrong. */
  readonly expected?: string
}

const DRAFT_4 = 'http://json-schema.org/draft-04/schema#'
const DRAFT_7 = 'http://json-schema.org/draft-07/schema#'
const DRAFT_2019 = 'https://json-schema.org/draft/2019-09/schema'

/** `n39` applies itself 2^39 times. */
const DOUBLING = Object.fromEntries(
  Array.from({ length: 40 }, (_, i) => [
    `n${i}`,
    i === 0 ? { type: 'object' } : { allOf: [{ $ref: `#/$defs/n${i - 1}` }, { $ref: `#/$defs/n${i - 1}` }] },
  ]),
)

const rows: readonly Row[] = [
  {
    name: 'schemas without end',
    schema: { $ref: '#/$defs/n39', $defs: DOUBLING },
    values: 'a: 1',
    expected: 'checking values by the schema takes more than 1000000 steps',
  },
  {
    name: 'patterns without end',
    schema: { properties: { a: { pattern: '(a?){900}(b|c){900}d' } } },
    values: `a: ${'ab'.repeat(200_000)}`,
    expected: 'regular expression "(a?){900}(b|c){900}d" of 6303 steps over 400000 characters may take more than 400000000 steps',
  },
  {
    name: 'values too deep for schemas',
    schema: {
      $ref: '#/$defs/n0',
      $defs: Object.fromEntries(['n0', 'n1'].map((name) => [name, { anyOf: [{ additionalProperties: { $ref: '#/$defs/n0' } }] }])),
    },
    values: `a: ${'{a: '.repeat(990)}1${'}'.repeat(990)}`,
    expected: 'values and schemas are nested too deep to be checked',
  },
  { name: 'long patterns', schema: { properties: { a: { pattern: `^${'[a-z]'.repeat(3000)}$` } } }, values: `a: ${'b'.repeat(3000)}` },
  { name: 'type', schema: { properties: { a: { type: 'string' } } }, values: 'a: 1', expected: "- at '/a': got number, want string" },
  {
    name: 'types',
    schema: { properties: { a: { type: ['string', 'null'] } } },
    values: 'a: {}',
    expected: "- at '/a': got object, want null or string",
  },
  { name: 'whole floats are integers', schema: { properties: { a: { type: 'integer' } } }, values: 'a: 1.0' },
  { name: 'required', schema: { required: ['a', 'b'] }, values: 'c: 1', expected: "- at '': missing properties 'a', 'b'" },
  {
    name: 'null',
    schema: null,
    values: '',
    expected:
      "\"file:///values.schema.json#\" is not valid against metaschema: jsonschema validation failed with 'https://json-schema.org/draft/2020-12/schema#'\n- at '': got null, want boolean or object",
  },
  {
    name: 'two findings',
    schema: { required: ['a'], minProperties: 2 },
    values: 'c: 1',
    expected: "- at '': minProperties: got 1, want 2\n- at '': missing property 'a'",
  },
  {
    name: 'groups below',
    schema: { minProperties: 2, properties: { m: { required: ['a'], minProperties: 2 } } },
    values: 'm: {c: 1}',
    expected:
      "- at '': minProperties: got 1, want 2\n- at '/m': validation failed\n  - at '/m': minProperties: got 1, want 2\n  - at '/m': missing property 'a'",
  },
  {
    name: 'thousands',
    schema: { properties: { a: { maximum: 65535 } } },
    values: 'a: 70000',
    expected: "- at '/a': maximum: got 70,000, want 65,535",
  },
  {
    name: 'large numbers',
    schema: { properties: { a: { minimum: 1e21 } } },
    values: 'a: 1500000',
    expected: "- at '/a': minimum: got 1.5×10⁰⁶, want 1×10²¹",
  },
  { name: 'multiples', schema: { properties: { a: { multipleOf: 0.1 } } }, values: 'a: 0.35', expected: "- at '/a': multipleOf: got 0.35, want 0.1" },
  { name: 'multiples exactly', schema: { properties: { a: { multipleOf: 0.01 } } }, values: 'a: 4.35' },
  {
    name: 'draft 4 exclusive',
    schema: { $schema: DRAFT_4, properties: { a: { minimum: 1, exclusiveMinimum: true } } },
    values: 'a: 1',
    expected: "- at '/a': exclusiveMinimum: got 1, want 1",
  },
  {
    name: 'reference',
    schema: { $defs: { p: { minimum: 1 } }, properties: { a: { $ref: '#/$defs/p' } } },
    values: 'a: 0',
    expected: "- at '/a': minimum: got 0, want 1",
  },
  {
    name: 'anchor',
    schema: { $defs: { p: { $anchor: 'port', minimum: 1 } }, properties: { a: { $ref: '#port' } } },
    values: 'a: 0',
    expected: "- at '/a': minimum: got 0, want 1",
  },
  {
    name: 'id',
    schema: { $id: 'https://example.com/s', $defs: { p: { $id: 'p', minimum: 1 } }, properties: { a: { $ref: 'p' } } },
    values: 'a: 0',
    expected: "- at '/a': minimum: got 0, want 1",
  },
  {
    name: 'recursion',
    schema: { additionalProperties: { $ref: '#' }, type: 'object' },
    values: 'a: {b: 1}',
    expected: "- at '/a/b': got number, want object",
  },
  {
    name: 'beside a $ref, draft 7',
    schema: { $schema: DRAFT_7, definitions: { p: {} }, properties: { a: { $ref: '#/definitions/p', type: 'string' } } },
    values: 'a: 1',
  },
  {
    name: 'dynamic reference',
    schema: { $dynamicAnchor: 'n', type: 'object', properties: { c: { $dynamicRef: '#n' } } },
    values: 'c: {c: 1}',
    expected: "- at '/c/c': got number, want object",
  },
  {
    name: 'format, draft 7',
    schema: { $schema: DRAFT_7, properties: { a: { format: 'ipv4' } } },
    values: 'a: 1.2.3',
    expected: "- at '/a': '1.2.3' is not valid ipv4: expected four decimals",
  },
  { name: 'format, draft 2019', schema: { $schema: DRAFT_2019, properties: { a: { format: 'ipv4' } } }, values: 'a: 1.2.3' },
  {
    name: 'anyOf',
    schema: { properties: { a: { anyOf: [{ type: 'string' }, { minimum: 5 }] } } },
    values: 'a: 1',
    expected: "- at '/a': 'anyOf' failed\n  - at '/a': got number, want string\n  - at '/a': minimum: got 1, want 5",
  },
  {
    name: 'oneOf twice',
    schema: { properties: { a: { oneOf: [{ type: 'number' }, { minimum: 0 }] } } },
    values: 'a: 1',
    expected: "- at '/a': 'oneOf' failed, subschemas 0, 1 matched",
  },
  { name: 'not', schema: { not: { required: ['a'] } }, values: 'a: 1', expected: "- at '': 'not' failed" },
  // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
  { name: 'then', schema: { if: { required: ['a'] }, then: { required: ['b'] } }, values: 'a: 1', expected: "- at '': missing property 'b'" },
  {
    name: 'dependencies',
    schema: { $schema: DRAFT_7, dependencies: { a: ['b'] } },
    values: 'a: 1',
    expected: "- at '': properties 'b' required, if 'a' exists",
  },
  {
    name: 'unevaluated',
    schema: { allOf: [{ properties: { a: {} } }], unevaluatedProperties: false },
    values: 'a: 1\nb: 1',
    expected: "- at '/b': false schema",
  },
  {
    name: 'items behind a tuple',
    schema: { $schema: DRAFT_7, properties: { a: { items: [{}], additionalItems: false } } },
    values: 'a: [1, 2, 3]',
    expected: "- at '/a': last 2 additionalItem(s) not allowed",
  },
  {
    name: 'unique by worth',
    schema: { properties: { a: { uniqueItems: true } } },
    values: 'a: [1, {x: 1.0}, {x: 1}]',
    expected: "- at '/a': items at 1 and 2 are equal",
  },
  {
    name: 'contains',
    schema: { properties: { a: { contains: { const: 1 }, minContains: 2 } } },
    values: 'a: [1]',
    expected: "- at '/a': min 2 items required to match contains schema, but matched 1 items at 0",
  },
  {
    name: 'enum',
    schema: { properties: { a: { enum: ['x', 1, null] } } },
    values: 'a: y',
    expected: "- at '/a': value must be one of 'x', 1, <nil>",
  },
  {
    name: 'names in pointers',
    schema: { additionalProperties: { type: 'string' } },
    values: "a/b~'c: 1",
    expected: "- at '/a~1b~0\\'c': got number, want string",
  },
  {
    name: 'a reference to nowhere',
    schema: { $ref: '#/nope' },
    values: '',
    expected: 'json-pointer in "file:///values.schema.json#/nope" not found',
  },
  {
    name: 'a file outside',
    schema: { $ref: 'file:///etc/passwd' },
    values: '',
    expected: 'failing loading "file:///etc/passwd": open /etc/passwd: no such file or directory',
  },
  {
    name: 'an expression Go lacks',
    schema: { pattern: '(?=x)' },
    values: '',
    expected:
      "\"file:///values.schema.json#\" is not valid against metaschema: jsonschema validation failed with 'https://json-schema.org/draft/2020-12/schema#'\n- at '': 'allOf' failed\n  - at '/pattern': '(?=x)' is not valid regex: error parsing regexp: invalid or unsupported Perl syntax: `(?=`",
  },
  {
    name: 'a schema that is none',
    schema: { $schema: DRAFT_7, type: 7 },
    values: '',
    expected:
      "\"file:///values.schema.json#\" is not valid against metaschema: jsonschema validation failed with 'http://json-schema.org/draft-07/schema#'\n- at '/type': 'anyOf' failed\n  - at '/type': value must be one of 'array', 'boolean', 'integer', 'null', 'number', 'object', 'string'\n  - at '/type': got number, want array",
  },
  {
    name: 'an endless reference',
    schema: { $ref: '#' },
    values: '',
    expected: '- at \'\': both /$ref and  resolve to "file:///values.schema.json#" causing reference cycle',
  },
]

async function complaint(schema: string, values: string): Promise<string | undefined> {
  const chart = await chartOf({ 'values.schema.json': schema })
  try {
    validateValues(chart, valuesOf(values), () => undefined)
    return undefined
  } catch (error) {
    return (error as Error).message
      .split('\n')
      .slice(2)
      .join('\n')
      .replace(/ \[chart\/schema\]$/, '')
  }
}

describe('validateValues', () => {
  for (const { name, schema, values, expected } of rows) {
    it(name, async () => assert.equal(await complaint(JSON.stringify(schema), values), expected))
  }

  const broken: readonly (readonly [text: string, expected: string])[] = [
    ['', 'EOF'],
    ['{', 'unexpected EOF'],
    ['{} x', 'invalid character after top-level value'],
  ]
  for (const [text, expected] of broken)
    it(`says ${expected} of ${JSON.stringify(text)}`, async () => assert.equal(await complaint(text, ''), expected))

  it('keeps the digits of large numbers', async () => {
    assert.equal(
      await complaint('{"properties": {"a": {"maximum": 9223372036854775807}}}', 'a: 9223372036854775808'),
      "- at '/a': maximum: got 9.223372036854776×10¹⁸, want 9.223372036854776×10¹⁸",
    )
  })

  it('does not expand exponents', async () => {
    assert.equal(await complaint('{"properties": {"a": {"maximum": 1e999999999, "multipleOf": 1e-999999999}}}', 'a: 1'), undefined)
  })
})
