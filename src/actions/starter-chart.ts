/** What stands for the chart's name in the texts below. */
const NAME = 'CHART-NAME'

const CHART = `apiVersion: v2
name: CHART-NAME
description: Says what this chart brings to a cluster
type: application
# The chart's own version: raise it with every change of the chart or of what it installs.
version: 0.1.0
# The version of the program that is installed.
appVersion: "1.29"
`

const VALUES = `# How many copies run. Left alone where autoscaling is enabled.
replicas: 1

image:
  repository: nginx
  # The chart's appVersion where this is empty.
  tag: ""
  pullPolicy: IfNotPresent
  pullSecrets: []

# What the container listens on, and what the service offers.
containerPort: 80
service:
  type: ClusterIP
  port: 80

# Environment variables by name.
env: {}

resources:
  requests:
    cpu: 50m
    memory: 64Mi
  limits:
    memory: 128Mi

# Path that answers when the program is well.
healthPath: /

ingress:
  enabled: false
  className: ""
  annotations: {}
  host: chart.example
  path: /
  # Secret with the certificate; without one there is no TLS.
  tlsSecret: ""

autoscaling:
  enabled: false
  min: 1
  max: 5
  cpuPercent: 80

podAnnotations: {}
podSecurityContext: {}
securityContext: {}
nodeSelector: {}
tolerations: []
affinity: {}
`

const SCHEMA = `{
  "$schema": "http://json-schema.org/draft-07/schema#",
  "type": "object",
  "properties": {
    "replicas": { "type": "integer", "minimum": 0 },
    "image": {
      "type": "object",
      "required": ["repository"],
      "properties": {
        "repository": { "type": "string", "minLength": 1 },
        "tag": { "type": "string" },
        "pullPolicy": { "enum": ["Always", "IfNotPresent", "Never"] },
        "pullSecrets": { "type": "array" }
      }
    },
    "containerPort": { "type": "integer", "minimum": 1, "maximum": 65535 },
    "service": {
      "type": "object",
      "properties": {
        "type": { "enum": ["ClusterIP", "NodePort", "LoadBalancer"] },
        "port": { "type": "integer", "minimum": 1, "maximum": 65535 }
      }
    },
    "env": { "type": "object" }
  }
}
`

const NAMES = `{{/* The name of everything the release makes: its own, with the chart's where that does not say it already. */}}
{{- define "CHART-NAME.name" -}}
{{- $name := .Release.Name -}}
{{- if not (contains .Chart.Name $name) -}}
{{- $name = printf "%s-%s" $name .Chart.Name -}}
{{- end -}}
{{- $name | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/* Labels that select pods: they never change. */}}
{{- define "CHART-NAME.selector" -}}
app.kubernetes.io/name: {{ .Chart.Name }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/* Labels of every object. */}}
{{- define "CHART-NAME.labels" -}}
{{ include "CHART-NAME.selector" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}
`

const DEPLOYMENT = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ include "CHART-NAME.name" . }}
  labels:
    {{- include "CHART-NAME.labels" . | nindent 4 }}
spec:
  {{- if not .Values.autoscaling.enabled }}
  replicas: {{ .Values.replicas }}
  {{- end }}
  selector:
    matchLabels:
      {{- include "CHART-NAME.selector" . | nindent 6 }}
  template:
    metadata:
      labels:
        {{- include "CHART-NAME.labels" . | nindent 8 }}
      {{- with .Values.podAnnotations }}
      annotations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
    spec:
      automountServiceAccountToken: false
      {{- with .Values.image.pullSecrets }}
      imagePullSecrets:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .Values.podSecurityContext }}
      securityContext:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      containers:
        - name: main
          image: {{ printf "%s:%s" .Values.image.repository (.Values.image.tag | default .Chart.AppVersion) | quote }}
          imagePullPolicy: {{ .Values.image.pullPolicy }}
          ports:
            - name: http
              containerPort: {{ .Values.containerPort }}
          {{- with .Values.env }}
          env:
            {{- range $name, $value := . }}
            - name: {{ $name }}
              value: {{ $value | quote }}
            {{- end }}
          {{- end }}
          livenessProbe:
            httpGet: { path: {{ .Values.healthPath | quote }}, port: http }
          readinessProbe:
            httpGet: { path: {{ .Values.healthPath | quote }}, port: http }
          {{- with .Values.resources }}
          resources:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          {{- with .Values.securityContext }}
          securityContext:
            {{- toYaml . | nindent 12 }}
          {{- end }}
      {{- with .Values.nodeSelector }}
      nodeSelector:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .Values.tolerations }}
      tolerations:
        {{- toYaml . | nindent 8 }}
      {{- end }}
      {{- with .Values.affinity }}
      affinity:
        {{- toYaml . | nindent 8 }}
      {{- end }}
`

const SERVICE = `apiVersion: v1
kind: Service
metadata:
  name: {{ include "CHART-NAME.name" . }}
  labels:
    {{- include "CHART-NAME.labels" . | nindent 4 }}
