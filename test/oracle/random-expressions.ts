import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc, { type Arbitrary } from 'fast-check'
import { repositoryRoot } from '../support/paths.ts'

/** Functions whose results differ from run to run, or that reach outside. */
const VOLATILE =
  /^(?:rand|gen|now|ago$|uuid|shuffle|bcrypt|htpasswd|encryptAES|getHostByName|keys$|values$|lookup|fail$|include$|tpl$|buildCustomCert|htmlDate|hello)/

/** The builtin functions of Go's templates, in the form of names.txt. */
const BUILTINS: readonly (readonly [name: string, signature: string])[] = [
  ['and', '(interface {}, ...interface {}) interface {}'],
  ['or', '(interface {}, ...interface {}) interface {}'],
  ['not', '(interface {}) bool'],
  ['len', '(interface {}) int'],
  ['index', '(interface {}, ...interface {}) interface {}'],
  ['print', '(...interface {}) string'],
  ['println', '(...interface {}) string'],
  ['html', '(...interface {}) string'],
  ['js', '(...interface {}) string'],
  ['urlquery', '(...interface {}) string'],
  ['eq', '(interface {}, ...interface {}) bool'],
  ['ne', '(interface {}, interface {}) bool'],
  ['lt', '(interface {}, interface {}) bool'],
  ['le', '(interface {}, interface {}) bool'],
  ['gt', '(interface {}, interface {}) bool'],
  ['ge', '(interface {}, interface {}) bool'],
]

interface Signature {
  readonly name: string
  readonly params: readonly string[]
  readonly variadic: boolean
  readonly result: string
}

function splitParams(text: string): readonly string[] {
  return text === '' ? [] : text.split(', ')
}

function signature([name, text]: readonly [string, string]): Signature {
  const [, params = '', result = ''] = /^\((.*?)\) \(?(.*?)(?:, error\))?$/.exec(text) ?? []
  const list = splitParams(params)
  const last = list.at(-1) ?? ''
  return { name, params: list.map((param) => param.replace('...', '')), variadic: last.startsWith('...'), result }
}

