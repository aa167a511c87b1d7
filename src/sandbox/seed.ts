import type { JsonObject } from '../base/json.ts'
import type { Cluster } from './cluster.ts'
import { timestamp } from './cluster.ts'
import { decodeObject } from './decode-object.ts'
import { createObject } from './write-object.ts'

/** The only node. */
export const NODE_NAME = 'sandbox'

/** Creates what every new cluster has: its namespaces, a node, a storage class, the API's own service. */
export function seedCluster(cluster: Cluster): void {
  for (const name of ['default', 'kube-system', 'kube-public', 'kube-node-lease']) seed(cluster, '/namespaces', '', { metadata: { name } })
  seed(cluster, '/nodes', '', { metadata: { name: NODE_NAME, labels: NODE_LABELS } })
  setStatus(cluster, '/nodes', '', NODE_NAME, nodeStatus(timestamp(cluster)))
  seed(cluster, 'storage.k8s.io/storageclasses', '', {
    metadata: { name: 'standard', annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
    provisioner: 'sandbox.flotilla.dev/provisioner',
  })
  for (const [name, value] of [
    ['system-cluster-critical', 2_000_000_000],
    ['system-node-critical', 2_000_001_000],
  ] as const) {
    seed(cluster, 'scheduling.k8s.io/priorityclasses', '', { metadata: { name }, value })
  }
  seed(cluster, '/services', 'default', {
    metadata: { name: 'kubernetes', labels: { component: 'apiserver', provider: 'kubernetes' } },
    spec: { clusterIP: '10.96.0.1', ports: [{ name: 'https', port: 443, targetPort: 6443 }] },
  })
}

const NODE_LABELS = {
  'kubernetes.io/arch': 'amd64',
  'kubernetes.io/hostname': NODE_NAME,
  'kubernetes.io/os': 'linux',
  'node-role.kubernetes.io/control-plane': '',
}

function nodeStatus(now: string): JsonObject {
  const resources = { cpu: '8', memory: '32Gi', pods: '1000', 'ephemeral-storage': '200Gi' }
  return {
    capacity: resources,
    allocatable: resources,
    conditions: [
      {
        type: 'Ready',
        status: 'True',
        reason: 'KubeletReady',
        message: 'kubelet is posting ready status',
        lastHeartbeatTime: now,
        lastTransitionTime: now,
      },
    ],
    addresses: [
      { type: 'InternalIP', address: '127.0.0.1' },
      { type: 'Hostname', address: NODE_NAME },
    ],
    nodeInfo: {
      architecture: 'amd64',
      operatingSystem: 'linux',
      kubeletVersion: 'v1.36.3',
      osImage: 'sandbox',
      containerRuntimeVersion: 'sandbox://1',
    },
  }
}

function seed(cluster: Cluster, resource: string, namespace: string, body: JsonObject): void {
  const type = cluster.registry.byKey(resource)
  if (!type) throw new Error(`internal error: no resource ${resource}`)
  const target = { type, version: type.storageVersion, namespace, name: '', subresource: '' }
  createObject(cluster, target, decodeObject(body, target), { manager: 'kube-apiserver', dryRun: false })
}

function setStatus(cluster: Cluster, resource: string, namespace: string, name: string, status: JsonObject): void {
  const object = cluster.storage.get(resource, namespace, name)
  if (object) cluster.storage.put(resource, { ...object, status })
}
