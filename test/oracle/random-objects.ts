import fc, { type Arbitrary } from 'fast-check'
import { FEW } from './random-expressions.ts'
import { join, literal, maybe, repeated, words } from './random-grammar.ts'

/** What stands beside the template for `.Files`. */
export const objectFiles: Readonly<Record<string, string>> = {
  'f.txt': 'héllo\n',
  'conf/a.yaml': 'a: 1\nb: [x]\n',
  'conf/b.yaml': '',
  'conf/deep/c.json': '{"c": "\\u00e9"}',
  'no-newline': 'one\r\ntwo\n\nthree',
}

const names = words('f.txt conf/a.yaml conf/b.yaml no-newline nope conf /f.txt ./f.txt values.yaml').map(literal)
const globs = words('* ** *.txt conf/* conf/** **.yaml {f,g}.txt conf/[ab].yaml [ nope conf/**/*.json ?.txt').map(literal)

const files = fc.oneof(
  fc.constant('.Files'),
  join('(.Files.', words('Get GetBytes Lines'), ' ', names, ')'),
  join('(.Files.Glob ', globs, ')'),
  join('(.Files.Glob ', globs, ').', words('AsConfig AsSecrets')),
  join('((.Files.Glob ', globs, ').', words('Get Lines GetBytes'), ' ', names, ')'),
  join('(index .Files ', words('f.txt conf/a.yaml no-newline').map(literal), ')'),
)
const capabilities = fc.oneof(
  join('.Capabilities.KubeVersion', maybe(words('.Major .Minor .Version .GitVersion .Nope .String'), 0)),
  join('(.Capabilities.APIVersions.Has ', words('v1 apps/v1 apps/v1/Deployment nope batch/v1beta1').map(literal), ')'),
  join('(.Capabilities.APIVersions', maybe(words('.Has .Nope'), 2), ')'),
)
const chart = join(
  '.Chart',
  maybe(
    words(
      '.Name .Version .AppVersion .APIVersion .apiVersion .Type .Dependencies .Maintainers .Keywords .Annotations .Deprecated .KubeVersion .IsRoot .Nope .Validate .Name.x',
    ),
    0,
  ),
)
const release = join('.Release', maybe(words('.Name .Namespace .Service .Revision .IsUpgrade .IsInstall .Nope .Name.x'), 0))
const template = join('.Template', maybe(words('.Name .BasePath .Nope'), 0))
const version = join(
  '(semver ',
  words('1.2.3-a.1+b v1 0.0.0').map(literal),
  ')',
  maybe(
    words(
      '.Major .Minor .Patch .Prerelease .Metadata .Original .String .IncMajor .IncMinor .IncPatch .Nope .IncMajor.IncMinor .Compare .LessThan .Equal',
    ),
    0,
  ),
)
const time = join(
  '((toDate "2006-01-02T15:04:05.999999999Z07:00" ',
  words('2024-02-29T15:04:05.25Z 1999-12-31T23:59:59+05:45 0001-01-01T00:00:00Z').map(literal),
  ').',
  fc.oneof(
    words(
      'Year Month Day Hour Minute Second Nanosecond Weekday YearDay Unix UnixNano UnixMilli UnixMicro UTC Local IsZero String GoString Nope Month.String Weekday.String UTC.Unix',
    ),
    words('Format').map((name) => `${name} "Mon 2 Jan 2006 .000 -07"`),
    join('AddDate ', words('0 1 -1'), ' ', words('0 13 -2'), ' ', words('0 31 -400')),
    join(words('Add Round Truncate'), ' (mustToDuration ', words('1h 90m -1s 1.5h 0s').map(literal), ')'),
    join(words('Sub Before After Equal Compare'), ' (toDate "2006" "2020")'),
  ),
  ')',
)
const duration = join(
  '((mustToDuration ',
  words('1h30m 90s -1.5s 0s 1ns 100h').map(literal),
  ').',
  fc.oneof(
    words('Hours Minutes Seconds Milliseconds Microseconds Nanoseconds String Abs Nope'),
    join(words('Round Truncate'), ' (mustToDuration ', words('1h 1m 7s 0s').map(literal), ')'),
  ),
  ')',
)
const values = fc.oneof(
  fc.constant('.Values'),
  join('.Values.', words('l m i f nope m.a m.a.c m.z m.z.x l.x nope.x AsMap Table YAML PathValue Encode')),
  join('(.Values.', words('YAML AsMap Nope'), ')'),
  join('(.Values.', words('Table PathValue'), ' ', words('m m.a l m.a.c nope').map(literal), ')'),
)
const objects = fc.oneof(files, capabilities, chart, release, template, version, time, duration, values, fc.constantFrom('.Subcharts', '.Nope'))

const uses = fc.constantFrom<(text: string) => string>(
  ...[
    '%',
    '% | toJson',
    '% | toYaml',
    '% | typeOf',
    '% | kindOf',
    '% | len',
    '% | quote',
    '% | toString',
    '% | default "d"',
    '% | empty',
    '% | deepCopy | toJson',
    'printf "%v" %',
    'printf "%T" %',
    'printf "%+v" %',
    'printf "%#v" %',
    'printf "%s" %',
    'index % "a"',
    'get % "a"',
    'hasKey % "Name"',
    'eq % %',
    'list % | toJson',
    'not %',
    'if % }}y{{ else }}n{{ end',
    'with % }}{{ . }}{{ else }}n{{ end',
    `$n := 0 }}{{ range % }}${FEW}[{{ . }}]{{ else }}n{{ end`,
    `$n := 0 }}{{ range $k, $v := % }}${FEW}[{{ $k }}={{ $v }}]{{ end`,
  ].map((use) => (text: string) => `{{ ${use.replaceAll(/%(?=[ }|]|$)/g, () => text)} }}`),
)

/** The objects that Helm gives to templates, their fields and methods, and those of what functions return. */
export const objectTemplates: Arbitrary<string> = repeated(
  fc.tuple(objects, uses).map(([text, use]) => use(text)),
  1,
  2,
  '|',
)
