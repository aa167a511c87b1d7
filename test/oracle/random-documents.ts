import fc, { type Arbitrary } from 'fast-check'
import { join, literal, repeated, words } from './random-grammar.ts'

const yamlScalars = fc.oneof(
  words(
    "a 1 -1 0 +1 1.5 .5 5. 1e3 1E+3 -.5 .inf -.Inf +.INF .nan .NaN ~ null Null NULL true True TRUE yes No on OFF y n Y 0x1F 0o17 017 08 0b101 1_000 0x_1 1__0 1_ _1 12:30 1:2:3 190:20:30 2024-01-02 2024-01-02T03:04:05Z 12345678901234567890 -12345678901234567890 1.0 1e400 'q' \"d\" '' \"\" 'it''s' !!str !!int !!float !!null !!bool !!binary !x !!str|1 !!int|x !!float|1 !!bool|yes !!binary|aGk= &a|1 *a & * - : ? @ ` % | > # = <<",
  ).map((text) => text.replace('|', ' ')),
  fc.constantFrom(
    'a b',
    'a: b',
    'a #b',
    'a#b',
    '"a\\nb"',
    '"\\u00e9\\x41\\/\\_\\N"',
    '"\\z"',
    '"a\n  b"',
    "'a\n  b'",
    'a\n  b',
    '|\n  a\n   b\n',
    '>\n  a\n  b\n\n  c\n',
    '|-\n  a\n\n',
    '>+\n  a\n\n',
    '|2\n   a\n',
    '|1-\n a\n',
    '|0\n a',
    '{a: 1}',
    '{a, b: }',
    '{a: 1, a: 2}',
    '{"a":1}',
    '{? a : b}',
    '[1, 2]',
    '[a: 1, b]',
    '[a, ]',
    '[,]',
    '{,}',
    '[[], {}]',
    '[\n1,\n2\n]',
    '{<<: {a: 1}, b: 2}',
    '{<<: [{a: 1}, {a: 2}], b: 2}',
    '{<<: 1}',
    '{1: a, 1.5: b, true: c, null: d, ~: e, 2024-01-02: f}',
    '{[1]: a}',
    '{{a: 1}: b}',
    'é',
    '\u0085',
    '\u2028x',
    '😀',
    '\ufeffx',
    '\u0000',
    '\u0007',
    'x\ty',
    '\tx',
    '- a',
    '? a',
    '!<tag:yaml.org,2002:str> 1',
    '!!map {a: 1}',
    '!!set {a, b}',
    '!!omap [a: 1]',
    '!!timestamp 2024-01-02',
    '!!merge <<',
    '&a [*a]',
    '%YAML 1.1',
  ),
)
const yamlKeys = words('a b c 1 true ~ "q" \'k\' a.b <<  ? - é yes 1.5 0x1 2024-01-02 __proto__ &k')
const yamlBlocks = fc.letrec<{ node: readonly string[]; map: readonly string[]; list: readonly string[] }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    yamlScalars.map((text) => [text]),
    tie('map'),
    tie('list'),
  ),
  map: fc
    .array(fc.tuple(yamlKeys, tie('node'), fc.constantFrom(': ', ': ', ': ', ':', ' : ', ':\t')), { minLength: 1, maxLength: 3 })
    .map((entries) =>
      entries.flatMap(([key, node, colon]) => (node.length === 1 ? [`${key}${colon}${node[0]}`] : [`${key}:`, ...node.map((line) => `  ${line}`)])),
    ),
  list: fc
    .array(fc.tuple(tie('node'), fc.constantFrom('- ', '- ', '-   ', '-\t')), { minLength: 1, maxLength: 3 })
    .map((items) => items.flatMap(([node, dash]) => node.map((line, i) => `${i === 0 ? dash : '  '}${line}`))),
}))

/** Documents of YAML, well formed or nearly. */
export const yamlTexts: Arbitrary<string> = fc
  .tuple(
    fc.constantFrom('', '', '', '', '---\n', '--- ', '# c\n', '%YAML 1.1\n---\n', '\ufeff', '\n\n', '%TAG ! x\n---\n'),
    fc.oneof(yamlBlocks.map, yamlBlocks.map, yamlBlocks.node),
    fc.constantFrom('\n', '\n', '', '\n...\n', '\n---\nb: 2\n', '\n# c', '\r\n', '   ', '\n\t', '\n...\nx'),
    fc.constantFrom('\n', '\n', '\n', '\r\n'),
  )
  .map(([start, lines, end, newline]) => start + lines.join(newline) + end)