/** The functions that give the same result every time, with Go's types. */
export const signatures: readonly Signature[] = [
  ...readFileSync(join(repositoryRoot, 'test/golden/functions/names.txt'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split('\t') as [string, string])
    .filter(([name]) => !VOLATILE.test(name)),
  ...BUILTINS,
].map(signature)

const texts = fc.constantFrom(
  ...[
    '',
    'a',
    'abc',
    'Hello World',
    'foo_bar-baz',
    'fooBarBaz',
    'HTTPServer2x',
    'ünïcödé ß',
    '日本語',
    '😀x',
    'a,b,,c',
    '  pad \t',
    'line1\nline2\n',
    '\n',
  ],
  ...[
    'true',
    'null',
    '~',
    '0',
    '12',
    '-7',
    '007',
    '0x1F',
    '1e3',
    '1.50',
    '.5',
    '1_000',
    '0b11',
    'yes',
    'on',
    'NaN',
    '.inf',
    '9223372036854775807',
    '9223372036854775808',
  ],
  ...[
    'a: 1',
    '- a\n- b',
    '{"a":[1,2.5,null]}',
    '[1,"x",null]',
    'a: {b: [1, ~]}\n',
    '---\na: 1',
    'a = 1\n[t]\nb = "x"',
    '{',
    '@',
    '%d %s',
    '$1-${x}',
    'a\\nb',
    '<b>&"\'</b>',
  ],
  ...[
    '1.2.3',
    'v1.2',
    '1.2.3-rc.1+b.5',
    '2024-02-29',
    '2024-01-02T03:04:05Z',
    '1h30m',
    '90',
    '2.5s',
    '-1m',
    'https://u:p@h.io:80/a/b?q=1#f',
    '/a/../b//c.tar.gz',
    'aGVsbG8=',
    'NBSWY3DP',
    'x: "y"',
    '\u0000',
    '\ufeffb',
    ': ',
  ],
)

const ints = fc.constantFrom(
  '0',
  '1',
  '2',
  '3',
  '-1',
  '-3',
  '5',
  '10',
  '64',
  '1000000',
  '9223372036854775807',
  '-9223372036854775808',
  '0x10',
  '0o17',
  "'x'",
  '1_000',
)
const smallInts = fc.constantFrom('0', '1', '2', '3', '4', '7', '12', '-1', '-2')
const numbers = fc.oneof(
  ints,
  fc.constantFrom(
    '1.5',
    '-2.5',
    '0.1',
    '1e3',
    '1e21',
    '1e-7',
    '3.0',
    '0.30000000000000004',
    '123456789.125',
    '1e308',
    '-0.0',
    '5e-324',
    '100000000000000000000.0',
  ),
)

function literal(text: string): string {
  return JSON.stringify(text).replace(/\u2028|\u2029/g, '')
}

const patterns = fc
  .constantFrom(
    ...[
      'a',
      '[a-z]+',
      '(b)(a)?',
      '^.',
      '.$',
      '\\d+',
      'o*',
      '(?i)h',
      '(?P<x>l+)',
      '\\bfoo',
      '[^a-c]',
      '',
      'a|b',
      '(',
      '(?s).+',
      '(?m)^l',
      '[[:alpha:]]{2}',
      '\\pL',
      'x{2,3}?',
      '\\Q.\\E',
    ],
  )
  .map(literal)
const layouts = fc
  .constantFrom(
    ...[
      '2006-01-02',
      '2006-01-02T15:04:05Z07:00',
      '15:04:05.000',
      'Mon Jan _2 3:04PM 2006',
      'Monday, 02-Jan-06 MST',
      '.999999999',
      '',
      'x',
      'Jan _2 __2 002 -07 -0700 Z0700 pm',
      '06/1/2 3:4:5',
    ],
  )
  .map(literal)
const zones = fc.constantFrom('UTC', 'Local', 'America/New_York', 'Asia/Kathmandu', 'Nowhere/At', '').map(literal)
const constraints = fc
  .constantFrom(
    ...[
      '>=1.2',
      '^1.2.3',
      '~1',
      '1.x',
      '>1.0 <2',
      '1.2 - 1.4',
      '>=1.0.0-0',
      '!=1.2.3',
      '=1.2.3 || >3',
      '*',
      '',
      '>= 1.2, < 3',
      '~>2.1',
      'x',
      '^0.0.3',
      '<1.2.3-beta',
      '>=v1.2',
    ],
  )
  .map(literal)
const versions = fc
  .constantFrom('1.2.3', 'v1.2', '1', '2.0.0-rc.1', '1.2.3+meta', '0.0.3', 'x', '1.2.3.4', '01.2.3', '1.2.3-beta.11', '')
  .map(literal)
const durations = fc.constantFrom(
  '"1h"',
  '"1h30m"',
  '"-90s"',
  '"1.5h"',
  '"500ms"',
  '90',
  '"90"',
  '""',
  '"x"',
  '(toDate "2006-01-02" "2024-02-29")',
  '1.5',
  '"26h3m"',
  '3000000000',
)
const times = fc.oneof(
  fc.constantFrom(
    '(toDate "2006-01-02" "2024-02-29")',
    '(toDate "2006-01-02T15:04:05Z07:00" "2024-12-31T23:59:59.987654321+05:45")',
    '(toDate "2006-01-02 15:04:05" "0001-01-01 00:00:00")',
    '(toDate "x" "y")',
    '(mustToDate "Jan 2 2006" "Feb 30 2024")',
    '(dateModify "-36h" (toDate "2006-01-02" "2024-03-01"))',
  ),
)
const urls = fc
  .constantFrom(
    'https://u:p@h.io:80/a/b?q=1#f',
    '//h',
    'mailto:a@b',
    '/p%20q',
    'http://[::1]:x',
    ':',
    '',
    'http://h/%zz',
    'a:b:c',
    '?q=a b',
    'http://é.io/ü',
  )
  .map(literal)

/** What `.Values` holds under each name that expressions use. */
export const valueNames: readonly string[] = ['s', 'i', 'f', 'b', 'n', 'l', 'm', 'd', 'mixed', 'e', 'el', 'em', 'missing', 'names', 'maps', 'q', 'w']

const values = fc.constantFrom(...valueNames).map((name) => `.Values.${name}`)
const lists = fc.constantFrom(
  ...[
    '.Values.l',
    '.Values.mixed',
    '.Values.names',
    '.Values.el',
    '.Values.maps',
    '(list)',
    '(list 1 2 3)',
    '(list "b" "a" "b")',
    '(list 1 "a" nil 2.5)',
    '(splitList "," "x,y,")',
    '(until 3)',
  ],
)
const maps = fc.constantFrom(
  ...[
    '.Values.m',
    '.Values.d',
    '.Values.em',
    '(dict)',
    '(dict "a" 1)',
    '(dict "a" 1 "b" (dict "c" nil))',
    '(dict "s" "x" "l" (list 1 2))',
    '(dict "a" "" "b" false)',
    '(urlParse "http://h/p")',
    '(fromYaml "a: {b: 1}")',
  ],
)
const keys = fc.constantFrom('a', 'b', 'c', 's', 'l', '', 'a.b', 'zz', 'path', '__proto__', 'constructor').map(literal)
const strings = fc.oneof({ weight: 4, arbitrary: texts.map(literal) }, fc.constantFrom('.Values.s', '.Values.q', '.Chart.Name', '.Values.w'))

/** Anything at all. */
const anything = fc.oneof(
  { weight: 3, arbitrary: values },
  { weight: 2, arbitrary: strings },
  { weight: 2, arbitrary: numbers },
  { weight: 2, arbitrary: lists },
  { weight: 2, arbitrary: maps },
  fc.constantFrom('true', 'false', 'nil', '.Chart', '(semver "1.2.3-a")', '(urlParse "http://h")', '(int64 5)', '(float64 2)', '(toDecimal "17")'),
  times,
  fc.constantFrom(
    '(durationRoundTo "1h" "1m")',
    '(list (dict "a" 1) (list))',
    '(dict "k" (list 1.0 "2"))',
    '(.Files.GetBytes "f.txt")',
    '.Values',
    '.Files',
    '.Capabilities.KubeVersion.Version',
  ),
)

/** What fits the parameters of a function that means something narrower than its type. */
const HINTS: Readonly<Record<string, readonly Arbitrary<string>[]>> = {
  date: [layouts, times],
  dateInZone: [layouts, times, zones],
  date_in_zone: [layouts, times, zones],
  dateModify: [durations, times],
  mustDateModify: [durations, times],
  toDate: [layouts, texts.map(literal)],
  mustToDate: [layouts, texts.map(literal)],
  duration: [durations],
  durationRound: [durations],
  durationRoundTo: [durations, durations],
  durationTruncateTo: [durations, durations],
  durationSeconds: [durations],
  durationMinutes: [durations],
  durationDays: [durations],
  mustToDuration: [durations],
  semver: [versions],
  semverCompare: [constraints, versions],
  regexFindAll: [patterns, strings, smallInts],
  mustRegexFindAll: [patterns, strings, smallInts],
  regexSplit: [patterns, strings, smallInts],
  mustRegexSplit: [patterns, strings, smallInts],
  repeat: [smallInts, strings],
  until: [smallInts],
  seq: [smallInts, smallInts, smallInts],
  untilStep: [smallInts, smallInts, smallInts],
  indent: [smallInts, strings],
  nindent: [smallInts, strings],
  chunk: [smallInts, lists],
  mustChunk: [smallInts, lists],
  substr: [smallInts, smallInts, strings],
  trunc: [smallInts, strings],
  round: [numbers, smallInts],
  urlParse: [urls],
  urlJoin: [maps],
  derivePassword: [smallInts, fc.constantFrom('"long"', '"pin"', '"x"'), strings, strings, strings],
  dict: [keys, anything, keys, anything],
  dig: [keys, keys, anything, maps],
  // A map inside itself ends Go's process.
  set: [maps, keys, fc.oneof(strings, numbers, lists)],
  get: [maps, keys],
  unset: [maps, keys],
  hasKey: [maps, keys],
  pluck: [keys, maps, maps],
  pick: [maps, keys, keys],
  omit: [maps, keys, keys],
  index: [anything, fc.oneof(keys, smallInts)],
  // Go's slice may reach beyond a list's end as far as there happens to be room.
  slice: [fc.oneof(lists, strings), fc.constantFrom('0', '1'), fc.constant('1')],
  mustSlice: [lists, fc.constantFrom('0', '1'), fc.constant('1')],
  has: [anything, lists],
  without: [lists, anything],
  kindIs: [fc.constantFrom('"map"', '"slice"', '"string"', '"int"', '"invalid"', '"float64"'), anything],
  typeIs: [fc.constantFrom('"string"', '"int"', '"map[string]interface {}"', '"[]interface {}"'), anything],
  typeIsLike: [fc.constantFrom('"string"', '"*semver.Version"', '"semver.Version"'), anything],
}

const REGEX = /^(?:must)?[rR]egex/
const LISTY =
  /^(?:must)?(?:[fF]irst|[rR]est|[lL]ast|[iI]nitial|[rR]everse|[uU]niq|[cC]ompact|[aA]ppend|[pP]repend|[pP]ush|concat|sortAlpha|toStrings)$/

function fitting(type: string): Arbitrary<string> {
  if (type === 'string') return fc.oneof({ weight: 8, arbitrary: strings }, anything)
  if (type === 'int' || type === 'uint32') return fc.oneof({ weight: 8, arbitrary: smallInts }, anything)
  if (type.startsWith('map')) return fc.oneof({ weight: 8, arbitrary: maps }, anything)
  if (type === 'bool') return fc.oneof({ weight: 8, arbitrary: fc.constantFrom('true', 'false') }, anything)
  if (type === 'time.Time') return times
  return anything
}

function argument({ name, params }: Signature, at: number): Arbitrary<string> {
  const type = params[Math.min(at, params.length - 1)] ?? 'interface {}'
  const hint = HINTS[name]?.[at]
  // What is no time counts as the present moment.
  if (hint && /date|^set$/i.test(name)) return hint
  if (hint) return fc.oneof({ weight: 9, arbitrary: hint }, fitting(type))
  if (REGEX.test(name) && at === 0) return patterns
  if (LISTY.test(name) && at === 0) return fc.oneof({ weight: 5, arbitrary: lists }, anything)
  return fitting(type)
}

/** Functions that could be asked for huge results: their numbers are never computed. */
const GROWING = new Set([
  'repeat',
  'until',
  'untilStep',
  'seq',
  'indent',
  'nindent',
  'round',
  'wrap',
  'wrapWith',
  'chunk',
  'mustChunk',
  'derivePassword',
])

/** Takes the place of a simple argument by `nested` now and then. */
function argumentOrCall(fn: Signature, at: number, nested: Arbitrary<string> | undefined): Arbitrary<string> {
  const simple = argument(fn, at)
  return nested === undefined || GROWING.has(fn.name) || /date|duration|^set$/i.test(fn.name)
    ? simple
    : fc.oneof({ weight: 4, arbitrary: simple }, nested)
}

function countOf(fn: Signature): Arbitrary<number> {
  const usual = HINTS[fn.name]?.length ?? fn.params.length
  if (!fn.variadic)
    return fc.constantFrom(usual, usual, usual, usual, usual, usual, usual, usual, usual, usual - 1, usual + 1).map((n) => Math.max(0, n))
  return fc.integer({ min: Math.max(0, usual - 1), max: usual + 2 })
}

function call(fn: Signature, nested: Arbitrary<string> | undefined): Arbitrary<string> {
  return countOf(fn).chain((count) =>
    fc
      .tuple(...Array.from({ length: count }, (_, at) => argumentOrCall(fn, at, nested)))
      .chain((args) =>
        fc
          .boolean()
          .map((piped) =>
            piped && args.length > 0 ? `(${args.at(-1)} | ${[fn.name, ...args.slice(0, -1)].join(' ')})` : `(${[fn.name, ...args].join(' ')})`,
          ),
      ),
  )
}

const calls = (nested: Arbitrary<string> | undefined): Arbitrary<string> => fc.constantFrom(...signatures).chain((fn) => call(fn, nested))

/** A call, at times with another call for an argument. */
export const expressions: Arbitrary<string> = fc.oneof({ weight: 3, arbitrary: calls(undefined) }, { weight: 2, arbitrary: calls(calls(undefined)) })

const endings = fc.constantFrom(
  '',
  ' | toJson',
  ' | toYaml',
  ' | printf "%v"',
  ' | printf "%#v"',
  ' | printf "%T"',
  ' | typeOf',
  ' | kindOf',
  ' | quote',
  ' | toString',
  ' | printf "%q"',
  ' | len',
  ' | toPrettyJson',
  ' | default "d"',
  ' | print 1',
)

/** Formats of `printf` over anything. */
const formatted = fc
  .tuple(
    fc.constantFrom('', '+', '-', '#', ' ', '0', '+#', '-0', '# '),
    fc.constantFrom('', '6', '1', '.2', '8.3', '.0', '.', '[1]'),
    fc.constantFrom(...'vvvvsqdxXobcUeEfgGtT'),
    fc.oneof(anything, numbers).filter((text) => !/date/i.test(text)),
  )
  .map(([flags, width, verb, value]) => `{{ printf "%${flags}${width}${verb}|%v" ${value} 1 }}`)

/** A template of one expression. */
export const expressionTemplates: Arbitrary<string> = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(expressions, endings).map(([text, ending]) => `{{ ${text.slice(1, -1)}${ending} }}`.replace('{{  |', '{{')) },
  { weight: 1, arbitrary: formatted },
)

