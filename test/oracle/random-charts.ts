import fc, { type Arbitrary } from 'fast-check'

/** The files of a chart and of its caller by path (`chart/` and `given/`), and the arguments behind `helm template rel-name chart`. */
export interface ChartCase {
  readonly files: Readonly<Record<string, string>>
  readonly args: readonly string[]
  /** Whether Helm gives the parts of an error in another order each time. */
  readonly anyOrder?: true
}

const NAMES = ['s1', 's2', 's3'] as const
const scalars = fc.constantFrom(
  ...[
    'null',
    'null',
    '~',
    '1',
    '0',
    '-3',
    '1.5',
    '1e6',
    '1000000',
    '"x"',
    '""',
    'true',
    'false',
    'yes',
    '[]',
    '{}',
    '[1, null, {a: null}]',
    '"a,b"',
    '2024-01-02',
    '017',
    '"{{ .Release.Name }}"',
    '|\n    l1\n     l2\n    ',
  ],
)
const KEYS = ['a', 'b', 'c', 'enabled', 'global', 'tags', 'exports', 'data', 's1', 's2', 's3', 'al', 'list', 'n-x', '"x.y"', '__proto__'] as const

/** The lines of a map, two levels of depth at most below `indent`. */
function mapLines(depth: number, indent: string): Arbitrary<readonly string[]> {
  const entry = (name: string): Arbitrary<readonly string[]> => {
    const isMap = ['global', 'tags', 'exports', 'data', 's1', 's2', 's3', 'al'].includes(name)
    const scalar = scalars.map((text) => [`${indent}${name}: ${text.replaceAll('\n    ', `\n${indent}    `)}`])
    const map =
      depth === 0
        ? fc.constant([`${indent}${name}: {}`])
        : mapLines(depth - 1, `${indent}  `).map((lines) => (lines.length === 0 ? [`${indent}${name}: {}`] : [`${indent}${name}:`, ...lines]))
    return fc.oneof({ weight: isMap ? 1 : 8, arbitrary: scalar }, { weight: isMap ? 29 : 1, arbitrary: map })
  }
  return fc
    .uniqueArray(fc.constantFrom(...KEYS), { maxLength: depth > 2 ? 9 : 4 })
    .chain((names) => fc.tuple(...names.map(entry)).map((parts) => parts.flat()))
}

const valuesTexts = fc.oneof(
  { weight: 40, arbitrary: mapLines(3, '').map((lines) => `${lines.join('\n')}\n`) },
  {
    weight: 8,
    arbitrary: fc.constantFrom(
      '',
      '# nothing\n',
      '{}\n',
      'null\n',
      '---\n',
      'a: 1\n---\na: 2\nb: {c: 3}\n',
      'a: &x {b: 1}\nb: {<<: *x, c: 2}\n',
      'a: 1\na: 2\n',
    ),
  },
  fc.constantFrom(
    '[]\n',
    'x\n',
    'a: [\n',
    '\ta: 1\n',
    'a: {b: 1}\r\nc: 2\r\n',
    '\ufeffa: 1\n',
    'a: !!binary aGk=\n',
    '? [1]\n: 2\n',
    '1: 2\ntrue: 3\nnull: 4\n',
  ),
)

