import { failure } from '../base/diagnostic.ts'
import { fromPlain } from '../go/plain.ts'
import type { GoMap } from '../go/values.ts'
import type { Discovery, KubeClient } from '../kube/client.ts'
import type { AsyncOracle } from '../render/lookup.ts'

/**
 * Answers templates' `lookup` from the cluster, and host names from DNS where charts may ask (`enableDns`).
 *
 * @throws (later) DiagnosticError `render/lookup` for kinds the server does not serve, in Helm's words
 * Source: Helm 4.3.1 pkg/engine/lookup_func.go
 */
export function clusterOracle(client: KubeClient, discovery: Discovery): AsyncOracle {
  return async (question) => {
    if (question.kind === 'host') return resolveHost(question.host)
    const { apiVersion, resource: kind, namespace, name } = question
    const served = discovery.find(apiVersion, kind)
    if (!served) {
      const summary = `unable to get apiresource from unstructured: ${apiVersion}, Kind=${kind}: the server could not find the requested resource`
      throw failure('render/lookup', summary, { subject: `lookup "${apiVersion}" "${kind}"`, hint: 'guard it with .Capabilities.APIVersions.Has' })
    }
    const where = served.namespaced && namespace !== '' ? { namespace } : {}
    if (name !== '') return asMap(await client.get({ apiVersion, kind, name, ...where }))
    return asMap({ apiVersion, kind: `${kind}List`, metadata: {}, items: await client.list(apiVersion, kind, where) })
  }
}

function asMap(value: unknown): GoMap {
  return value === undefined ? new Map() : (fromPlain(value) as GoMap)
}

async function resolveHost(name: string): Promise<string> {
  const { lookup } = await import('node:dns/promises')
  try {
    return (await lookup(name)).address
  } catch (error) {
    // Helm's getHostByName gives an empty text for names that do not resolve.
    if ((error as NodeJS.ErrnoException).syscall !== undefined) return ''
    throw error
  }
}
