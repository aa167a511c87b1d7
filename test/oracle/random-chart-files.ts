import fc, { type Arbitrary } from 'fast-check'
import type { ChartCase } from './random-charts.ts'
import { join, maybe, repeated, words } from './random-grammar.ts'

const LISTING = 'files:\n{{- range $name, $_ := .Files }}\n- {{ $name }}\n{{- end }}\nhere: {{ .Template.Name }}\n'
const PATHS = [
  'a.txt',
  'b.txt',
  '.hidden',
  'd/a.txt',
  'd/e/a.txt',
  'd/e/f.yaml',
  'd e/x y.txt',
  'templates/a.yaml',
  'templates/b.yaml',
  'templates/d/c.yaml',
  'charts/s/Chart.yaml',
  'charts/s/x.txt',
  'charts/s/templates/a.yaml',
  'crds/x.yaml',
  'README.md',
  '#x',
  '!y',
  'x~',
  'a[1].txt',
  'é.txt',
  'charts/_t/x.txt',
  'charts/.u/x.txt',
  'charts/README.md',
] as const
const pieces = words(
  'a.txt b.txt *.txt * ? ?.txt [ab].txt [^a].txt [!a].txt d d/ d/a.txt e f.yaml d/e d/* d/*.txt */a.txt a[1].txt a\\[1].txt templates templates/ templates/*.yaml templates/d crds charts charts/s charts/s/ charts/* .hidden .* README.md é.txt x~ *~ **/a.txt d/** ** [ [] [a \\ \\a.txt values.yaml Chart.yaml {a,b}.txt a.TXT',
)
const rules = fc.oneof(
  {
    weight: 6,
    arbitrary: join(fc.constantFrom('', '', '', '/', '!', './', ' ', '!/', '\t'), pieces, fc.constantFrom('', '', '', '/', ' ', '\r', '//', '/*')),
  },
  fc.constantFrom('', '# c', ' # c', '#x', '\\#x', '!', '/', '!!a.txt', '\\!y', 'd e/', 'd e/x y.txt', '\ufeffa.txt', '.', '..', '../x'),
)

/** Files and the rules of `.helmignore` that leave some of them out. */
export const ignoreCases: Arbitrary<ChartCase> = fc
  .tuple(repeated(rules, 1, 5, '\n'), maybe(repeated(rules, 1, 2, '\n'), 3), fc.constantFrom('', '\n', '\r\n'))
  .map(([text, inner, end]) => ({
    files: {
      ...Object.fromEntries(
        PATHS.map((path) => [
          `chart/${path}`,
          path.endsWith('s/Chart.yaml') ? 'apiVersion: v2\nname: s\nversion: 1.0.0\n' : path.includes('templates/') ? LISTING : 'x: y\n',
        ]),
      ),
      'chart/Chart.yaml': 'apiVersion: v2\nname: c\nversion: 1.0.0\n',
      'chart/values.yaml': 'a: 1\n',
      'chart/.helmignore': text + end,
      ...(inner === '' ? {} : { 'chart/charts/s/.helmignore': inner }),
    },
    args: [],
  }))

