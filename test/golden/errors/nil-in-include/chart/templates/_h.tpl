{{- define "image" -}}
{{ .img.registry.host }}/{{ .img.repository }}
{{- end }}
