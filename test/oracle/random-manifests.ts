import fc, { type Arbitrary } from 'fast-check'
import type { ChartCase } from './random-charts.ts'
import { join, maybe, repeated, words } from './random-grammar.ts'

const separators = fc.oneof(
  { weight: 4, arbitrary: fc.constant('\n---\n') },
  fc.constantFrom(
    '---\n',
    '\n--- \n',
    '\n---\t\n',
    '\n--- # c\n',
    '\n---\r\n',
    '\r\n---\r\n',
    '\n----\n',
    '\n ---\n',
    '\n---x\n',
    '\n---\n---\n',
    '\n...\n',
    '\n...\n---\n',
    '\n--- a: 1\n',
    '\n---\n\n\n',
    '\n\n---',
    '---',
    '\n# c\n---\n# d\n',
    '\n---\n#c\n---\n',
    '\n\ufeff---\n',
    '\n"---"\n',
    '\n-- -\n',
    '\n%YAML 1.1\n---\n',
    '\n--- !!map\n',
    '\n---\u00a0\n',
  ),
)
const kinds = fc.oneof(
  {
    weight: 5,
    arbitrary: words(
      'Pod Service Deployment Namespace ConfigMap Secret Job CronJob Ingress Role ClusterRole RoleBinding CustomResourceDefinition ServiceAccount PersistentVolumeClaim APIService',
    ),
  },
  words('List ConfigMapList Unknown pod "" null 1 HorizontalPodAutoscaler MutatingWebhookConfiguration PriorityClass NetworkPolicy Gateway'),
)
const hooks = words(
  'pre-install post-install pre-upgrade post-delete test test-success test-failure crd-install pre-rollback,post-rollback pre-install,pre-upgrade nope pre-install,nope " pre-install " PRE-INSTALL "" null 1 , pre-install,',
)
const hookAnnotations = fc.tuple(
  hooks,
  maybe(words('1 -1 "5" "-5" "007" x "1.5" "" 9223372036854775807 +3 "0x1" null'), 1),
  maybe(words('before-hook-creation hook-succeeded,hook-failed nope "" BEFORE-HOOK-CREATION'), 2),
  maybe(words('true "false" hook-failed hook-failed,hook-succeeded'), 4),
)
const annotations = fc.oneof(
  { weight: 2, arbitrary: fc.constant('') },
  hookAnnotations.map(
    ([hook, weight, policy, log]) =>
      `  annotations:\n    "helm.sh/hook": ${hook}\n${weight === '' ? '' : `    "helm.sh/hook-weight": ${weight}\n`}${policy === '' ? '' : `    helm.sh/hook-delete-policy: ${policy}\n`}${log === '' ? '' : `    helm.sh/hook-output-log-policy: ${log}\n`}`,
  ),
  fc.constantFrom(
    '  annotations: null\n',
    '  annotations: {}\n',
    '  annotations: x\n',
    '  annotations: {helm.sh/resource-policy: keep}\n',
    '  annotations: {a: 1}\n',
    '  annotations: {a: null}\n',
    '  labels: {a: 1, b: true}\n',
  ),
)
const objects = fc
  .tuple(
    kinds,
    words('a b c zz "" null 1 {{.Release.Name}} \'q\''),
    annotations,
    maybe(words('v1 apps/v1 batch/v1 "" null 1 networking.k8s.io/v1'), 2),
  )
  .map(([kind, name, extra, version]) => `${version === '' ? '' : `apiVersion: ${version}\n`}kind: ${kind}\nmetadata:\n  name: ${name}\n${extra}`)
