{{- define "check" -}}
{{- if ne .Values.service.type "NodePort" }}
{{- fail "only NodePort will do" }}
{{- end }}
{{- end }}
