{{- define "web.name" -}}
{{ .Chart.Name }}-x
{{- end }}