spec:
  type: {{ .Values.service.type }}
  ports:
    - name: http
      port: {{ .Values.service.port }}
      targetPort: http
  selector:
    {{- include "CHART-NAME.selector" . | nindent 4 }}
`

const INGRESS = `{{- with .Values.ingress }}
{{- if .enabled }}
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: {{ include "CHART-NAME.name" $ }}
  labels:
    {{- include "CHART-NAME.labels" $ | nindent 4 }}
  {{- with .annotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
spec:
  {{- with .className }}
  ingressClassName: {{ . }}
  {{- end }}
  {{- if .tlsSecret }}
  tls:
    - hosts: [{{ .host | quote }}]
      secretName: {{ .tlsSecret }}
  {{- end }}
  rules:
    - host: {{ .host | quote }}
      http:
        paths:
          - path: {{ .path }}
            pathType: Prefix
            backend:
              service:
                name: {{ include "CHART-NAME.name" $ }}
                port: { name: http }
{{- end }}
{{- end }}
`

const AUTOSCALER = `{{- with .Values.autoscaling }}
{{- if .enabled }}
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: {{ include "CHART-NAME.name" $ }}
  labels:
    {{- include "CHART-NAME.labels" $ | nindent 4 }}
spec:
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: {{ include "CHART-NAME.name" $ }}
  minReplicas: {{ .min }}
  maxReplicas: {{ .max }}
  metrics:
    - type: Resource
      resource:
        name: cpu
        target: { type: Utilization, averageUtilization: {{ .cpuPercent }} }
{{- end }}
{{- end }}
`

const CONNECTION_TEST = `apiVersion: v1
kind: Pod
metadata:
  name: {{ include "CHART-NAME.name" . }}-answers
  labels:
    {{- include "CHART-NAME.labels" . | nindent 4 }}
  annotations:
    helm.sh/hook: test
    helm.sh/hook-delete-policy: before-hook-creation,hook-succeeded
spec:
  restartPolicy: Never
  containers:
    - name: ask
      image: busybox
      command: [wget, -q, -O, /dev/null, "http://{{ include "CHART-NAME.name" . }}:{{ .Values.service.port }}{{ .Values.healthPath }}"]
`

const NOTES = `{{ .Release.Name }} runs {{ .Chart.Name }} {{ .Chart.AppVersion }} in namespace {{ .Release.Namespace }}.
{{- if .Values.ingress.enabled }}

It answers at http{{ if .Values.ingress.tlsSecret }}s{{ end }}://{{ .Values.ingress.host }}{{ .Values.ingress.path }}
{{- else }}

To reach it from here:

  kubectl -n {{ .Release.Namespace }} port-forward service/{{ include "CHART-NAME.name" . }} 8080:{{ .Values.service.port }}
{{- end }}
`

const SUITE = `suite: what the chart makes
release: { name: demo, namespace: shop }
tests:
  - it: runs the image of its appVersion, once
    template: deployment.yaml
    asserts:
      - equal: { path: spec.replicas, value: 1 }
      - matchRegex: { path: "spec.template.spec.containers[0].image", pattern: "^nginx:" }
  - it: selects the pods it makes
    template: service.yaml
    asserts:
      - equal: { path: 'spec.selector["app.kubernetes.io/instance"]', value: demo }
  - it: has no ingress unless asked
    template: ingress.yaml
    asserts:
      - hasDocuments: { count: 0 }
  - it: has one for the host that is named
    template: ingress.yaml
    set: { ingress.enabled: true, ingress.host: shop.example, ingress.tlsSecret: cert }
    asserts:
      - equal: { path: "spec.rules[0].host", value: shop.example }
      - equal: { path: "spec.tls[0].secretName", value: cert }
  - it: leaves the number of copies to the autoscaler
    set: { autoscaling.enabled: true }
    asserts:
      - notExists: { path: spec.replicas }
        template: deployment.yaml
      - equal: { path: spec.scaleTargetRef.kind, value: Deployment }
        template: autoscaler.yaml
  - it: refuses values that its schema forbids
    set: { replicas: many }
    asserts:
      - failedTemplate: { errorPattern: got string, want integer }
`

const IGNORE = `# What is not part of the packed chart.
.git/
.gitignore
.DS_Store
*.swp
*.orig
*~
/tests/
`

const FILES: Readonly<Record<string, string>> = {
  '.helmignore': IGNORE,
  'Chart.yaml': CHART,
  'values.yaml': VALUES,
  'values.schema.json': SCHEMA,
  'templates/_names.tpl': NAMES,
  'templates/deployment.yaml': DEPLOYMENT,
  'templates/service.yaml': SERVICE,
  'templates/ingress.yaml': INGRESS,
  'templates/autoscaler.yaml': AUTOSCALER,
  'templates/tests/answers.yaml': CONNECTION_TEST,
  'templates/NOTES.txt': NOTES,
  'tests/chart_test.yaml': SUITE,
}

/** The files of a new chart called `name`, by path inside of it. */
export function starterChart(name: string): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(FILES).map(([path, text]) => [path, text.replaceAll(NAME, name)]))
}
