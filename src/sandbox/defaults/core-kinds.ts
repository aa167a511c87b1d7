import { isObject, type JsonObject, objectOf, textOf, valueAt } from '../../base/json.ts'
import { fill, mapItems, mapSpec } from './fill.ts'

/** Namespaces carry their name as a label. Source of all here: kubernetes pkg/apis/core/v1/defaults.go, conversion.go */
export function defaultNamespace(object: JsonObject): JsonObject {
  const metadata = objectOf(object['metadata'])
  const name = textOf(metadata['name'])
  if (name === '') return object
  return { ...object, metadata: { ...metadata, labels: { 'kubernetes.io/metadata.name': name, ...objectOf(metadata['labels']) } } }
}

/** Moves `stringData` into `data`; secrets without a type are opaque. */
export function defaultSecret(object: JsonObject): JsonObject {
  const { stringData, ...rest } = object
  const typed = fill(rest, { type: 'Opaque' })
  if (!isObject(stringData) || Object.keys(stringData).length === 0) return typed
  const encoded = Object.entries(stringData).map(([key, value]) => [key, Buffer.from(textOf(value), 'utf8').toString('base64')] as const)
  return { ...typed, data: { ...objectOf(rest['data']), ...Object.fromEntries(encoded) } }
}

export function defaultService(object: JsonObject): JsonObject {
  return mapSpec(object, (spec) => {
    const typed = fill(spec, { type: 'ClusterIP', sessionAffinity: 'None' })
    const type = typed['type']
    const isExposed = type === 'NodePort' || type === 'LoadBalancer'
    const filled = fill(typed, {
      ...(type === 'ExternalName' ? {} : { internalTrafficPolicy: 'Cluster' }),
      ...(isExposed ? { externalTrafficPolicy: 'Cluster' } : {}),
      ...(type === 'LoadBalancer' ? { allocateLoadBalancerNodePorts: true } : {}),
      ...(typed['sessionAffinity'] === 'ClientIP' ? { sessionAffinityConfig: { clientIP: { timeoutSeconds: 10_800 } } } : {}),
    })
    return mapItems(filled, 'ports', defaultServicePort)
  })
}

function defaultServicePort(port: JsonObject): JsonObject {
  const { targetPort, ...rest } = port
  const isUnset = targetPort === undefined || targetPort === 0 || targetPort === ''
  return { ...fill(rest, { protocol: 'TCP' }), targetPort: isUnset ? port['port'] : targetPort }
}

export function defaultClaim(object: JsonObject): JsonObject {
  const full = mapSpec(object, (spec) => fill(spec, { volumeMode: 'Filesystem' }))
  return { ...full, status: fill(objectOf(object['status']), { phase: 'Pending' }) }
}

export function defaultVolume(object: JsonObject): JsonObject {
  const full = mapSpec(object, (spec) => fill(spec, { volumeMode: 'Filesystem', persistentVolumeReclaimPolicy: 'Retain' }))
  return valueAt(object, 'status', 'phase') === undefined ? { ...full, status: { ...objectOf(object['status']), phase: 'Pending' } } : full
}

/** Container limits are also what is requested where no request is given. */
export function defaultLimitRange(object: JsonObject): JsonObject {
  return mapSpec(object, (spec) =>
    mapItems(spec, 'limits', (item) => {
      if (item['type'] !== 'Container') return item
      const limits = { ...objectOf(item['max']), ...objectOf(item['default']) }
      const requests = { ...limits, ...objectOf(item['min']), ...objectOf(item['default']), ...objectOf(item['defaultRequest']) }
      return {
        ...item,
        ...(Object.keys(limits).length > 0 ? { default: limits } : {}),
        ...(Object.keys(requests).length > 0 ? { defaultRequest: requests } : {}),
      }
    }),
  )
}
