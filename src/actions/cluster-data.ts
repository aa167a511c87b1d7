import type { Host } from '../base/host.ts'
import { stringFromBytes } from '../go/bytes.ts'
import type { KubeObject } from '../kinds/kube-object.ts'
import { KubeError } from '../kube/client.ts'
import type { ClusterDataQuery } from '../state/cluster-data.ts'
import { type Clusters, openClusters } from './clusters.ts'

const PLURALS = { Secret: 'secrets', ConfigMap: 'configmaps' } as const

/**
 * What a Secret (decoded) or a ConfigMap holds, by key; undefined when there is none of that name.
 *
 * @param clusters the run's own, for objects that name no kubeconfig
 * @throws KubeError when the server refuses, DiagnosticError as `connect`
 */
export async function readClusterData(host: Host, clusters: Clusters, query: ClusterDataQuery): Promise<ReadonlyMap<string, string> | undefined> {
  if (query.inCluster || query.kubeconfig) {
    const own = query.inCluster ? openClusters(withoutKubeconfig(host)) : openClusters(host, { kubeconfig: query.kubeconfig as string })
    try {
      return await read(own, query)
    } finally {
      own.close()
    }
  }
  return read(clusters, query)
}

/** A list of no files: what is left is the service account of the pod. */
function withoutKubeconfig(host: Host): Host {
  return { ...host, env: { ...host.env, KUBECONFIG: ':' } }
}

async function read(clusters: Clusters, { kind, namespace, name, kubeContext }: ClusterDataQuery): Promise<ReadonlyMap<string, string> | undefined> {
  const client = await clusters.clientFor(kubeContext)
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/${PLURALS[kind]}/${encodeURIComponent(name)}`
  try {
    return dataOf(kind, await client.request<KubeObject>({ method: 'GET', path }))
  } catch (error) {
    if (error instanceof KubeError && error.reason === 'NotFound') return undefined
    throw error
  }
}

function dataOf(kind: ClusterDataQuery['kind'], { data }: KubeObject): ReadonlyMap<string, string> {
  const entries = Object.entries((data ?? {}) as Readonly<Record<string, string>>)
  return new Map(entries.map(([key, value]) => [key, kind === 'Secret' ? stringFromBytes(Buffer.from(value, 'base64')) : value]))
}