const conditions = fc.oneof(fc.oneof(values, lists, maps, strings, smallInts), expressions)
const cuts = fc.constantFrom('', '', '', '- ')
const trimmed = (text: string): Arbitrary<string> => fc.tuple(cuts, cuts).map(([left, right]) => `{{${left}${text}${right === '' ? '' : ' -'}}}`)

/** Leaves a `range` behind `$n := 0` early: over a large integer it would not end. */
export const FEW = '{{ $n = add1 $n }}{{ if gt $n 6 }}{{ break }}{{ end }}'

/** A template of several statements. */
export const statementTemplates: Arbitrary<string> = fc
  .letrec<{ list: string; one: string }>((tie) => ({
    one: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom('text', ' ', '\n', '  a: b\n', '{{/* c */}}', '{{- /* d */ -}}'),
      expressions.chain((text) => trimmed(` ${text} `)),
      fc.constantFrom('x', 'y').chain((name) => expressions.map((text) => `{{ $${name} = ${text} }}{{ $${name} }}`)),
      fc.constantFrom(
        '{{ break }}',
        '{{ continue }}',
        '{{ $x }}',
        '{{ kindOf . }}',
        '{{ $ | typeOf }}',
        '{{ template "t" . }}',
        '{{ include "t" . | nindent 2 }}',
        '{{ include "u" (list $ .) }}',
      ),
      fc
        .tuple(
          fc.constantFrom('if', 'with', 'range', 'range $x :=', 'range $x, $y :=', 'with $x :=', 'if $y :=', 'range $x ='),
          conditions,
          tie('list'),
          tie('list'),
        )
        .map(([word, text, a, b]) =>
          word.startsWith('range')
            ? `{{ $n := 0 }}{{ ${word} ${text} }}${FEW}${a}{{ else }}${b}{{ end }}`
            : `{{ ${word} ${text} }}${a}{{ else }}${b}{{ end }}`,
        ),
      fc.tuple(conditions, conditions, tie('list')).map(([a, b, body]) => `{{ if ${a} }}${body}{{ else if ${b} }}2{{ end }}`),
      fc.tuple(conditions, conditions, tie('list')).map(([a, b, body]) => `{{ with ${a} }}${body}{{ else with ${b} }}{{ . }}{{ end }}`),
      fc.tuple(strings, conditions).map(([text, data]) => `{{ tpl ${text} ${data} }}`),
      fc.constantFrom(
        '{{ tpl "{{ .a }}" (dict "a" 1) }}',
        '{{ tpl "{{ include \\"t\\" . }}" $ }}',
        '{{ tpl "{{ define \\"v\\" }}V{{ . }}{{ end }}{{ template \\"v\\" 1 }}" $ }}',
        '{{ block "bl" . }}B{{ end }}',
      ),
    ),
    list: fc.array(tie('one'), { maxLength: 4, depthIdentifier: 'list' }).map((parts) => parts.join('')),
  }))
  .list.map((body) => `{{ $x := 1 }}{{ $y := "y" }}${body}`)

