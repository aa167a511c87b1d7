import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkAgainstSchema, type StructuralSchema } from '../../../src/plan/definitions/structural-schema.ts'

const spec = (schema: StructuralSchema): StructuralSchema => ({ type: 'object', properties: { spec: schema, metadata: { type: 'object' } } })

/** A name, the schema of `spec`, its value, and what is said of it. */
const cases: readonly (readonly [string, StructuralSchema, unknown, string])[] = [
  ['what fits', { type: 'object', required: ['a'], properties: { a: { type: 'integer', minimum: 1 } } }, { a: 1 }, ''],
  ['a type', { type: 'integer' }, '1', 'spec must be of type integer, and is string'],
  ['an integer for a number', { type: 'number' }, 3, ''],
  ['a fraction for an integer', { type: 'integer' }, 1.5, 'spec must be of type integer, and is number'],
  ['null in a list', { type: 'array', items: { type: 'string' } }, ['a', null], 'spec[1] must be of type string, and is null'],
  ['null, which goes', { type: 'object', properties: { a: { type: 'string' } } }, { a: null }, ''],
  ['null in a map, which goes', { type: 'object', additionalProperties: { type: 'string' }, maxProperties: 0 }, { a: null }, ''],
  ['required, but null', { type: 'object', required: ['a'], properties: { a: { type: 'string' } } }, { a: null }, 'spec.a is required'],
  ['required, but defaulted', { type: 'object', required: ['a'], properties: { a: { type: 'string', default: 'x' } } }, {}, ''],
  ['null, but defaulted', { type: 'object', required: ['a'], properties: { a: { type: 'string', default: 'x' } } }, { a: null }, ''],
  [
    'a default of a default',
    { type: 'object', properties: { a: { type: 'object', default: {}, required: ['b'], properties: { b: { type: 'integer', default: 1 } } } } },
    {},
    '',
  ],
  ['a set', { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } }, ['a', 'b', 'a'], 'spec[2] is there twice'],
  [
    'a list that is a map, one key by default',
    {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['port', 'protocol'],
      items: { type: 'object', required: ['protocol'], properties: { port: { type: 'integer' }, protocol: { type: 'string', default: 'TCP' } } },
    },
    [{ port: 1 }, { port: 2 }, { port: 1, protocol: 'TCP' }],
    'spec[2] has the same port and protocol as another item',
  ],
  ['an address', { type: 'string', format: 'ipv4' }, '10.0.0.256', 'spec must be of format ipv4'],
  ['a small integer', { type: 'integer', format: 'int32' }, 2_147_483_648, 'spec must be of format int32'],
  ['null where it may be', { type: 'string', nullable: true }, null, ''],
  ['integer or string', { 'x-kubernetes-int-or-string': true }, '50%', ''],
  ['neither', { 'x-kubernetes-int-or-string': true }, true, 'spec must be of type integer or string, and is boolean'],
  ['required', { type: 'object', required: ['a'], properties: { a: { type: 'string' } } }, {}, 'spec.a is required'],
  ['enum', { type: 'string', enum: ['a', 'b'] }, 'c', 'spec must be one of "a", "b"'],
  ['pattern', { type: 'string', pattern: '^a+$' }, 'ab', 'spec must match ^a+$'],
  ['a pattern that is none', { type: 'string', pattern: '(' }, 'x', ''],
  ['length in characters', { type: 'string', maxLength: 1 }, '😀', ''],
  ['too long', { type: 'string', maxLength: 1 }, 'ab', 'spec must have at most 1 characters'],
  ['exclusive', { type: 'number', minimum: 0, exclusiveMinimum: true }, 0, 'spec must be more than 0'],
  ['multiple', { type: 'number', multipleOf: 0.1 }, 0.3, ''],
  [
    'items',
    { type: 'array', maxItems: 1, items: { type: 'string' } },
    ['a', 2],
    'spec must have at most 1 items; spec[1] must be of type string, and is integer',
  ],
  ['twice', { type: 'array', uniqueItems: true, items: { type: 'string' } }, ['a', 'a'], 'spec must not have the same item twice'],
  ['an unknown field', { type: 'object', properties: { a: { type: 'string' } } }, { b: 1 }, '?spec.b is not known to the schema'],
  ['a preserved field', { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }, { b: { c: 1 } }, ''],
  ['a map', { type: 'object', additionalProperties: { type: 'integer' } }, { a: 1, b: 'x' }, 'spec.b must be of type integer, and is string'],
  ['a field of the prototype', { type: 'object', properties: {} }, { constructor: 1 }, '?spec.constructor is not known to the schema'],
  [
    'an object inside',
    { type: 'object', 'x-kubernetes-embedded-resource': true, properties: { spec: { type: 'object' } } },
    { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' } },
    '',
  ],
  [
    'one of two',
    { type: 'object', properties: { a: { type: 'string' }, b: { type: 'string' } }, oneOf: [{ required: ['a'] }, { required: ['b'] }] },
    { a: '', b: '' },
    'spec must fit exactly one of several forms (oneOf)',
  ],
  ['any', { type: 'integer', anyOf: [{ minimum: 5 }, { maximum: 1 }] }, 3, 'spec must fit at least one of several forms (anyOf), and fits none'],
  [
    'not',
    { type: 'object', properties: { a: { type: 'string' } }, not: { required: ['a'] } },
    { a: '' },
    'spec has a form that it must not have (not)',
  ],
  ['all', { type: 'integer', allOf: [{ minimum: 5 }] }, 3, 'spec must be at least 5'],
]

for (const [name, schema, value, expected] of cases) {
  test(name, () => {
    const object = { apiVersion: 'demo.example/v1', kind: 'Gadget', metadata: { name: 'x', labels: { a: 'b' } }, spec: value }
    const found = checkAgainstSchema(object, spec(schema)).map(({ path, text, kind }) => `${kind === 'unknown' ? '?' : ''}${path} ${text}`)
    assert.equal(found.join('; '), expected)
  })
}