const DUMP = 'kind: Dump\nmetadata: {name: NAME}\nvalues:\n{{ .Values | toYaml | indent 2 }}\n'
const calmBodies = fc.constantFrom(
  ...[
    DUMP,
    DUMP,
    'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: NAME\ndata:\n  v: {{ .Values | toJson | quote }}\n',
    '{{- if .Values.enabled }}\nkind: Service\nmetadata:\n  name: NAME\n{{- end }}\n',
    '{{- range $k, $v := .Values }}\n---\nkind: Pod\nmetadata: {name: "p-{{ $k }}"}\nv: {{ $v | toJson }}\n{{- end }}\n',
    'kind: Job\nmetadata:\n  name: NAME\n  annotations:\n    "helm.sh/hook": pre-install,post-upgrade\n    "helm.sh/hook-weight": "-5"\n    "helm.sh/hook-delete-policy": before-hook-creation\n',
    'kind: Pod\nmetadata:\n  name: NAME\n  annotations: {"helm.sh/hook": test, "helm.sh/hook-weight": "3"}\n',
    'kind: Secret\nmetadata:\n  name: NAME\n  annotations:\n    helm.sh/hook: crd-install\n',
    'kind: Namespace\nmetadata: {name: NAME}\n---\nkind: Deployment\nmetadata: {name: NAME}\n---\n\n# only a comment\n---\nkind: Ingress\nmetadata: {name: NAME}\n',
    '# comment\n\n',
    '\n\n',
    '{{/* nothing */}}',
    'kind: Files\nf: {{ .Files.Get "f.txt" | quote }}\ng: {{ (.Files.Glob "**.txt").AsConfig | toJson }}\ns: {{ (.Files.Glob "files/*").AsSecrets | toJson }}\nl:\n{{- range .Files.Lines "files/a.txt" }}\n- {{ . | quote }}\n{{- end }}\n',
    'kind: Meta\nchart: {{ .Chart | toJson }}\nt: {{ .Template | toJson }}\nr: {{ .Release | toJson }}\nroot: {{ .Chart.IsRoot }}\n',
    'kind: Subs\ns:\n{{- range $n, $s := .Subcharts }}\n- {{ $n }}: {{ $s.Chart.Name }} {{ $s.Values | toJson }}\n{{- end }}\n',
    'kind: Caps\nk: {{ .Capabilities.KubeVersion }} {{ .Capabilities.KubeVersion.Minor }}\nh: {{ .Capabilities.APIVersions.Has "x.io/v1" }} {{ .Capabilities.APIVersions.Has "apps/v1/Deployment" }} {{ .Capabilities.APIVersions.Has "v1/Pod" }}\n',
    'kind: Inc\nx: {{ include "h" . | quote }}\n',
    'kind: CustomResourceDefinition\nmetadata: {name: NAME}\n',
    'kind: List\nitems:\n- kind: Pod\n  metadata: {name: x}\n',
    '{"kind": "Json", "metadata": {"name": "NAME"}}\n',
    'kind: A\r\nmetadata:\r\n  name: crlf\r\n---\r\nkind: B\r\n',
    'text: |\n  one\n---  \nkind: Y\n--- # c\nkind: Z\n',
    'kind: V\nv: {{ .Values.s1 | toJson }}{{ .Values.al | toJson }}{{ .Values.s2.enabled }}   \n\n\n',
  ],
)
/** What fails over most values. */
const wildBodies = fc.constantFrom(
  ...[
    'kind: Role\nmetadata:\n  name: NAME\n  annotations:\n    helm.sh/hook: nope\n',
    'kind: Glob\ng: {{ .Values.global | toJson }}\na: {{ .Values.a.b.c | toJson }}\n',
    'kind: Set\nx: {{ set .Values "added" (.Template.Name | base) | keys | len }}\n{{- $_ := set .Values.global "seen" true }}\n',
    'kind: Bad\n  x: [\n',
    'a: 1\n---\n- x\n---\nkind: {a: b}\n',
    'kind: X\nv: {{ required "need a" .Values.a }}\n',
    'kind: X\nv: {{ .Values.list | join "," }} {{ .Values.data.enabled }} {{ .Values.missing.deep }}\n',
    'kind: T\nv: {{ tpl (.Values.c | toString) . }}\n{{ template "h" . }}\n',
  ],
)
const bodies = fc.oneof({ weight: 24, arbitrary: calmBodies }, wildBodies)

const templateNames = fc.constantFrom(
  'a.yaml',
  'b.yaml',
  'z.yaml',
  'deep/c.yaml',
  'deep/_p.yaml',
  'tests/t.yaml',
  'NOTES.txt',
  'x.txt',
  'd.yml',
  'j.json',
  'deep/NOTES.txt',
  'deep/NOTES.yaml',
  '.hidden.yaml',
  '_q.tpl',
)
const helperTexts = fc.constantFrom(
  '{{ define "h" }}OWNER{{ .Chart.Name }}{{ end }}',
  '{{ define "h" }}{{ .Values.a }}{{ end }}{{ define "h2" }}x{{ end }}',
  '',
  ' \n',
)