const nestings: readonly ((text: string) => string)[] = [
  (text) => `{{ tpl ${literal(text)} . }}`,
  (text) => `{{ range list 1 2 }}{{ tpl ${literal(text)} $ }}{{ end }}`,
  (text) => `{{ define "z" }}${text}{{ end }}a:\n{{ include "z" . | indent 2 }}`,
  (text) => `{{ define "z" }}${text}{{ end }}{{ template "z" . }}`,
  (text) => `{{ tpl ${literal(`{{ define "z" }}${text}{{ end }}{{ include "z" . | trim }}`)} . }}`,
  (text) => `{{ with dict "Values" .Values "Chart" .Chart "Files" .Files "Template" .Template }}{{ tpl ${literal(text)} . | quote }}{{ end }}`,
]

/** Statements inside of what includes and evaluates them. */
export const nestedTemplates: Arbitrary<string> = fc.tuple(fc.constantFrom(...nestings), statementTemplates).map(([nest, text]) => nest(text))

/** The templates that statements call. */
export const defines: string =
  '{{ define "t" }}<{{ if kindIs "map" . }}{{ len . }}{{ else }}{{ . | toString | trunc 20 }}{{ end }}>{{ end }}{{ define "u" }}{{ $o := first . }}{{ $o | typeOf }}{{ end }}'