/** YAML through the functions that read and write it. */
export const yamlTemplates: Arbitrary<string> = fc
  .tuple(yamlTexts, words('fromYaml fromYamlArray'), words('toJson toYaml toYamlPretty toToml'))
  .map(([text, read, write]) => `{{ ${literal(text)} | ${read} | ${write} }}`)

const strings = fc.oneof(
  yamlScalars,
  repeated(
    fc.constantFrom(
      ' ',
      '\n',
      '\t',
      ':',
      '#',
      '-',
      "'",
      '"',
      'a',
      'b',
      '\r',
      'é',
      '\u0085',
      '\u2028',
      '\ufeff',
      '\\',
      '{',
      '%',
      '0',
      '😀',
      '\u0000',
      '\u007f',
      '\u00a0',
      ',',
    ),
    0,
    6,
  ),
  repeated(words('word another something-long http://example.com/a/b x'), 8, 24, ' '),
  repeated(fc.constantFrom('word another something-long', '  lead', 'trail  ', '', 'x: y', '# c', '\ttab'), 1, 5, '\n'),
)

/** Strings written by every encoder, in places where it matters. */
export const stringTemplates: Arbitrary<string> = fc
  .tuple(strings, words('toYaml toYamlPretty toJson toToml toPrettyJson toRawJson'), fc.integer({ min: 0, max: 5 }))
  .map(([text, write, place]) => {
    const s = literal(text)
    return `{{ ${[`dict "k" ${s}`, `list ${s}`, `dict ${s} 1`, `dict "a" (dict "b" (list ${s} (dict "c" ${s})))`, s, `list (list ${s}) (dict ${s} (list))`][place]} | ${write} }}`
  })

const jsons = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    words(
      '1 0 -0 -1 1.5 1e3 1E-2 01 1. .5 +1 1e400 12345678901234567890 true false null nul NaN Infinity "a" "" "\\n" "\\u00e9" "\\ud83d\\ude00" "\\ud800" "\\x" \'a\' "a a',
    ),
    fc.array(tie('value'), { maxLength: 3 }).map((list) => `[${list.join(', ')}]`),
    fc
      .array(fc.tuple(words('"a" "b" "" "__proto__" a 1 "\\u0061"'), tie('value')), { maxLength: 3 })
      .map((list) => `{${list.map(([key, value]) => `${key}: ${value}`).join(',')}}`),
  ),
})).value

/** JSON through the functions that read it. */
export const jsonTemplates: Arbitrary<string> = fc
  .tuple(
    jsons,
    fc.constantFrom('', '', '', ' ', '\n', ' x', ',', '\t', '\u0000'),
    words('fromJson fromJsonArray mustFromJson'),
    words('toJson toYaml toRawJson'),
  )
  .map(([text, end, read, write]) => `{{ ${literal(text + end)} | ${read} | ${write} }}`)

const tomlValues = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2, depthSize: 'small' },
    words(
      '1 +1 -0 1_000 0x1F 0o17 0b1 01 1.5 1e3 1. .5 inf -inf nan true True "a" \'b\' "" "\\n" "\\u00e9" "\\e" "\\x41" "\\z" 2024-01-02 2024-01-02T03:04:05Z 2024-01-02T03:04:05.5+01:00 12:30:00 2024-13-01 9223372036854775808 """a""" \'\'\'b\'\'\' 1__0 0X1 1e 6.626e-34',
    ),
    fc.array(tie('value'), { maxLength: 3 }).map((list) => `[${list.join(', ')}]`),
    fc
      .array(fc.tuple(words('a b "c d" a.b 1 é'), tie('value')), { maxLength: 2 })
      .map((list) => `{${list.map(([key, value]) => `${key} = ${value}`).join(', ')}}`),
  ),
})).value
const tomlLines = fc.oneof(
  { weight: 4, arbitrary: join(words('a b c "q r" a.b c.d \'l\' 1 é = a.b.c'), fc.constantFrom(' = ', '=', ' '), tomlValues) },
  fc.constantFrom(
    '[t]',
    '[t.u]',
    '[[l]]',
    '[[l.m]]',
    '[a]',
    '[ "x y" ]',
    '[]',
    '# c',
    '',
    '[t] # c',
    'm = """\na\\\n  b\n"""',
    '[t',
    'x = [\n1,\n2, # c\n]',
    'y = {a = 1,}',
  ),
)

/** TOML through the functions that read it. */
export const tomlTemplates: Arbitrary<string> = fc
  .tuple(repeated(tomlLines, 1, 5, '\n'), words('toJson toToml toYaml'))
  .map(([text, write]) => `{{ ${literal(text)} | fromToml | ${write} }}`)