const texts = words('x "" null 1 1.5 true [] {} [a] {a:b} [1] [null] 2024-01-02 "1" \'a b\' ~ [{}] yes |-\n  x é 0x1 {a:} [[a]]')
const versions = words('1.0.0 1 1.2 v1.0.0 1.0.0-rc.1 "1.0" 1.0 01.0.0 1.0.0+b_c x "" null 1.0.0.0 99999999999999999999.0.0 1.x "1.0.0 " 1.0.0-01')
const fields = fc.oneof(
  fc
    .tuple(
      words(
        'description home icon appVersion engine condition tags annotations keywords sources maintainers dependencies kubeVersion deprecated type nope Name NAME apiversion',
      ),
      texts,
    )
    .map(([name, text]) => `${name}: ${text}`),
  fc.constantFrom(
    'maintainers: [{name: a, email: e, url: u}]',
    'maintainers:\n- name: a\n  x: 1\n- null',
    'maintainers: [{email: e}]',
    'maintainers: [{name: 1}]',
    'maintainers: [a]',
    'annotations: {a: b, c: "1"}',
    'annotations: {a: 1}',
    'annotations: {a: null}',
    'annotations: {1: a}',
    'keywords: [a, b]',
    'keywords: [1]',
    'type: library',
    'type: application',
    'type: Library',
    'type: nope',
    'deprecated: true',
    'deprecated: "true"',
    'deprecated: yes',
    'kubeVersion: ">=1.20"',
    'kubeVersion: ">=1.20.0-0 <2"',
    'kubeVersion: "^1.99"',
    'kubeVersion: 1.37',
    'kubeVersion: "1.37 || x"',
    'appVersion: 1.10',
    'appVersion: 2024-01-02',
    'appVersion: 0x1F',
    'appVersion: 1e3',
    'appVersion: 12345678901234567890',
    'dependencies: [{name: s, version: "*", repository: ""}]',
    'dependencies: [{name: s}]',
    'dependencies: [{version: 1.0.0}]',
    'dependencies: [{name: s, version: 1}]',
    'dependencies: [null]',
    'dependencies: [{name: nope, version: 1.0.0}]',
    'dependencies: [{name: s, version: "*"}, {name: s, version: "*"}]',
    'dependencies: [{name: s, version: "*"}, {name: s, version: "*", alias: t}]',
    'dependencies: [{name: s, version: "*", alias: a/b}]',
    'dependencies: [{name: s, version: "*", alias: "t t"}]',
    'dependencies: [{name: s, version: "*", alias: s}]',
    'dependencies: [{name: s, version: "*", enabled: false}]',
    'dependencies: [{name: s, version: "*", condition: s.x}]',
    'dependencies: [{name: s, version: "*", tags: x}]',
    'dependencies: [{name: s, version: "*", import-values: x}]',
    'dependencies: [{name: s, version: "*", import-values: [1]}]',
    'dependencies: [{name: s, version: "*", import-values: [{child: v}]}]',
    'dependencies: [{name: s, version: "*", import-values: [{child: v, parent: p}, d]}]',
    'dependencies: [{name: s, version: ">0", repository: "file://../x"}]',
    'dependencies: {name: s}',
  ),
)
const chartNames = words('c C c-d c_d c.d "" null 1 a/b "c d" é -c .. . c/ nope')
const heads = fc.oneof(
  { weight: 5, arbitrary: fc.constant('apiVersion: v2\nname: c\nversion: 1.0.0\n') },
  fc
    .tuple(words('v2 v2 v1 v4 "" null 2 V2'), chartNames, versions)
    .map(([api, name, version]) => `apiVersion: ${api}\nname: ${name}\nversion: ${version}\n`),
  fc.constantFrom(
    '',
    'x',
    '[]',
    'name: c\n',
    'apiVersion: v2\nname: c\n',
    'apiVersion: v2\nversion: 1.0.0\n',
    'apiVersion: v2\nname: c\nname: d\nversion: 1.0.0\n',
    '\ufeffapiVersion: v2\nname: c\nversion: 1.0.0\n',
    'apiVersion: v2\r\nname: c\r\nversion: 1.0.0\r\n',
    '---\napiVersion: v2\nname: c\nversion: 1.0.0\n---\nname: d\n',
    'apiVersion: v2\nname: c\nversion: 1.0.0\n\tx: 1\n',
  ),
)

/** Charts whose Chart.yaml is right, odd or wrong. */
export const metadataCases: Arbitrary<ChartCase> = fc
  .tuple(
    heads,
    fc.array(fields, { maxLength: 3 }),
    maybe(
      fc.array(fields, { maxLength: 2 }).map((list) => list.join('\n')),
      4,
    ),
    fc.array(fields, { maxLength: 1 }),
    words('chart/Chart.lock chart/requirements.lock chart/ok'),
  )
  .map(([head, list, old, inner, lock]) => ({
    files: {
      'chart/Chart.yaml': `${head}${list.map((line) => `${line}\n`).join('')}`,
      ...(old === '' ? {} : { 'chart/requirements.yaml': old }),
      'chart/values.yaml': 'a: 1\ns: {x: true, z: 1}\ntags: {x: false}\n',
      'chart/templates/a.yaml':
        'c: {{ toJson .Chart }}\nv: {{ toJson .Values }}\nk: {{ .Chart.AppVersion | quote }} {{ .Chart.Version }} {{ .Chart.Type }} {{ .Chart.Annotations }} {{ .Chart.Maintainers | toYaml | quote }}\n',
      'chart/charts/s/Chart.yaml': `apiVersion: v2\nname: s\nversion: 1.0.0\n${inner.map((line) => `${line}\n`).join('')}`,
      'chart/charts/s/values.yaml': 'v: {w: 1}\nexports: {d: {e: 2}}\n',
      'chart/charts/s/templates/a.yaml': 'c: {{ toJson .Chart }}\nv: {{ toJson .Values }}\n',
      [lock]: 'dependencies: []\ndigest: x\ngenerated: "2024-01-02T03:04:05Z"\n',
    },
    args: [],
  }))
