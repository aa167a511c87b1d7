import type { Host } from '../../base/host.ts'
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
    return await backend[kind]({ host, fetcher, clusterData }, { ...query, query: withDefaults(query.query, host) })
  } finally {
    fetcher.close()
  }
}

const DEFAULTS = 'VALS_'

/** The options of a reference; those that it lacks come from variables (`VALS_REGION` for `region`). Source: vals 0.46 vals.go */
function withDefaults(given: URLSearchParams, { env }: Host): URLSearchParams {
  const all = new URLSearchParams(given)
  for (const [name, value] of Object.entries(env)) {
    const option = name.startsWith(DEFAULTS) ? name.slice(DEFAULTS.length).toLowerCase() : ''
    if (option !== '' && value && !given.has(option)) all.set(option, value)
  }
  return all
}
