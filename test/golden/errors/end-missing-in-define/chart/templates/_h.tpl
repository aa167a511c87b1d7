{{- define "web.name" -}}
{{- if .Values.name }}{{ .Values.name }}
{{- end }}

{{- define "web.other" -}}
x
{{- end }}
