import { type JsonObject, objectOf, sameJson, textOf, valueAt } from '../../base/json.ts'
import type { Cluster } from '../cluster.ts'
import { listOf } from '../json.ts'
import { selectsLabels } from '../selectors.ts'
import { create, replace, setStatus } from './as-controller.ts'
import type { Controller } from './controller.ts'
import { hasCondition, isActive, isSameHealth, nameOf, namespaceOf, objectAt, ownedBy, ownerReference, placeOf } from './owned.ts'

const SLICES = 'discovery.k8s.io/endpointslices'

/** Gives services of type LoadBalancer an address. */
export const loadBalancerController: Controller = {
  resources: ['/services'],
  keyOf: ({ type, object }) => (type === 'DELETED' || valueAt(object, 'spec', 'type') !== 'LoadBalancer' ? '' : placeOf(object)),
  reconcile: (cluster, place) => {
    const service = objectAt(cluster, '/services', place)
    if (!service || listOf(valueAt(service, 'status', 'loadBalancer', 'ingress')).length > 0) return
    // A documentation range: nobody is to reach anything there by accident.
    const [, , c = '0', d = '0'] = textOf(valueAt(service, 'spec', 'clusterIP')).split('.')
    setStatus(
      cluster,
      '/services',
      service,
      { loadBalancer: { ingress: [{ ip: `198.18.${c}.${d}`, ipMode: 'VIP' }] } },
      { manager: 'cloud-controller-manager' },
    )
  },
}

/** Pods come and go in bursts; their slices are written once for changes within this time. */
const SLICE_DELAY_MS = 25

/** Lists the pods behind each service with a selector in an EndpointSlice. */
export function endpointsController(): Controller {
  const waiting = new Set<string>()
  return {
    resources: ['/services', '/pods'],
    keyOf: (change) => (change.resource === '/pods' && isSameHealth(change) ? '' : namespaceOf(change.object)),
    reconcile: (cluster, namespace) => {
      if (waiting.has(namespace)) return
      waiting.add(namespace)
      cluster.after(SLICE_DELAY_MS, () => {
        waiting.delete(namespace)
        for (const service of cluster.storage.list('/services', namespace))
          if (valueAt(service, 'spec', 'selector') !== undefined) slice(cluster, service)
      })
    },
  }
}

function slice(cluster: Cluster, service: JsonObject): void {
  const selector = { matchLabels: valueAt(service, 'spec', 'selector') }
  const pods = cluster.storage
    .list('/pods', namespaceOf(service))
    .filter((pod) => isActive(pod) && selectsLabels(selector, objectOf(valueAt(pod, 'metadata', 'labels'))))
  const endpoints = pods.filter((pod) => valueAt(pod, 'status', 'podIP') !== undefined).map(endpointOf)
  const ports = listOf(valueAt(service, 'spec', 'ports')).map((port) => ({
    name: valueAt(port, 'name') ?? '',
    protocol: valueAt(port, 'protocol'),
    port: numberOf(valueAt(port, 'targetPort'), valueAt(port, 'port')),
  }))
  const live = ownedBy(cluster, service, SLICES)[0]
  if (live) {
    const isSame = sameJson(listOf(live['endpoints']), endpoints) && sameJson(live['ports'], ports)
    if (!isSame) replace(cluster, SLICES, live, { ...live, endpoints, ports })
    return
  }
  create(cluster, SLICES, namespaceOf(service), {
    metadata: {
      generateName: `${nameOf(service)}-`,
      labels: { 'kubernetes.io/service-name': nameOf(service), 'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io' },
      ownerReferences: [ownerReference(service)],
    },
    addressType: 'IPv4',
    endpoints,
    ports,
  })
}

function endpointOf(pod: JsonObject): JsonObject {
  const ready = hasCondition(pod, 'Ready')
  return {
    addresses: [valueAt(pod, 'status', 'podIP')],
    conditions: { ready, serving: ready, terminating: false },
    nodeName: valueAt(pod, 'spec', 'nodeName'),
    targetRef: { kind: 'Pod', namespace: namespaceOf(pod), name: nameOf(pod), uid: valueAt(pod, 'metadata', 'uid') },
  }
}

function numberOf(target: unknown, port: unknown): unknown {
  return typeof target === 'number' ? target : port
}