const bodies = fc.oneof(
  { weight: 8, arbitrary: objects },
  fc.constantFrom(
    '',
    '\n',
    '   \n',
    '\t\n',
    '# c\n',
    '# c',
    'null\n',
    '~',
    '{}\n',
    '[]\n',
    'text\n',
    '1\n',
    '- a\n- b\n',
    'a: 1\na: 2\n',
    'kind: Pod\nkind: Service\nmetadata: {name: dup}\n',
    'kind: Pod\nmetadata:\n  name: x\n  name: y\n',
    'a: |\n  x\n  ---\n  y\n',
    'a: |\n  x\n---\n  y\n',
    'a: "x\n\n  y"\n',
    '{"kind": "Pod", "metadata": {"name": "j"}}',
    'kind: Pod\r\nmetadata:\r\n  name: crlf\r\n',
    '\ufeffkind: Pod\nmetadata: {name: bom}\n',
    'kind: Pod\nmetadata: {name: &n x, labels: {a: *n}}\n',
    'a: *nope\n',
    'a: {b: 1\n',
    'a:\n\tb: 1\n',
    'a: b: c\n',
    ' a: 1\nb: 2\n',
    '%\n',
    '`x`\n',
    'kind: Pod\nmetadata: x\n',
    'kind: Pod\nmetadata: []\n',
    'kind: {a: 1}\n',
    'kind: List\napiVersion: v1\nitems: []\n',
    'kind: List\napiVersion: v1\nitems:\n- kind: Pod\n  metadata: {name: i1, annotations: {helm.sh/hook: test}}\n- kind: Service\n  metadata: {name: i2}\n',
    '<<: {kind: Pod}\nmetadata: {name: merged}\n',
    '1: 2\n',
    'null: 2\n',
    'kind: Pod\nmetadata: {name: bin}\ndata: !!binary aGk=\n',
    'kind: Pod   \n\n\n',
    '\n\n\nkind: Pod\n',
    'kind: Pod\nvalue: .inf\n',
    'kind: Pod\nx: {? [1] : 2}\n',
    'kind: Pod\nx: 2024-01-02\ny: 1_000\nz: 0o17\n',
    '# Source: fake.yaml\nkind: Pod\n',
  ),
)
const manifests = join(
  maybe(separators, 3),
  repeated(join(bodies, maybe(separators, 1)), 1, 4),
  maybe(fc.constantFrom('\n', '\n\n', ' ', '\r\n', '\n---', '\n---\n', '\n# end'), 1),
)
const names = words(
  'a.yaml b.yaml B.yaml c.yml d.json e.txt _x.yaml _h.tpl deep/a.yaml deep/_p.yaml NOTES.txt deep/NOTES.txt notes.txt .x.yaml a.yaml.bak é.yaml a-b.yaml a.tpl tests/t.yaml',
)

/** Templates of manifests with all that can stand around and between them, sorted and split by Helm. */
export const manifestCases: Arbitrary<ChartCase> = fc
  .tuple(
    fc.array(fc.tuple(names, manifests), { minLength: 1, maxLength: 3 }),
    fc.array(fc.tuple(words('crds/a.yaml crds/b.yaml crds/deep/c.yaml crds/x.txt crds/d.json crds/.h.yaml crds/e.yml'), manifests), { maxLength: 2 }),
    fc.subarray(['--include-crds', '--no-hooks', '--skip-tests', '--is-upgrade'], { maxLength: 2 }),
    fc.oneof(
      { weight: 6, arbitrary: fc.constant([]) },
      words(
        'templates/a.yaml templates/deep/a.yaml templates/*.yaml crds/a.yaml templates/NOTES.txt templates/deep/* templates/? ./templates/a.yaml templates\\a.yaml chart/templates/a.yaml templates/a.yaml,templates/b.yaml',
      ).map((path) => ['--show-only', path]),
    ),
  )
  .map(([templates, crds, flags, only]) => ({
    files: {
      'chart/Chart.yaml': 'apiVersion: v2\nname: c\nversion: 1.0.0\n',
      ...Object.fromEntries(templates.map(([name, text]) => [`chart/templates/${name}`, text])),
      ...Object.fromEntries(crds.map(([name, text]) => [`chart/${name}`, text])),
    },
    args: [...flags, ...only],
  }))
