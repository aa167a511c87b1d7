// Writes an environment of N releases: of one small chart, or round robin over third-party charts of a corpus.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const CHARTS = 25
const SMALLEST = 2_000
const LARGEST = 60_000

const SMALL_CHART = {
  'Chart.yaml': 'apiVersion: v2\nname: svc\nversion: 1.0.0\nappVersion: "1.0"\n',
  'values.yaml': 'replicas: 1\nimage: {repository: registry.local/app, tag: "1.0"}\nport: 8080\nconfig: {}\nteam: none\ncommonAnnotations: {}\n',
  'templates/_labels.tpl':
    '{{- define "svc.labels" -}}\napp.kubernetes.io/name: {{ .Release.Name }}\napp.kubernetes.io/managed-by: {{ .Release.Service }}\nhelm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}\n{{- end -}}\n',
  'templates/all.yaml': `apiVersion: v1
kind: ServiceAccount
metadata: {name: {{ .Release.Name }}, labels: {{ include "svc.labels" . | fromYaml | toJson }}}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}
  labels: {{- include "svc.labels" . | nindent 4 }}
  annotations: {{- toYaml .Values.commonAnnotations | nindent 4 }}
data:
  config.yaml: |-
    {{- toYaml .Values.config | nindent 4 }}
  {{- range $i := until 20 }}
  key{{ $i }}: {{ printf "%s-%d" $.Release.Name $i | sha256sum | quote }}
  {{- end }}
---
apiVersion: v1
kind: Secret
metadata: {name: {{ .Release.Name }}, labels: {{ include "svc.labels" . | fromYaml | toJson }}}
stringData: {password: {{ .Release.Name | sha256sum | quote }}}
---
apiVersion: v1
kind: Service
metadata: {name: {{ .Release.Name }}, labels: {{ include "svc.labels" . | fromYaml | toJson }}}
spec: {selector: {app: {{ .Release.Name }}}, ports: [{name: http, port: {{ .Values.port }}, targetPort: http}]}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
  labels: {{- include "svc.labels" . | nindent 4 }}
spec:
  replicas: {{ .Values.replicas }}
  selector: {matchLabels: {app: {{ .Release.Name }}}}
  template:
    metadata: {labels: {app: {{ .Release.Name }}}}
    spec:
      serviceAccountName: {{ .Release.Name }}
      containers:
      - name: app
        image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
        ports: [{name: http, containerPort: {{ .Values.port }}}]
        envFrom: [{configMapRef: {name: {{ .Release.Name }}}}, {secretRef: {name: {{ .Release.Name }}}}]
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: {{ .Release.Name }}, labels: {{ include "svc.labels" . | fromYaml | toJson }}}
spec: {minAvailable: 1, selector: {matchLabels: {app: {{ .Release.Name }}}}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: {{ .Release.Name }}}
spec: {podSelector: {matchLabels: {app: {{ .Release.Name }}}}, ingress: [{}]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: {{ .Release.Name }}}
rules: [{apiGroups: [""], resources: [configmaps], verbs: [get, list, watch]}]
`,
}

/** Charts of an unpacked corpus whose default case is fine, stable and of a usual size; the first 25 by name. */
export function usualCharts(root) {
  const isUsual = (slug) => {
    const file = join(root, slug, 'cases.json')
    if (!existsSync(file)) return false
    const found = JSON.parse(readFileSync(file, 'utf8')).cases.default
    if (found?.status !== 'ok' || (found.volatileLines ?? []).length > 0) return false
    const { size } = statSync(join(root, slug, 'default.expected.yaml'))
    return size >= SMALLEST && size <= LARGEST
  }
  return readdirSync(root).sort().filter(isUsual).slice(0, CHARTS)
}

/** Writes the environment to `folder`; `corpus` is the folder of an unpacked chart corpus, or undefined for the small chart. */
export function writeWorkload(folder, releases, corpus) {
  const charts = corpus ? usualCharts(corpus) : ['svc']
  mkdirSync(join(folder, 'values'), { recursive: true })
  for (const slug of charts) {
    if (corpus) cpSync(join(corpus, slug, 'chart'), join(folder, 'charts', slug), { recursive: true, verbatimSymlinks: true })
    else for (const [name, text] of Object.entries(SMALL_CHART)) write(join(folder, 'charts', slug, name), text)
  }
  const lines = ['environments:']
  for (const name of ['staging', 'production']) lines.push(`  ${name}:`, '    values:', '    - values/common.yaml', `    - values/${name}.yaml`)
  lines.push('---', 'releases:')
  for (let i = 0; i < releases; i++) {
    const name = `r${String(i).padStart(4, '0')}`
    lines.push(
      `- name: ${name}`,
      `  namespace: ns${i % 10}`,
      `  chart: ./charts/${charts[i % charts.length]}`,
      `  labels: {tier: t${i % 4}, app: ${name}}`,
      '  values:',
      `  - values/${name}.yaml`,
      '  - commonAnnotations: {team: {{ .Values.team | quote }}}',
    )
    write(join(folder, 'values', `${name}.yaml`), `podAnnotations:\n  index: "${i}"\nextra:\n  list: [1, 2, 3]\n`)
  }
  write(join(folder, 'values/common.yaml'), 'team: platform\nregion: eu\n')
  write(join(folder, 'values/staging.yaml'), 'team: staging-team\n')
  write(join(folder, 'values/production.yaml'), 'team: production-team\n')
  write(join(folder, 'helmfile.yaml.gotmpl'), `${lines.join('\n')}\n`)
}

function write(path, text) {
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, text)
}
