import type { KubeObject } from '../../src/kinds/kube-object.ts'
import type { Cluster } from './desired-release.ts'

/** `KIND NAME` of each object of `kinds` in a namespace, sorted, but for what goes and what the cluster puts there. */
export async function objectsIn(
  { client }: Pick<Cluster, 'client'>,
  namespace: string,
  kinds: readonly (readonly [apiVersion: string, kind: string])[],
): Promise<readonly string[]> {
  const lists = await Promise.all(kinds.map(([apiVersion, kind]) => client.list(apiVersion, kind, { namespace })))
  const isOurs = ({ metadata }: KubeObject): boolean => metadata.name !== 'kube-root-ca.crt' && !metadata.deletionTimestamp
  return lists
    .flat()
    .filter(isOurs)
    .map(({ kind, metadata }) => `${kind} ${metadata.name}`)
    .sort()
}
