import { isObject, type JsonObject, objectOf, textOf } from '../../base/json.ts'
import { fill, mapItems, mapMember, mapSpec } from './fill.ts'

/** A Pod with its defaults: those of its spec, and what only pods have. */
export function defaultPod(object: JsonObject): JsonObject {
  return mapSpec(object, (spec) => {
    const full = fill(defaultPodSpec(spec), { enableServiceLinks: true })
    return ['containers', 'initContainers'].reduce((s, key) => mapItems(s, key, withRequestsOfLimits), full)
  })
}

/** A pod template with the defaults of its spec. */
export function defaultTemplate(template: JsonObject): JsonObject {
  return mapMember(template, 'spec', defaultPodSpec)
}

/** A pod's spec with its defaults. Source: kubernetes pkg/apis/core/v1/defaults.go */
function defaultPodSpec(spec: JsonObject): JsonObject {
  const account = textOf(spec['serviceAccountName']) || textOf(spec['serviceAccount'])
  const filled = fill(spec, {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    securityContext: {},
    schedulerName: 'default-scheduler',
    ...(account === '' ? {} : { serviceAccountName: account, serviceAccount: account }),
  })
  const isHost = spec['hostNetwork'] === true
  const withVolumes = mapItems(filled, 'volumes', defaultVolume)
  return ['initContainers', 'containers', 'ephemeralContainers'].reduce((s, key) => mapItems(s, key, (c) => defaultContainer(c, isHost)), withVolumes)
}

function defaultContainer(container: JsonObject, isHost: boolean): JsonObject {
  const image = textOf(container['image'])
  const filled = fill(container, {
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    ...(image === '' ? {} : { imagePullPolicy: isLatest(image) ? 'Always' : 'IfNotPresent' }),
  })
  const ports = mapItems(filled, 'ports', (port) => fill(port, { protocol: 'TCP', ...(isHost ? { hostPort: port['containerPort'] } : {}) }))
  const env = mapItems(ports, 'env', (variable) =>
    mapMember(variable, 'valueFrom', (from) => mapMember(from, 'fieldRef', (ref) => fill(ref, { apiVersion: 'v1' }))),
  )
  const probed = ['livenessProbe', 'readinessProbe', 'startupProbe'].reduce((c, key) => mapMember(c, key, defaultProbe), env)
  return mapMember(probed, 'lifecycle', (hooks) => ['postStart', 'preStop'].reduce((h, key) => mapMember(h, key, defaultHandler), hooks))
}

/** True for images without a tag or digest, and for the tag `latest`. */
function isLatest(image: string): boolean {
  if (image.includes('@')) return false
  const last = image.slice(image.lastIndexOf('/') + 1)
  const colon = last.indexOf(':')
  return colon < 0 || last.slice(colon + 1) === 'latest'
}

function defaultProbe(probe: JsonObject): JsonObject {
  return fill(defaultHandler(probe), { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 })
}

function defaultHandler(handler: JsonObject): JsonObject {
  const http = mapMember(handler, 'httpGet', (get) => fill(get, { path: '/', scheme: 'HTTP' }))
  return mapMember(http, 'grpc', (grpc) => fill(grpc, { service: '' }))
}

const MODE = { defaultMode: 420 }

function defaultVolume(volume: JsonObject): JsonObject {
  const modes = ['configMap', 'secret', 'projected', 'downwardAPI'].reduce((v, key) => mapMember(v, key, (source) => fill(source, MODE)), volume)
  const fields = mapMember(modes, 'downwardAPI', defaultDownward)
  const projected = mapMember(fields, 'projected', (source) => mapItems(source, 'sources', defaultProjection))
  const host = mapMember(projected, 'hostPath', (path) => fill(path, { type: '' }))
  const claim = mapMember(host, 'ephemeral', (e) =>
    mapMember(e, 'volumeClaimTemplate', (t) => mapSpec(t, (spec) => fill(spec, { volumeMode: 'Filesystem' }))),
  )
  const hasSource = Object.keys(volume).some((key) => key !== 'name')
  return hasSource ? claim : { ...claim, emptyDir: {} }
}

function defaultDownward(source: JsonObject): JsonObject {
  return mapItems(source, 'items', (item) => mapMember(item, 'fieldRef', (ref) => fill(ref, { apiVersion: 'v1' })))
}

function defaultProjection(source: JsonObject): JsonObject {
  const token = mapMember(source, 'serviceAccountToken', (t) => fill(t, { expirationSeconds: 3600 }))
  return mapMember(token, 'downwardAPI', defaultDownward)
}

/** Limits without a request are requests, too. */
function withRequestsOfLimits(container: JsonObject): JsonObject {
  return mapMember(container, 'resources', (resources) =>
    isObject(resources['limits']) ? { ...resources, requests: { ...resources['limits'], ...objectOf(resources['requests']) } } : resources,
  )
}