function templateFiles(folder: string, owner: string): Arbitrary<Readonly<Record<string, string>>> {
  const one = fc
    .tuple(templateNames, bodies)
    .map(([name, body]) => [`${folder}/templates/${name}`, body.replaceAll('NAME', `${owner}-${name.replace(/\W/g, '')}`)] as const)
  return fc.tuple(fc.array(one, { minLength: 1, maxLength: 4 }), helperTexts, fc.integer({ min: 0, max: 3 })).map(([list, helper, n]) => ({
    ...Object.fromEntries(list),
    ...(n > 0 ? { [`${folder}/templates/_helpers.tpl`]: helper.replace('OWNER', owner) } : {}),
  }))
}

const versions = fc.constantFrom('1.0.0', '1.0.0', '1.2.3', '0.1.0-rc.1', 'v1.5.0', '2.0.0+b1')
const ranges = fc.constantFrom('1.0.0', '>=0.0.0-0', '>=0.0.0-0', '*', '1.x', '^1', '~1.2', '>1 <3', '', 'bad!', '9.9.9', '"1"')
const imports = fc.constantFrom(
  '[data]',
  '[data, other]',
  '[{child: data, parent: imported}]',
  '[{child: exports.data, parent: .}]',
  '[{child: a, parent: b}]',
  '[{child: data, parent: global}]',
  '[{child: nope, parent: x}]',
  '[{child: ., parent: all}]',
  '[data, {child: data, parent: data}]',
  '[]',
)
const conditions = fc.constantFrom(
  'NAME.enabled',
  'NAME.enabled,a.enabled',
  'global.enabled',
  'tags.t1',
  'enabled',
  'missing.x',
  'a.b',
  '" NAME.enabled , enabled"',
  's1.enabled',
)

interface Dependency {
  readonly name: string
  readonly version: string
  readonly range: string
  readonly alias: string | undefined
  readonly condition: string | undefined
  readonly tags: string | undefined
  readonly imports: string | undefined
  readonly declared: boolean
  readonly library: boolean
}

const maybe = <T>(one: Arbitrary<T>): Arbitrary<T | undefined> => fc.option(one, { nil: undefined, freq: 2 })
const dependency = (name: string): Arbitrary<Dependency> =>
  fc.record({
    name: fc.constant(name),
    version: versions,
    range: ranges,
    alias: fc
      .option(fc.constantFrom('al', 's2', 'al'), { nil: undefined, freq: 1 })
      .chain((alias) => fc.boolean().map((keep) => (keep ? alias : undefined))),
    condition: maybe(conditions.map((text) => text.replaceAll('NAME', name))),
    tags: fc
      .option(fc.constantFrom('[t1]', '[t1, t2]', '[s1, t1]'), { nil: undefined, freq: 1 })
      .chain((tags) => fc.boolean().map((keep) => (keep ? tags : undefined))),
    imports: fc.option(imports, { nil: undefined, freq: 1 }),
    declared: fc.integer({ min: 0, max: 6 }).map((n) => n > 0),
    library: fc.integer({ min: 0, max: 6 }).map((n) => n === 0),
  })

function dependencyText(list: readonly Dependency[]): string {
  const declared = list.filter((one) => one.declared)
  if (declared.length === 0) return ''
  const field = (name: string, value: string | undefined): string => (value === undefined ? '' : `\n  ${name}: ${value}`)
  const entries = declared.map(
    (d) =>
      `- name: ${d.name}\n  version: ${d.range === '' ? '""' : JSON.stringify(d.range.replaceAll('"', ''))}\n  repository: https://example.com${field('alias', d.alias)}${field('condition', d.condition)}${field('tags', d.tags)}${field('import-values', d.imports)}`,
  )
  return `dependencies:\n${entries.join('\n')}\n`
}