const scalars = fc.constantFrom(
  ...[
    'x',
    '"x y"',
    "'q'",
    '1',
    '-5',
    '0',
    '1.5',
    '1e6',
    '1000000',
    '12345678901234567890',
    '0x1f',
    '0o17',
    '017',
    'true',
    'no',
    'on',
    'y',
    '~',
    'null',
    '""',
    '.5',
    '2024-01-02',
    '12:30:45',
    '1_000',
    '"\\u00e9\\n"',
    '!!str 5',
    '!!float 3',
    '"007"',
    '=',
    '<<',
  ],
)
const texts2 = texts.filter((text) => !text.includes('\ufeff')).map((text) => JSON.stringify(text))
const flow = fc.letrec<{ v: string; l: string; m: string }>((tie) => ({
  v: fc.oneof({ maxDepth: 3, depthSize: 'small' }, scalars, texts2, tie('l'), tie('m')),
  l: fc.array(tie('v'), { maxLength: 4 }).map((items) => `[${items.join(', ')}]`),
  m: fc
    .uniqueArray(fc.constantFrom('a', 'b', 'c', 's', 'l', '"x y"', 'a10', 'a2', 'A', '"1"', '__proto__', 'constructor'), { maxLength: 4 })
    .chain((names) => fc.tuple(...names.map(() => tie('v'))).map((items) => `{${names.map((name, i) => `${name}: ${items[i]}`).join(', ')}}`)),
}))

/** A values.yaml with an entry for each of `valueNames` but `missing`. */
export const valuesFiles: Arbitrary<string> = fc
  .record({
    s: texts2,
    i: fc.constantFrom('0', '1', '-3', '42', '1000000', '9007199254740993'),
    f: fc.constantFrom('1.5', '-0.25', '1e21', '0.1', '3.0', '1e-7'),
    b: fc.constantFrom('true', 'false'),
    n: fc.constant('null'),
    l: flow.l,
    m: flow.m,
    d: fc.constant('{a: 1, b: {c: x, l: [1, 2]}, s: "t", l: [a, b]}'),
    mixed: fc.constant('[1, "2", 3.5, null, true, [x], {y: z}]'),
    e: fc.constant('""'),
    el: fc.constant('[]'),
    em: fc.constant('{}'),
    names: fc.constant('[b, a10, a2, b, Ä, ""]'),
    maps: fc.constant('[{a: 1}, {a: 2, b: x}, {}]'),
    q: scalars,
    w: flow.v,
  })
  .map((entries) =>
    Object.entries(entries)
      .map(([name, text]) => `${name}: ${text}\n`)
      .join(''),
  )
