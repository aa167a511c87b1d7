{{- define "labels" -}}
app: web
 bad: x
{{- end }}