const schemas = fc.constantFrom(
  '{"type":"object","required":["a"]}',
  '{"properties":{"a":{"type":"integer"},"enabled":{"type":"boolean"}}}',
  '{"$schema":"http://json-schema.org/draft-07/schema#","properties":{"global":{"type":"object"},"c":{"enum":["x",1,null]}}}',
  '{"additionalProperties":false,"properties":{"a":{},"global":{}}}',
  '{"properties":{"a":{"$ref":"#/$defs/p"}},"$defs":{"p":{"type":["number","null","object"],"minimum":0}}}',
  '{"properties":{"list":{"type":"array","items":{"type":"string"},"minItems":1},"b":{"pattern":"^x"}}}',
  '{',
)
const ignores = fc.constantFrom(
  '*.txt\n',
  'templates/deep/\n',
  '# c\n\n/f.txt\n',
  'files\n',
  '!*.yaml\n',
  'charts/s1\n',
  '**/x\n',
  'templates/?.yaml\n',
  '*.json\nvalues.yaml\n',
  'crds/\n',
  ' f.txt \n',
  '\\#x\nfiles/[ab].txt\n',
)

type Files = Readonly<Record<string, string>>

function chartFiles(folder: string, name: string, depth: number): Arbitrary<Files> {
  const children = depth === 0 ? fc.constant([]) : fc.uniqueArray(fc.constantFrom(...NAMES), { maxLength: depth > 1 ? 3 : 1 })
  return children.chain((names) =>
    fc
      .record({
        dependencies: fc.tuple(...names.map(dependency)),
        version: versions,
        subcharts: fc.tuple(...names.map((child) => chartFiles(`${folder}/charts/${child}`, child, depth - 1))),
        values: fc.option(valuesTexts, { nil: undefined, freq: 9 }),
        templates: templateFiles(folder, name),
        app: fc.constantFrom(
          '',
          '',
          'appVersion: 1.10\n',
          'appVersion: "v2"\n',
          'description: "d: e"\nkeywords: [k]\n',
          'annotations: {a: b}\n',
          'deprecated: true\n',
          'icon: http://x\nsources: [a]\nmaintainers: [{name: n}]\n',
        ),
        kube: fc.oneof(
          { weight: 25, arbitrary: fc.constantFrom('', '', 'kubeVersion: ">=1.20.0-0"\n') },
          fc.constantFrom('kubeVersion: "<1.20"\n', 'kubeVersion: "x"\n'),
        ),
        old: fc.integer({ min: 0, max: 5 }),
        schema: fc
          .option(schemas, { nil: undefined, freq: 1 })
          .chain((text) => fc.integer({ min: 0, max: 11 }).map((n) => (n === 0 ? text : undefined))),
        ignore: fc
          .option(ignores, { nil: undefined, freq: 1 })
          .chain((text) => fc.integer({ min: 0, max: 2 }).map((n) => (n === 0 ? text : undefined))),
        extra: fc.subarray(['f.txt', 'files/a.txt', 'files/b.bin', 'crds/c.yaml', 'README.md', 'crds/d.txt', 'LICENSE']),
      })
      .map((c): Files => {
        const v1 = c.old === 0
        const list = dependencyText(c.dependencies)
        const library = c.version === 'v1.5.0' && folder !== 'chart' ? 'type: library\n' : ''
        return {
          [`${folder}/Chart.yaml`]: `apiVersion: ${v1 ? 'v1' : 'v2'}\nname: ${name}\nversion: ${c.version}\n${library}${c.app}${c.kube}${v1 ? '' : list}`,
          ...(v1 && list !== '' ? { [`${folder}/requirements.yaml`]: list } : {}),
          ...(c.values === undefined ? {} : { [`${folder}/values.yaml`]: c.values }),
          ...c.templates,
          ...Object.assign({}, ...c.subcharts),
          ...Object.fromEntries(
            c.dependencies
              .filter((d) => d.library)
              .map((d) => [`${folder}/charts/${d.name}/Chart.yaml`, `apiVersion: v2\nname: ${d.name}\nversion: ${d.version}\ntype: library\n`]),
          ),
          ...(c.schema === undefined ? {} : { [`${folder}/values.schema.json`]: c.schema }),
          ...(c.ignore === undefined ? {} : { [`${folder}/.helmignore`]: c.ignore }),
          ...Object.fromEntries(
            c.extra.map((path) => [
              `${folder}/${path}`,
              path.endsWith('.yaml')
                ? `kind: CustomResourceDefinition\nmetadata: {name: ${name}}\n---\nkind: Other\n`
                : `text of ${path}\nline 2  \n\n`,
            ]),
          ),
        }
      }),
  )
}

