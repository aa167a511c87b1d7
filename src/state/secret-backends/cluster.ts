import { withNote } from '../../base/diagnostic.ts'
import { encodeJson } from '../../go/json-encode.ts'
import type { GoMap, GoValue } from '../../go/values.ts'
import type { ClusterDataQuery } from '../cluster-data.ts'
import { type Backend, type SecretBackend, type SecretQuery, secretFailure } from './backend.ts'

const KINDS = ['Secret', 'ConfigMap'] as const

/**
 * Secrets and ConfigMaps of a cluster: `v1/KIND/NAMESPACE/NAME`, with a key behind it for that one alone.
 * Source: vals 0.46 pkg/providers/k8s
 */
export const clusterBackend: SecretBackend = {
  text: async (by, query) => {
    const parts = query.path.split('/')
    if (parts.length !== 5) return encodeJson(await readObject(by, query, parts))
    const key = parts[4] as string
    const value = (await readObject(by, query, parts.slice(0, 4))).get(key)
    if (typeof value !== 'string') throw secretFailure(query.uri, `there is no key "${key}" in ${parts.slice(1, 4).join('/')}`)
    return value
  },
  map: (by, query) => readObject(by, query, query.path.split('/')),
}

async function readObject({ clusterData }: Backend, query: SecretQuery, parts: readonly string[]): Promise<GoMap> {
  const { uri, query: options } = query
  const [version, kindName, namespace = '', name = '', ...more] = parts
  const kind = KINDS.find((known) => known === kindName)
  if (version !== 'v1' || !kind || namespace === '' || name === '' || more.length > 0)
    throw secretFailure(uri, `invalid path "${query.path}"`, 'write v1/Secret/NAMESPACE/NAME or v1/ConfigMap/NAMESPACE/NAME, and /KEY for one key')
  if (!clusterData) throw secretFailure(uri, 'no cluster can be asked here')
  const [kubeconfig, kubeContext] = [options.get('kubeConfigPath'), options.get('kubeContext')]
  const asked: ClusterDataQuery = {
    kind,
    namespace,
    name,
    ...(kubeconfig && { kubeconfig }),
    ...(kubeContext && { kubeContext }),
    ...(options.has('inCluster') && { inCluster: true }),
  }
  const found = await noting(uri, () => clusterData(asked))
  if (!found) throw secretFailure(uri, `there is no ${kind} ${namespace}/${name}`)
  return new Map<string, GoValue>(found)
}

async function noting<T>(uri: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw withNote(error, { text: `expanding ${uri}` }, 'state/secret-ref')
  }
}
