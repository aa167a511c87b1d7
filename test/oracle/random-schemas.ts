import fc, { type Arbitrary } from 'fast-check'
import type { ChartCase } from './random-charts.ts'
import { words } from './random-grammar.ts'

const formats = words(
  'date time date-time duration email hostname ipv4 ipv6 uri uri-reference uuid regex json-pointer relative-json-pointer iri idn-email period semver nope uri-template',
)
const leaves = fc.oneof(
  words(
    '{"type":"string"} {"type":"integer"} {"type":"number"} {"type":"boolean"} {"type":"null"} {"type":"array"} {"type":"object"} {"type":["string","null"]} {"type":"any"} {"enum":["x",1,null,1.0]} {"const":1} {"const":"x"} {"const":{"a":[1]}} {"minimum":1} {"maximum":1.5} {"exclusiveMinimum":1} {"exclusiveMaximum":5} {"exclusiveMinimum":true,"minimum":1} {"multipleOf":0.1} {"multipleOf":2} {"multipleOf":0} {"minLength":2} {"maxLength":1} {"pattern":"^x"} {"pattern":"["} {"pattern":"\\\\p{L}"} {"pattern":"(?=x)"} {"minItems":2} {"maxItems":1} {"uniqueItems":true} {"minProperties":1} {"maxProperties":1} {"required":["a"]} {"required":["a","zz"]} {"required":true} true false {} {"not":{}} {"$ref":"#/$defs/p"} {"$ref":"#/definitions/p"} {"$ref":"#"} {"$ref":"#/nope"} {"$ref":"#anchor"} {"$ref":"other.json"} {"$ref":"http://json-schema.org/draft-07/schema#"} {"contentEncoding":"base64"} {"default":1,"title":"t","examples":[1]} {"dependencies":{"a":["b"]}} {"dependentRequired":{"a":["b"]}} {"x-unknown":1} {"readOnly":true} {"deprecated":true} {"$dynamicRef":"#d"} {"$recursiveRef":"#"} {"minContains":2,"contains":{"type":"integer"}} {"nullable":true,"type":"string"} {"unevaluatedProperties":false} {"unevaluatedItems":false} {"additionalItems":false,"items":[{}]} {"prefixItems":[{"type":"integer"}],"items":false} [] 1 null "x"',
  ),
  formats.map((format) => `{"format":${JSON.stringify(format)}}`),
  formats.map((format) => `{"type":"string","format":${JSON.stringify(format)}}`),
)
const names = words('a b c l m s global zz')
const schemas = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    { weight: 4, arbitrary: leaves },
    {
      weight: 4,
      arbitrary: fc
        .tuple(
          fc
            .uniqueArray(names, { maxLength: 3 })
            .chain((list) => fc.tuple(...list.map((name) => tie('node').map((node) => `${JSON.stringify(name)}:${node}`)))),
          words(
            ', ,"additionalProperties":false ,"required":["a","b"] ,"patternProperties":{"^l":{"type":"array"}} ,"propertyNames":{"pattern":"^[a-z]+$"} ,"additionalProperties":{"type":"integer"} ,"unevaluatedProperties":false',
          ),
        )
        .map(([list, more]) => `{"properties":{${list.join(',')}}${more === ',' ? '' : more}}`),
    },
    fc
      .tuple(words('items contains additionalProperties not propertyNames additionalItems unevaluatedItems'), tie('node'))
      .map(([word, node]) => `{"${word}":${node}}`),
    fc
      .tuple(words('allOf anyOf oneOf'), fc.array(tie('node'), { minLength: 1, maxLength: 3 }))
      .map(([word, list]) => `{"${word}":[${list.join(',')}]}`),
    fc.tuple(tie('node'), tie('node'), tie('node')).map(([a, b, c]) => `{"if":${a},"then":${b},"else":${c}}`),
    fc.tuple(words('dependentSchemas dependencies patternProperties'), tie('node')).map(([word, node]) => `{"${word}":{"a":${node}}}`),
    tie('node').map((node) => `{"items":[${node},{"type":"string"}],"additionalItems":{"type":"integer"}}`),
  ),
})).node
const drafts = fc.constantFrom(
  '',
  '',
  ...[
    'draft-04/schema#',
    'draft-06/schema#',
    'draft-07/schema#',
    'draft-07/schema',
    'draft/2019-09/schema',
    'draft/2020-12/schema',
    'draft/2020-12/schema#',
    'schema#',
  ].map((path) => `"$schema":"http${path.includes('/20') ? 's' : ''}://json-schema.org/${path}",`),
  '"$id":"http://example.com/root.json",',
  '"id":"http://example.com/root.json",',
)
const values = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 2, depthSize: 'small' },
    words(
      '1 0 1.0 1.5 5 x xy "" null true [] {} [1,1] [1,x] [1,1.0] [[1],[1]] {a:1} {a:1,b:x} {b:2} "2024-01-02" "12:00:00Z" "2024-01-02T03:04:05Z" a@b.c 1.2.3.4 "::1" "http://h/p" "/a/b" P1D 0.3 1e400 12345678901234567890 "é" [x,1,y] {zz:null} -1 "1"',
    ).map((text) => text.replace(/:(?=[^ /:"])/g, ': ')),
    fc.array(tie('node'), { maxLength: 2 }).map((list) => `[${list.join(', ')}]`),
    fc.tuple(names, tie('node')).map(([name, node]) => `{${name}: ${node}}`),
  ),
})).node

/** Schemas of all drafts over values that meet them or not. */
export const schemaCases: Arbitrary<ChartCase> = fc
  .tuple(
    drafts,
    schemas,
    schemas,
    fc.uniqueArray(
      fc.tuple(
        names.filter((name) => !/s|global/.test(name)),
        values,
      ),
      { maxLength: 4, selector: ([name]) => name },
    ),
    fc.option(schemas, { nil: undefined, freq: 4 }),
    fc.option(values, { nil: undefined, freq: 2 }),
  )
  .map(([draft, schema, definition, entries, inner, below]) => ({
    files: {
      'chart/Chart.yaml': 'apiVersion: v2\nname: c\nversion: 1.0.0\n',
      'chart/values.yaml': entries.map(([name, value]) => `${name}: ${value}\n`).join(''),
      'chart/values.schema.json': `{${draft}"$defs":{"p":${definition},"q":{"$anchor":"anchor"}},"definitions":{"p":${definition}},"allOf":[${schema}]}`,
      'chart/templates/a.yaml': 'v: {{ toJson .Values }}\n',
      ...(below === undefined
        ? {}
        : { 'chart/charts/s/Chart.yaml': 'apiVersion: v2\nname: s\nversion: 1.0.0\n', 'chart/charts/s/values.yaml': `a: ${below}\n` }),
      ...(below === undefined || inner === undefined ? {} : { 'chart/charts/s/values.schema.json': inner }),
    },
    args: [],
    anyOrder: true,
  }))
