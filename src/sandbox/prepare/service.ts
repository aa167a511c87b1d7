import { isObject, type JsonObject, objectOf, textOf, valueAt } from '../../base/json.ts'
import type { Cluster } from '../cluster.ts'
import { listOf, type MutableObject } from '../json.ts'

const NODE_PORTS = { first: 30_000, last: 32_767 }

/** Gives a service its addresses and node ports, and keeps those it has. Source: kubernetes pkg/registry/core/service/storage/alloc.go */
export function prepareService(object: JsonObject, live: JsonObject | undefined, cluster: Cluster): JsonObject {
  const spec = objectOf(object['spec'])
  const type = spec['type']
  if (type === 'ExternalName') {
    const { clusterIP: _ip, clusterIPs: _ips, ipFamilies: _families, ipFamilyPolicy: _policy, ...rest } = spec
    return { ...object, spec: rest }
  }
  const addressed = withAddress(spec, objectOf(live?.['spec']), cluster)
  const needsNodePorts = type === 'NodePort' || (type === 'LoadBalancer' && spec['allocateLoadBalancerNodePorts'] !== false)
  const withPorts = needsNodePorts ? withNodePorts(addressed, objectOf(live?.['spec']), cluster) : withoutNodePorts(addressed, live)
  return { ...object, spec: withPorts }
}

function withAddress(spec: JsonObject, live: JsonObject, cluster: Cluster): JsonObject {
  const given = textOf(spec['clusterIP']) || (live['clusterIP'] === undefined ? textOf(listOf(spec['clusterIPs'])[0]) : '')
  // Who changes one of the two fields means both.
  const isStale = live['clusterIP'] !== undefined && spec['clusterIP'] !== live['clusterIP'] && listOf(spec['clusterIPs'])[0] === live['clusterIP']
  const kept = given === '' ? textOf(live['clusterIP']) : given
  const clusterIP = kept === '' ? freeAddress(cluster) : kept
  const out: MutableObject = {
    ...spec,
    clusterIP,
    clusterIPs: given === '' || isStale || !Array.isArray(spec['clusterIPs']) ? [clusterIP] : spec['clusterIPs'],
  }
  out['ipFamilies'] ??= live['ipFamilies'] ?? ['IPv4']
  out['ipFamilyPolicy'] ??= live['ipFamilyPolicy'] ?? 'SingleStack'
  return out
}

/** The first address of 10.96.0.0/12 past those ever likely to be reserved that no service has. */
function freeAddress(cluster: Cluster): string {
  const used = new Set(cluster.storage.list('/services').map((service) => valueAt(service, 'spec', 'clusterIP')))
  for (let n = 256 + used.size; ; n++) {
    const address = `10.${96 + ((n >> 16) & 15)}.${(n >> 8) & 255}.${n & 255}`
    if (!used.has(address) && (n & 255) !== 0 && (n & 255) !== 255) return address
  }
}

function portKey(port: unknown): string {
  return `${String(valueAt(port, 'protocol'))}/${String(valueAt(port, 'port'))}`
}

function withNodePorts(spec: JsonObject, live: JsonObject, cluster: Cluster): JsonObject {
  const before = new Map(listOf(live['ports']).map((port) => [portKey(port), valueAt(port, 'nodePort')]))
  const used = new Set<unknown>(
    cluster.storage.list('/services').flatMap((service) => listOf(valueAt(service, 'spec', 'ports')).map((port) => valueAt(port, 'nodePort'))),
  )
  const ports = listOf(spec['ports']).map((port) => {
    if (!isObject(port) || port['nodePort'] !== undefined) return port
    const nodePort = before.get(portKey(port)) ?? freePort(used)
    used.add(nodePort)
    return { ...port, nodePort }
  })
  return { ...spec, ports }
}

function freePort(used: ReadonlySet<unknown>): number {
  for (let port = NODE_PORTS.first; port <= NODE_PORTS.last; port++) if (!used.has(port)) return port
  throw new Error('internal error: no node port is free; please report this')
}

/** A service that stops being exposed gives up the node ports it was given. */
function withoutNodePorts(spec: JsonObject, live: JsonObject | undefined): JsonObject {
  if (!live || valueAt(live, 'spec', 'type') === spec['type']) return spec
  return {
    ...spec,
    ports: listOf(spec['ports']).map((port) => {
      const { nodePort: _gone, ...rest } = objectOf(port)
      return rest
    }),
  }
}
