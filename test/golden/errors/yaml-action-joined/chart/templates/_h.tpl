{{- define "l" -}}
app: x
b: y
{{- end }}
