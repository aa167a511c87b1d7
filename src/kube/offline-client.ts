import { builtInKind } from '../kinds/built-in.ts'
import type { ApiResource, Discovery, KubeClient, ServerVersion } from './client.ts'
import { splitApiVersion } from './paths.ts'

/**
 * A client of no server: nothing is there, and whatever is asked in a dry run comes back as it went. It serves the built-in kinds
 * and says `version` and `apiVersions` of itself; what would change something is an error of ours.
 */
export function offlineClient(version: ServerVersion, apiVersions: readonly string[]): KubeClient {
  const refused = async (): Promise<never> => {
    throw new Error('internal error: a request was made although no cluster may be asked; please report this')
  }
  const echo =
    <T>(answer: T) =>
    async (options: { readonly dryRun?: boolean } = {}): Promise<T> =>
      options.dryRun ? answer : refused()
  const discovery: Discovery = { resources: [], apiVersions, find: builtInResource }
  return {
    server: 'http://offline',
    contextName: undefined,
    defaultNamespace: 'default',
    requestCounts: new Map(),
    traffic: { sentBytes: 0, receivedBytes: 0 },
    request: refused,
    version: async () => version,
    discovery: async () => discovery,
    get: async () => undefined,
    list: async () => [],
    create: (object, options) => echo(object)(options),
    replace: (object, options) => echo(object)(options),
    patch: refused,
    apply: (object, options) => echo(object)(options),
    delete: async () => false,
    watch: () => ({ [Symbol.asyncIterator]: () => ({ next: refused }) }),
    logs: refused,
    close: () => {},
  }
}

function builtInResource(apiVersion: string, kind: string): ApiResource | undefined {
  const facts = builtInKind(apiVersion, kind)
  return facts && { ...splitApiVersion(apiVersion), kind, ...facts, verbs: [], shortNames: [] }
}
