import type { Host } from '../base/host.ts'
import type { GoValue } from '../go/values.ts'
import type { SecretReader } from '../secrets/secret-reader.ts'
import type { ReadClusterData } from './cluster-data.ts'

/** What fetching a secret works with. */
export interface Fetching {
  readonly host: Host
  readonly reader: SecretReader
  /** Undefined where no cluster can be asked. */
  readonly clusterData?: ReadClusterData | undefined
}

/** A secret that is asked for where nobody can wait; `withFetchedSecrets` fetches it and begins again. */
export class NeedsFetching extends Error {
  readonly key: string
  readonly fetch: (by: Fetching) => Promise<GoValue>

  constructor(key: string, uri: string, fetch: (by: Fetching) => Promise<GoValue>) {
    super(`${uri} cannot be fetched here; use the reference as a value`)
    this.key = key
    this.fetch = fetch
  }
}

const fetched = new WeakMap<Host, Map<string, GoValue>>()

/** What has been fetched in the run of `host`, by key. In memory only. */
export function fetchedSecrets(host: Host): Map<string, GoValue> {
  const known = fetched.get(host) ?? new Map<string, GoValue>()
  fetched.set(host, known)
  return known
}

/** The result of `work`, which is done again each time it has asked for a secret that had to be fetched. */
export async function withFetchedSecrets<T>(by: Fetching, work: () => T | Promise<T>): Promise<T> {
  const known = fetchedSecrets(by.host)
  for (;;) {
    try {
      return await work()
    } catch (error) {
      const need = needIn(error)
      if (!need || known.has(need.key)) throw error
      known.set(need.key, await need.fetch(by))
    }
  }
}

/** Whoever passes an error on may have wrapped it. */
function needIn(error: unknown): NeedsFetching | undefined {
  for (let current = error; current instanceof Error; current = current.cause) if (current instanceof NeedsFetching) return current
  return undefined
}
