import type { GoValue } from '../../go/values.ts'
import { makeFetcher } from '../../supply/fetcher.ts'
import type { Backend, SecretQuery } from './backend.ts'
import { secretBackends } from './table.ts'

/** The secret that `query` names on a server of `scheme`. @throws DiagnosticError `state/secret-ref`, `supply/unreachable` */
export async function askBackend(
  { host, clusterData }: Omit<Backend, 'fetcher'>,
  scheme: string,
  kind: 'text' | 'map',
  query: SecretQuery,
): Promise<GoValue> {
  const backend = secretBackends.get(scheme)
  if (!backend) throw new Error(`there is no backend "${scheme}"`)
  const fetcher = makeFetcher(host)
  try {
    return await backend[kind]({ host, fetcher, clusterData }, query)
  } finally {
    fetcher.close()
  }
}