const paths = fc.oneof(
  {
    weight: 15,
    arbitrary: fc.constantFrom(
      'a',
      'a',
      's1.a',
      's1.enabled',
      's2.enabled',
      's1.s2.enabled',
      'al.enabled',
      'global.g',
      'tags.t1',
      'tags.t2',
      'data.k',
      's1.data.k',
      's2.global.a',
      'new[1]',
      'new2[0].k',
      'n-x',
      'x\\.y',
      '__proto__.p',
      'constructor',
      'global.__proto__.z',
    ),
  },
  fc.constantFrom('a.b', 'list[0]', 'list[1].k', 'a[0][1]', 'data', 's1', 'list[-1]', 'list[x]', 'a.', '.a', '', 'global', 'tags'),
)
const setValues = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.constantFrom(
      'true',
      'false',
      'false',
      'null',
      '1',
      '1.5',
      '007',
      'x',
      '',
      '{a,b}',
      '{}',
      '{1,null}',
      'a\\,b',
      'a=b',
      '[1]',
      '-3',
      '9223372036854775808',
      'a.b',
      ' y ',
      '"q"',
      '0',
      '1e3',
      'é',
    ),
  },
  fc.constant('{x'),
)
const pairs = fc
  .array(fc.tuple(paths, setValues), { minLength: 1, maxLength: 3 })
  .map((list) => list.map(([path, value]) => `${path}=${value}`).join(','))
const jsons = fc
  .tuple(
    paths,
    fc.constantFrom(
      '1',
      'null',
      '"x"',
      '[1,null,"a"]',
      '{"a":{"b":null}}',
      '{"enabled":true}',
      '1.50',
      '{"x":{}}',
      '1e3',
      '12345678901234567890',
      'true',
      '',
    ),
  )
  .map(([path, value]) => `${path}=${value}`)

const argumentLists: Arbitrary<readonly string[]> = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: pairs.map((text) => ['--set', text]) },
      pairs.map((text) => ['--set-string', text]),
      jsons.map((text) => ['--set-json', text]),
      fc.constantFrom('{"a":1,"s1":{"enabled":false}}', '{"a":null}', '[1]').map((text) => ['--set-json', text]),
      pairs.map((text) => ['--set-literal', text]),
      paths.map((path) => ['--set-file', `${path}=given/text.txt`]),
      fc.constantFrom('x.io/v1', 'x.io/v1,v1/Pod').map((text) => ['--api-versions', text]),
      fc.constantFrom('1.19', 'v1.33.4', 'v1.33', '1.40.1-gke.1').map((text) => ['--kube-version', text]),
      fc
        .constantFrom(
          'templates/a.yaml',
          'templates/deep/c.yaml',
          'charts/s1/templates/a.yaml',
          'templates/*.yaml',
          'templates/tests/t.yaml',
          'nope',
          'crds/c.yaml',
          'templates/NOTES.txt',
        )
        .map((text) => ['--show-only', text]),
      fc
        .constantFrom('--include-crds', '--no-hooks', '--skip-tests', '--is-upgrade', '--skip-schema-validation', '--skip-crds')
        .map((text) => [text]),
    ),
    { maxLength: 3 },
  )
  .map((parts) => parts.flat())

/** A small chart with what its caller gives. */
export const chartCases: Arbitrary<ChartCase> = fc
  .record({ chart: chartFiles('chart', 'c', 2), given: fc.array(valuesTexts, { maxLength: 2 }), args: argumentLists })
  .map(({ chart, given, args }) => ({
    files: { ...chart, ...Object.fromEntries(given.map((text, i) => [`given/${i}.yaml`, text])), 'given/text.txt': 'from a file: {{ .x }}\n' },
    args: [...given.flatMap((_, i) => ['-f', `given/${i}.yaml`]), ...args],
  }))
