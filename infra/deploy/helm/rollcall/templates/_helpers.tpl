{{/*
Pieces of several manifests, indented as they stand there. The chart uses nothing but Go's own template language, so that it can be
rendered and tested where there is no Helm; values are checked by values.schema.json.
*/}}
{{- define "rollcall.selector" }}app.kubernetes.io/name: rollcall, app.kubernetes.io/instance: {{ printf "%q" .Release.Name }}{{ end }}

{{- define "rollcall.labels" }}{{ template "rollcall.selector" . }}, app.kubernetes.io/version: {{ printf "%q" .Chart.AppVersion }}, app.kubernetes.io/managed-by: {{ .Release.Service }}, helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}{{ end }}

{{- define "rollcall.image" }}{{ .Values.image.repository }}{{ if .Values.image.digest }}@{{ .Values.image.digest }}{{ else }}:{{ .Values.image.tag }}{{ end }}{{ end }}

{{- define "rollcall.resources" }}{ {{- range $kind, $amounts := . }}{{ $kind }}: { {{- range $name, $amount := $amounts }}{{ $name }}: {{ printf "%q" $amount }}, {{ end -}} }, {{ end -}} }{{ end }}

{{/* Of a pod: who it runs as, and where. */}}
{{- define "rollcall.pod" }}
      automountServiceAccountToken: false
      enableServiceLinks: false
      securityContext:
        runAsNonRoot: true
        runAsUser: 1000
        runAsGroup: 1000
        fsGroup: 1000
        seccompProfile: { type: RuntimeDefault }
      {{- if .Values.image.pullSecrets }}
      imagePullSecrets:
        {{- range .Values.image.pullSecrets }}
        - name: {{ . }}
        {{- end }}
      {{- end }}
      {{- if .Values.nodeSelector }}
      nodeSelector:
        {{- range $name, $value := .Values.nodeSelector }}
        {{ $name }}: {{ printf "%q" $value }}
        {{- end }}
      {{- end }}
      volumes:
        - name: tmp
          emptyDir: { sizeLimit: 128Mi }
        - name: data
          emptyDir: { sizeLimit: 16Mi }
{{- end }}

{{/* Of a container: what it may do. */}}
{{- define "rollcall.container" }}
          image: {{ template "rollcall.image" . }}
          imagePullPolicy: {{ .Values.image.pullPolicy }}
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities: { drop: [ALL] }
          volumeMounts:
            - { name: tmp, mountPath: /tmp }
            - { name: data, mountPath: /data }
{{- end }}

{{/* Where ingress, worker and setup log in, and the key. */}}
{{- define "rollcall.secrets" }}
            - name: DATABASE_URL
              valueFrom: { secretKeyRef: { name: {{ .Values.secrets.application }}, key: database-url } }
            {{- if .Values.secrets.direct }}
            - name: DATABASE_DIRECT_URL
              valueFrom: { secretKeyRef: { name: {{ .Values.secrets.application }}, key: database-direct-url } }
            {{- end }}
            {{- if .Values.secrets.cells }}
            - name: CELLS
              valueFrom: { secretKeyRef: { name: {{ .Values.secrets.application }}, key: cells } }
            {{- end }}
            - name: SECRET_KEY
              valueFrom: { secretKeyRef: { name: {{ .Values.secrets.application }}, key: secret-key } }
            {{- if .Values.secrets.previousKey }}
            - name: SECRET_KEY_PREVIOUS
              valueFrom: { secretKeyRef: { name: {{ .Values.secrets.application }}, key: secret-key-previous } }
            {{- end }}
            {{- if .Values.secrets.redis }}
            - name: REDIS_URL
              valueFrom: { secretKeyRef: { name: {{ .Values.secrets.application }}, key: redis-url } }
            {{- end }}
            {{- if .Values.secrets.smtp }}
            - name: SMTP_URL
              valueFrom: { secretKeyRef: { name: {{ .Values.secrets.application }}, key: smtp-url } }
            {{- end }}
{{- end }}

{{/* What asks a role whether it lives and can serve. */}}
{{- define "rollcall.probes" }}
          startupProbe:
            httpGet: { path: /healthz, port: operations }
            periodSeconds: 2
            failureThreshold: 30
          livenessProbe:
            httpGet: { path: /healthz, port: operations }
            periodSeconds: 10
            timeoutSeconds: 5
          readinessProbe:
            httpGet: { path: /readyz, port: operations }
            periodSeconds: 5
            timeoutSeconds: 5
            failureThreshold: 2
{{- end }}

{{/* The variables that are no secret. A pod is replaced when they change, because they are among its annotations too. */}}
{{- define "rollcall.configuration" }}{{ range $name, $value := .Values.config }}{{ $name }}={{ $value }} {{ end }}PUBLIC_URL={{ .Values.publicUrl }} TRUSTED_PROXIES={{ .Values.trustedProxies }}{{ end }}
