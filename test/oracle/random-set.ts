import fc, { type Arbitrary } from 'fast-check'
import type { ChartCase } from './random-charts.ts'
import { join, maybe, repeated, words } from './random-grammar.ts'

const names = fc.oneof(
  { weight: 8, arbitrary: words('a a b c l l m s n') },
  fc.constantFrom(
    'a b',
    'a\\.b',
    'a\\,b',
    'a\\=b',
    'a\\[b',
    'a\\\\b',
    'é',
    '',
    ' a',
    'a ',
    '__proto__',
    'global',
    '1',
    '-1',
    'a"b',
    'null',
    'true',
    '\\',
    'a\\',
    '{a}',
    '*',
    'a:b',
  ),
)
const indexes = fc.oneof(
  { weight: 6, arbitrary: words('[0] [1] [2] [0][1] [3]') },
  words('[-1] [] [x] [01] [1 [65536] [65537] [99999999999999999999] [ ]a [0]b [+1] [1.5] ]'),
)
const paths = repeated(join(names, maybe(indexes, 3)), 1, 3, '.')
const scalars = fc.oneof(
  {
    weight: 6,
    arbitrary: words(
      '1 0 -1 x true false null 1.5 007 0x1F 1e3 9223372036854775807 9223372036854775808 -9223372036854775808 a.b a:b a=b yes ~ TRUE nil 0.0 +1 1_000 .5 "q" \'q\' é [1] {{x}} a\\,b a\\=b \\\\ \\n @x',
    ),
  },
  fc.constantFrom('', ' ', ' x ', 'a b', '\\', 'a\\', 'a\nb', 'null ', ' null', '\t', '#x', '- a'),
)
const lists = fc.array(fc.oneof({ weight: 5, arbitrary: scalars }, words('{a,b} {} a}')), { maxLength: 3 }).map((items) => `{${items.join(',')}}`)
const values = fc.oneof({ weight: 5, arbitrary: scalars }, { weight: 2, arbitrary: lists }, words('{ } {a {a,{b}} {a}b {{a} {a,} {,}'))
const pairs = fc.oneof({ weight: 12, arbitrary: join(paths, '=', values) }, paths, join(paths, '=='), values, fc.constantFrom('', '=', ',', '=x'))
const texts = repeated(pairs, 1, 3, ',')

const jsons = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    words('1 0 1.5 null true "x" "" -1 1e3 9007199254740993 "a,b" "a=b" [] {} x 01 "\\u00e9" {"a" [1 nul'),
    fc.array(tie('value'), { maxLength: 3 }).map((items) => `[${items.join(', ')}]`),
    fc
      .array(fc.tuple(words('"a" "b" "n" "a.b" "l" a'), tie('value')), { maxLength: 3 })
      .map((list) => `{${list.map(([key, value]) => `${key}:${value}`).join(', ')}}`),
  ),
})).value
const jsonTexts = fc.oneof({ weight: 6, arbitrary: repeated(join(paths, '=', jsons), 1, 2, ',') }, jsons, join(jsons, ',a=1'))

const options = fc.oneof(
  { weight: 4, arbitrary: texts.map((text) => ['--set', text]) },
  { weight: 2, arbitrary: texts.map((text) => ['--set-string', text]) },
  { weight: 2, arbitrary: jsonTexts.map((text) => ['--set-json', text]) },
  pairs.map((text) => ['--set-literal', text]),
  repeated(join(paths, '=', fc.constantFrom('given/text.txt', 'given/text.txt', 'given/nope', 'given', '{given/text.txt}', '')), 1, 2, ',').map(
    (text) => ['--set-file', text],
  ),
)

/** One option after the other over values that have some of their names. */
export const setCases: Arbitrary<ChartCase> = fc.array(options, { minLength: 1, maxLength: 3 }).map((list) => ({
  files: {
    'chart/Chart.yaml': 'apiVersion: v2\nname: c\nversion: 1.0.0\n',
    'chart/values.yaml': 'a: 1\nl: [1, {a: x, b: [1, 2]}, null]\nm: {a: {b: {c: 1}}, n: null}\ns: text\nn: null\n',
    'chart/templates/a.yaml': 'values: {{ toJson .Values }}\n',
    'given/text.txt': 'line, one={x}\nline two\n',
  },
  args: list.flat(),
}))
